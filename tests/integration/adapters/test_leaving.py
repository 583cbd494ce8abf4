"""Adapters of all technologies: terms travel, whoever is shielded reads as unknown, answers are taken back."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1 import links_pb2, records_pb2
from sharing.v1.links_pb2 import Ask, ConnectResponse, Reply
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.adapters.changing_services import MORE_KINDS
from tests.integration.adapters.changing_sources import (
    FIELDS,
    KINDS,
    KNOWN,
    UNKNOWN,
    ChangingSource,
    FhirSystem,
    HttpSystem,
    RestSystem,
)
from tests.integration.adapters.conftest import RunAdapter
from tests.lib.link_hub import HeldLink, LinkHub

CHANGES = ({"consent": "W"}, {"consent": "N"}, {"until": "2026-12-01"}, {"covers": "H"}, {"shield": "R"}, {"s117": "P"})


# Each kind takes some seconds, since it shows what is noticed within one.
ALL_KINDS = [*KINDS, *(pytest.param(kind, marks=pytest.mark.slow) for kind in MORE_KINDS)]


@pytest.fixture(params=ALL_KINDS, ids=lambda kind: kind.kind)
async def source(request: pytest.FixtureRequest, tmp_path: Path, hub: LinkHub) -> AsyncIterator[ChangingSource]:
    hub.issue("social_care")
    async with request.param(tmp_path) as running:
        yield running


def ask(hub: LinkHub, person: PersonKeys, *, with_shielded: bool = False) -> Ask:
    made = hub.make_ask("child_basics", person, list(FIELDS))
    made.with_shielded = with_shielded
    return made


def without_its_own(reply: Reply) -> bytes:
    """Give the bytes of a reply but for the ask's number and nonce and the moment of reading."""
    same = Reply()
    same.CopyFrom(reply)
    same.ask_id, same.nonce = 0, b""
    same.records.retrieved_at_ms = 1
    return same.SerializeToString()


def journalled(folder: Path) -> list[tuple[str, int, int, list[str]]]:
    with closing(sqlite3.connect(folder / "journal" / "social_care.sqlite")) as connection:
        rows = connection.execute("SELECT outcome, row_count, withheld_count, own_references FROM asks ORDER BY entry")
        return [(outcome, count, withheld, json.loads(references)) for outcome, count, withheld, references in rows]


async def taken_back(link: HeldLink, seconds: float) -> str:
    async with asyncio.timeout(seconds):
        return await link.withdrawals.get()


async def settled(link: HeldLink) -> None:
    """Wait until the adapter has taken in everything sent so far."""
    link.send(ConnectResponse(ping=99))
    async with asyncio.timeout(5):
        while await link.pongs.get() != 99:
            pass


async def test_what_is_said_about_leaving_travels_with_the_row(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    source.change(shield="A")
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        reply = await link.ask(ask(hub, KNOWN))
    assert list(reply.records.cells) == ["9434765919", "Canary", "Zoe", "2012-03-07", "Care"]
    assert list(reply.records.terms_of_row) == [1]
    (terms,) = reply.records.terms
    assert terms.consent.state == records_pb2.CONSENT_STATE_EXPLICIT
    assert terms.consent.until == "2030-12-31"
    assert list(terms.consent.classes) == ["health", "concerns"]
    assert terms.shield == records_pb2.SHIELD_ADDRESS
    assert terms.opt_out == records_pb2.OPT_OUT_UNSPECIFIED


@pytest.mark.parametrize("code", ["R", "X", "??"])
async def test_somebody_shielded_is_answered_for_as_unknown_in_the_same_bytes_and_the_journal_says_what_was(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path, code: str
) -> None:
    source.change(shield=code)
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        unknown = await link.ask(ask(hub, UNKNOWN))
        shielded = await link.ask(ask(hub, KNOWN))
    assert unknown.status == links_pb2.REPLY_STATUS_ANSWERED
    assert without_its_own(shielded) == without_its_own(unknown)
    (first, second) = journalled(tmp_path)
    assert first == ("answered", 0, 0, [])
    assert second[:3] == ("shielded", 0, 1)
    assert second[3]


@pytest.mark.parametrize("source", [RestSystem, FhirSystem], indirect=True, ids=["rest", "fhir"])
async def test_no_request_is_made_about_somebody_shielded_that_is_not_made_about_somebody_unknown(
    hub: LinkHub, source: HttpSystem, run_adapter: RunAdapter
) -> None:
    source.change(shield="R")
    made: list[list[str]] = []
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        for person in (UNKNOWN, KNOWN):
            source.server.asked.clear()
            await link.ask(ask(hub, person))
            made.append([path + "".join(sorted(query)) for path, query in source.server.asked])
    assert len(made[0]) == 2
    assert made[0] == made[1]


async def test_who_may_see_the_shielded_sees_them_with_their_shield_unless_it_is_absolute(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    source.change(shield="R")
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        reply = await link.ask(ask(hub, KNOWN, with_shielded=True))
        assert reply.records.cells[1] == "Canary"
        assert reply.records.terms[0].shield == records_pb2.SHIELD_PERSON
        unknown = await link.ask(ask(hub, UNKNOWN, with_shielded=True))
        source.change(shield="X")
        if source.kind == "files":
            assert await taken_back(link, source.notices_within)
        absolute = await link.ask(ask(hub, KNOWN, with_shielded=True))
    assert without_its_own(absolute) == without_its_own(unknown)


@pytest.mark.parametrize("change", CHANGES, ids="".join)
async def test_an_answer_is_taken_back_within_a_second_when_its_source_changes_its_mind(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path, change: dict[str, str]
) -> None:
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        asked = ask(hub, KNOWN)
        await link.ask(asked)
        source.change(**change)
        assert await taken_back(link, source.notices_within) == asked.request_id
    assert [entry[0] for entry in journalled(tmp_path)] == ["answered", "withdrawn"]
    assert journalled(tmp_path)[1][3] == journalled(tmp_path)[0][3] != []


async def test_an_answer_is_taken_back_when_its_record_is_gone(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        asked = ask(hub, KNOWN)
        await link.ask(asked)
        source.remove()
        assert await taken_back(link, source.notices_within) == asked.request_id


async def test_what_the_hub_holds_no_longer_is_not_looked_at_and_what_lets_more_leave_takes_nothing_back(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        dropped, held = ask(hub, KNOWN), ask(hub, KNOWN)
        await link.ask(dropped)
        await link.ask(held)
        link.send(ConnectResponse(dropped=[dropped.ask_id]))
        await settled(link)
        source.change(until="")
        source.change(covers="C", consent="N")
        assert await taken_back(link, source.notices_within) == held.request_id
    assert link.withdrawals.empty()
    assert [entry[0] for entry in journalled(tmp_path)] == ["answered", "answered", "withdrawn"]


async def test_an_answer_that_left_over_a_link_that_has_ended_is_taken_back_over_the_next(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    async with run_adapter(source.describe(hub.address)):
        asked = ask(hub, KNOWN)
        link = await hub.link()
        await link.ask(asked)
        link.end()
        second = await hub.link(2)
        source.change(consent="W")
        assert await taken_back(second, 2) == asked.request_id
