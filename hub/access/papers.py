"""The policy files, read into their shapes: what the checks look at and what the rulebook is made from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from hub.access.documents import Document, read_document, shown, text_or_fault
from hub.access.own_test_shapes import OwnTestsShape
from hub.access.shapes import (
    AgenciesShape,
    AgreementShape,
    FieldsShape,
    LevelShape,
    QuestionShape,
    Shape,
    VocabularyShape,
)
from hub.access.shaping import shape_of
from hub.access.spelling import meant
from hub.errors import Fault

S = TypeVar("S", bound=Shape)

MODEL = "model.conf"
VOCABULARY = "vocabulary.yaml"
AGENCIES = "agencies.yaml"
FIELDS = "fields.yaml"
OWN_TESTS = "tests.yaml"
QUESTIONS = "questions"
LEVELS = "levels"
AGREEMENTS = "agreements"
_NEEDED = (MODEL, VOCABULARY, AGENCIES, FIELDS)
_SINGLE = (*_NEEDED, OWN_TESTS)
_FOLDERS = (QUESTIONS, LEVELS, AGREEMENTS)
# Sections of the vocabulary that may be missing: then nothing can name a word of theirs.
_NOT_NEEDED = ("special_conditions", "grounds", "override_reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Generic[S]):
    """One file that fits its shape, with the lines of what is in it."""

    document: Document
    shape: S


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """All files of a policy that could be read; what could not be is None or left out, and among the faults.

    The one file that may be missing is that of the policy's own tests.
    Identifiers are known even of entries that do not fit their shape, so that one fault does not cause others.
    """

    root: Path
    model: str
    vocabulary: Paper[VocabularyShape] | None
    agencies: Paper[AgenciesShape] | None
    fields: Paper[FieldsShape] | None
    questions: tuple[Paper[QuestionShape], ...]
    levels: tuple[Paper[LevelShape], ...]
    agreements: tuple[Paper[AgreementShape], ...]
    tests: Paper[OwnTestsShape] | None
    known: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Gathers what is read."""

    root: Path
    texts: Mapping[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str, shape: type[S]) -> Paper[S] | None:
        """Read one file into its shape."""
        if name not in self.texts:
            return None
        document, faults = read_document(self.root / name, self.texts[name])
        self.faults += faults
        self._note_identifiers(name, document)
        # A file that cannot be read is one fault; that it does not fit its shape would be told twice.
        if faults and document.content is None:
            return None
        fitting, misfits = shape_of(document, shape)
        self.faults += misfits
        return Paper(document=document, shape=fitting) if fitting is not None else None

    def each(self, folder: str, shape: type[S]) -> tuple[Paper[S], ...]:
        """Read every file of a folder, in the order of their names."""
        names = sorted(name for name in self.texts if name.startswith(f"{folder}/"))
        self.known[folder] = tuple(name.removeprefix(f"{folder}/").removesuffix(".yaml") for name in names)
        papers = (self.one(name, shape) for name in names)
        return tuple(paper for paper in papers if paper is not None)

    def _note_identifiers(self, name: str, document: Document) -> None:
        if "/" in name or not isinstance(document.content, dict):
            return
        if name == VOCABULARY:
            self.known |= dict.fromkeys(_NOT_NEEDED, ())
        for section, entries in document.content.items():
            if isinstance(entries, list):
                ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
                self.known[section] = tuple(found for found in ids if isinstance(found, str))


def read_papers(root: Path, texts: Mapping[str, bytes]) -> Papers:
    """Read all files of a policy, given by their paths below the root; faults are gathered, not raised."""
    desk = _Desk(root=root, texts=texts)
    desk.faults += _misplaced(root, texts)
    model, faults = text_or_fault(root / MODEL, texts[MODEL]) if MODEL in texts else ("", ())
    desk.faults += faults
    return Papers(
        root=root,
        model=model,
        vocabulary=desk.one(VOCABULARY, VocabularyShape),
        agencies=desk.one(AGENCIES, AgenciesShape),
        fields=desk.one(FIELDS, FieldsShape),
        questions=desk.each(QUESTIONS, QuestionShape),
        levels=desk.each(LEVELS, LevelShape),
        agreements=desk.each(AGREEMENTS, AgreementShape),
        tests=desk.one(OWN_TESTS, OwnTestsShape),
        known=desk.known,
        faults=tuple(desk.faults),
    )


def _misplaced(root: Path, names: Iterable[str]) -> Iterator[Fault]:
    """Refuse files that would silently count for nothing, and tell which are missing."""
    present = list(names)
    for name in _NEEDED:
        if name not in present:
            yield Fault(file=root / name, line=1, what="The file is missing", mend="Restore it.")
    for folder in (QUESTIONS, LEVELS):
        if not any(name.startswith(f"{folder}/") for name in present):
            yield Fault(file=root / folder, line=1, what="There is no file in this folder", mend="Add at least one.")
    for name in present:
        folder, _, leaf = name.rpartition("/")
        if folder in _FOLDERS and leaf.endswith(".yaml"):
            continue
        if name not in _SINGLE:
            what = f"The file “{shown(name)}” would not be read"
            close = meant(folder or name, (*_SINGLE, *_FOLDERS))
            other = f"Did you mean “{close}”?" if close else "Remove it."
            mend = "End its name in .yaml, or remove it." if folder in _FOLDERS else other
            yield Fault(file=root / name, line=1, what=what, mend=mend)
