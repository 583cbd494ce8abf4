"""What the commands of `hub officer` do once their words are understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sharing.v1 import grounds_pb2

from hub.cli.calling import with_hub
from hub.cli.grounds import screens
from hub.cli.person import Whom, Why, make_request
from hub.cli.place import Place
from hub.client import ground_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the options say of a decision, in the contract's words."""

    verdict: str
    because: Sequence[str]
    reference: str
    grounds: Sequence[str]
    days: int


def put(place: Place, question: str, whom: Whom, why: Why, *, ground: str, override_reason: str) -> None:
    """Put a ground to officers."""
    asked = make_request(question, whom, why, datetime.now(UTC).date())
    request = grounds_pb2.PutToOfficersRequest(
        question=asked.question,
        person=asked.person,
        purpose=asked.purpose,
        lawful_basis=asked.lawful_basis,
        ground=ground,
        override_reason=override_reason,
        case_reference=asked.case_reference,
    )
    found = with_hub(place, lambda hub: hub.grounds.put(request))
    place.show(ground_documents.confirmation_document(found), lambda console: screens.show_put(console, found))


def queue(place: Place, *, everything: bool) -> None:
    """List what was put to officers."""
    found = with_hub(place, lambda hub: hub.grounds.confirmations(everything=everything))
    place.show(ground_documents.confirmations_document(found), lambda console: screens.show_queue(console, found))


def decide(place: Place, confirmation: str, decided: Decided) -> None:
    """Give an officer's word."""
    request = grounds_pb2.DecideConfirmationRequest(
        confirmation=confirmation,
        verdict=grounds_pb2.Verdict.Value(f"VERDICT_{decided.verdict.upper()}"),
        grounds=decided.grounds,
        because=[grounds_pb2.Because.Value(f"BECAUSE_{because.upper()}") for because in decided.because],
        own_reference=decided.reference,
        valid_days=decided.days,
    )
    found = with_hub(place, lambda hub: hub.grounds.decide(request))
    place.show(ground_documents.confirmation_document(found), lambda console: screens.show_decided(console, found))


def revoke(place: Place, confirmation: str) -> None:
    """Take a confirmation back."""
    revoked = with_hub(place, lambda hub: hub.grounds.revoke(confirmation))
    place.show(ground_documents.revoked_document(revoked), lambda console: screens.show_revoked(console, revoked))
