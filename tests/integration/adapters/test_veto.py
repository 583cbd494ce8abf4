"""Adapters of all four technologies under an agency's own rules: refused, silent in the same bytes, or taken back."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask

from tests.integration.adapters.changing_sources import (
    FIELDS,
    KINDS,
    KNOWN,
    UNKNOWN,
    ChangingSource,
    FhirSystem,
    FilesSystem,
    RestSystem,
    SqlSystem,
)
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_leaving import taken_back, without_its_own
from tests.lib.link_hub import LinkHub

# The place of a flag that each system keeps, and that no terms are read from here.
FLAGS: Mapping[type[ChangingSource], str] = {
    SqlSystem: "leave.s117",
    RestSystem: '"$.s117"',
    FhirSystem: '"$.extension[0].valueCode"',
    FilesSystem: "s117",
}
RULES = """
veto:
  - {{name: sealed_from_health, agencies: [health], person: {{{flag}: [SEALED]}}}}
  - {{name: no_services_for_enquiries, questions: [child_services], purposes: [enquiry]}}
"""


@pytest.fixture(params=KINDS, ids=lambda kind: kind.kind)
async def source(request: pytest.FixtureRequest, tmp_path: Path, hub: LinkHub) -> AsyncIterator[ChangingSource]:
    hub.issue("social_care")
    async with request.param(tmp_path) as running:
        yield running


def described(source: ChangingSource, address: str) -> Path:
    """Write a manifest with rules; nothing is said there on which terms records leave."""
    file = source.describe(address)
    text = file.read_text(encoding="utf-8").partition("        terms:")[0]
    file.write_text(text + RULES.format(flag=FLAGS[type(source)]), encoding="utf-8")
    return file


def ask(hub: LinkHub, **said: object) -> Ask:
    made = hub.make_ask("child_basics", KNOWN, list(FIELDS))
    for name, value in said.items():
        if name == "person":
            made.person.CopyFrom(UNKNOWN)
        else:
            setattr(made, name, value)
    return made


def journalled(folder: Path) -> list[tuple[str, list[str]]]:
    with closing(sqlite3.connect(folder / "journal" / "social_care.sqlite")) as connection:
        rows = connection.execute(
            "SELECT outcome, (SELECT json_group_array(rule) FROM ask_vetoes WHERE entry = asks.entry)"
            " FROM asks ORDER BY entry"
        )
        return [(outcome, json.loads(rules)) for outcome, rules in rows]


async def test_a_person_whom_a_rule_protects_is_unknown_to_whom_it_names_in_the_same_bytes_and_known_to_others(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    source.change(s117="SEALED")
    async with run_adapter(described(source, hub.address)):
        link = await hub.link()
        unknown = await link.ask(ask(hub, person=UNKNOWN))
        sealed = await link.ask(ask(hub))
        told = await link.ask(ask(hub, requester_agency="schools"))
        said = await link.ask(ask(hub, with_shielded=True))
    assert unknown.status == links_pb2.REPLY_STATUS_ANSWERED
    assert without_its_own(sealed) == without_its_own(unknown)
    assert told.records.cells[1] == "Canary"
    assert (said.status, said.HasField("records")) == (links_pb2.REPLY_STATUS_WITHHELD, False)
    assert journalled(tmp_path) == [
        ("answered", []),
        ("withheld", ["sealed_from_health"]),
        ("answered", []),
        ("withheld", ["sealed_from_health"]),
    ]


async def test_a_rule_without_a_person_refuses_whoever_it_is_about(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(described(source, hub.address)):
        link = await hub.link()
        replies = [
            await link.ask(ask(hub, question="child_services", purpose="enquiry", **about))
            for about in ({}, {"person": UNKNOWN}, {"break_glass": True, "with_shielded": True})
        ]
        other = await link.ask(ask(hub, question="child_services"))
    assert {reply.status for reply in replies} == {links_pb2.REPLY_STATUS_REFUSED}
    assert not any(reply.HasField("records") for reply in replies)
    assert other.status == links_pb2.REPLY_STATUS_ANSWERED
    assert journalled(tmp_path) == [*[("refused", ["no_services_for_enquiries"])] * 3, ("answered", [])]


async def test_an_answer_is_taken_back_when_its_person_comes_under_a_rule(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(described(source, hub.address)):
        link = await hub.link()
        asked = ask(hub)
        assert (await link.ask(asked)).records.cells
        await link.ask(ask(hub, requester_agency="schools"))
        source.change(s117="SEALED")
        assert await taken_back(link, source.notices_within + 1) == asked.request_id
    assert link.withdrawals.empty()
    assert [outcome for outcome, _ in journalled(tmp_path)] == ["answered", "answered", "withdrawn"]
