"""What the commands do that look at policies, proposals and publications, and change nothing."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from sharing.v1 import policies_pb2

from hub.cli.calling import with_hub
from hub.cli.errors import CommandError
from hub.cli.place import Place
from hub.cli.policy import keeping, screens, weighed_screens
from hub.cli.policy.matrix_table import show_matrix, write_matrix
from hub.cli.policy.process import difference_of, find_proposal, proposed_document, show_proposed
from hub.cli.policy.weighed import Document
from hub.cli.tables import cell, sentence
from hub.client import policy_documents
from hub.client.client import HubClient

_OFFICE_PARTS = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an explanation is about: an account or an office, and what it would ask."""

    user_name: str = ""
    office: str = ""
    """LEVEL/AGENCY, or LEVEL/AGENCY/AREA,AREA."""
    question: str
    source: str
    purpose: str


def show(place: Place, which: policies_pb2.Which, name: str | None, into: Path | None) -> None:
    """Show a policy's files, print one of them, or write them into a folder."""
    texts: Mapping[str, bytes] = with_hub(place, lambda hub: hub.policies.texts(which))
    if name is not None:
        texts = keeping.only(texts, name)
    if into is not None:
        keeping.write_into(into, texts)
        document: dict[str, object] = {"folder": str(into), "files": sorted(texts)}
        place.show(document, lambda console: sentence(console, f"Wrote {len(texts)} files into {into}."))
    elif place.as_json or name is None:
        document = {"files": {one: keeping.spelt(content) for one, content in texts.items()}}
        place.show(document, lambda console: _list_files(console, texts))
    else:
        keeping.print_text(texts[name])


def matrix(place: Place, which: policies_pb2.Which, level: str, *, as_csv: bool) -> None:
    """Show who may ask what of whom for which purpose."""
    request = policies_pb2.WeighRequest(weighing=policies_pb2.WEIGHING_MATRIX, which=which, access_level=level)
    found = with_hub(place, lambda hub: hub.policies.weigh(request))
    if as_csv:
        write_matrix(sys.stdout, found)
    else:
        place.show(found, lambda console: show_matrix(console, found))


def explain(place: Place, which: policies_pb2.Which, asked: Asked) -> None:
    """Show why an office may, or may not, ask something."""
    level, agency, areas = _office(asked.office)
    request = policies_pb2.WeighRequest(
        weighing=policies_pb2.WEIGHING_EXPLANATION,
        which=which,
        user_name=asked.user_name,
        access_level=level,
        agency=agency,
        areas=areas,
        question=asked.question,
        source=asked.source,
        purpose=asked.purpose,
    )
    _weigh(place, request, weighed_screens.show_explanation)


def diff_proposal(place: Place, proposal_id: str) -> None:
    """Show a proposal whole: what it changes, who has agreed, and what is missing."""

    async def look(hub: HubClient) -> tuple[policies_pb2.Proposal, Document | None]:
        proposal = await find_proposal(hub, proposal_id)
        return proposal, await difference_of(hub, proposal)

    proposal, difference = with_hub(place, look)
    place.show(proposed_document(proposal, difference), lambda console: show_proposed(console, proposal, difference))


def diff_publications(place: Place, old: int, new: int) -> None:
    """Show what changed from one publication to another."""
    request = policies_pb2.WeighRequest(
        weighing=policies_pb2.WEIGHING_DIFFERENCE,
        which=policies_pb2.Which(publication=new),
        against=policies_pb2.Which(publication=old),
    )
    _weigh(place, request, weighed_screens.show_difference)


def rehearse(place: Place, proposal: str, last: int) -> None:
    """Show which of the last questions would come out otherwise."""
    request = policies_pb2.WeighRequest(
        weighing=policies_pb2.WEIGHING_REHEARSAL, which=policies_pb2.Which(proposal=proposal), last=last
    )
    _weigh(place, request, weighed_screens.show_rehearsal)


def reviews(place: Place, days: int) -> None:
    """Show which reviews fall due."""
    request = policies_pb2.WeighRequest(weighing=policies_pb2.WEIGHING_REVIEWS, days=days)
    _weigh(place, request, weighed_screens.show_reviews)


def proposals(place: Place, *, everything: bool) -> None:
    """Show the proposals."""
    found = with_hub(place, lambda hub: hub.policies.proposals(everything=everything))
    place.show(policy_documents.proposals_document(found), lambda console: screens.show_proposals(console, found))


def history(place: Place) -> None:
    """Show what has been in force."""
    found = with_hub(place, lambda hub: hub.policies.publications())
    place.show(policy_documents.publications_document(found), lambda console: screens.show_history(console, found))


def _weigh(place: Place, request: policies_pb2.WeighRequest, paint: Callable[[Console, Document], None]) -> None:
    found = with_hub(place, lambda hub: hub.policies.weigh(request))
    place.show(found, lambda console: paint(console, found))


def _office(office: str) -> tuple[str, str, list[str]]:
    """Take LEVEL/AGENCY[/AREA,…] apart; nothing where an account is named instead."""
    if not office:
        return "", "", []
    parts = office.split("/")
    if len(parts) not in _OFFICE_PARTS or not all(parts):
        raise CommandError(
            "OFFICE_INVALID",
            f"“{office}” is not an office.",
            mend="Write --as LEVEL/AGENCY, or --as LEVEL/AGENCY/AREA,AREA.",
        )
    return parts[0], parts[1], parts[2].split(",") if len(parts) > len(_OFFICE_PARTS) else []


def _list_files(console: Console, texts: Mapping[str, bytes]) -> None:
    for name, content in sorted(texts.items()):
        console.print(cell(f"{len(content):>9}  {name}"), soft_wrap=True)
    sentence(console, "See one: hub policy show FILE. Take all: hub policy show --into FOLDER.")
