"""What the tests of going without consent share: requests as people make them, and clocks that can be turned."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sharing.v1 import accounts_pb2, grounds_pb2, records_pb2, status_pb2, status_pb2_grpc

from hub.store.engine import open_store
from hub.store.receipts import Receipts
from tests.lib.administration import Administration, Seat
from tests.lib.deployment import Deployment
from tests.lib.going_without import CASE, GROUND, QUESTION
from tests.lib.people import nhs_numbers

WORKER, NURSE = "s.patel", "n.okafor"
_NUMBERS = nhs_numbers()
CHILD, OTHER = next(_NUMBERS), next(_NUMBERS)


def child(number: str = CHILD, **more: str) -> records_pb2.PersonKeys:
    """Return the keys of a child."""
    return records_pb2.PersonKeys(nhs_number=number, **more)


def putting(**changed: Any) -> grounds_pb2.PutToOfficersRequest:
    """Return what a worker puts to officers, with some of it changed."""
    request: dict[str, Any] = {
        "question": QUESTION,
        "person": child(),
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "ground": GROUND,
        "override_reason": "CHILD_RISK",
        "case_reference": CASE,
    }
    return grounds_pb2.PutToOfficersRequest(**request | changed)


async def put(seat: Seat, **changed: Any) -> grounds_pb2.Confirmation:
    """Put a ground to officers."""
    return (await seat.call(seat.grounds.PutToOfficers, putting(**changed))).confirmation


def deciding(named: str, **changed: Any) -> grounds_pb2.DecideConfirmationRequest:
    """Return an officer's confirmation, with some of it changed."""
    request: dict[str, Any] = {
        "confirmation": named,
        "verdict": grounds_pb2.VERDICT_CONFIRMED,
        "grounds": [GROUND],
        "because": [grounds_pb2.BECAUSE_RISK_OUTWEIGHS],
        "own_reference": "DO/77",
    }
    return grounds_pb2.DecideConfirmationRequest(**request | changed)


async def decide(seat: Seat, confirmation: str, **changed: Any) -> grounds_pb2.OfficerWord:
    """Decide as an officer, and return the own agency's word."""
    response = await seat.call(seat.grounds.DecideConfirmation, deciding(confirmation, **changed))
    (word,) = response.confirmation.words
    return word


async def listed(seat: Seat, *, everything: bool = False) -> list[grounds_pb2.Confirmation]:
    """List confirmations."""
    request = grounds_pb2.ListConfirmationsRequest(all=everything)
    return list((await seat.call(seat.grounds.ListConfirmations, request)).confirmations)


async def revoke(seat: Seat, confirmation: str) -> grounds_pb2.RevokeConfirmationResponse:
    """Take a confirmation back."""
    request = grounds_pb2.RevokeConfirmationRequest(confirmation=confirmation)
    response: grounds_pb2.RevokeConfirmationResponse = await seat.call(seat.grounds.RevokeConfirmation, request)
    return response


async def at_hand(administration: Administration) -> Seat:
    """Open a session of a worker who has then shown a second factor in it."""
    seat = await administration.seat(WORKER, fresh=False)
    seat.hold(administration.hub.sessions.step_up(seat.token))
    return seat


async def break_glass(seat: Seat, **changed: Any) -> grounds_pb2.BreakGlassResponse:
    """Open emergency access."""
    request: dict[str, Any] = {
        "question": QUESTION,
        "person": child(),
        "reason": grounds_pb2.BREAK_GLASS_REASON_LIFE_AT_RISK,
    }
    sent = grounds_pb2.BreakGlassRequest(**request | changed)
    response: grounds_pb2.BreakGlassResponse = await seat.call(seat.grounds.BreakGlass, sent)
    return response


async def uses(seat: Seat, *, everything: bool = False) -> grounds_pb2.ListBreakGlassResponse:
    """List uses of emergency access."""
    request = grounds_pb2.ListBreakGlassRequest(all=everything)
    response: grounds_pb2.ListBreakGlassResponse = await seat.call(seat.grounds.ListBreakGlass, request)
    return response


async def review(
    seat: Seat, use: str, finding: grounds_pb2.ReviewFinding.ValueType = grounds_pb2.REVIEW_FINDING_JUSTIFIED
) -> grounds_pb2.BreakGlassUse:
    """Review a use."""
    request = grounds_pb2.ReviewBreakGlassRequest(id=use, finding=finding)
    return (await seat.call(seat.grounds.ReviewBreakGlass, request)).use


async def duties(seat: Seat, *, everything: bool = False) -> list[grounds_pb2.Duty]:
    """List what an agency has to do."""
    request = grounds_pb2.ListDutiesRequest(all=everything)
    return list((await seat.call(seat.grounds.ListDuties, request)).duties)


async def notices(seat: Seat) -> list[str]:
    """Return what somebody is told who looks at how the hub is doing."""
    stub = status_pb2_grpc.StatusServiceStub(seat.channel)
    return list((await seat.call(stub.GetStatus, status_pb2.GetStatusRequest())).notices)


def receipts(deployment: Deployment, agency: str) -> list[dict[str, Any]]:
    """Return what an agency is told, or will be as soon as it has a link: the entries that concern it."""
    engine = open_store(deployment.settings().store_url())
    found = Receipts(engine).after(agency, 0, 100)
    engine.dispose()
    return [json.loads(one.leaf) for one in found]


def turn(administration: Administration, **ahead: float) -> datetime:
    """Let the room's clock be ahead of the hub's; return what it says now."""
    by = timedelta(**ahead)
    around = administration.hub.rooms.grounds.surroundings
    object.__setattr__(around, "now", lambda: datetime.now(UTC) + by)
    return datetime.now(UTC) + by


async def disabled(administration: Administration, by: Seat, user_name: str) -> None:
    """Disable an account."""
    await by.call(by.accounts.DisableAccount, accounts_pb2.DisableAccountRequest(user_name=user_name))
    await administration.until_ended(user_name)
