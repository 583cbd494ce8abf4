"""What is put to designated officers: who sees it, who decides on it and how often, and how it ends."""

from typing import Any

import pytest
from sharing.v1 import grounds_pb2

from tests.integration.grounds.seats import (
    CHILD,
    NURSE,
    WORKER,
    child,
    decide,
    deciding,
    listed,
    notices,
    put,
    putting,
    receipts,
    revoke,
    turn,
)
from tests.lib.administration import AUDITOR, FIRST, Administration, administration_of, officer, refusal_of
from tests.lib.deployment import AGENCIES, Deployment
from tests.lib.going_without import CASE, GROUND, OTHER_GROUND

WAITING = grounds_pb2.CONFIRMATION_STATE_WAITING
CONFIRMED = grounds_pb2.CONFIRMATION_STATE_CONFIRMED
DECLINED = grounds_pb2.CONFIRMATION_STATE_DECLINED
DAY_MS = 24 * 60 * 60 * 1_000


def states(confirmation: grounds_pb2.Confirmation) -> dict[str, int]:
    return {word.agency: word.state for word in confirmation.words}


async def test_a_ground_is_put_to_every_agency_that_takes_it_but_the_own(administration: Administration) -> None:
    worker = await administration.seat(WORKER, fresh=False)
    found = await put(worker)
    taking = {agency for agency in AGENCIES if agency not in {"social_care", "connexions"}}
    assert states(found) == dict.fromkeys(taking, WAITING)
    assert (found.requester, found.requester_agency, found.case_reference) == (WORKER, "social_care", CASE)
    assert found.decide_by_ms - found.put_at_ms == 5 * DAY_MS


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"question": "child_health_of_old"}, "NOT_ON_MENU"),
    ({"purpose": "youth_justice"}, "PURPOSE_NOT_ALLOWED"),
    ({"lawful_basis": "A6_A"}, "BASIS_NOT_ACCEPTED"),
    ({"ground": "G9"}, "GROUND_UNKNOWN"),
    ({"ground": ""}, "GROUND_UNKNOWN"),
    ({"ground": OTHER_GROUND, "override_reason": "CONSENT_UNSAFE"}, "GROUND_NOT_TAKEN"),
    ({"override_reason": ""}, "OVERRIDE_REASON_UNKNOWN"),
    ({"ground": OTHER_GROUND}, "OVERRIDE_REASON_UNFIT"),
    ({"question": "child_services"}, "GROUND_NOT_TAKEN"),
    ({"case_reference": "Ada Okoro"}, "CASE_INVALID"),
    ({"person": child("9990000000")}, "NHS_NUMBER_INVALID"),
]


@pytest.mark.parametrize(("changed", "reason"), WRONG, ids=[reason for _, reason in WRONG])
async def test_what_cannot_be_asked_on_this_ground_is_not_put(
    administration: Administration, changed: dict[str, Any], reason: str
) -> None:
    worker = await administration.seat(WORKER)
    assert await refusal_of(worker.call(worker.grounds.PutToOfficers, putting(**changed))) == reason
    assert not await listed(worker)


async def test_an_officer_sees_the_queue_of_the_own_agency_oldest_first_and_nobody_else_s_word(
    administration: Administration,
) -> None:
    worker, health, schools = await administration.seats(WORKER, officer("health"), officer("schools"))
    first, second = await put(worker), await put(worker, case_reference="SC/2026-115")
    await decide(schools, first.id)
    queue = await listed(health)
    assert [found.id for found in queue] == [first.id, second.id]
    assert [states(found) for found in queue] == [{"health": WAITING}] * 2
    assert not await listed(await administration.seat(officer("connexions")))
    assert not await listed(await administration.seat(NURSE))
    assert [found.id for found in await listed(await administration.seat(AUDITOR))] == [first.id, second.id]


async def test_an_officer_confirms_once_for_the_own_agency(administration: Administration) -> None:
    worker, health, auditor = await administration.seats(WORKER, officer("health"), AUDITOR)
    confirmation = await put(worker)
    word = await decide(health, confirmation.id, valid_days=2)
    assert (word.state, word.officer, word.own_reference) == (CONFIRMED, officer("health"), "DO/77")
    assert word.valid_until_ms - word.decided_at_ms == 2 * DAY_MS
    again = health.call(health.grounds.DecideConfirmation, deciding(confirmation.id))
    assert await refusal_of(again) == "DONE_ALREADY"
    (seen,) = await listed(worker)
    assert states(seen) == {"health": CONFIRMED, "schools": WAITING, "youth_offending": WAITING}
    assert {one.own_reference for one in seen.words} == {""}
    (full,) = await listed(auditor)
    assert {one.agency: one.own_reference for one in full.words}["health"] == "DO/77"


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"verdict": grounds_pb2.VERDICT_UNSPECIFIED}, "CODE_UNKNOWN"),
    ({"because": [99]}, "CODE_UNKNOWN"),
    ({"because": []}, "BECAUSE_UNFIT"),
    ({"because": [grounds_pb2.BECAUSE_MORE_DETRIMENTAL]}, "BECAUSE_UNFIT"),
    ({"verdict": grounds_pb2.VERDICT_DECLINED}, "GROUNDS_UNFIT"),
    ({"verdict": grounds_pb2.VERDICT_DECLINED, "grounds": []}, "BECAUSE_UNFIT"),
    ({"grounds": []}, "GROUNDS_UNFIT"),
    ({"grounds": [OTHER_GROUND]}, "GROUNDS_UNFIT"),
    ({"grounds": [GROUND, "G9"]}, "GROUND_UNKNOWN"),
    ({"own_reference": ""}, "REFERENCE_INVALID"),
    ({"own_reference": "her mother has said"}, "REFERENCE_INVALID"),
    ({"valid_days": 8}, "VALID_TOO_LONG"),
    ({"valid_days": 4_000_000_000}, "VALID_TOO_LONG"),
    ({"confirmation": "no such thing"}, "NO_SUCH_THING"),
]


@pytest.mark.parametrize(
    ("changed", "reason"), UNFIT, ids=[f"{reason}-{number}" for number, (_, reason) in enumerate(UNFIT)]
)
async def test_a_decision_that_is_not_whole_is_none(
    administration: Administration, changed: dict[str, Any], reason: str
) -> None:
    worker, health = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    request = deciding(confirmation.id, **changed)
    assert await refusal_of(health.call(health.grounds.DecideConfirmation, request)) == reason
    assert [states(found) for found in await listed(health)] == [{"health": WAITING}]


async def test_who_may_decide_is_an_officer_to_whose_agency_it_was_put_with_a_fresh_second_factor(
    administration: Administration,
) -> None:
    worker, foreign = await administration.seats(WORKER, officer("connexions"))
    stale = await administration.seat(officer("health"), fresh=False)
    confirmation = await put(worker)
    refused = {
        seat.user_name: await refusal_of(seat.call(seat.grounds.DecideConfirmation, deciding(confirmation.id)))
        for seat in (worker, foreign, stale)
    }
    assert refused == {
        WORKER: "NOT_YOUR_OFFICE",
        officer("connexions"): "NO_SUCH_THING",
        officer("health"): "STEP_UP_NEEDED",
    }


async def test_nobody_decides_on_what_they_have_put_themselves(administration: Administration) -> None:
    confirmation = await put(await administration.seat(WORKER))
    # Whoever asked has become an officer of the agency that is to decide.
    administration.write("UPDATE confirmation SET requester = ?", officer("health"))
    health = await administration.seat(officer("health"))
    request = deciding(confirmation.id)
    assert await refusal_of(health.call(health.grounds.DecideConfirmation, request)) == "OWN_CONFIRMATION"


async def test_an_officer_may_decline_and_say_that_sharing_would_be_more_detrimental(
    administration: Administration,
) -> None:
    worker, health = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    because = [grounds_pb2.BECAUSE_MORE_DETRIMENTAL, grounds_pb2.BECAUSE_ANOTHER_GROUND]
    word = await decide(
        health, confirmation.id, verdict=grounds_pb2.VERDICT_DECLINED, grounds=[OTHER_GROUND], because=because
    )
    assert (word.state, word.valid_until_ms, list(word.because)) == (DECLINED, 0, because)
    (entry,) = (one for one in administration.audited() if one["kind"] == "confirmation_decided")
    assert (entry["because"], entry["officer"]) == (["more_detrimental", "another_ground"], officer("health"))


async def test_what_nobody_has_decided_in_five_days_is_undecided(administration: Administration) -> None:
    worker, health = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    turn(administration, days=5, seconds=1)
    assert await refusal_of(health.call(health.grounds.DecideConfirmation, deciding(confirmation.id))) == "TOO_LATE"
    assert not await listed(health)
    assert [found.id for found in await listed(health, everything=True)] == [confirmation.id]


async def test_a_confirmation_is_revoked_by_any_officer_of_the_agency_and_once(administration: Administration) -> None:
    worker, health, schools = await administration.seats(WORKER, officer("health"), officer("schools"))
    confirmation = await put(worker)
    await decide(health, confirmation.id)
    request = grounds_pb2.RevokeConfirmationRequest(confirmation=confirmation.id)
    assert await refusal_of(schools.call(schools.grounds.RevokeConfirmation, request)) == "DONE_ALREADY"
    revoked = await revoke(health, confirmation.id)
    assert states(revoked.confirmation) == {"health": grounds_pb2.CONFIRMATION_STATE_REVOKED}
    assert await refusal_of(health.call(health.grounds.RevokeConfirmation, request)) == "DONE_ALREADY"


async def test_officers_are_told_at_sign_in_how_much_waits(administration: Administration) -> None:
    worker, health = await administration.seats(WORKER, officer("health"))
    assert not await notices(health)
    confirmation = await put(worker)
    (notice,) = (await administration.sign_in(officer("health"))).notices
    assert "word: 1, the first" in notice
    assert await notices(health) == [notice]
    await decide(health, confirmation.id)
    assert not await notices(health)
    assert not await notices(await administration.seat(FIRST))


async def test_the_record_says_all_of_it_and_names_nobody_whom_it_is_about(administration: Administration) -> None:
    worker, health = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    await decide(health, confirmation.id)
    await revoke(health, confirmation.id)
    entries = [one for one in administration.audited() if one.get("confirmation") == confirmation.id]
    kinds = [one["kind"] for one in entries]
    assert kinds == ["confirmation_put"] * 3 + ["confirmation_decided", "confirmation_revoked"]
    told = [receipted["kind"] for receipted in receipts(administration.deployment, "health")]
    assert told == ["confirmation_put", "confirmation_decided", "confirmation_revoked"]
    assert [receipted["kind"] for receipted in receipts(administration.deployment, "schools")] == ["confirmation_put"]
    assert CHILD.encode() not in administration.deployment.kept()


async def test_what_was_put_and_said_survives_a_restart(deployment: Deployment) -> None:
    async with administration_of(deployment) as before:
        worker, health = await before.seats(WORKER, officer("health"))
        confirmation = await put(worker)
        await decide(health, confirmation.id)
    async with administration_of(deployment) as after:
        (found,) = await listed(await after.seat(WORKER))
    assert states(found) == states(confirmation) | {"health": CONFIRMED}
