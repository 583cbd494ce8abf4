"""JSONPath, parsed once: the only module that knows the library."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jsonpath
from jsonpath.segments import JSONPathChildSegment
from jsonpath.selectors import IndexSelector, NameSelector, WildcardSelector

from adapters.kit.errors import SourceFault, SourceFaultKind

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
    return CompiledPath(find=_by_library(parsed), begins=_first_name(parsed))


def compile_rows(path: str) -> Finder:
    """Parse the path of a page's rows; where it ends in `[*]`, a page without that list is garbage, not empty."""
    find = compile_path(path).find
    parsed = jsonpath.compile(path, strict=True)
    last = parsed.segments[-1] if isinstance(parsed, jsonpath.JSONPath) and parsed.segments else None
    if not isinstance(parsed, jsonpath.JSONPath) or not _is_wildcard(last):
        return find
    find_list = compile_path(str(jsonpath.JSONPath(env=parsed.env, segments=parsed.segments[:-1]))).find

    def rows(page: object) -> list[object]:
        lists = find_list(page)
        if not lists or not all(isinstance(one, list | dict | None) for one in lists):
            raise SourceFault(SourceFaultKind.GARBAGE)
        return find(page)

    return rows


def names_along(path: str) -> tuple[str, ...]:
    """List the names with which a path goes on from one to the next; positions between them are passed over."""
    parsed = jsonpath.compile(path, strict=True)
    names: list[str] = []
    for segment in parsed.segments if isinstance(parsed, jsonpath.JSONPath) else ():
        match list(segment.selectors) if isinstance(segment, JSONPathChildSegment) else []:
            case [NameSelector(name=name)]:
                names.append(str(name))
            case [IndexSelector() | WildcardSelector()]:
                continue
            case _:
                break
    return tuple(names)


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
    if not all(type(segment) is JSONPathChildSegment for segment in parsed.segments):
        return None
    selectors = [tuple(segment.selectors) for segment in parsed.segments]
    steps = [_step(one[0]) for one in selectors if len(one) == 1]
    known = tuple(step for step in steps if step is not None)
    return known if len(known) == len(selectors) else None


def _step(selector: object) -> str | int | None:
    match selector:
        case NameSelector(name=name):
            return str(name)
        case IndexSelector(index=index):
            return int(index)
        case _:
            return None


def _is_wildcard(segment: object) -> bool:
    return isinstance(segment, JSONPathChildSegment) and isinstance(segment.selectors[0], WildcardSelector)


def _by_library(parsed: jsonpath.JSONPath | jsonpath.CompoundJSONPath) -> Finder:
    def find(document: object) -> list[object]:
        # The library would parse a text as JSON.
        return parsed.findall(document) if isinstance(document, dict | list) else []

    return find


def _first_name(parsed: jsonpath.JSONPath | jsonpath.CompoundJSONPath) -> str | None:
    first = parsed.segments[0] if isinstance(parsed, jsonpath.JSONPath) and parsed.segments else None
    if not isinstance(first, JSONPathChildSegment):
        return None
    match list(first.selectors):
        case [NameSelector(name=name)]:
            return str(name)
        case _:
            return None


def _walk(steps: Sequence[str | int]) -> Finder:
    # A text is no list of letters: each step goes into its own kind of thing.
    kinds: list[tuple[Any, Any]] = [(dict if isinstance(step, str) else list, step) for step in steps]

    def find(document: object) -> list[object]:
        here: Any = document
        for kind, step in kinds:
            if type(here) is not kind:
                return []
            try:
                here = here[step]
            except LookupError:
                return []
        return [here]

    return find
