"""Where records about one person differ: shown side by side, never merged away."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from hub.model.records import Records
from hub.model.text import plain


def disagreements(
    tables: Sequence[Records], person_of_row: Sequence[int], comparable: Collection[str]
) -> tuple[tuple[int, str], ...]:
    """Name, person by person, the comparable fields on which the records of one person differ.

    Only fields on which agencies ought to agree are compared: two agencies' own workers differ by nature.
    """
    held: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    first = 0
    for table in tables:
        persons = person_of_row[first : first + len(table)]
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
    return tuple(
        sorted((person, field) for person, fields in held.items() for field in fields if _differ(fields[field]))
    )


def _differ(values: set[str]) -> bool:
    values.discard("")
    return len(values) > 1 and len({plain(value) for value in values}) > 1
