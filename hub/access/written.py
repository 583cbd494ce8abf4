"""A compiled policy together with what it was made from, as comparing and explaining need it."""

from dataclasses import dataclass, field, fields

from hub.access.policy import Policy, compile_policy
from hub.access.version import content_of
from hub.model.catalogue import Listing
from hub.model.policy import Level, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WrittenPolicy(Policy):
    """A policy whose levels have their sentences; the hub itself asks under policies without, which are far smaller.

    `content` spells out everything that decides; it is equal for equal policies and for no others.
    """

    levels: Listing[Level]
    content: str = field(repr=False)


def compile_written(book: Rulebook) -> WrittenPolicy:
    """Compile a checked rulebook and keep what is written in it."""
    compiled = compile_policy(book)
    parts = {part.name: getattr(compiled, part.name) for part in fields(Policy) if part.init}
    return WrittenPolicy(**{**parts, "levels": book.levels, "content": content_of(book)})
