"""What an entry is searched for by, and whether one is meant: exact words of the vocabulary, never patterns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from hub.errors import InvalidRequest
from hub.model.account import USER_NAME

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{1,39}")
_REQUEST_ID = re.compile(r"[0-9a-f]{18}")
# Under which words entries name who did something, and to whose account it was done.
_WHO = (
    "requester",
    "auditor",
    "actor",
    "account",
    "proposer",
    "approver",
    "publisher",
    "reviewer",
    "confirmed_by",
    "officer",
)
# Under which words entries name agencies: one, several, or several with what was asked of each.
_AGENCY = ("agency", "requester_agency", "source", "guards")
_AGENCIES = ("agencies", "asked", "not_permitted", "without", "opens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What an entry must be; what is empty or 0 does not matter. Moments are in milliseconds, the end excluded."""

    requester: str = ""
    agency: str = ""
    question: str = ""
    purpose: str = ""
    kind: str = ""
    request_id: str = ""
    from_ms: int = 0
    until_ms: int = 0

    def __post_init__(self) -> None:
        """Refuse what no entry could have: what is searched for is recorded, so it must not be free text."""
        _require_form("requester", self.requester, USER_NAME)
        _require_form("request_id", self.request_id, _REQUEST_ID)
        for field in ("agency", "question", "purpose", "kind"):
            _require_form(field, getattr(self, field), _IDENTIFIER)

    def spelt(self) -> dict[str, str | int]:
        """Return what is given, as it is recorded."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


class Sieve:
    """Tells by its bytes which entries cannot be meant: nearly all of a log, of which nothing then need be read."""

    __slots__ = ("_groups",)

    def __init__(self, criteria: Criteria, pseudonyms: frozenset[str] | None, guards: str) -> None:
        """Take what is searched for; all of it is plain ASCII, which JSON spells in one way."""
        words = (criteria.requester, criteria.agency, criteria.question, criteria.purpose, criteria.request_id, guards)
        self._groups = [[f'"{word}"'.encode()] for word in words if word]
        if criteria.kind:
            self._groups.append([f'"kind":"{criteria.kind}"'.encode()])
        if pseudonyms is not None:
            self._groups.append([f'"{one}"'.encode() for one in pseudonyms])

    def holds(self, leaf: bytes) -> bool:
        """Tell whether an entry has every word, and one of the person's pseudonyms."""
        return all(any(word in leaf for word in group) for group in self._groups)


def is_meant(entry: Mapping[str, Any], criteria: Criteria, pseudonyms: frozenset[str] | None) -> bool:
    """Tell whether an entry is searched for; `pseudonyms` are those of the person, where one is given."""
    return (
        (not criteria.kind or entry["kind"] == criteria.kind)
        and criteria.from_ms <= entry["at_ms"]
        and (not criteria.until_ms or entry["at_ms"] < criteria.until_ms)
        and (not criteria.requester or criteria.requester in (entry.get(word) for word in _WHO))
        and (not criteria.agency or criteria.agency in agencies_in(entry))
        and (not criteria.question or entry.get("question") == criteria.question)
        and (not criteria.purpose or entry.get("purpose") == criteria.purpose)
        and (not criteria.request_id or entry.get("request") == criteria.request_id)
        and (pseudonyms is None or not pseudonyms.isdisjoint(entry.get("person", ())))
    )


def agencies_in(entry: Mapping[str, Any]) -> set[str]:
    """Return every agency that an entry names."""
    named = {entry[word] for word in _AGENCY if entry.get(word)}
    for word in _AGENCIES:
        named.update(_named(one) for one in entry.get(word, ()))
    return named


def concerns(entry: Mapping[str, Any], agency: str) -> bool:
    """Tell whether an entry is about an agency's own records or its own staff, as its guardian may see.

    Not those that only list it among others: they say what else was asked, and of whom.
    """
    return agency in (entry.get(word) for word in _AGENCY)


def _named(one: str | Mapping[str, Any]) -> str:
    return one if isinstance(one, str) else str(one["agency"])


def _require_form(field: str, typed: str, form: re.Pattern[str]) -> None:
    if typed and not form.fullmatch(typed):
        raise InvalidRequest(
            "CRITERION_INVALID",
            f"No entry has that under “{field}”.",
            mend="Give it as entries spell it: docs/auditing.md lists what they hold.",
            field=field,
        )
