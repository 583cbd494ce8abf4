"""The shipped policy in two areas: what tests of areas start from."""

from collections.abc import Mapping

from hub.access.reading import texts_in
from tests.lib.policies_of_size import SHIPPED_POLICIES

BURY = b"  - {id: bury, title: Bury, explanation: Our neighbour.}\n\n# Which statute"
DENIED_IN_BURY = b"""denials:
  - because: Bury has a team of its own.
    questions: [youth_order]
    agencies: [youth_offending]
    classes: all
    purposes: all
    areas: [bury]
grants:"""


def two_areas(changes: Mapping[str, tuple[bytes, bytes]] | None = None) -> dict[str, bytes]:
    """Return the texts of the shipped policy with a second area, Bury, that all but Connexions serve; and changes."""
    texts = texts_in(SHIPPED_POLICIES)
    texts["vocabulary.yaml"] = replaced(texts["vocabulary.yaml"], b"\n# Which statute", BURY)
    only_bolton = b"title: Connexions\n    areas: [bolton]\n"
    texts["agencies.yaml"] = replaced(texts["agencies.yaml"], b"title: Connexions\n", only_bolton)
    for name, (old, new) in (changes or {}).items():
        texts[name] = replaced(texts[name], old, new)
    return texts


def replaced(text: bytes, old: bytes, new: bytes) -> bytes:
    """Replace the one passage; raise ValueError if there is none."""
    if old not in text:
        raise ValueError(f"there is no {old!r}")
    return text.replace(old, new, 1)
