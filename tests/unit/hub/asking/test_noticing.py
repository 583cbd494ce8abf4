"""Telling agencies of differences: after the answer, recorded first, to those who may know, never of the protected."""

import asyncio
import gc
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.asking.noticing import MOST_AT_WORK, MOST_OF_AN_AGENCY
from hub.model.answer import AgencyAnswer, Joining
from hub.model.catalogue import Listing
from hub.model.person import PersonKeys
from hub.model.policy import TellDifferences
from hub.model.records import Records
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.scenario import Question
from tests.unit.hub.asking.scene import Scene, ask, scene

QUESTION = Question(level="health_visitor", question="child_basics", purpose="safeguarding", about="nhs:A")
DIFFERING = """
agency      | answers  | nhs_number | family_name | postcode
social_care | a record | nhs:A      | Ash         | BL1 1AA
health      | a record | nhs:A      | Ash         | BL2 2BB
"""
TOLD = {"social_care": ["postcode"], "health": ["postcode"]}


def told(on: Scene) -> dict[str, list[str]]:
    """Return of which fields each agency has been told."""
    agencies = on.hub.agencies.items()
    return {name: [notice.difference.field for notice in agency.notices] for name, agency in agencies if agency.notices}


async def answered(on: Scene, question: Question = QUESTION) -> dict[str, list[str]]:
    """Ask, and return of which fields each agency is told after it."""
    await ask(on, question)
    await on.hub.noticing.settled()
    return told(on)


def protecting(shield: str) -> str:
    """Return two records that differ, and one of which the source says that it protects something."""
    return f"""
agency      | answers  | nhs_number | family_name | gender | postcode | protects
social_care | a record | nhs:A      | Ash         | female | BL1 1AA  | unspecified
health      | a record | nhs:A      | Ash         | male   | BL2 2BB  | unspecified
schools     | a record | nhs:A      | Ash         | female | BL1 1AA  | {shield}
"""


def test_after_an_answer_each_agency_is_told_of_its_own_record_that_others_differ(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            assert await answered(on) == TOLD
            (notice,) = on.hub.agencies["health"].notices
            (held,) = on.session.held()
            assert notice.request_id == held.request.request_id
            assert (notice.person.nhs_number, notice.person.family_name) == (held.request.person.nhs_number, "Ash")
            assert (notice.difference.agencies, notice.difference.own) == (1, "BL2 2BB")
            assert not notice.difference.values
            assert b"BL1 1AA" not in notice.SerializeToString()
            assert not on.hub.noticing.dropped

    run(journey())


def test_what_others_hold_is_told_under_an_agreement_that_says_so() -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    telling = tuple(replace(one, tell_differences=TellDifferences.VALUES) for one in book.agreements.values())
    policy = compile_policy(replace(book, agreements=Listing.of(telling)))

    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            await answered(on)
            (notice,) = on.hub.agencies["health"].notices
            assert list(notice.difference.values) == ["BL1 1AA"]
            assert [entry["with_values"] for entry in on.disk.of_kind("notice")] == [True, True]

    run(journey())


def test_without_an_agreement_that_lets_it_know_of_the_other_no_agency_is_told(policy: Policy) -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    apart = tuple(
        replace(one, parties=tuple(party for party in one.parties if party != "social_care"))
        for one in book.agreements.values()
    )
    changed = compile_policy(replace(book, agreements=Listing.of(apart)))
    own = replace(QUESTION, level="health_visitor")

    async def journey() -> None:
        async with scene(policy, DIFFERING, question=own) as on:
            # The agreement ends when the answer has been shown.
            await ask(on, own)
            on.in_force.put(changed)
            await on.hub.noticing.settled()
            assert told(on) == {}
            assert on.disk.of_kind("notice") == []

    run(journey())


def test_a_notice_is_on_disk_before_it_is_sent_without_a_value_and_the_agency_gets_a_receipt(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            before: list[int] = []
            on.disk.after["notice"] = lambda: before.append(sum(len(one.notices) for one in on.hub.agencies.values()))
            await answered(on)
            assert before == [0, 0]
            entries = [entry for entry in on.disk.entries if entry.kind == "notice"]
            assert [entry.agency for entry in entries] == ["social_care", "health"]
            said = json.loads(entries[0].body)
            assert (said["about"], said["fields"], said["notices"]) == ("difference", ["postcode"], 1)
            assert set(said) == {
                *("v", "kind", "at_ms", "agency"),
                *("request", "about", "fields", "notices", "with_values"),
            }

    run(journey())


def test_what_cannot_be_recorded_is_not_told_and_counted(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION, fails_at="notice") as on:
            assert await answered(on) == {}
            assert on.hub.noticing.dropped == {"social_care": 1, "health": 1}

    run(journey())


@pytest.mark.parametrize("shield", ["person", "absolute"])
def test_about_somebody_whom_a_source_protects_nobody_is_told_though_nothing_of_it_was_shown(
    policy: Policy, shield: str
) -> None:
    async def journey() -> None:
        async with scene(policy, protecting(shield), question=QUESTION) as on:
            assert await answered(on) == {}
            assert on.disk.of_kind("notice") == []

    run(journey())


def test_where_a_source_protects_an_address_nobody_is_told_of_places(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, protecting("address"), question=QUESTION) as on:
            assert await answered(on) == {"social_care": ["gender"], "health": ["gender"], "schools": ["gender"]}

    run(journey())


def test_where_a_source_withholds_by_its_own_veto_nobody_is_told_anything(policy: Policy) -> None:
    sources = DIFFERING + "schools | withholds | | | \n"

    async def journey() -> None:
        async with scene(policy, sources, question=QUESTION) as on:
            assert await answered(on) == {}

    run(journey())


def test_after_an_answer_to_somebody_who_may_see_the_protected_nobody_is_told_anything(policy: Policy) -> None:
    unit = replace(QUESTION, level="safeguarding_unit_manager")

    async def journey() -> None:
        async with scene(policy, DIFFERING, question=unit) as on:
            assert await answered(on, unit) == {}
            (held,) = on.session.held()
            assert any(answer.records for part in held.parts for answer in part.agencies)

    run(journey())


def test_after_an_answer_under_break_glass_nobody_is_told_anything(policy: Policy) -> None:
    broken = replace(QUESTION, level="social_care_duty", glass="yes")

    async def journey() -> None:
        async with scene(policy, DIFFERING, question=broken) as on:
            assert await answered(on, broken) == {}
            (held,) = on.session.held()
            assert any(answer.records for part in held.parts for answer in part.agencies)

    run(journey())


def test_a_question_whose_answer_was_given_up_tells_nobody_anything(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING + "schools | says nothing | | | \n", question=QUESTION) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            await anext(stream)
            await stream.aclose()
            await on.hub.noticing.settled()
            assert told(on) == {}

    run(journey())


def test_an_agency_that_acknowledges_nothing_costs_a_moment_and_the_next_answer_tells_it_again(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            on.hub.agencies["health"].acknowledges = False
            with capture_logs() as logs:
                await answered(on)
            assert on.hub.noticing.dropped == {"health": 1}
            assert [(line["agency"], line["why"]) for line in logs if line["event"] == "notice.dropped"] == [
                ("health", "late")
            ]
            assert not {"Ash", "BL2 2BB", "BL1 1AA"} & {str(value) for line in logs for value in line.values()}
            on.hub.agencies["health"].acknowledges = True
            assert (await answered(on))["health"] == ["postcode", "postcode"]
            assert on.hub.noticing.dropped == {"health": 1}

    run(journey())


def test_an_agency_whose_link_has_ended_is_not_told_and_nothing_waits_for_it(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            await ask(on)
            (link,) = on.hub.links.connected("health")
            on.hub.links.remove(link)
            await on.hub.noticing.settled()
            assert told(on) == {"social_care": ["postcode"]}
            assert on.hub.noticing.dropped == {"health": 1}
            assert [entry["agency"] for entry in on.disk.of_kind("notice")] == ["social_care"]

    run(journey())


def test_more_than_may_wait_is_dropped_and_another_agency_is_told_all_the_same(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            noticing = on.hub.noticing
            on.hub.agencies["health"].acknowledges = False
            await ask(on)
            (held,) = on.session.held()
            keys = PersonKeys(family_name="Ash")
            for _ in range(MOST_OF_AN_AGENCY + 20):
                noticing.judged(held.request, "health", keys, is_same=True)
            noticing.judged(held.request, "social_care", keys, is_same=True)
            await noticing.settled()
            assert len(on.hub.agencies["health"].notices) == MOST_OF_AN_AGENCY
            assert noticing.dropped == {"health": MOST_OF_AN_AGENCY + 21}
            assert len(on.hub.agencies["social_care"].notices) == 2
            for _ in range(MOST_AT_WORK + 5):
                noticing.judged(held.request, "health", keys, is_same=True)
            assert noticing.dropped[""] == 5

    run(journey())


def test_a_requesters_word_is_told_to_the_agency_whose_record_it_is_about(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            await answered(on)
            (held,) = on.session.held()
            on.hub.noticing.judged(held.request, "health", PersonKeys(family_name="Ash"), is_same=False)
            await on.hub.noticing.settled()
            notice = on.hub.agencies["health"].notices[-1]
            assert notice.WhichOneof("about") == "judgement"
            said = notice.judgement
            assert (said.is_same, said.requester, said.requester_agency, said.case_reference) == (
                *(False, "spec", "health"),
                QUESTION.case,
            )
            assert notice.person.family_name == "Ash"
            assert [entry["about"] for entry in on.disk.of_kind("notice")] == ["difference", "difference", "judgement"]

    run(journey())


def test_nothing_of_an_answer_is_alive_while_an_agency_that_is_slow_is_told_of_it(policy: Policy) -> None:
    def alive() -> int:
        gc.collect()
        return sum(type(thing) in {AgencyAnswer, Joining, Records} for thing in gc.get_objects())

    async def journey() -> None:
        async with scene(policy, DIFFERING, question=QUESTION) as on:
            on.hub.agencies["health"].acknowledges = False
            before = alive()
            await ask(on)
            on.session.close("")
            await asyncio.sleep(1)
            assert on.hub.agencies["health"].notices
            assert alive() <= before
            assert not on.hub.noticing.dropped

    run(journey())


def test_of_somebody_withheld_when_first_asked_nobody_is_told_whatever_is_said_when_asked_again(policy: Policy) -> None:
    question = replace(QUESTION, level="social_worker", question="child_services", about="Zoe Brown, born 2016-03-09")
    sources = """
    agency      | answers   | when  | nhs_number | given_name | family_name | date_of_birth | postcode | service
    social_care | a record  |       | nhs:A      | Zoe        | Brown       | 2016-03-09    | BL1 1AA  | Assessment team
    health      | a record  |       | nhs:A      | Zoe        | Brown       | 2016-03-09    | BL2 2BB  | Health visiting
    schools     | withholds | first |
    schools     | nothing   | again |
    """

    async def journey(sources: str) -> dict[str, list[str]]:
        async with scene(policy, sources, question=question) as on:
            found = await answered(on, question)
            assert [ask.again for ask in on.hub.agencies["schools"].asks] == [False, True]
            return found

    assert run(journey(sources.replace("withholds", "nothing  ")))
    assert not run(journey(sources))
