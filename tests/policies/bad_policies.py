"""Policies with one mistake each, as administrators make them and as attackers would: bad/*.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.lib.policies_of_size import SHIPPED_POLICIES


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One mistake: in a file of the shipped policy, old becomes new; and the fault that must be found.

    Without old, new is the whole file; without both, the file is gone. The fault is in that file, says what and mend
    among its words, and points to the first line that holds at: a piece of its text, or its number. Beside gives
    further files, and also further changes, which are right in themselves.
    """

    name: str
    file: str
    old: str | None = None
    new: str | bytes | None = None
    at: str | int = 1
    what: str
    mend: str
    beside: Mapping[str, str] = field(default_factory=dict)
    also: Sequence[Mapping[str, str]] = ()

    def texts(self) -> dict[str, bytes]:
        """Return the shipped policy with the mistake in it."""
        texts = shipped_texts() | {name: text.encode() for name, text in self.beside.items()}
        for change in self.also:
            texts[change["file"]] = self._changed(texts[change["file"]], change["old"], change["new"].encode())
        if self.new is None:
            del texts[self.file]
            return texts
        new = self.new if isinstance(self.new, bytes) else self.new.encode()
        texts[self.file] = new if self.old is None else self._changed(texts[self.file], self.old, new)
        return texts

    def _changed(self, before: bytes, old: str, new: bytes) -> bytes:
        if old.encode() not in before:
            raise AssertionError(f"{self.name}: the file does not say {old!r}")
        return before.replace(old.encode(), new, 1)

    def line(self, texts: Mapping[str, bytes]) -> int:
        """Return the line to which the fault must point."""
        if isinstance(self.at, int):
            return self.at
        lines = texts[self.file].decode().split("\n")
        return next(number for number, line in enumerate(lines, start=1) if self.at in line)


def shipped_texts() -> dict[str, bytes]:
    """Read the shipped policy."""
    return {
        file.relative_to(SHIPPED_POLICIES).as_posix(): file.read_bytes()
        for file in SHIPPED_POLICIES.rglob("*")
        if file.is_file()
    }


def bad_policies() -> tuple[Bad, ...]:
    """Read all bad policies, and make those that no YAML file can hold."""
    written = (
        Bad(**case)
        for file in sorted((Path(__file__).parent / "bad").glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    )
    visitor = "levels/health_visitor.yaml"
    latin = "id: health_visitor\ntitle: Infirmière".encode("latin-1")
    utf_16 = "id: health_visitor\n".encode("utf-16")
    enormous = b"# " + b"x" * 1_048_576
    return (
        *written,
        Bad(name="Latin-1", file=visitor, new=latin, at=2, what="UTF-8", mend="Save it"),
        Bad(name="UTF-16", file=visitor, new=utf_16, what="UTF-8", mend="Save it"),
        Bad(name="an enormous file", file=visitor, new=enormous, what="very large", mend="Split"),
        # Casbin follows ten steps and says nothing of an eleventh, so what is too deep must never reach it.
        *(_chain(depth) for depth in (*range(7, 13), 1_000)),
        _lattice(60),
    )


def _chain(depth: int) -> Bad:
    """Make a level that inherits over so many steps."""
    names = [f"step_{number:04}" for number in range(depth)]
    texts = {name: _abstract(name, [parent]) for parent, name in zip(("practitioner", *names), names, strict=False)}
    return _too_deep(f"inheriting over {depth} steps", names[-1], texts, depth)


def _lattice(depth: int) -> Bad:
    """Make a level that inherits over so many steps in more ways than anybody could follow one by one."""
    texts = {}
    below = ["practitioner"]
    for number in range(depth):
        names = [f"left_{number:04}", f"right_{number:04}"]
        texts |= {name: _abstract(name, below) for name in names}
        below = names
    return _too_deep("inheriting in more ways than can be counted", below[0], texts, depth)


def _abstract(name: str, parents: Sequence[str]) -> str:
    return f"id: {name}\ntitle: Made up\nkind: abstract\ninherits: [{', '.join(parents)}]\n"


def _too_deep(title: str, name: str, texts: Mapping[str, str], depth: int) -> Bad:
    beside = {f"levels/{other}.yaml": text for other, text in texts.items() if other != name}
    what, mend = f"“{name}” inherits over {depth} steps", "Inherit over at most 5"
    return Bad(name=title, file=f"levels/{name}.yaml", new=texts[name], at=4, what=what, mend=mend, beside=beside)
