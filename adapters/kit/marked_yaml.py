"""Reads YAML as text only, remembering the line of every part, and finding all that is wrong at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from adapters.kit.errors import Fault

Place = tuple[str | int, ...]
LARGEST_FILE = 1024 * 1024
MOST_PARTS = 100_000
MERGE = "<<"
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(slots=True, kw_only=True)
class MarkedTree:
    """A document as mappings, lists and texts, with the line of each part by its place."""

    file: Path
    tree: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    filled: set[Place] = field(default_factory=set)
    """Where a value comes out of the environment, and nothing of it stands in the file."""

    def line_of(self, place: Place) -> int:
        """Find the line of a part, or of the nearest part around it; steps that name nothing are passed over."""
        known: Place = ()
        for step in place:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)

    def blame(self, line: int, what: str, mend: str) -> None:
        """Add a fault."""
        self.faults.append(Fault(file=self.file, line=line, what=what, mend=mend))


def read_marked(file: Path, environment: Mapping[str, str]) -> MarkedTree:
    """Read a file; what is wrong with it is in the result's faults."""
    marked = MarkedTree(file=file)
    try:
        content = file.read_bytes()
        if len(content) > LARGEST_FILE:
            marked.blame(1, "the file is larger than 1 MiB", "A manifest is a few pages: is this the right file?")
            return marked
        node = yaml.compose(content.decode(), Loader=yaml.BaseLoader)
    except OSError as fault:
        marked.blame(1, f"the file cannot be read ({fault.strerror})", "Check its path and its permissions.")
    except UnicodeDecodeError:
        marked.blame(1, "the file is not UTF-8", "Save it as UTF-8.")
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        marked.blame(line, f"this is not YAML: {fault.problem}", "Check indentation, quotes and colons here.")
    except yaml.YAMLError:
        marked.blame(1, "this is not YAML", "It holds characters that YAML forbids.")
    else:
        marked.tree = _Walk(marked=marked, environment=environment).value(node, ()) if node else None
    return marked


@dataclass(slots=True, kw_only=True)
class _Walk:
    """Turns nodes into values; every scalar stays text, so that `no`, `01` and `Y` mean what they say."""

    marked: MarkedTree
    environment: Mapping[str, str]
    parts: int = 0
    above: list[yaml.Node] = field(default_factory=list)

    def value(self, node: yaml.Node, place: Place) -> object:
        """Give a node's value."""
        self.marked.lines[place] = node.start_mark.line + 1
        self.parts += 1
        if self.parts > MOST_PARTS or any(outer is node for outer in self.above):
            if self.parts <= MOST_PARTS + 1:
                self.marked.blame(
                    node.start_mark.line + 1, "this part contains itself, or far too much", "Write it out."
                )
            return None
        self.above.append(node)
        try:
            return self._inside(node, place)
        finally:
            self.above.pop()

    def _inside(self, node: yaml.Node, place: Place) -> object:
        if isinstance(node, yaml.MappingNode):
            return {name: self.value(child, (*place, name)) for name, child in self._entries(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, index)) for index, child in enumerate(node.value)]
        if not isinstance(node, yaml.ScalarNode):
            return None
        if _PLACEHOLDER.fullmatch(str(node.value)):
            self.marked.filled.add(place)
        return self._text(node)

    def _entries(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        own: dict[str, yaml.Node] = {}
        merged: dict[str, yaml.Node] = {}
        for key, child in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name == MERGE:
                merged.update(self._merged(child))
            elif not isinstance(key, yaml.ScalarNode) or name in own:
                self.marked.blame(key.start_mark.line + 1, f"`{name}` is here twice", "Keep one of them.")
            else:
                own[name] = child
        return iter((merged | own).items())

    def _merged(self, node: yaml.Node) -> dict[str, yaml.Node]:
        if isinstance(node, yaml.MappingNode) and not any(outer is node for outer in self.above):
            return dict(self._entries(node))
        if isinstance(node, yaml.SequenceNode):
            return {name: child for part in reversed(node.value) for name, child in self._merged(part).items()}
        self.marked.blame(
            node.start_mark.line + 1, "`<<` does not stand before a mapping", "Name a mapping: `<<: *name`."
        )
        return {}

    def _text(self, node: yaml.ScalarNode) -> str | None:
        if not node.value and node.style is None:
            return None

        def fill(match: re.Match[str]) -> str:
            if match[1] not in self.environment:
                mend = f"Set {match[1]} in `.env` beside the manifest, or in the environment."
                self.marked.blame(node.start_mark.line + 1, f"`${{{match[1]}}}` has no value", mend)
            return self.environment.get(match[1], "")

        return _PLACEHOLDER.sub(fill, str(node.value))
