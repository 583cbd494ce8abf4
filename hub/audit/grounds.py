"""What is recorded where consent is gone without: confirmations, break-glass access, duties, contacts passed on.

The words of a reason that somebody typed are kept where they are decided upon, and never here: they may be of a case.
"""

from hub.audit.leaves import entry
from hub.audit.pseudonyms import Pseudonym
from hub.model.entry import Entry
from hub.model.request import Requester


def confirmation_put(  # noqa: PLR0913 - each is a particular of the entry
    confirmation: str,
    requester: Requester,
    at_ms: int,
    *,
    agency: str,
    question: str,
    purpose: str,
    ground: str,
    override_reason: str,
    case_reference: str,
    person: Pseudonym,
) -> Entry:
    """Record that an agency's officer is asked to confirm a ground; the agency gets a receipt of it."""
    return entry(
        "confirmation_put",
        at_ms,
        agency,
        confirmation=confirmation,
        agency=agency,
        **_who(requester),
        question=question,
        purpose=purpose,
        ground=ground,
        override_reason=override_reason,
        case_reference=case_reference,
        epoch=person.epoch,
        person=person.ways,
    )


def confirmation_decided(  # noqa: PLR0913 - each is a particular of the entry
    confirmation: str, officer: str, at_ms: int, *, agency: str, ground: str, is_confirmed: bool, until_ms: int
) -> Entry:
    """Record what an officer decided, and until when it holds; the officer's agency gets a receipt of it."""
    return entry(
        "confirmation_decided",
        at_ms,
        agency,
        confirmation=confirmation,
        officer=officer,
        agency=agency,
        ground=ground,
        is_confirmed=is_confirmed,
        until_ms=until_ms,
    )


def break_glass_opened(  # noqa: PLR0913 - each is a particular of the entry
    access: str,
    requester: Requester,
    at_ms: int,
    *,
    agency: str,
    purpose: str,
    override_reason: str,
    case_reference: str,
    until_ms: int,
    person: Pseudonym,
) -> Entry:
    """Record that emergency access to one person is opened: an entry and a receipt for each agency that it reaches."""
    return entry(
        "break_glass_opened",
        at_ms,
        agency,
        access=access,
        agency=agency,
        **_who(requester),
        purpose=purpose,
        override_reason=override_reason,
        case_reference=case_reference,
        until_ms=until_ms,
        epoch=person.epoch,
        person=person.ways,
    )


def break_glass_closed(access: str, user_name: str, at_ms: int, *, why: str, questions: int) -> Entry:
    """Record that emergency access has ended, and how many questions were asked under it."""
    return entry("break_glass_closed", at_ms, access=access, requester=user_name, why=why, questions=questions)


def break_glass_reviewed(access: str, reviewer: str, at_ms: int, *, finding: str) -> Entry:
    """Record what the review of an emergency access found."""
    return entry("break_glass_reviewed", at_ms, access=access, reviewer=reviewer, finding=finding)


def duty_made(  # noqa: PLR0913 - each is a particular of the entry
    duty: str, at_ms: int, *, about: str, owed_by: str, due_ms: int, request: str = "", user_name: str = ""
) -> Entry:
    """Record that an agency has to do something by a moment; `about` says what, `user_name` on whose account."""
    return entry(
        "duty_made", at_ms, duty=duty, about=about, owed_by=owed_by, due_ms=due_ms, request=request, requester=user_name
    )


def duty_fulfilled(duty: str, user_name: str, at_ms: int, *, about: str, owed_by: str) -> Entry:
    """Record who said that a duty was done."""
    return entry("duty_fulfilled", at_ms, duty=duty, about=about, owed_by=owed_by, requester=user_name)


def contact_passed_on(  # noqa: PLR0913 - each is a particular of the entry
    request: str, requester: Requester, at_ms: int, *, agency: str, purpose: str, case_reference: str, person: Pseudonym
) -> Entry:
    """Record that an agency is asked to get in touch with a requester; whether it knows the person is nowhere told."""
    return entry(
        "contact_passed_on",
        at_ms,
        agency,
        request=request,
        agency=agency,
        **_who(requester),
        purpose=purpose,
        case_reference=case_reference,
        epoch=person.epoch,
        person=person.ways,
    )


def _who(requester: Requester) -> dict[str, object]:
    return {
        "requester": requester.user_name,
        "requester_agency": requester.agency,
        "access_level": requester.access_level,
    }
