"""JSONPath, parsed once: the only module that knows the library."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import jsonpath
from jsonpath.selectors import IndexSelector, NameSelector

Finder = Callable[[object], list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPath:
    """A parsed path: how to find its matches, and the name with which it begins, if it begins with one."""

    find: Finder
    begins: str | None


def compile_path(path: str) -> CompiledPath:
    """Parse a path; one that can match only one place is walked without the library, at a tenth of the cost."""
    parsed = jsonpath.compile(path, strict=True)
    steps = _steps(parsed) if isinstance(parsed, jsonpath.JSONPath) else None
    if steps is not None:
        names = [step for step in steps[:1] if isinstance(step, str)]
        return CompiledPath(find=_walk(steps), begins=names[0] if names else None)
    return CompiledPath(find=parsed.findall, begins=_first_name(parsed))


def path_fault(path: str) -> str | None:
    """Say what is wrong with a path, or None."""
    try:
        jsonpath.compile(path, strict=True)
    except jsonpath.JSONPathError as fault:
        return str(fault.args[0]).split("\n", 1)[0] if fault.args else "it cannot be read"
    return None


def spread(found: list[object]) -> Iterator[object]:
    """Take lists among the matches apart."""
    for one in found:
        if isinstance(one, list):
            yield from spread(one)
        else:
            yield one


def _steps(parsed: jsonpath.JSONPath) -> tuple[str | int, ...] | None:
    """Give the names and positions of a path that can match only one place, or None."""
    steps: list[str | int] = []
    for segment in parsed.segments:
        if type(segment) is not jsonpath.segments.JSONPathChildSegment or len(segment.selectors) != 1:
            return None
        match segment.selectors[0]:
            case NameSelector(name=name):
                steps.append(name)
            case IndexSelector(index=index):
                steps.append(index)
            case _:
                return None
    return tuple(steps)


def _first_name(parsed: object) -> str | None:
    segments = getattr(parsed, "segments", ())
    selectors = segments[0].selectors if segments else ()
    return selectors[0].name if len(selectors) == 1 and isinstance(selectors[0], NameSelector) else None


def _walk(steps: Sequence[str | int]) -> Finder:
    def find(document: object) -> list[object]:
        here = document
        for step in steps:
            if isinstance(here, Mapping) and isinstance(step, str) and step in here:
                here = here[step]
            elif isinstance(here, list) and isinstance(step, int) and -len(here) <= step < len(here):
                here = here[step]
            else:
                return []
        return [here]

    return find
