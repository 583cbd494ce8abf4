"""Where records about one person differ: shown side by side, never merged away."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from hub.linkage.people import NOBODY, People
from hub.model.answer import Joining
from hub.model.records import Records
from hub.model.text import plain


def combine(tables: Sequence[Records], people: People, comparable: Collection[str]) -> Joining:
    """State how the rows of all tables join, and on which comparable fields the records of a person differ.

    Only fields on which agencies ought to agree are compared: two agencies' own workers differ by nature.
    """
    held: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    first = 0
    for table in tables:
        persons = people.person_of_row[first : first + len(table)]
        first += len(table)
        width = len(table.columns)
        for index, field in enumerate(table.columns):
            if field not in comparable:
                continue
            column = table.cells[index::width]
            if len(set(persons)) == 1:
                held[persons[0]][field].update(column)
            else:
                for person, value in zip(persons, column, strict=True):
                    held[person][field].add(value)
    held.pop(NOBODY, None)
    differences = [(person, field) for person, fields in held.items() for field in fields if _differ(fields[field])]
    return Joining(
        person_of_row=people.person_of_row,
        certain=people.certain,
        disagreements=tuple(sorted(differences)),
        cards=people.cards,
    )


def _differ(values: set[str]) -> bool:
    values.discard("")
    return len(values) > 1 and len({plain(value) for value in values}) > 1
