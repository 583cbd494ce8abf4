"""Consent: whether one class of one record may leave, by what the source says and what the requester relies on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from hub.model.catalogue import FieldClass
from hub.model.outcome import Reason
from hub.model.terms import Consent, ConsentState, OptOut, Terms
from hub.release.age import beginning_of, comes_of_age, end_of
from hub.release.circumstances import Circumstances

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_SAID_NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether something may leave: why not, or until when; both None where it may without a limit."""

    reason: Reason | None = None
    until: datetime | None = None


MAY_LEAVE = Verdict()


def decided(found: FieldClass, terms: Terms, born: str, by: Circumstances, *, opt_out_age: int) -> Verdict:
    """Decide one class of one record; `born` is the person's day of birth by that same record.

    One's own records need neither consent nor ground. Otherwise consent must cover the class and nobody may object; or
    a ground of the class must be relied on, confirmed by the source's officer where the class wants that, and always
    where somebody has said no; or break-glass access be open.
    """
    if by.is_own:
        return MAY_LEAVE
    objection = _objects_from(terms.opt_out, born, opt_out_age) if found.opt_out else None
    objects = objection is not None and objection <= beginning_of(by.today)
    if not objects and (not found.consent or consents(terms.consent, found.id, by)):
        limit = end_of(terms.consent.until) if found.consent and terms.consent.until else None
        return Verdict(until=earliest(limit, objection))
    return _without_consent(found, by, objection, said_no=objects or terms.consent.state in _SAID_NO)


def _without_consent(found: FieldClass, by: Circumstances, objection: datetime | None, *, said_no: bool) -> Verdict:
    needs_officer = found.grounds.get(by.ground)
    if needs_officer is False and not said_no:
        return Verdict(until=objection)
    if needs_officer is not None and by.confirmed_until is not None:
        return Verdict(until=by.confirmed_until)
    if by.break_glass_until is not None:
        return Verdict(until=by.break_glass_until)
    if needs_officer is not None:
        return Verdict(reason=Reason.NOT_CONFIRMED)
    return Verdict(reason=Reason.CONSENT_REFUSED if said_no else Reason.NO_CONSENT)


def consents(consent: Consent, field_class: str, by: Circumstances) -> bool:
    """Tell whether consent is given, still holds, and covers the class, the purpose and the requester's agency."""
    return (
        consent.holds_on(by.today.isoformat())
        and (not consent.classes or field_class in consent.classes)
        and (not consent.purposes or by.purpose in consent.purposes)
        and (not consent.agencies or by.requester_agency in consent.agencies)
    )


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of some moments, any of which there may not be."""
    return min((moment for moment in moments if moment is not None), default=None)


def _objects_from(opt_out: OptOut, born: str, age: int) -> datetime | None:
    """Return the moment from which somebody objects: a pupil's word counts from an age on, or if that is unknown."""
    match opt_out:
        case OptOut.NONE:
            return None
        case OptOut.PARENTS:
            return _ALWAYS
        case OptOut.PUPIL:
            day = comes_of_age(born, age)
            return _ALWAYS if day is None else beginning_of(day)
        case _:
            assert_never(opt_out)
