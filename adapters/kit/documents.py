"""Makes rows out of JSON documents: JSONPaths into each, and what hangs on it read and put in under its own name."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, assert_never

import orjson

from adapters.kit.converting import RECORD_DATE, as_text, conversion
from adapters.kit.errors import SourceFault, SourceFaultKind, TooManyPeople
from adapters.kit.json_paths import CompiledPath, Finder, compile_path, spread
from adapters.kit.manifest import DocumentRecords
from adapters.kit.mapping import Conversion, OwnedRelated, PathField, Related, Take
from adapters.kit.nearness import COMPARED, KeyTexts, may_be_one, people_in
from adapters.kit.picking import picked
from adapters.kit.reader import Found, Looking, Match
from adapters.kit.searching import CRITERIA, Search, TooMany, sift, whose, without_kin
from adapters.kit.shaping import (
    MOST_SHAPES,
    RowTest,
    RowText,
    RowTexts,
    Shape,
    conditions,
    constant,
    gather,
    gather_near,
    nothing_told,
)
from adapters.kit.terms import Terms, Words
from adapters.kit.terms_mapping import TermsMapping
from adapters.kit.terms_shaping import constantly, said_text, terms_reader

Document = Mapping[str, object]
ReadRelated = Callable[[str, Document], Coroutine[Any, Any, Sequence[object]]]
Each = TypeVar("Each")

MOST_PEOPLE = 50
"""Records about which more is read; a question about one person never meets so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is made of each document for one list of fields, and what must be read beside it.

    `begins` has the names with which all begins that is read of the record itself, and is None where that may be any.
    """

    shape: Shape[Document]
    related: tuple[str, ...]
    begins: frozenset[str] | None


@dataclass(slots=True, kw_only=True)
class DocumentSet:
    """One record set of an HTTP source, with everything parsed and decided that can be beforehand."""

    records: DocumentRecords
    related: Mapping[str, Related]
    _paths: dict[str, CompiledPath] = field(default_factory=dict)
    _plans: dict[tuple[str, ...], _Plan] = field(default_factory=dict)
    _key_texts: dict[str, RowText[Document]] = field(default_factory=dict)
    _own_shield: Callable[[Document], Terms] | None = None
    _may_shield_elsewhere: bool = False
    _own_withheld: Mapping[str, RowTest[Document]] = field(default_factory=dict)
    _find_owners: dict[str, Finder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the comparison of what comes back with what was looked for, and what a record itself forbids."""
        for name in self.records.keys.mapped():
            self._key_texts[name] = self._cell(name, self.records.fields[name])
        for name, part in self.related.items():
            if isinstance(part, OwnedRelated) and part.belongs_to is not None:
                self._find_owners[name] = self._path(part.belongs_to).find
        own = {path: values for path, values in self.records.withhold_when.items() if self._is_own(path)}
        self._own_withheld = dict(zip(own, conditions(own, self._texts), strict=True))
        shields = (self.records.terms.shield or ()) if self.records.terms is not None else ()
        own_shields = [form for form in shields if form.path is None or self._is_own(form.path)]
        self._may_shield_elsewhere = len(own_shields) < len(shields)
        if own_shields:
            self._own_shield = terms_reader(TermsMapping[PathField](shield=own_shields), self._texts_of_part)

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
                key = self.reference(document) or orjson.dumps(document)
                # Of two copies of one record the one counts of which less may be told.
                if key not in kept or self._is_kept_back(document):
                    kept[key] = document
        return list(kept.values())

    async def found(
        self, documents: Sequence[Document], fields: tuple[str, ...], read_related: ReadRelated, *, with_shielded: bool
    ) -> Found:
        """Read what hangs on the records as far as it is needed, and make rows.

        Nothing more is read about somebody of whom nothing may be told, if the record itself says so: no request is
        made that would not be made for somebody unknown.
        """
        plan = self._plan(fields)
        if plan.related:
            hidden = [self.reference(one) for one in documents if self.hides(one, with_shielded=with_shielded)]
            if hidden:
                return nothing_told(fields, shielded=hidden)
            if documents and not self._told(documents) and not (with_shielded and self._may_shield_elsewhere):
                by = [name for name, test in self._own_withheld.items() if any(map(test, documents))]
                return nothing_told(fields, withheld=len(documents), withheld_by=by)
            documents = await self._spread_out(documents, plan.related, read_related)
        return gather(plan.shape, documents, with_shielded=with_shielded)

    async def found_for(
        self, documents: Sequence[Document], fields: tuple[str, ...], read_related: ReadRelated, match: Match
    ) -> Found:
        """Do as `found`; in a wider look, in which records are about several people, keep back person by person.

        Raises TooManyPeople where more are left than may be told of.
        """
        if match.near is None:
            found = await self.found(documents, fields, read_related, with_shielded=match.with_shielded)
            texts = tuple(map(self.key_texts, documents)) if found.is_silent else ()
            return replace(found, apart=texts)
        kept_back = [one for one in documents if self._is_kept_back(one, with_shielded=match.with_shielded)]
        apart = tuple(map(self.key_texts, kept_back))
        hidden, gone = (*match.apart, *apart), {self.reference(one) for one in kept_back} - {""}
        left = [
            one
            for one in documents
            if self.reference(one) not in gone and not any(may_be_one(self.key_texts(one), other) for other in hidden)
        ]
        if people_in(list(map(self.key_texts, left))) > match.near.most_people:
            raise TooManyPeople
        plan = self._plan(fields)
        rows = await self._spread_out(left, plan.related, read_related)
        # What hangs on a record may keep back one person more, and that one only.
        shape = replace(plan.shape, keys=self.key_texts)
        found = gather_near(shape, rows, replace(match, apart=hidden))
        return replace(found, shielded=(*found.shielded, *sorted(gone)), apart=(*apart, *found.apart))

    async def _spread_out(
        self, documents: Sequence[Document], names: Sequence[str], read_related: ReadRelated
    ) -> list[Document]:
        """Put what hangs on records into them."""
        if not names:
            return list(documents)
        if len(documents) > MOST_PEOPLE:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        return [
            row
            for rows in await all_of([self._with_related(one, names, read_related) for one in documents])
            for row in rows
        ]

    async def searched(self, documents: Sequence[object], search: Search, read_related: ReadRelated) -> Found:
        """Keep whoever fits a search, and make rows; raises TooMany.

        What hangs on a record is read only of those who may be told of, as far as the record itself says.
        """
        plan = self._plan(search.read)
        known = _all_documents(documents)
        if plan.related:
            known = self._told_in(known, search)
            if len(known) > MOST_PEOPLE:
                raise TooMany
            spread_out = await all_of([self._with_related(one, plan.related, read_related) for one in known])
            known = [row for rows in spread_out for row in rows]
        return sift(plan.shape, known, search)

    def together(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """List what is needed beside the record for these fields and comes with the search for it."""
        return tuple(name for name in self._plan(fields).related if self.related[name].comes_along)

    def begins(self, fields: tuple[str, ...]) -> frozenset[str] | None:
        """List the names with which all begins that is read of the record itself; None where that may be anything."""
        return self._plan(fields).begins

    def hides(self, document: Document, *, with_shielded: bool) -> bool:
        """Tell whether a record itself, with what came along, says that nobody may learn of it."""
        return self._own_shield is not None and self._own_shield(document).hides(with_shielded=with_shielded)

    def keeps_silent(self, documents: Sequence[Document], *, with_shielded: bool) -> bool:
        """Tell whether records say of themselves already that nothing is told of them to whoever must not know them.

        Whoever may see the protected is told of what is withheld, unless something is shielded that is still to come.
        """
        if any(self.hides(one, with_shielded=with_shielded) for one in documents):
            return True
        return bool(documents) and not with_shielded and not self._told(documents)

    def paths(self) -> dict[str, CompiledPath]:
        """List every path that a field or a part of the terms is read by, by its name."""
        parts: list[tuple[str, PathField]] = [*self.records.fields.items()]
        if self.records.terms is not None:
            parts += [(f"terms.{name}", form) for name, form in self.records.terms.forms()]
        return {name: self._path(part.path) for name, part in parts if part.path is not None}

    def codes(self, documents: Iterable[Document]) -> Iterator[tuple[str, PathField, Words, list[str]]]:
        """List, for each word of the terms that the record itself says, the texts that documents have there."""
        documents = list(documents)
        for name, form, words in self.records.terms.worded() if self.records.terms is not None else ():
            if form.path is not None and self._is_own(form.path):
                texts = self._texts(form.path)
                yield name, form, words, [text for document in documents for text in texts(document)]

    def key_texts(self, document: Document) -> KeyTexts:
        """Give what a record has for each key by which it is compared with who is asked about."""
        return tuple(self._key_texts[name](document) if name in self._key_texts else "" for name in COMPARED)

    def _told_in(self, documents: Sequence[Document], search: Search) -> list[Document]:
        """List the records that fit as far as their keys say, and that do not keep silent about themselves."""
        keys = replace(
            search, wanted={name: value for name, value in search.wanted.items() if CRITERIA[name] in self._key_texts}
        )

        def cells(document: Document) -> dict[str, str]:
            return {name: text(document) for name, text in self._key_texts.items()}

        fitting = [one for one in documents if keys.fits(cells(one))]
        silent = [
            one for one in documents if not self._told([one]) or self.hides(one, with_shielded=search.with_shielded)
        ]
        return without_kin(fitting, silent, lambda one: whose(self.reference(one), cells(one)))

    def _agrees(self, document: Document, match: Match) -> bool:
        if match.near is not None:
            return match.near.accepts(self.key_texts(document))
        agreed = (self._key_texts[name](document).casefold() == value.casefold() for name, value in match.wanted)
        return any(agreed) if match.looking is Looking.ANY else all(agreed)

    def _told(self, documents: Sequence[Document]) -> list[Document]:
        """List the records that do not say of themselves that they are withheld."""
        return [one for one in documents if not any(test(one) for test in self._own_withheld.values())]

    def _is_kept_back(self, document: Document, *, with_shielded: bool = False) -> bool:
        return self.hides(document, with_shielded=with_shielded) or any(
            test(document) for test in self._own_withheld.values()
        )

    def _is_own(self, path: str) -> bool:
        """Tell whether a path stays within the record itself."""
        begins = self._path(path).begins
        return begins is not None and (begins not in self.related or self.related[begins].comes_along)

    async def _with_related(self, document: Document, names: Sequence[str], read: ReadRelated) -> list[Document]:
        """Put what hangs on a record into it; no row where something that must be there is not, several for `each`."""
        found = await all_of([self._read_own(name, document, read) for name in names])
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

    async def _read_own(self, name: str, document: Document, read: ReadRelated) -> Sequence[object]:
        """Read what hangs on a record; a source that gives what is somebody else's may give anybody's."""
        things = await read(name, document)
        find_owner, reference = self._find_owners.get(name), self.reference(document)
        if find_owner is not None and not all(reference in map(as_text, spread(find_owner(thing))) for thing in things):
            raise SourceFault(SourceFaultKind.GARBAGE)
        return things

    def _plan(self, fields: tuple[str, ...]) -> _Plan:
        plan = self._plans.get(fields)
        if plan is None:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            plan = self._plans[fields] = _Plan(
                shape=self._shape(fields), related=self._needed(fields), begins=self._begins(fields)
            )
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
            withheld_names=tuple(records.withhold_when),
            terms=terms_reader(records.terms, self._texts_of_part),
        )

    def _needed(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """List what must be read beside the record: what a path begins with, and what decides whether a row is one."""
        paths = self._paths_read([self.records.fields[name] for name in fields])
        begins = {self._path(path).begins for path in paths}
        return tuple(
            name
            for name, part in self.related.items()
            if not part.optional or part.take is Take.EACH or name in begins or None in begins
        )

    def _begins(self, fields: tuple[str, ...]) -> frozenset[str] | None:
        parts = [*fields, *self.records.keys.mapped()]
        paths = self._paths_read([self.records.fields[name] for name in parts])
        paths += [self.records.record_id] if self.records.record_id is not None else []
        begins = {self._path(path).begins for path in paths} - set(self.related)
        return None if None in begins else frozenset(filter(None, begins))

    def _paths_read(self, parts: Sequence[PathField]) -> list[str]:
        """List the paths of some fields, and all that decide what becomes of a row."""
        parts = [*parts, *([self.records.record_date] if self.records.record_date is not None else [])]
        parts += [form for _, form in self.records.terms.forms()] if self.records.terms is not None else []
        paths = [part.path for part in parts if part.path is not None]
        return [*paths, *self.records.withhold_when, *self.records.only_when]

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

    def _texts_of_part(self, part: PathField) -> RowTexts[Document]:
        if part.path is None:
            return constantly(part.constant or "")
        find = self._path(part.path).find
        return lambda row: (said_text(value) for value in spread(find(row)))

    def _cell(self, name: str, part: Conversion) -> RowText[Document]:
        if not isinstance(part, PathField) or part.path is None:
            return constant(part.constant or "")
        text = picked(self._path(part.path).find, part.pick, part.separator)
        convert = conversion(name, part)
        return text if convert is None else (lambda row: convert(text(row)))


def _all_documents(found: Sequence[object]) -> list[Document]:
    """Give what was found as documents; a source that gives anything else is not believed."""
    documents: list[Document] = [one for one in found if isinstance(one, dict)]
    if len(documents) < len(found):
        raise SourceFault(SourceFaultKind.GARBAGE)
    return documents


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
