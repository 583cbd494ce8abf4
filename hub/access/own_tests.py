"""A policy's own tests: that the policy says what its tests.yaml says it does, or what it says instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from hub.access.compile import identity_classes
from hub.access.coverage import Coverage, compile_coverage, covered
from hub.access.own_test_shapes import OwnTestShape, SayingShape
from hub.access.papers import Papers
from hub.access.rows import Cell
from hub.access.rules import Part, Rule, deciding, rules_of, why_it_cannot_occur, why_not
from hub.errors import Fault
from hub.model.policy import Level, Rulebook

_MEND = "Mend the sentence here, or the rule."


def check_own_tests(papers: Papers, book: Rulebook) -> Iterator[Fault]:
    """Yield each sentence of the policy's own tests that does not hold; none if the policy brings no tests."""
    if papers.tests is None:
        return
    examination = _Examination(book=book, coverage=compile_coverage(book.agreements.values()))
    for number, test in enumerate(papers.tests.shape.tests):
        for key, sayings in (("may", test.may), ("may_not", test.may_not)):
            for place, saying in enumerate(sayings):
                found = examination.fails(test, saying, may=key == "may")
                if found:
                    yield papers.tests.document.fault(("tests", number, key, place), *found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Examination:
    """Puts sentences to a rulebook."""

    book: Rulebook
    coverage: Coverage

    def fails(self, test: OwnTestShape, saying: SayingShape, *, may: bool) -> tuple[str, str] | None:
        """Return what the policy says instead, and the mend; None if the sentence holds."""
        level = self.book.levels[test.whose]
        cells = self._cells(level, saying)
        unfit = self._unfit(level, saying) or self._beside(test, cells, may=may)
        if unfit:
            return unfit
        wrong = self._not_allowed(level, saying, cells) if may else self._not_denied(level, saying, cells)
        return (f"The policy's own test fails: {wrong}", _MEND) if wrong else None

    def _cells(self, level: Level, saying: SayingShape) -> tuple[Cell, ...]:
        """Return the cell of the sentence in its area, or in every area in which somebody can hold the level."""
        areas = (saying.area,) if saying.area else self._areas(level)
        return tuple(Cell(saying.question, saying.agency, saying.field_class, saying.purpose, area) for area in areas)

    def _areas(self, level: Level) -> tuple[str, ...]:
        return self.book.agencies[level.agency].areas if level.agency else tuple(self.book.catalogue.areas)

    def _unfit(self, level: Level, saying: SayingShape) -> tuple[str, str] | None:
        """Refuse a sentence about an office that there cannot be."""
        if saying.area and saying.area not in self._areas(level):
            what = f"Nobody holds “{level.id}” in “{saying.area}”: “{level.agency}” does not serve it"
            return what, f"Name an area of the agency: {', '.join(self._areas(level))}."
        if saying.day and not level.agency:
            what = f"“{level.id}” belongs to no agency, and so to no agreement"
            return what, "Leave the day out, or test a level that inherits from it."
        return None

    def _beside(self, test: OwnTestShape, cells: tuple[Cell, ...], *, may: bool) -> tuple[str, str] | None:
        """Refuse a test of a rule that the rule does not speak of: what it gives, or what it takes."""
        if test.rule is None or may is not (test.rule.part is Part.GRANT):
            return None
        mend = "Test what the rule says, or name another rule."
        for cell in cells:
            if lacking := self._rule(test).lacks(cell):
                return f"{self._rule(test)} does not speak of “{lacking[0]}”", mend
            if not may and (impossible := why_it_cannot_occur(cell, self.book.catalogue)):
                return f"{self._rule(test)} takes nothing here, since {impossible}", mend
        return None

    def _rule(self, test: OwnTestShape) -> Rule:
        """Return the rule that a test names; that there is one has been checked."""
        rules = rules_of(self.book.levels[test.whose])
        named = test.rule
        return next(found for found in rules if named and (found.part, found.number) == (named.part, named.number))

    def _not_allowed(self, level: Level, saying: SayingShape, cells: tuple[Cell, ...]) -> str:
        for cell in cells:
            if impossible := why_it_cannot_occur(cell, self.book.catalogue):
                return impossible
            if not deciding(level, cell, self.book.levels).is_allowed:
                where = "" if saying.area or len(cells) == 1 else f" in “{cell.area}”"
                return f"{why_not(level, cell, self.book.levels)}{where}"
        if saying.day and not all(self._flows(level, saying, at) for at in self._instants(saying.day)):
            return f"no agreement of “{level.agency}” with “{saying.agency}” covers it on {saying.day}"
        return ""

    def _not_denied(self, level: Level, saying: SayingShape, cells: tuple[Cell, ...]) -> str:
        if saying.day and not any(self._flows(level, saying, at) for at in self._instants(saying.day)):
            return ""
        for cell in cells:
            found = deciding(level, cell, self.book.levels)
            if found.is_allowed and not why_it_cannot_occur(cell, self.book.catalogue):
                return f"{found.grants[0]} allows it in “{cell.area}”"
        return ""

    def _instants(self, day: date) -> tuple[datetime, ...]:
        """Return the beginning of a day in UTC and every instant of it at which an agreement begins or ends."""
        begins = datetime.combine(day, time(), tzinfo=UTC)
        turns = {turn for found in self.book.agreements.values() for turn in (found.starts, found.ends)}
        return (begins, *sorted(turn for turn in turns if turn > begins and turn.date() == day))

    def _flows(self, level: Level, saying: SayingShape, at: datetime) -> bool:
        """Tell whether agreements cover the class, and those without which nothing flows, at an instant."""
        if not level.agency or level.agency == saying.agency:
            return True
        classes = {saying.field_class, *identity_classes(self.book.catalogue)}
        flows = [(level.agency, saying.agency, saying.purpose, found) for found in classes]
        return all(covered(self.coverage.get(flow, ()), at) for flow in flows)
