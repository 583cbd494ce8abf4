"""What a question learns of officers: by the pseudonyms of any epoch, and never what was taken back meanwhile."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hub.access.policy import Policy
from hub.agreeing.actor import Actor
from hub.audit.log import AuditLog
from hub.errors import NotAllowed
from hub.grounds.needs import milliseconds
from hub.grounds.officers import Officers
from hub.model.confirmation import Confirmation, OfficerWord, Verdict
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from hub.store.confirmations import Confirmations
from hub.store.engine import open_store
from tests.unit.hub.grounds.keeping import NOW, PSEUDONYMS, Record, surroundings
from tests.unit.hub.making import nhs_number, question_about

HOUR = timedelta(hours=1)
PERSON = PersonKeys(nhs_number=nhs_number(1))
REQUEST = replace(question_about(PERSON), ground="G4", override_reason="CHILD_RISK", confirmation="c1")
HALE = Actor(user_name="j.hale", agency="schools", kind=LevelKind.OFFICER, is_stepped_up=True)
WORD = OfficerWord(
    agency="schools", verdict=Verdict.CONFIRMED, officer="j.hale", valid_until_ms=milliseconds(NOW + HOUR)
)


def put_in(epoch: int) -> Confirmation:
    """Return what was put in an epoch, and confirmed for an hour."""
    ways = next(found.ways for found in PSEUDONYMS.under_every_epoch(PERSON) if found.epoch == epoch)
    return Confirmation(
        id="c1",
        requester=REQUEST.requester.user_name,
        requester_agency=REQUEST.requester.agency,
        question=REQUEST.question,
        purpose=REQUEST.purpose,
        lawful_basis=REQUEST.lawful_basis,
        ground="G4",
        override_reason="CHILD_RISK",
        case_reference=REQUEST.case_reference,
        epoch=epoch,
        person=ways,
        put_at_ms=milliseconds(NOW),
        decide_by_ms=milliseconds(NOW + HOUR),
        words=(WORD, OfficerWord(agency="health")),
    )


class Unaware(Confirmations):
    """A store that still reads what was there before anything was taken back."""

    read = put_in(2)

    def find(self, confirmation: str) -> Confirmation | None:
        return self.read if confirmation == self.read.id else None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Unaware]:
    engine = open_store(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    kept = Unaware(engine)
    kept.add(kept.read)
    yield kept
    engine.dispose()


@pytest.fixture
async def officers(policy: Policy, store: Unaware) -> AsyncIterator[Officers]:
    async with AuditLog(Record()) as audit:
        yield Officers(surroundings(policy, audit), store, lambda _rests: 0)


async def test_who_has_confirmed_is_learnt_with_the_moment_at_which_it_ends(officers: Officers) -> None:
    (found,) = await officers.confirmed(REQUEST, at=NOW)
    assert (found.agency, found.officer, found.until) == ("schools", "j.hale", NOW + HOUR)
    assert not await officers.confirmed(REQUEST, at=NOW + HOUR)


async def test_a_new_epoch_of_pseudonyms_ends_no_confirmation(officers: Officers, store: Unaware) -> None:
    store.read = put_in(1)
    assert await officers.confirmed(REQUEST, at=NOW)
    store.read = replace(store.read, epoch=3)
    with pytest.raises(NotAllowed, match="not put"):
        await officers.confirmed(REQUEST, at=NOW)


async def test_what_was_taken_back_while_it_was_read_counts_for_nothing(officers: Officers) -> None:
    await officers.revoke(HALE, "c1")
    assert not await officers.confirmed(REQUEST, at=NOW)
