"""Reads a FHIR search to its last page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.kit.documents import Document
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.wire import Parameters

MOST_PAGES = 10
ENTERED_IN_ERROR = "entered-in-error"
FAILED = frozenset({"error", "fatal"})


@dataclass(slots=True, kw_only=True, repr=False)
class Searched:
    """What a search found: the resources of its type, and what came with them. Case data, so it has no repr.

    `addresses` has the full address of a match by its id.
    """

    matches: list[object] = field(default_factory=list)
    included: list[Document] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    matched: int = 0

    def __repr__(self) -> str:
        """Count, and say nothing else."""
        return f"Searched({len(self.matches)} matches, {len(self.included)} included)"

    def add(self, bundle: Document, resource: str) -> None:
        """Add a page; raise SourceFault where an entry says that the search has failed."""
        for entry in _entries(bundle):
            held, mode = entry.get("resource"), _mode(entry)
            if not isinstance(held, dict) or not isinstance(held.get("resourceType"), str):
                continue
            if held.get("resourceType") == "OperationOutcome":
                _expect_no_failure(held)
            elif mode == "include":
                self.included += [] if is_in_error(held) else [held]
            elif held.get("resourceType") == resource:
                self.matched += 1
                self.matches += [] if is_in_error(held) else [held]
                identity, address = held.get("id"), entry.get("fullUrl")
                if isinstance(identity, str) and isinstance(address, str):
                    self.addresses[identity] = address


async def search(http: HttpSource, resource: str, parameters: Parameters, deadline: float) -> Searched:
    """Search a type of resource; raises SourceFault where the reply is no bundle, has no end, or is not whole."""
    found = Searched()
    path, wanted = resource, parameters
    seen = {resource}
    for _ in range(MOST_PAGES):
        bundle = await http.get(path, wanted, deadline)
        if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
            raise SourceFault(SourceFaultKind.GARBAGE)
        found.add(bundle, resource)
        following = _link(bundle, "next")
        if following is None:
            _expect_all(bundle, found)
            return found
        if following in seen:
            # The pages go round in a circle.
            break
        seen.add(following)
        # The link holds the parameters already.
        path, wanted = following, {}
    raise SourceFault(SourceFaultKind.TOO_MUCH)


def resources_in(bundle: object, resource: str) -> Iterator[object]:
    """List the resources of one type in a bundle; outcomes and what was only included are passed over."""
    found = Searched()
    found.add(bundle if isinstance(bundle, dict) else {}, resource)
    return iter(found.matches)


def is_in_error(resource: Document) -> bool:
    """Tell whether a resource says of itself that it was entered in error (R4: it is not to be relied on)."""
    if resource.get("status") == ENTERED_IN_ERROR:
        return True
    verified = resource.get("verificationStatus")
    codings = verified.get("coding") if isinstance(verified, dict) else None
    return any(isinstance(one, dict) and one.get("code") == ENTERED_IN_ERROR for one in _listed(codings))


def escaped(value: str) -> str:
    r"""Escape what FHIR's search gives a meaning: `\`, `,`, `|` and `$` (R4, 3.1.1.4.0.1)."""
    for sign in ("\\", ",", "|", "$"):
        value = value.replace(sign, f"\\{sign}")
    return value


def _entries(bundle: Document) -> Iterator[Document]:
    return (entry for entry in _listed(bundle.get("entry")) if isinstance(entry, dict))


def _listed(held: object) -> list[object]:
    return held if isinstance(held, list) else []


def _mode(entry: Document) -> object:
    said = entry.get("search")
    return said.get("mode") if isinstance(said, dict) else None


def _expect_no_failure(outcome: Mapping[str, object]) -> None:
    """Raise SourceFault where an outcome among the entries is more than a warning: nobody knows what is missing."""
    if any(isinstance(issue, dict) and issue.get("severity") in FAILED for issue in _listed(outcome.get("issue"))):
        raise SourceFault(SourceFaultKind.GARBAGE)


def _expect_all(bundle: Document, found: Searched) -> None:
    """Raise SourceFault where the last page says that there is more than came: what is missing may be a shield."""
    said = bundle.get("total")
    if isinstance(said, int) and said > found.matched:
        raise SourceFault(SourceFaultKind.GARBAGE)


def _link(bundle: Document, relation: str) -> str | None:
    for link in _listed(bundle.get("link")):
        if isinstance(link, dict) and link.get("relation") == relation and isinstance(link.get("url"), str):
            return str(link["url"])
    return None
