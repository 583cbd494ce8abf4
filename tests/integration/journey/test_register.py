"""The register, over real links: a hub, real adapters on real databases, and a requester who searches page by page."""

import asyncio
import gc
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from sharing.v1 import questions_pb2, records_pb2

from hub.main import Hub
from hub.model.criteria import Criteria
from hub.model.found_people import FoundPeople
from tests.integration.journey.test_forgetting import FORGETTING_SECONDS, OF_A_CASE
from tests.integration.journey.waiting import until
from tests.lib.deployment import Deployment, environment, hub_in_process
from tests.lib.requester import PATIENCE_SECONDS, Requester, signed_in
from tests.lib.searched_agency import SearchedAgency, child, namesakes

AGENCIES = ("social_care", "health")
LINKED_SECONDS = 20.0
TAKEN_BACK_SECONDS = 10.0
RECORDED_SECONDS = 5.0
WANTED = {"family_name": "Smi", "given_name": "Za", "born_from": "2014-01-01", "born_to": "2014-12-31"}
OF_A_SEARCH = OF_A_CASE | {FoundPeople, Criteria}

Part = questions_pb2.AnswerPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A hub in this process, its agencies, and whoever searches."""

    hub: Hub
    deployment: Deployment
    agencies: dict[str, SearchedAgency]
    requester: Requester

    async def search(self, **wanted: str) -> Part:
        """Search; return the one part of the answer."""
        request = questions_pb2.AskRequest(
            question="child_register",
            criteria=records_pb2.Criteria(**(wanted or WANTED)),
            purpose="safeguarding",
            lawful_basis="A6_E",
            case_reference="TEST/1",
        )
        call = self.requester.questions.Ask(request, metadata=self.requester.metadata, timeout=PATIENCE_SECONDS)
        (part,) = [response.part async for response in call]
        return part

    async def more(self, request_id: str) -> Part:
        """Show the next page."""
        request = questions_pb2.ShowMoreRequest(request_id=request_id)
        call = self.requester.questions.ShowMore(request, metadata=self.requester.metadata, timeout=PATIENCE_SECONDS)
        return (await call).page

    async def held(self) -> questions_pb2.ListHeldResponse:
        """List what is held."""
        request = questions_pb2.ListHeldRequest()
        return await self.requester.questions.ListHeld(request, metadata=self.requester.metadata)

    def recorded(self, kind: str) -> list[dict[str, object]]:
        """Return the entries of a kind, as they are on the disk."""
        lines = [json.loads(body) for body in bodies(self.deployment)]
        return [entry for entry in lines if entry["kind"] == kind]


def bodies(deployment: Deployment) -> list[str]:
    """Return the entries of the record."""
    file = deployment.settings().store_url().removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as store:
        return [body for (body,) in store.execute("SELECT body FROM audit_entry ORDER BY position")]


@pytest.fixture
async def on(deployment: Deployment, tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        hub_in_process(deployment) as hub,
        signed_in(deployment, hub.requesters_port, "social_care_duty") as requester,
    ):
        agencies = {name: SearchedAgency(deployment, name, tmp_path / name, hub.links_port) for name in AGENCIES}
        try:
            for agency in agencies.values():
                agency.adapter.start()
            async with asyncio.timeout(LINKED_SECONDS):
                # Each call waits for the hub, so that others get their turn meanwhile.
                while not all([(await requester.status())[name].links for name in AGENCIES]):
                    pass
            yield Scene(hub=hub, deployment=deployment, agencies=agencies, requester=requester)
        finally:
            for agency in agencies.values():
                agency.adapter.kill()


def given_names(part: Part) -> list[str]:
    """Return the given names on a page, agency by agency."""
    found = []
    for agency in part.agencies:
        width = len(agency.records.columns)
        column = list(agency.records.columns).index("given_name") if width else 0
        found += agency.records.cells[column::width] if width else []
    return found


async def refusal(call: Awaitable[Part]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value


async def test_people_come_page_by_page_and_each_page_is_on_disk_before_it_is_shown(on: Scene) -> None:
    on.agencies["social_care"].hold([*namesakes(45), child("Zara", nhs="9434765919")])
    on.agencies["health"].hold([child("Zara", "Smith", nhs="9434765919")])
    first = await on.search()
    searched = [(entry["people"], entry["more"]) for entry in on.recorded("searched")]
    disclosed = [(entry["agency"], entry["records"]) for entry in on.recorded("disclosure")]
    assert first.more_people == 26
    assert searched == [(20, 26)]
    # Whom two agencies know comes first, in one line.
    assert sorted(disclosed) == [("health", 1), ("social_care", 20)]
    assert list(first.joining.person_of_row).count(0) == 2
    second, third = await on.more(first.opening.request_id), await on.more(first.opening.request_id)
    assert (second.more_people, third.more_people) == (6, 0)
    assert [(entry["people"], entry["more"]) for entry in on.recorded("searched")][1:] == [(20, 6), (6, 0)]
    shown = [*given_names(first), *given_names(second), *given_names(third)]
    assert sorted(shown) == sorted([name[2] for name in namesakes(45)] + ["Zara", "Zara"])
    ended = await refusal(on.more(first.opening.request_id))
    assert ended.code() is grpc.StatusCode.NOT_FOUND
    viewed = await on.requester.view(first.opening.request_id)
    assert sorted(given_names(viewed)) == sorted(shown)
    # What was typed, and whoever was found, is in no entry.
    (intent,) = on.recorded("intent")
    assert intent["criteria"] == ["given_name", "family_name", "born_from", "born_to"]
    assert not any(name in body for body in bodies(on.deployment) for name in ("Zara", "Smithson", "2014-01-01"))


@pytest.mark.slow
async def test_too_many_people_are_nobody_from_one_agency_and_a_refusal_from_two(on: Scene) -> None:
    on.agencies["social_care"].hold(namesakes(201))
    on.agencies["health"].hold(namesakes(3))
    part = await on.search()
    outcomes = {agency.agency: agency.outcome for agency in part.agencies}
    assert outcomes["social_care"] == records_pb2.OUTCOME_NO_ANSWER
    assert len(given_names(part)) == 3
    on.agencies["social_care"].hold(namesakes(150))
    on.agencies["health"].hold(namesakes(150, first=200))
    refused = await refusal(on.search())
    assert refused.code() is grpc.StatusCode.INVALID_ARGUMENT
    # Nothing was shown, so nobody has waited for that entry.
    await until(lambda: bool(on.recorded("refusal")), RECORDED_SECONDS)
    assert [entry["reason"] for entry in on.recorded("refusal")] == ["SEARCH_TOO_WIDE"]
    assert [held.request_id for held in (await on.held()).held] == [part.opening.request_id]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["close", "sign out"])
async def test_pages_that_were_never_shown_are_freed_with_the_others(on: Scene, how: str) -> None:
    on.agencies["social_care"].hold(namesakes(60))
    before = alive()
    first = await on.search()
    await on.more(first.opening.request_id)
    assert (alive() - before)["FoundPeople"] == 1
    if how == "close":
        await on.requester.close(first.opening.request_id)
    else:
        await on.requester.sign_out()
    with suppress(TimeoutError):
        await until(lambda: alive() <= before, FORGETTING_SECONDS)
    assert alive() - before == Counter()


def alive() -> Counter[str]:
    """Count the live objects that may hold something of a search."""
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in OF_A_SEARCH)


async def test_a_search_is_taken_back_when_somebody_behind_its_first_page_is_shielded(on: Scene) -> None:
    on.agencies["social_care"].hold(namesakes(45))
    first = await on.search()
    last = namesakes(45)[-1][2]
    assert last not in given_names(first)
    on.agencies["social_care"].shield(last)
    async with asyncio.timeout(TAKEN_BACK_SECONDS):
        while not (await on.held()).withdrawn:
            pass
    refused = await refusal(on.more(first.opening.request_id))
    assert refused.code() is grpc.StatusCode.NOT_FOUND
    assert not on.recorded("searched")[1:]


@pytest.mark.slow
@pytest.mark.parametrize("code", ["R", "X"])
async def test_who_is_shielded_is_absent_in_the_same_bytes_as_who_is_unknown(on: Scene, code: str) -> None:
    known = namesakes(20)
    hidden = child("Zazie", shield=code)
    on.agencies["social_care"].hold(known)
    unknown = await on.search()
    on.agencies["social_care"].hold([hidden, *known])
    shielded = await on.search()
    assert stripped(unknown) == stripped(shielded)
    assert len(unknown.SerializeToString()) == len(shielded.SerializeToString())
    alone = [await on.search(**{**WANTED, "given_name": name}) for name in ("Zaz", "Zay")]
    assert stripped(alone[0]) == stripped(alone[1])
    searched = [{**entry, "request": "", "at_ms": 0} for entry in on.recorded("searched")]
    assert searched[0] == searched[1]
    assert searched[2] == searched[3]


def stripped(part: Part) -> bytes:
    """Spell a part without what names the question and says when it was asked."""
    plain = Part()
    plain.CopyFrom(part)
    plain.opening.request_id = ""
    plain.completeness.elapsed_ms = 0
    for agency in plain.agencies:
        agency.elapsed_ms = 0
        agency.records.retrieved_at_ms = 0
    return plain.SerializeToString(deterministic=True)


@pytest.mark.slow
@pytest.mark.parametrize("call", ["ShowDetails", "Judge"])
async def test_nobody_behind_a_page_is_shown_by_way_of_a_match_card(on: Scene, call: str) -> None:
    on.agencies["social_care"].hold(namesakes(30))
    first = await on.search()
    person = {"request_id": first.opening.request_id, "person": 25}
    request: questions_pb2.ShowDetailsRequest | questions_pb2.JudgeRequest
    request = questions_pb2.ShowDetailsRequest(**person)
    if call == "Judge":
        request = questions_pb2.JudgeRequest(**person, word=questions_pb2.REQUESTER_WORD_SAME)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(on.requester.questions, call)(request, metadata=on.requester.metadata, timeout=PATIENCE_SECONDS)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "match card" in str(refused.value.details())
    assert len(given_names(await on.requester.view(first.opening.request_id))) == 20


@pytest.mark.slow
async def test_the_commands_show_page_after_page(on: Scene, tmp_path: Path) -> None:
    on.agencies["social_care"].hold(namesakes(25))
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "ca.pem").write_bytes(on.deployment.authority.certificate)
    (desk / "client.toml").write_text(
        f'address = "127.0.0.1:{on.hub.requesters_port}"\nca = "ca.pem"\n', encoding="utf-8"
    )
    (desk / "token").touch(mode=0o600)
    (desk / "token").write_text(on.requester.metadata[0][1].removeprefix("Bearer "), encoding="ascii")
    words = ["--family", "Smi", "--given", "Za", "--born-from", "2014-01-01", "--born-to", "2014-12-31"]
    why = ["--purpose", "safeguarding", "--basis", "A6_E", "--case", "TEST/1"]
    code, out = await command(desk, "search", *words, *why, "--json")
    first = json.loads(out)
    assert (code, len(first["people"]), first["more_people"]) == (0, 20, 5)
    code, out = await command(desk, "more", first["request_id"])
    assert code == 0
    assert namesakes(25)[-1][2] in out
    assert namesakes(25)[0][2] not in out
    code, out = await command(desk, "more", first["request_id"], "--json")
    assert (code, json.loads(out)["error"]["reason"]) == (6, "NO_MORE")
    code, out = await command(desk, "search", "--family", "Smithson", *why, "--json")
    assert (code, json.loads(out)["error"]["reason"]) == (2, "SEARCH_TOO_WIDE")


async def command(desk: Path, *words: str) -> tuple[int, str]:
    """Run one command of the thin client to its end; return its exit code and what it printed."""
    pipe, environ = asyncio.subprocess.PIPE, environment() | {"HUB_AT": str(desk), "HOME": str(desk)}
    ran = await asyncio.create_subprocess_exec(sys.executable, "-m", "hub.cli", *words, stdout=pipe, env=environ)
    out, _ = await ran.communicate()
    return ran.returncode or 0, out.decode()
