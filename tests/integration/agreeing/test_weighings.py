"""What the hub works out about policies is what the pure functions say, and nothing of a case is in it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sharing.v1 import policies_pb2

from hub.access.past_requests import PAST_KINDS, past_request
from hub.access.reading import rulebook_from_texts
from hub.access.rehearse import rehearse
from hub.access.reviews import reviews
from hub.access.workshop import weighings
from hub.access.written import compile_written
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from tests.lib.administration import AUDITOR, FIRST, SECOND, Administration, Seat, office, refusal_of
from tests.lib.drafts import CLOSING, NARROWER, OPENING, SHIPPED, Texts
from tests.lib.people import people

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
LISTS = ("gains", "losses", "others", "opens", "loosens")
MATRIX, DIFFERENCE = policies_pb2.WEIGHING_MATRIX, policies_pb2.WEIGHING_DIFFERENCE
EXPLANATION, REHEARSAL = policies_pb2.WEIGHING_EXPLANATION, policies_pb2.WEIGHING_REHEARSAL
REVIEWS = policies_pb2.WEIGHING_REVIEWS


def proposed(proposal: policies_pb2.Proposal) -> policies_pb2.Which:
    return policies_pb2.Which(proposal=proposal.id)


def published(number: int) -> policies_pb2.Which:
    return policies_pb2.Which(publication=number)


def as_json(found: Any) -> Any:
    return json.loads(json.dumps(found))


def in_order(document: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    """Put the rows of each list in an order of their own: within a group of them it is not always the same."""
    return {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in document.items()}


def matrix(texts: Texts, level: str = "") -> Any:
    return in_order({"rows": as_json(list(weighings.matrix_of([texts], {"at": AT.isoformat(), "level": level})))})


def difference(old: Texts, new: Texts) -> Any:
    found = list(weighings.difference_of([old, new], {"at": AT.isoformat()}))
    return in_order(as_json({name: [value for of, value in found if of == name] for name in LISTS}))


def explanation(texts: Texts, **asked: Any) -> Any:
    return as_json(next(weighings.explanation_of([texts], {"at": AT.isoformat(), **asked})))


@pytest.fixture
async def first(administration: Administration) -> Seat:
    administration.change_process(now_ms=lambda: int(AT.timestamp() * 1_000))
    return await administration.seat(FIRST)


async def test_the_matrix_of_what_is_in_force_of_a_proposal_and_of_a_publication(
    administration: Administration, first: Seat
) -> None:
    proposal = await first.propose(CLOSING)
    auditor = await administration.seat(AUDITOR, fresh=False)
    assert in_order((await auditor.weigh(weighing=MATRIX)).said) == matrix(SHIPPED)
    assert in_order((await auditor.weigh(weighing=MATRIX, which=proposed(proposal))).said) == matrix(CLOSING)
    await (await administration.seat(SECOND)).approve(proposal)
    await first.publish(proposal)
    assert in_order((await auditor.weigh(weighing=MATRIX)).said) == matrix(CLOSING)
    assert in_order((await auditor.weigh(weighing=MATRIX, which=published(1))).said) == matrix(SHIPPED)
    only = (await auditor.weigh(weighing=MATRIX, which=published(2), access_level="health_visitor")).said
    assert in_order(only) == matrix(CLOSING, "health_visitor")
    assert {row["level"] for row in only["rows"]} == {"health_visitor"}


async def test_the_difference_that_a_proposal_makes_and_that_between_two_publications(
    administration: Administration, first: Seat
) -> None:
    opening, closing = await first.propose(OPENING), await first.propose(CLOSING)
    found = (await first.weigh(weighing=DIFFERENCE, which=proposed(opening))).said
    assert in_order(found) == difference(SHIPPED, OPENING)
    assert (found["opens"], bool(found["gains"]), found["losses"]) == (["schools"], True, [])
    between = await first.weigh(weighing=DIFFERENCE, which=proposed(opening), against=proposed(closing))
    assert in_order(between.said) == difference(CLOSING, OPENING)
    await (await administration.seat(SECOND)).approve(closing)
    await first.publish(closing)
    back = await first.weigh(weighing=DIFFERENCE, which=published(1), against=published(2))
    assert in_order(back.said) == difference(CLOSING, SHIPPED)
    none = (await first.weigh(weighing=DIFFERENCE, which=published(2))).said
    assert none == {name: [] for name in LISTS}


async def test_an_explanation_of_an_account_s_office_and_of_one_that_is_given(first: Seat) -> None:
    asked = {"question": "child_services", "source": "schools", "purpose": "safeguarding"}
    office_of = {"level": "health_visitor", "requester": "health", "areas": ["bolton"]}
    proposal = await first.propose(CLOSING)
    now = (await first.weigh(weighing=EXPLANATION, user_name="n.okafor", **asked)).said
    assert now == explanation(SHIPPED, **office_of, **asked)
    given = {"access_level": "health_visitor", "agency": "health"}
    then = (await first.weigh(weighing=EXPLANATION, which=proposed(proposal), **given, **asked)).said
    assert then == explanation(CLOSING, **office_of, **asked)
    assert (now["may"], then["may"]) == (True, False)
    assert not (await first.weigh(weighing=EXPLANATION, user_name=FIRST, **asked)).said["may"]


async def test_a_rehearsal_puts_the_last_questions_again(administration: Administration, first: Seat) -> None:
    nurse, someone = await administration.seat("n.okafor"), people()
    for purpose in ("safeguarding", "early_help", "early_help", "youth_justice"):
        request = nurse.ask(next(someone), purpose=purpose)
        if purpose == "youth_justice":
            assert await refusal_of(request)
        else:
            await request
    proposal = await first.propose(NARROWER)
    document = await first.weigh(weighing=REHEARSAL, which=proposed(proposal), last=100)
    engine = open_store(administration.deployment.settings().store_url())
    entries = AuditEntries(engine)
    past = [past_request(entry, position) for position, entry in entries.newest(100, PAST_KINDS)]
    entries.close()
    engine.dispose()
    old, new = (compile_written(rulebook_from_texts(texts)) for texts in (SHIPPED, NARROWER))
    pure = rehearse([one for one in past if one], old, new, AT)
    said = document.said
    assert (said["put_again"], said["changed"]) == (pure.judged, len(pure.changes)) == (4, 2)
    assert [change["request"] for change in said["changes"]] == [change.request_id for change in pure.changes]
    assert {change["sentence"] for change in said["changes"]} == {"It would be refused."}
    assert b"TEST/1" not in document.wire
    assert (await first.weigh(weighing=REHEARSAL, which=proposed(proposal), last=1)).said["put_again"] == 1
    assert (await first.weigh(weighing=REHEARSAL)).said["changed"] == 0


async def test_the_reviews_that_fall_due(administration: Administration, first: Seat) -> None:
    agreements = administration.hub.in_force.policy.agreements.values()
    for days in (0, 365, 3_660):
        found = (await first.weigh(weighing=REVIEWS, days=days)).said
        pure = reviews(agreements, AT, days=days)
        said = {
            state: [one["id"] for one in found["agreements"] if one["state"] == state] for state in ("due", "ending")
        }
        assert said == {"due": [one.id for one in pure.due], "ending": [one.id for one in pure.ending]}
        assert found["emergencies"] == []
    assert date.fromisoformat(found["agreements"][0]["review"][:10])


async def test_what_cannot_be_weighed_is_refused(administration: Administration, first: Seat) -> None:
    offices = await first.propose_accounts(office("s.patel", "", ""))
    await (await administration.seat(SECOND)).approve(offices)
    await first.publish(offices)
    for weighing in (MATRIX, DIFFERENCE, REHEARSAL):
        unknown = first.weigh(weighing=weighing, which=policies_pb2.Which(proposal="none"))
        assert await refusal_of(unknown) == "NO_SUCH_PROPOSAL"
        assert await refusal_of(first.weigh(weighing=weighing, which=proposed(offices))) == "NO_POLICY"
        for number in (0, 2, 3, 2**64 - 1):
            assert await refusal_of(first.weigh(weighing=weighing, which=published(number))) == "NO_SUCH_PUBLICATION"
    assert await refusal_of(first.policy(published(2**64 - 1))) == "NO_SUCH_PUBLICATION"
    assert await refusal_of(first.policy(policies_pb2.Which(proposal="none"))) == "NO_SUCH_PROPOSAL"
    assert await refusal_of(first.weigh(weighing=EXPLANATION, user_name="nobody")) == "NO_ACCOUNT"
    assert await refusal_of(first.weigh(weighing=REHEARSAL, last=20_001)) == "TOO_MANY"
    assert await refusal_of(first.weigh(weighing=REVIEWS, days=3_661)) == "TOO_MANY"
    for weighing in (policies_pb2.WEIGHING_UNSPECIFIED, 77):
        assert await refusal_of(first.weigh(weighing=weighing)) == "WEIGHING_MISSING"


async def test_what_is_asked_in_words_that_no_policy_knows_is_explained_or_refused(first: Seat) -> None:
    known = {
        "access_level": "health_visitor",
        "agency": "health",
        "question": "child_services",
        "source": "schools",
        "purpose": "safeguarding",
    }
    odd = dict(zip(known, ("no_such_thing", "", "漢" * 200, "a\0b", "no_such_thing"), strict=True))
    for name, value in odd.items():
        said = (await first.weigh(weighing=EXPLANATION, **{**known, name: value})).said
        assert not said["may"]
    assert not (await first.weigh(weighing=EXPLANATION, **known, areas=["nowhere"])).said["may"]
    assert (await first.weigh(weighing=MATRIX, access_level="no_such_level")).said == {"rows": []}
