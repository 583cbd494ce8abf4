"""Looks into the types of a WSDL, to say which names a request takes and a reply can have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zeep.xsd import ComplexType, Element

from adapters.kit.json_paths import names_along


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A name that a type does not have, and those that it has."""

    name: str
    known: Sequence[str]


def names_in(kind: object) -> Mapping[str, object] | None:
    """List the elements and attributes of a type, each with its own type; None where it may have others, or any."""
    if not isinstance(kind, ComplexType):
        return None
    elements = list(kind.elements)
    if not all(isinstance(element, Element) for _, element in elements):
        return None
    named: dict[str, object] = {name: element.type for name, element in elements}
    return named | {name: attribute.type for name, attribute in kind.attributes}


def follow(kind: object, steps: Iterable[str]) -> object | Missed | None:
    """Follow names into a type: gives the type at the end, the first name that is missed, or None where all may be."""
    for step in steps:
        names = names_in(kind)
        if names is None:
            # A single value has no names; a type that is open may have any.
            return None
        if step not in names:
            return Missed(name=step, known=list(names))
        kind = names[step]
    return kind


def type_of_rows(operation: Any, path: str) -> object | Missed | None:  # noqa: ANN401  the library has no types
    """Find the type of the rows of a reply, or the name in their path that no reply has; None where all may be."""
    return follow(operation.output.body.type, names_along(path))
