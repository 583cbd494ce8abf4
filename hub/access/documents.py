"""Reading one YAML file into plain values, with the line on which each of them stands.

Every scalar stays the text that was typed: YAML would read some words ("no", "on", 08) as something else. Anchors, tags
and repeated keys are refused, because what a reader sees would not be what is in force.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from hub.errors import Fault

LARGEST_FILE = 1024 * 1024
DEEPEST_NESTING = 8
# The parser in C, where PyYAML was built with it, reads a large policy ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Step = str | int
Place = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file's content as texts, lists and mappings, and the line of each; content is None if unreadable."""

    file: Path
    content: object
    lines: dict[Place, int] = field(default_factory=dict, repr=False)

    def fault(self, place: Place, what: str, mend: str) -> Fault:
        """Make a fault at a place, or at the nearest place around it that is in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return Fault(file=self.file, line=self.lines.get(place, 1), what=what, mend=mend)


class _Refused(Exception):
    """Carries the fault at which reading stopped."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_document(file: Path, raw: bytes) -> tuple[Document, tuple[Fault, ...]]:
    """Parse a file's bytes; return what could be read, with the faults found on the way."""
    unread = Document(file=file, content=None)
    try:
        text = text_of(file, raw)
        reader = _Reader(file, text)
        content = reader.read()
    except _Refused as refused:
        return unread, (refused.fault,)
    except yaml.YAMLError as error:
        return unread, (_syntax_fault(file, error),)
    return Document(file=file, content=content, lines=reader.lines), tuple(reader.faults)


def text_of(file: Path, raw: bytes) -> str:
    """Decode a file's bytes, refusing what editors show otherwise than programs read it."""
    if len(raw) > LARGEST_FILE:
        raise _refusal(file, 1, "The file is very large", f"Split it: the limit is {LARGEST_FILE}.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refusal(file, line, "The file is not UTF-8 text", "Save it as UTF-8.") from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        if "\t" in line_text:
            raise _refusal(file, number, "There is a tab", "Indent with spaces.")
    if not text.strip():
        raise _refusal(file, 1, "The file is empty", "Fill it, or remove it.")
    return text


def text_or_fault(file: Path, raw: bytes) -> tuple[str, tuple[Fault, ...]]:
    """Decode a file that is not YAML; the text is empty if there is a fault."""
    try:
        return text_of(file, raw), ()
    except _Refused as refused:
        return "", (refused.fault,)


class _Reader:
    """Builds plain values from the parser's events, which unlike its node trees cannot exhaust the stack."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._events = yaml.parse(text, Loader=_LOADER)
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def read(self) -> object:
        """Read the one document of the file."""
        content: object = None
        seen = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    raise self._refusal(event, "There is a second document", "Remove the line “---”.")
                content = self._value(next(self._events), ())
        return content

    def _value(self, event: yaml.Event, place: Place) -> object:
        self.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refusal(event, "There is an anchor or an alias (& or *)", "Write the value out.")
        if getattr(event, "tag", None):
            raise self._refusal(event, "There is a tag (!)", "Write the plain value, or put it in quotes.")
        if len(place) > DEEPEST_NESTING:
            raise self._refusal(event, "Values are nested too deeply", "Follow the shipped files.")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        return event.value if isinstance(event, yaml.ScalarEvent) else ""

    def _sequence(self, place: Place) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*place, len(found))))
        return found

    def _mapping(self, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal(event, "A key is not a word", "Write “key: value”.")
            key, line = event.value, _line(event)
            if key in found:
                first = self.lines[(*place, key)]
                mend = f"Keep one of them; the first is on line {first}."
                self.faults.append(Fault(file=self._file, line=line, what=f"“{shown(key)}” is given twice", mend=mend))
            else:
                self.lines[(*place, key)] = line
            found[key] = self._value(next(self._events), (*place, key))
        return found

    def _refusal(self, event: yaml.Event, what: str, mend: str) -> _Refused:
        return _refusal(self._file, _line(event), what, mend)


def _line(event: yaml.Event) -> int:
    """Return the line on which what an event reports begins, counted from one."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def shown(text: object, longest: int = 60) -> str:
    """Return a value from a file in a form that fits a message."""
    whole = str(text)
    cut = whole if len(whole) <= longest else whole[:longest] + "…"
    return "".join(character if character.isprintable() else "�" for character in cut)


def _refusal(file: Path, line: int, what: str, mend: str) -> _Refused:
    return _Refused(Fault(file=file, line=line, what=what, mend=mend))


def _syntax_fault(file: Path, error: yaml.YAMLError) -> Fault:
    """Spell the parser's complaint; its own words are the best there are for layout."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    line = mark.line + 1 if mark is not None else 1
    what = f"The file is not YAML: {shown(problem)}"
    return Fault(file=file, line=line, what=what, mend="Check indentation, colons and quotes here and just above.")
