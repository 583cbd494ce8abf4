"""Brokered contact: an agency is asked to get in touch, and it alone learns whether it knows the person."""

import asyncio
import math
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from hub.access.policy import Policy
from hub.agreeing.actor import Actor
from hub.audit import grounds as recorded
from hub.errors import InvalidRequest, NotAllowed, NotReady, TooMuch, places
from hub.grounds.needs import ContactRoute, Surroundings
from hub.model.journal import Contact
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from hub.model.request import Requester, case_reference

MOST_IN_A_DAY = 20
DAY_SECONDS = 24 * 60 * 60
REQUEST_ID_BYTES = 9
# Whatever an agency's system does with a person it knows, the response comes at one of these moments after the request.
TICK_SECONDS = 0.5
PATIENCE_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Contacts:
    """Passes requests for contact on; what a requester is told depends on the agency's link and never on the person."""

    def __init__(
        self,
        surroundings: Surroundings,
        route: ContactRoute,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the way to the agencies; `clock` counts seconds and never goes back."""
        self._around = surroundings
        self._route = route
        self._clock = clock
        self._sleep = sleep
        self._passed: dict[str, deque[float]] = {}

    async def request(self, actor: Actor, agency: str, contact: Contact) -> None:
        """Pass a request on, once it is recorded; raise NotReady when the agency's journal has not taken it."""
        began = self._clock()
        actor.require(LevelKind.PROFESSIONAL)
        _require_reached(self._around.policy, agency, contact, self._around.now())
        self._count(contact.requester.user_name, began)
        entry = recorded.contact_passed_on(
            contact.request_id,
            contact.requester,
            self._around.now_ms(),
            agency=agency,
            purpose=contact.purpose,
            case_reference=contact.case_reference,
            person=self._around.person(contact.person),
        )
        await self._around.audit.record(entry)
        is_held = await self._pass_on(agency, contact)
        # Small differences of time, which could tell something, end at the next tick.
        waited = self._clock() - began
        await self._sleep(math.ceil(waited / TICK_SECONDS) * TICK_SECONDS - waited)
        if not is_held:
            message = "The agency has not said that it took this on. Try again later, or telephone it."
            raise NotReady("CONTACT_NOT_PASSED_ON", message)

    async def _pass_on(self, agency: str, contact: Contact) -> bool:
        """Tell whether the agency's journal holds it in time; a route that fails has not passed it on."""
        try:
            return await self._route.contact(agency, contact, seconds=PATIENCE_SECONDS) is None
        except Exception as error:  # noqa: BLE001  (whatever it was must read like a link that is down)
            _log.error("contact.failed", agency=agency, error=type(error).__name__, at=places(error))
            return False

    def _count(self, user_name: str, now: float) -> None:
        """Count a request; raise TooMuch when the user has made too many within a day."""
        made = self._passed.setdefault(user_name, deque())
        while made and made[0] <= now - DAY_SECONDS:
            made.popleft()
        if len(made) >= MOST_IN_A_DAY:
            mend = "Telephone the agency; it knows who may speak about whom."
            raise TooMuch("TOO_MANY_CONTACTS", f"You have made {MOST_IN_A_DAY} requests within a day.", mend=mend)
        made.append(now)


def contact_about(person: PersonKeys, requester: Requester, *, purpose: str, typed_reference: str) -> Contact:
    """Make the value that is recorded and passed on; raise InvalidRequest for a case reference that is none."""
    return Contact(
        request_id=secrets.token_hex(REQUEST_ID_BYTES),
        person=person,
        requester=requester,
        purpose=purpose,
        case_reference=case_reference(typed_reference),
    )


def _require_reached(policy: Policy, agency: str, contact: Contact, at: datetime) -> None:
    """Raise unless the requester may ask this agency something for this purpose.

    To ask for a contact tells the agency that somebody works with the person: that takes an agreement too.
    """
    if agency not in policy.agencies:
        mend = f"Choose from: {', '.join(policy.agencies)}."
        raise InvalidRequest("AGENCY_UNKNOWN", "There is no such agency.", mend=mend, field="agency")
    office = contact.requester.office
    reached = any(
        permit.agency == agency and permit.refusal is None
        for question in policy.catalogue.questions
        if contact.purpose in policy.purposes(office, question)
        for permit in policy.permits(office, question=question, purpose=contact.purpose, at=at)
    )
    if not reached:
        raise NotAllowed(
            "CONTACT_NOT_ALLOWED",
            "You may ask nothing of this agency for that purpose, so no contact either.",
            mend="See agencies and purposes with: hub menu",
            field="purpose",
        )
