"""Checking a draft on this machine, as the hub will check it: no hub is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.access.documents import read_document
from hub.access.papers import read_papers
from hub.access.policy import compile_policy
from hub.access.reading import texts_in
from hub.access.validate import validated

_OWN_TESTS: Final = "tests.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft without faults: how much is in it, and the very texts that were checked."""

    version: str
    levels: int
    questions: int
    agreements: int
    tests: int
    """Sentences of the policy's own tests, all of which hold."""
    texts: Mapping[str, bytes] = field(repr=False)


def check_folder(folder: Path) -> Checked:
    """Read, validate and compile the policy in a folder; raise PolicyError with every fault."""
    texts = texts_in(folder)
    book = validated(read_papers(folder, texts))
    return Checked(
        version=compile_policy(book).version,
        levels=len(book.levels),
        questions=len(book.catalogue.questions),
        agreements=len(book.agreements),
        tests=_own_tests(folder, texts),
        texts=texts,
    )


def _own_tests(folder: Path, texts: Mapping[str, bytes]) -> int:
    """Count the sentences of a file of tests that has been found to fit its shape."""
    if _OWN_TESTS not in texts:
        return 0
    document, _ = read_document(folder / _OWN_TESTS, texts[_OWN_TESTS])
    content = document.content
    tests = content.get("tests") if isinstance(content, dict) else None
    return sum(_sayings(test) for test in tests if isinstance(test, dict)) if isinstance(tests, list) else 0


def _sayings(test: Mapping[object, object]) -> int:
    """Count the sentences of one test: each key holds one, or a list of them."""
    said = [test[key] for key in ("may", "may_not") if key in test]
    return sum(len(one) if isinstance(one, list) else 1 for one in said)
