"""One page of a search, or all that has been shown of it: only the rows of its people, joined among themselves."""

from collections.abc import Sequence
from dataclasses import replace

from hub.combining.view import disagreements
from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.found_people import FoundPeople


def page_of(found: FoundPeople, first: int, last: int) -> AnswerPart:
    """Return what agencies tell of the people from one place to before another, in their order."""
    person_of = {row: place for place, rows in enumerate(found.people[first:last]) for row in rows}
    answers, numbers, passed = [], list[int](), 0
    for answer in found.answers:
        length = 0 if answer.records is None else len(answer.records)
        kept = [passed + row in person_of for row in range(length)]
        numbers += [person_of[passed + row] for row, is_kept in enumerate(kept) if is_kept]
        answers.append(_only(answer, kept))
        passed += length
    tables = [answer.records for answer in answers if answer.records is not None]
    joining = Joining(
        person_of_row=tuple(numbers),
        certain=(True,) * (last - first),
        disagreements=disagreements(tables, numbers, found.comparable),
    )
    return AnswerPart(
        agencies=tuple(answers),
        joining=joining if tables else None,
        more_people=len(found.people) - last,
    )


def _only(answer: AgencyAnswer, kept: Sequence[bool]) -> AgencyAnswer:
    """Leave of an answer some of its rows; one that holds none of them still says that it holds something."""
    if answer.records is None or all(kept):
        return answer
    if not any(kept):
        return replace(answer, records=None, consents=(), consent_of_row=())
    of_row = tuple(place for place, is_kept in zip(answer.consent_of_row, kept, strict=False) if is_kept)
    return replace(answer, records=answer.records.only(kept), consent_of_row=of_row)
