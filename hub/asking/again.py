"""The second round: who found nobody and may be asked again, by which number that which other agency has told."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.access.policy import Policy
from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.person import PersonKeys
from hub.model.request import Request
from hub.model.terms import Shield, Terms
from hub.release.sight import Sight
from hub.sessions.held import Behind

# What each agency is asked for.
Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Learned:
    """A number of the person asked about, of which kind, from which agency, and where the record belongs."""

    kind: str
    number: str
    source: str
    areas: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Tell of which kind it is and who told it, and not the number."""
        return f"<Learned {self.kind} of {self.source}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An agency that is asked again, for what, by which keys, and who told which kind of them."""

    agency: str
    fields: tuple[str, ...]
    person: PersonKeys
    told: tuple[tuple[str, str], ...]


def may_be_asked_again(policy: Policy, request: Request, asked: Fields, at: datetime) -> frozenset[str]:
    """Return the agencies to which some other may have a number told; it says nothing of any person."""
    return frozenset(
        receiver
        for receiver, fields in asked.items()
        if any(
            kind in fields and kind in told and _may_flow(policy, request, kind, source, receiver, at)
            for kind in _unknown_kinds(request)
            for source, told in asked.items()
        )
    )


def learned(request: Request, behind: Iterable[Behind], same: Collection[tuple[str, int]]) -> tuple[Learned, ...]:
    """Return the numbers by which others may be asked, of rows that are shown whole.

    `same` has the rows, by agency and place, that are about the person asked about. A record that its source protects
    teaches nothing, and of a kind of which there are two numbers none is believed.
    """
    found = [one for each in behind for one in _told_by(request, each, same)]
    numbers: dict[str, set[str]] = {}
    for one in found:
        numbers.setdefault(one.kind, set()).add(one.number)
    return tuple(one for one in dict.fromkeys(found) if len(numbers[one.kind]) == 1)


def asked_again(  # who asks what about whom, what has been learned, and who waits
    policy: Policy, request: Request, asked: Fields, found: Collection[Learned], waiting: Collection[str], at: datetime
) -> tuple[Again, ...]:
    """Return who of those that wait is to be asked again: each by no more than may be told to it, at an instant."""
    return tuple(
        Again(agency=agency, fields=asked[agency], person=_keys(request, told), told=_named(told))
        for agency in waiting
        if agency in asked and (told := _told_to(policy, request, asked[agency], found, agency, at))
    )


def _told_by(request: Request, one: Behind, same: Collection[tuple[str, int]]) -> Iterator[Learned]:
    records = one.whole.records
    if records is None:
        return
    terms = records.terms_of_rows()
    for kind in _unknown_kinds(request):
        for row, number in enumerate(records.column(kind)):
            is_shown = (one.whole.agency, row) in same and one.sights[row] is Sight.WHOLE
            if number and is_shown and _is_free(terms[row]) and is_valid(kind, number):
                yield Learned(kind=kind, number=number, source=one.whole.agency, areas=terms[row].areas)


def _is_free(terms: Terms) -> bool:
    """Tell whether a source says nothing that protects somebody; an address that it protects is enough."""
    return terms.shield is Shield.NONE


def _told_to(
    policy: Policy, request: Request, fields: Collection[str], found: Iterable[Learned], receiver: str, at: datetime
) -> dict[str, Learned]:
    """Return by kind what may be told to an agency: what it is asked for itself, from the first that may tell it."""
    told: dict[str, Learned] = {}
    serves = set(policy.agencies[receiver].areas)
    for one in found:
        is_near = not one.areas or not serves.isdisjoint(one.areas)
        if one.kind in fields and is_near and _may_flow(policy, request, one.kind, one.source, receiver, at):
            told.setdefault(one.kind, one)
    return told


def _may_flow(
    policy: Policy, request: Request, kind: str, source: str, receiver: str, at: datetime
) -> bool:  # the flow, and when
    """Tell whether an agreement lets a kind of number go from one agency to another, for this purpose.

    What leaves only with somebody's consent is not handed on: consent to tell the requester is none to tell others.
    """
    field = policy.catalogue.fields.get(kind)
    if field is None or source == receiver or policy.catalogue.field_classes[field.field_class].is_kept_back:
        return False
    return policy.may_flow(source, receiver, purpose=request.purpose, field_class=field.field_class, at=at)


def _unknown_kinds(request: Request) -> list[str]:
    return [kind for kind in STRONG_IDENTIFIERS if not getattr(request.person, kind)]


def _keys(request: Request, told: Mapping[str, Learned]) -> PersonKeys:
    """Return the numbers by which to ask, those that were given and those that were told; and no names."""
    given = request.person
    known = {"nhs_number": given.nhs_number, "upn": given.upn, "uln": given.uln}
    known |= {kind: one.number for kind, one in told.items()}
    return PersonKeys(nhs_number=known["nhs_number"], upn=known["upn"], uln=known["uln"])


def _named(told: Mapping[str, Learned]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, one.source) for kind, one in told.items())
