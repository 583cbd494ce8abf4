"""What the hub worked out, as documents: read with care, since another version of it may say more or less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self, TypeAlias

Document: TypeAlias = Mapping[str, object]

_NO_END: Final = "9999"
"""Instants of that year stand for none."""
_MIDNIGHT: Final = " 00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What people with one level may see of one agency with one question: every combination of what it lists."""

    level: str
    title: str
    requester: str
    areas: Sequence[str]
    question: str
    source: str
    purposes: Sequence[str]
    classes: Sequence[str]
    fields: Sequence[str]
    spans: Sequence[tuple[str, str]]
    """From when until when; empty for now, and for no end."""

    @classmethod
    def read(cls, said: Document) -> Self:
        """Read one row of a matrix or of a difference."""
        return cls(
            level=text(said, "level"),
            title=text(said, "level_title"),
            requester=text(said, "requester") or text(said, "requester_agency"),
            areas=texts(said, "areas") or texts(said, "area"),
            question=text(said, "question"),
            source=text(said, "source"),
            purposes=texts(said, "purposes"),
            classes=texts(said, "classes"),
            fields=texts(said, "fields"),
            spans=_spans(said),
        )

    @property
    def office(self) -> str:
        """Say who it is about: the level, and the agency and areas that its holder belongs to."""
        return f"{self.title or self.level} ({', '.join([self.requester, *self.areas])})"

    @property
    def when(self) -> str:
        """Say from when until when, in UTC."""
        return "; ".join(_span(start, end) for start, end in self.spans)


def documents(said: Document, key: str) -> list[Document]:
    """Take a list of objects out of a document; whatever is none is left out."""
    found = said.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def part(said: Document, key: str) -> Document:
    """Take an object out of a document; an empty one where there is none."""
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def text(said: Document, key: str) -> str:
    """Take something out of a document as text; empty for what is missing or null."""
    found = said.get(key)
    return "" if found is None or isinstance(found, (dict, list)) else str(found)


def texts(said: Document, key: str) -> list[str]:
    """Take texts out of a document: a list of them, or one."""
    found = said.get(key)
    if isinstance(found, list):
        return [str(one) for one in found]
    return [found] if isinstance(found, str) and found else []


def number(said: Document, key: str) -> int:
    """Take a number out of a document; 0 where there is none."""
    found = said.get(key)
    return found if isinstance(found, int) else 0


def moment(said: Document, key: str) -> str:
    """Take a moment or a day out of a document, as people read it."""
    return _moment(text(said, key))


def _spans(said: Document) -> Sequence[tuple[str, str]]:
    """Read the spans of a row: a list of them, each an object or a pair; or one, of which the row itself speaks."""
    found = said.get("spans")
    if not isinstance(found, list):
        return [(text(said, "from"), text(said, "until"))]
    pairs = [(one.get("from"), one.get("until")) if isinstance(one, dict) else one for one in found]
    return [(str(pair[0] or ""), str(pair[1] or "")) for pair in pairs if isinstance(pair, (list, tuple))]


def _span(start: str, end: str) -> str:
    """Say when something holds; an end at the beginning of a day is told as the day before, which is covered whole."""
    since, until = _moment(start), _moment(end)
    if until.endswith(_MIDNIGHT):
        until = f"the end of {date.fromisoformat(until.removesuffix(_MIDNIGHT)) - timedelta(days=1)}"
    words = [f"from {since}"] if since else []
    return " ".join([*words, f"to {until}" if until else "without end"])


def _moment(iso: str) -> str:
    """Spell an instant to the minute, or a day; nothing for one that stands for none, or is not spelt as one."""
    if iso.startswith((_NO_END, "0001")):
        return ""
    try:
        return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M") if "T" in iso else iso
    except ValueError:
        return iso
