"""What a person may be told of who looked at them: in words, without a member of staff, and by the purposes' rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.access.policy import Policy
from hub.model.journal import JournalEntry

DAY_MS = 24 * 60 * 60 * 1_000


class Titled(Protocol):
    """Is anything that people have a name for."""

    @property
    def title(self) -> str:
        """Return what people call it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Look:
    """One time that somebody was shown something about the person; it tells where somebody is known, so has no repr."""

    at_ms: int
    agency: str
    office: str
    kinds: tuple[str, ...]
    purpose: str
    lawful_basis: str
    sources: tuple[str, ...]


def may_be_told(entry: JournalEntry, policy: Policy, now_ms: int) -> bool:
    """Tell whether the rules of an entry's purpose let the person know of it now.

    A purpose that the policy does not know has taken its rule with it: what may have been an investigation stays one.
    """
    purpose = policy.catalogue.purposes.get(entry.purpose)
    if purpose is None or purpose.never_told:
        return False
    return entry.disclosed_at_ms + purpose.told_after_days * DAY_MS <= now_ms


def looks(told: Mapping[str, Iterable[JournalEntry]], policy: Policy) -> list[Look]:
    """Put what several agencies tell together, newest first: one request that several answered was one look.

    Two agencies that do not agree on who looked, or why, are both believed.
    """
    joined: dict[tuple[str, ...], list[tuple[str, JournalEntry]]] = {}
    for source, entries in told.items():
        for entry in entries:
            joined.setdefault(_who_and_why(entry), []).append((source, entry))
    found = [_look(parts, policy) for parts in joined.values()]
    return sorted(found, key=lambda look: (-look.at_ms, look.agency, look.office, look.purpose))


def _who_and_why(entry: JournalEntry) -> tuple[str, ...]:
    return (entry.request_id, entry.requester_agency, entry.access_level, entry.purpose, entry.lawful_basis)


def _look(parts: list[tuple[str, JournalEntry]], policy: Policy) -> Look:
    first, catalogue = parts[0][1], policy.catalogue
    classes = {_class_of(field, policy) for _, entry in parts for field in entry.fields}
    sources = {source for source, _ in parts}
    return Look(
        at_ms=min(entry.disclosed_at_ms for _, entry in parts),
        agency=_title(policy.agencies, first.requester_agency, "an agency that no longer takes part"),
        office=_title(policy.levels, first.access_level, "an office that there no longer is"),
        kinds=tuple(found.title for name, found in catalogue.field_classes.items() if name in classes)
        + (("Something that is no longer exchanged",) if "" in classes else ()),
        purpose=_title(catalogue.purposes, first.purpose, "a purpose that there no longer is"),
        lawful_basis=_title(catalogue.lawful_bases, first.lawful_basis, "a lawful basis that is no longer relied on"),
        sources=tuple(found.title for name, found in policy.agencies.items() if name in sources),
    )


def _class_of(field: str, policy: Policy) -> str:
    found = policy.catalogue.fields.get(field)
    return found.field_class if found is not None else ""


def _title(titled: Mapping[str, Titled], name: str, otherwise: str) -> str:
    """Return what people call something; whatever a journal says beyond the vocabulary is repeated to nobody."""
    found = titled.get(name)
    return otherwise if found is None else found.title
