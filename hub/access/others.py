"""What two policies say differently, word for word: each place in them with what it said and what it says."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hub.access.written import WrittenPolicy

_NOT_SET = "not set"
# Sections of which the place within the policy is left out: people know them by the names of the files.
_OUTER = ("policy", "catalogue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One place that differs: its path, and what stands there, as JSON has it; absent where there is nothing."""

    path: tuple[str, ...]
    old: object
    new: object


class Absent:
    """Is what stands where nothing stands, which is not the same as null."""


ABSENT = Absent()


def changed_places(old: WrittenPolicy, new: WrittenPolicy) -> Iterator[Changed]:
    """Yield every place at which two policies differ; none exactly if they have one version.

    What is in one of them only is one place, not many. The order of things is a place of its own, since people see it.
    """
    if old.content != new.content:
        for changed in _between((), json.loads(old.content), json.loads(new.content)):
            yield Changed(path=_inner(changed.path), old=changed.old, new=changed.new)


def spelt(value: object) -> str | None:
    """Spell what stands at a place for people; None where nothing does."""
    match value:
        case Absent():
            return None
        case None:
            return _NOT_SET
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(spelt(item)) for item in value)
        case dict():
            return "; ".join(f"{key}: {spelt(item)}" for key, item in value.items())
        case _:
            return str(value)


def _inner(path: tuple[str, ...]) -> tuple[str, ...]:
    for outer in _OUTER:
        path = path[1:] if path[:1] == (outer,) else path
    return path


def _between(path: tuple[str, ...], old: object, new: object) -> Iterator[Changed]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _between_mappings(path, old, new)
    elif isinstance(old, list) and isinstance(new, list) and any(isinstance(item, dict) for item in (*old, *new)):
        yield from _between_sentences(path, old, new)
    elif old != new:
        yield Changed(path=path, old=old, new=new)


def _between_mappings(path: tuple[str, ...], old: dict[str, object], new: dict[str, object]) -> Iterator[Changed]:
    for key in dict.fromkeys((*old, *new)):
        yield from _between((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
    kept = [key for key in old if key in new], [key for key in new if key in old]
    if kept[0] != kept[1]:
        yield Changed(path=path, old=kept[0], new=kept[1])


def _between_sentences(path: tuple[str, ...], old: list[object], new: list[object]) -> Iterator[Changed]:
    """Compare lists whose items have no names: grants, denials, signatures; an item that is moved is not changed."""
    was, will = [json.dumps(item) for item in old], [json.dumps(item) for item in new]
    gone, come = Counter(was) - Counter(will), Counter(will) - Counter(was)
    for item in gone.elements():
        yield Changed(path=path, old=json.loads(item), new=ABSENT)
    for item in come.elements():
        yield Changed(path=path, old=ABSENT, new=json.loads(item))
    kept = [item for item in was if item not in gone], [item for item in will if item not in come]
    if kept[0] != kept[1]:
        yield Changed(path=path, old=[json.loads(item) for item in kept[0]], new=[json.loads(item) for item in kept[1]])
