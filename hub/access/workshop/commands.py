"""What the workshop can be asked to do with drafts: one table, from the name of a command to the function that does it.

A draft is the texts of a policy: file name, relative to its folder, and content.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hub.access.policy import compile_policy
from hub.access.reading import rulebook_from_texts
from hub.access.rows import rows_of
from hub.access.version import content_of, version_of
from hub.access.workshop import weighings
from hub.access.workshop.parts import parts_of

Draft = Mapping[str, bytes]
# Takes drafts and parameters, and yields the result in pieces that JSON can spell, none of them large.
Command = Callable[[Sequence[Draft], Mapping[str, Any]], Iterable[object]]


def compile_draft(drafts: Sequence[Draft], _parameters: Mapping[str, Any]) -> Iterator[object]:
    """Validate and compile one draft; the pieces are those of the policy."""
    (draft,) = drafts
    yield from parts_of(compile_policy(rulebook_from_texts(draft)))


def check_draft(drafts: Sequence[Draft], _parameters: Mapping[str, Any]) -> Iterator[object]:
    """Validate one draft without compiling it; the one piece says which version it would be, and of how many rules."""
    (draft,) = drafts
    book = rulebook_from_texts(draft)
    rules = sum(len(rows_of(level, book.catalogue)) for level in book.levels.values())
    yield {"version": version_of(content_of(book)), "rules": rules}


COMMANDS: Mapping[str, Command] = {
    "compile": compile_draft,
    "check": check_draft,
    "weigh": weighings.weigh,
    "matrix": weighings.matrix_of,
    "difference": weighings.difference_of,
    "explanation": weighings.explanation_of,
    "rehearsal": weighings.rehearsal_of,
}
