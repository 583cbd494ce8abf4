"""Agencies' certificates, for people."""

from collections.abc import Sequence

from rich.console import Console
from sharing.v1 import agencies_pb2

from hub.cli.tables import cell, lines, make_table, sentence
from hub.client.agency_documents import spell_state
from hub.client.moments import spell_for_people


def show_agencies(console: Console, agencies: Sequence[agencies_pb2.AgencyMember]) -> None:
    """Paint how the agencies stand."""
    table = make_table(("Agency", "Name", "State", "Links", "Certificates"), widths=(3, 4, 4, 4, 4))
    for one in agencies:
        table.add_row(cell(one.agency), cell(one.title), lines(_state(one)), lines(_links(one)), lines(_issued(one)))
    console.print(table)


def show_token(console: Console, agency: str, token: str, expires_at_ms: int) -> None:
    """Paint a token, which is shown once."""
    sentence(console, f"Token for {agency}, which works once and until {spell_for_people(expires_at_ms)} (UTC):")
    console.print(cell(token), soft_wrap=True)
    sentence(console, "It is shown once. Hand it over in person; there it is typed into: adapter enrol MANIFEST")


def show_suspended(console: Console, agency: str, ended: int) -> None:
    """Paint what ended."""
    sentence(console, f"{agency} is suspended; {_count(ended)} ended. Back with: hub agency resume {agency}")


def show_resumed(console: Console, agency: str) -> None:
    """Paint that it may connect."""
    sentence(console, f"{agency} may connect again.")


def show_revoked(console: Console, agency: str, ended: int) -> None:
    """Paint what ended, and for good."""
    sentence(
        console,
        f"{agency} is revoked; {_count(ended)} ended, and none of its certificates opens anything any more. "
        f"Once it is known what happened: hub agency add {agency}",
    )


def _state(one: agencies_pb2.AgencyMember) -> list[str]:
    state = spell_state(one.state)
    if not one.changed_by:
        return [state]
    return [
        state if state == "admitted" else state.upper(),
        f"by {one.changed_by}",
        spell_for_people(one.changed_at_ms),
    ]


def _links(one: agencies_pb2.AgencyMember) -> list[str]:
    if not one.links:
        return ["none"]
    said = [_count(one.links), f"until {spell_for_people(one.links_end_at_ms)}"]
    if one.links_of_old_authority:
        said.append(f"{one.links_of_old_authority} of an old authority")
    return said


def _issued(one: agencies_pb2.AgencyMember) -> list[str]:
    said = [f"{one.certificates} in force"] if one.certificates else ["none by this hub"]
    if one.token_until_ms:
        said.append(f"token until {spell_for_people(one.token_until_ms)}")
    return said


def _count(links: int) -> str:
    return "1 link" if links == 1 else f"{links} links"
