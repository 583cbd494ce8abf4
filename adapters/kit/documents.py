"""Makes rows out of JSON documents: JSONPaths into each, and what hangs on it read and put in under its own name."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, assert_never

import orjson

from adapters.kit.converting import RECORD_DATE, as_text, conversion
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.json_paths import CompiledPath, Finder, compile_path, spread
from adapters.kit.manifest import FhirRecords, RestRecords
from adapters.kit.mapping import Conversion, PathField, Pick, Related, Take
from adapters.kit.reader import Found, Looking, Match
from adapters.kit.shaping import MOST_SHAPES, RowText, RowTexts, Shape, conditions, constant, gather

Document = Mapping[str, object]
DocumentRecords = RestRecords | FhirRecords
ReadRelated = Callable[[str, Document], Coroutine[Any, Any, Sequence[object]]]
Each = TypeVar("Each")

MOST_PEOPLE = 50
"""Records about which more is read; a question about one person never meets so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is made of each document for one list of fields, and what must be read beside it."""

    shape: Shape[Document]
    related: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class DocumentSet:
    """One record set of an HTTP source, with everything parsed and decided that can be beforehand."""

    records: DocumentRecords
    related: Mapping[str, Related]
    _paths: dict[str, CompiledPath] = field(default_factory=dict)
    _plans: dict[tuple[str, ...], _Plan] = field(default_factory=dict)
    _key_texts: dict[str, RowText[Document]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the comparison of what comes back with what was looked for."""
        for name in self.records.keys.mapped():
            self._key_texts[name] = self._cell(name, self.records.fields[name])

    def reference(self, document: Document) -> str:
        """Give the system's own reference of a record, empty where it has none."""
        return self._text(self.records.record_id)(document) if self.records.record_id is not None else ""

    def only_wanted(self, documents: Iterable[object], match: Match) -> list[Document]:
        """Keep the records of the person looked for, each once; a source that answers with others is not believed."""
        kept: dict[object, Document] = {}
        for document in documents:
            if not isinstance(document, dict):
                raise SourceFault(SourceFaultKind.GARBAGE)
            if self._agrees(document, match):
                kept.setdefault(self.reference(document) or orjson.dumps(document), document)
        return list(kept.values())

    async def found(self, documents: Sequence[Document], fields: tuple[str, ...], read_related: ReadRelated) -> Found:
        """Read what hangs on the records as far as it is needed, and make rows."""
        plan = self._plan(fields)
        if plan.related:
            if len(documents) > MOST_PEOPLE:
                raise SourceFault(SourceFaultKind.TOO_MUCH)
            spread_out = await all_of([self._with_related(one, plan.related, read_related) for one in documents])
            documents = [row for rows in spread_out for row in rows]
        return gather(plan.shape, documents)

    def paths(self) -> dict[str, CompiledPath]:
        """List every path that a field is read by, by the name of its field."""
        fields = self.records.fields.items()
        return {name: self._path(part.path) for name, part in fields if part.path is not None}

    def _agrees(self, document: Document, match: Match) -> bool:
        agreed = (self._key_texts[name](document).casefold() == value.casefold() for name, value in match.wanted)
        return any(agreed) if match.looking is Looking.ANY else all(agreed)

    async def _with_related(self, document: Document, names: Sequence[str], read: ReadRelated) -> list[Document]:
        """Put what hangs on a record into it; no row where something that must be there is not, several for `each`."""
        found = await all_of([read(name, document) for name in names])
        whole = dict(document)
        each: tuple[str, Sequence[object]] | None = None
        for name, things in zip(names, found, strict=True):
            part = self.related[name]
            if not things and not part.optional:
                return []
            match part.take:
                case Take.ALL:
                    whole[name] = list(things)
                case Take.FIRST:
                    whole |= {name: things[0]} if things else {}
                case Take.EACH:
                    each = (name, things) if things else None
                case _:
                    assert_never(part.take)
        return [{**whole, each[0]: thing} for thing in each[1]] if each else [whole]

    def _plan(self, fields: tuple[str, ...]) -> _Plan:
        plan = self._plans.get(fields)
        if plan is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            plan = self._plans[fields] = _Plan(shape=self._shape(fields), related=self._needed(fields))
        return plan

    def _shape(self, fields: tuple[str, ...]) -> Shape[Document]:
        records = self.records
        return Shape(
            columns=fields,
            cells=tuple(self._cell(name, records.fields[name]) for name in fields),
            record_date=self._cell(RECORD_DATE, records.record_date) if records.record_date else constant(""),
            reference=self.reference,
            counts=conditions(records.only_when, self._texts),
            withheld=conditions(records.withhold_when, self._texts),
        )

    def _needed(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """List what must be read beside the record: what a path begins with, and what decides whether a row is one."""
        parts = [self.records.fields[name] for name in fields]
        parts += [self.records.record_date] if self.records.record_date is not None else []
        paths = [part.path for part in parts if part.path is not None]
        paths += [*self.records.withhold_when, *self.records.only_when]
        begins = {self._path(path).begins for path in paths}
        return tuple(
            name
            for name, part in self.related.items()
            if not part.optional or part.take is Take.EACH or name in begins or None in begins
        )

    def _path(self, path: str) -> CompiledPath:
        compiled = self._paths.get(path)
        if compiled is None:
            compiled = self._paths[path] = compile_path(path)
        return compiled

    def _text(self, path: str) -> RowText[Document]:
        find = self._path(path).find
        return lambda row: as_text(next(spread(find(row)), None))

    def _texts(self, path: str) -> RowTexts[Document]:
        find = self._path(path).find
        return lambda row: (as_text(value) for value in spread(find(row)))

    def _cell(self, name: str, part: Conversion) -> RowText[Document]:
        if not isinstance(part, PathField) or part.path is None:
            return constant(part.constant or "")
        text = _picked(self._path(part.path).find, part.pick, part.separator)
        convert = conversion(name, part)
        return text if convert is None else (lambda row: convert(text(row)))


def _picked(find: Finder, pick: Pick, separator: str) -> RowText[Document]:
    """Choose how one text is made of a path's matches."""
    if pick is Pick.COUNT:
        return lambda row: str(len(find(row)))
    if pick is Pick.FIRST:
        return lambda row: as_text(next(spread(find(row)), None))

    def text(row: Document) -> str:
        texts = [written for value in spread(find(row)) if (written := as_text(value))]
        return _one_of(texts, pick, separator) if texts else ""

    return text


def _one_of(texts: Sequence[str], pick: Pick, separator: str) -> str:
    match pick:
        case Pick.LAST:
            return texts[-1]
        case Pick.GREATEST:
            return max(texts)
        case Pick.LEAST:
            return min(texts)
        case Pick.JOINED:
            return separator.join(texts)
        case _:
            return texts[0]


async def all_of(waits: Sequence[Coroutine[Any, Any, Each]]) -> list[Each]:
    """Wait for all; the first fault ends the others and is raised as it is."""
    if len(waits) == 1:
        return [await waits[0]]
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
