"""Reads a FHIR search to its last page."""

from collections.abc import Iterator, Mapping

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource

MOST_PAGES = 10


async def search(http: HttpSource, resource: str, parameters: Mapping[str, str], deadline: float) -> list[object]:
    """Search a type of resource; raises SourceFault where the reply is no bundle, or has no end."""
    found: list[object] = []
    path, wanted = resource, parameters
    for _ in range(MOST_PAGES):
        bundle = await http.get(path, wanted, deadline)
        if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
            raise SourceFault(SourceFaultKind.GARBAGE)
        found += resources_in(bundle, resource)
        following = _next(bundle)
        if following is None:
            return found
        # The link holds the parameters already.
        path, wanted = following, {}
    raise SourceFault(SourceFaultKind.TOO_MUCH)


def resources_in(bundle: object, resource: str) -> Iterator[object]:
    """List the resources of one type in a bundle; outcomes and what was only included are passed over."""
    entries = bundle.get("entry", ()) if isinstance(bundle, dict) else ()
    for entry in entries if isinstance(entries, list) else ():
        held = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(held, dict) and held.get("resourceType") == resource:
            yield held


def _next(bundle: Mapping[str, object]) -> str | None:
    links = bundle.get("link", ())
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None


def escaped(value: str) -> str:
    r"""Escape what FHIR's search gives a meaning: `\`, `,`, `|` and `$` (R4, 3.1.1.4.0.1)."""
    for sign in ("\\", ",", "|", "$"):
        value = value.replace(sign, f"\\{sign}")
    return value
