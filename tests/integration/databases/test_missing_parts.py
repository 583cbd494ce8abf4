"""A real part that is missing is said, and where nothing may be skipped it is a fault."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.databases.conftest import or_without
from tests.lib.databases import Database, MissingPartError


@contextmanager
def gone() -> Iterator[Database]:
    raise MissingPartError("Needs a part that is gone.")
    yield


@pytest.mark.parametrize(
    ("said", "outcome"), [("", pytest.skip.Exception), ("0", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_what_is_missing_is_skipped_with_its_reason_and_never_on_a_build_server(
    monkeypatch: pytest.MonkeyPatch, said: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI_NOTHING_SKIPPED", said)
    with pytest.raises(outcome, match="a part that is gone"), or_without(gone):
        pass
