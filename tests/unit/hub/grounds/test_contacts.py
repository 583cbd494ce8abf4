"""Brokered contact, with clocks that can be turned: nothing that a requester sees depends on the person."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from hub.access.policy import Policy
from hub.agreeing.actor import Actor
from hub.audit.log import AuditLog
from hub.errors import HubError, InvalidRequest, NotAllowed, NotReady, TooMuch
from hub.grounds.contacts import DAY_SECONDS, MOST_IN_A_DAY, TICK_SECONDS, Contacts, contact_about
from hub.model.journal import Contact
from hub.model.outcome import Reason
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from tests.unit.hub.grounds.keeping import Record, surroundings
from tests.unit.hub.making import REQUESTER, nhs_number

ACTOR = Actor(user_name=REQUESTER.user_name, agency=REQUESTER.agency, kind=LevelKind.PROFESSIONAL, is_stepped_up=False)
KNOWN = PersonKeys(nhs_number=nhs_number(1))
CONTACT = contact_about(KNOWN, REQUESTER, purpose="safeguarding", typed_reference="HV/1")


@dataclass(slots=True, kw_only=True)
class Route:
    """An agency that takes as long as it likes, and fails as it is told to."""

    clock: "Clock"
    takes: dict[str, float] = field(default_factory=dict)
    fails: Exception | Reason | None = None
    passed: list[tuple[str, Contact]] = field(default_factory=list)

    async def contact(self, agency: str, contact: Contact, *, seconds: float) -> Reason | None:
        self.passed.append((agency, contact))
        self.clock.seconds += min(self.takes.get(contact.person.nhs_number, 0.0), seconds)
        if isinstance(self.fails, Exception):
            raise self.fails
        return self.fails


@dataclass(slots=True, kw_only=True)
class Clock:
    """Seconds that pass when somebody sleeps."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def route() -> Route:
    return Route(clock=Clock())


@pytest.fixture
async def contacts(policy: Policy, route: Route) -> AsyncIterator[Contacts]:
    async with AuditLog(Record()) as audit:
        yield Contacts(surroundings(policy, audit), route, clock=route.clock, sleep=route.clock.sleep)


async def refused(contacts: Contacts, agency: str = "schools", contact: Contact = CONTACT) -> HubError:
    with pytest.raises(HubError) as raised:
        await contacts.request(ACTOR, agency, contact)
    return raised.value


async def test_a_request_is_passed_on_to_the_agency(contacts: Contacts, route: Route) -> None:
    await contacts.request(ACTOR, "schools", CONTACT)
    assert route.passed == [("schools", CONTACT)]


async def test_known_and_unknown_take_the_same_time(contacts: Contacts, route: Route) -> None:
    route.takes = {KNOWN.nhs_number: 0.31, nhs_number(2): 0.02}
    took = []
    for person in (KNOWN, PersonKeys(nhs_number=nhs_number(2)), PersonKeys(nhs_number=nhs_number(3))):
        before = route.clock.seconds
        await contacts.request(ACTOR, "schools", replace(CONTACT, person=person))
        took.append(round(route.clock.seconds - before, 6))
    assert took[0] == took[1] == TICK_SECONDS
    assert took[2] in {0.0, TICK_SECONDS}


@pytest.mark.parametrize("fails", [Reason.DOWN, Reason.LATE, OSError("no route")])
async def test_what_the_journal_has_not_taken_is_not_called_passed_on(
    contacts: Contacts, route: Route, fails: Exception | Reason
) -> None:
    route.fails = fails
    error = await refused(contacts)
    assert isinstance(error, NotReady)
    assert (error.reason, route.clock.seconds % TICK_SECONDS) == ("CONTACT_NOT_PASSED_ON", 0.0)


async def test_a_user_makes_twenty_requests_a_day_and_no_more(contacts: Contacts, route: Route) -> None:
    for _ in range(MOST_IN_A_DAY):
        await contacts.request(ACTOR, "schools", CONTACT)
    assert isinstance(await refused(contacts), TooMuch)
    assert len(route.passed) == MOST_IN_A_DAY
    other = replace(CONTACT, requester=replace(REQUESTER, user_name="s.ward"))
    await contacts.request(replace(ACTOR, user_name="s.ward"), "schools", other)
    route.clock.seconds += DAY_SECONDS
    await contacts.request(ACTOR, "schools", CONTACT)


@pytest.mark.parametrize(
    ("agency", "purpose", "kind"),
    [
        ("nobody", "safeguarding", InvalidRequest),
        ("", "safeguarding", InvalidRequest),
        ("schools", "youth_justice", NotAllowed),
        ("schools", "", NotAllowed),
    ],
)
async def test_contact_is_asked_for_only_where_something_may_be_asked(
    contacts: Contacts, route: Route, agency: str, purpose: str, kind: type[HubError]
) -> None:
    assert isinstance(await refused(contacts, agency, replace(CONTACT, purpose=purpose)), kind)
    assert not route.passed


async def test_whoever_asks_nothing_asks_for_no_contact(contacts: Contacts, route: Route) -> None:
    for kind in set(LevelKind) - {LevelKind.PROFESSIONAL}:
        with pytest.raises(NotAllowed):
            await contacts.request(replace(ACTOR, kind=kind), "schools", CONTACT)
    assert not route.passed


def test_a_case_reference_with_a_name_in_it_is_none() -> None:
    with pytest.raises(InvalidRequest):
        contact_about(KNOWN, REQUESTER, purpose="safeguarding", typed_reference="Ada Okoro")
