"""Tells whose a resource is, by the references in it."""

from collections.abc import Iterator

from adapters.kit.documents import Document

OWNERS = ("subject", "patient")
"""The elements that name the one person whom a resource is about, in those that have either."""


def names_of(identity: str, base: str, address: str | None) -> frozenset[str]:
    """List the ways in which a reference can name a Patient of this server."""
    relative = f"Patient/{identity}"
    return frozenset(filter(None, (relative, base + relative, address)))


def is_of(resource: Document, names: frozenset[str]) -> bool:
    """Tell whether a resource refers to the Patient of these names; where it has a subject, that must be this one."""
    owners = [resource[element] for element in OWNERS if element in resource]
    references = list(_references(owners or resource))
    return any(reference.partition("/_history/")[0] in names for reference in references)


def _references(held: object) -> Iterator[str]:
    waiting: list[object] = [held]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting += here
        elif isinstance(here, dict):
            waiting += here.values()
            if isinstance(here.get("reference"), str):
                yield str(here["reference"])
