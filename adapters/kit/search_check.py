"""Looks, for `adapter check`, at which record sets a hub may search for people, and by what."""

from collections.abc import Iterator, Sequence

from adapters.kit.findings import MAPPING
from adapters.kit.manifest import Manifest
from adapters.kit.reader import Finding
from adapters.kit.searching import CRITERIA

_OF_SOMEBODY = ("family_name", "given_name", "date_of_birth")


def check_searches(manifest: Manifest) -> Sequence[Finding]:
    """Say of each record set that its manifest opens to searches by which criteria it can be; and what is in vain."""
    return list(_searches(manifest))


def _searches(manifest: Manifest) -> Iterator[Finding]:
    asked: dict[tuple[str, str], list[str]] = {}
    for question, route in manifest.questions.items():
        if getattr(manifest.records_of(route), "search", None):
            asked.setdefault((route.source, route.records), []).append(question)
    for (source, records), questions in asked.items():
        fields = manifest.sources[source].records[records].fields
        criteria = [name for name, field in CRITERIA.items() if field in fields]
        name = f"{source}.{records}"
        if not any(field in fields for field in _OF_SOMEBODY):
            yield MAPPING.fault(
                f"{name} is open to searches, and has neither names nor a date of birth to compare",
                "Map `family_name`, `given_name` or `date_of_birth` under `fields`, or take `search` away.",
            )
            continue
        yield MAPPING.ok(
            f"{name} may be searched for people whose numbers nobody knows ({', '.join(questions)}),"
            f" by {', '.join(criteria)}"
        )
