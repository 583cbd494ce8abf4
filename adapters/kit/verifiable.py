"""What a record set of documents must have so that what comes back can be compared with what was looked for."""

from collections.abc import Iterable

from adapters.kit.mapping import Related, Take, mend_needed
from adapters.kit.record_sets import F, K, Records


def require_verifiable(records: Records[K, F], related: Iterable[Related] = ()) -> None:
    """Refuse keys that could not be verified on what comes back, and more than one `take: each`."""
    unverified = [name for name in records.keys.mapped() if name not in records.fields]
    if unverified:
        listed = ", ".join(f"`{name}`" for name in unverified)
        raise mend_needed(f"what comes back cannot be checked against {listed}", "Map every key under `fields` too.")
    if [part.take for part in related].count(Take.EACH) > 1:
        raise mend_needed("more than one of the related says `take: each`", "Keep one; use `all` for the others.")
