"""Finds the agency's own records of a person for its own people, who ask its journal and not its records.

They look as the adapter does, by every way that the manifest knows, but past what keeps records from leaving: whom a
rule or a shield protects now was perhaps answered for before, and the agency must find that.
"""

import asyncio
from collections.abc import Mapping

from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.looking import ways_to_look
from adapters.kit.manifest import Manifest
from adapters.kit.reader import Reader

_OPEN: Mapping[str, object] = {"withhold_when": {}, "only_when": {}, "terms": None}
KEYS = ("nhs_number", "upn", "family_name", "given_name", "date_of_birth")


def past_protection(manifest: Manifest) -> Manifest:
    """Give a manifest by which everything is found; for the agency's own people alone, and never for a link."""
    sources = {
        name: source.model_copy(
            update={"records": {name: records.model_copy(update=_OPEN) for name, records in source.records.items()}}
        )
        for name, source in manifest.sources.items()
    }
    return manifest.model_copy(update={"sources": sources})


async def own_records(
    manifest: Manifest, readers: Mapping[str, Reader], given: Mapping[str, str], seconds: float
) -> tuple[list[tuple[str, str]], list[str]]:
    """List the own records of a person, as questions with references; and the questions whose source did not answer.

    `given` has some of KEYS. A record set without `record_id` has no references, and neither has one that the person
    cannot be looked for in.
    """
    person = PersonKeys()
    for key, value in given.items():
        setattr(person, key, value)
    deadline = asyncio.get_running_loop().time() + seconds
    questions = list(manifest.questions)
    looks = (_own_records(manifest, readers, question, person, deadline) for question in questions)
    found = dict(zip(questions, await asyncio.gather(*looks), strict=True))
    own = [(question, reference) for question, references in found.items() for reference in references or ()]
    return own, [question for question, references in found.items() if references is None]


async def _own_records(
    manifest: Manifest, readers: Mapping[str, Reader], question: str, person: PersonKeys, deadline: float
) -> list[str] | None:
    route = manifest.questions[question]
    found: list[str] = []
    try:
        for way in ways_to_look(manifest.records_of(route).keys.mapped(), person, with_shielded=True):
            rows = await readers[route.source].find(route.records, way, (), deadline)
            found += rows.references
    except Exception:  # noqa: BLE001  whatever went wrong was not looking; its words may hold case data, and are not told
        return None
    return list(dict.fromkeys(filter(None, found)))
