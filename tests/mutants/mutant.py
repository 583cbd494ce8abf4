"""What a mutant is: a control, the change that removes it, and the tests that must notice."""

import ast
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One passage of one file, and what it becomes."""

    file: str
    old: str
    new: str

    def apply(self, tree: Path) -> None:
        """Change a copy of the tree; raise ValueError when the passage is not there exactly once."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times: {self.old}")
        changed = text.replace(self.old, self.new)
        ast.parse(changed)
        path.write_text(changed, encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A control that is gone; `tests` are names of tests as pytest takes them, each of which must be red."""

    control: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


def mutant(control: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    """Make a mutant of one change."""
    return Mutant(control=control, changes=(Change(file=file, old=old, new=new),), tests=tests)
