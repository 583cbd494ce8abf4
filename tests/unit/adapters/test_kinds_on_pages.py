"""Where a page of the manifest says of which kinds something is true, the code says so of the same kinds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from adapters.kit.manifest import Source
from adapters.kit.mapping import ColumnField, ColumnKey, ParameterKey, PathField
from adapters.kit.oneroster_mapping import RosterKey
from adapters.kit.record_sets import Records

PAGE = Path("docs") / "adapters" / "manifest.md"
Holds = Callable[[type[BaseModel]], bool]


def records_of(source: type[BaseModel]) -> type[BaseModel]:
    return next(
        part
        for part in get_args(source.model_fields["records"].annotation)
        if isinstance(part, type) and issubclass(part, Records)
    )


def kinds() -> dict[str, type[BaseModel]]:
    """List every kind of source there is, with what a record set of it may hold."""
    return {get_args(source.model_fields["kind"].annotation)[0]: records_of(source) for source in get_args(Source)}


def kinds_where(holds: Holds) -> set[str]:
    return {kind for kind, records in kinds().items() if holds(records)}


def key_is(key: type[BaseModel]) -> Holds:
    def holds(records: type[BaseModel]) -> bool:
        keys = records.model_fields["keys"].annotation
        assert isinstance(keys, type)
        assert issubclass(keys, BaseModel)
        return any(
            isinstance(part, type) and issubclass(part, key) for part in get_args(keys.model_fields["upn"].annotation)
        )

    return holds


def field_is(field: type[BaseModel]) -> Holds:
    return lambda records: field in get_args(records.model_fields["fields"].annotation)


def has(name: str) -> Holds:
    return lambda records: name in records.model_fields


@pytest.mark.parametrize(
    ("written", "times", "holds"),
    [
        (r"name of a column\s+\((.+?)\)", 1, key_is(ColumnKey)),
        (r"search parameter\s+\((.+?)\)", 1, key_is(ParameterKey)),
        (r"of a property\s+\((.+?)\)", 1, key_is(RosterKey)),
        (r"→ a column \((.+?)\)", 1, field_is(ColumnField)),
        (r"→ .* a JSONPath \((.+?)\)", 1, field_is(PathField)),
        (r"^\| `column: sex`.*\| (.+?): one column", 1, field_is(ColumnField)),
        (r"^\| `p(?:ath|ick): .*\| (.+?): (?:a JSONPath|which of)", 2, field_is(PathField)),
        (r"`joins` \((.+?)\)", 1, has("joins")),
        (r"`related` \((.+?)\)", 1, has("related")),
    ],
)  # fmt: skip
def test_a_page_names_the_kinds_of_which_the_code_says_the_same(
    repository: Path, written: str, times: int, holds: Holds
) -> None:
    said = re.findall(written, (repository / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    assert [set(kinds.split(", ")) for kinds in said] == [kinds_where(holds)] * times


def test_the_first_example_names_every_kind(repository: Path) -> None:
    said = re.findall(r"kind: sql +# (.+)", (repository / PAGE).read_text(encoding="utf-8"))
    assert [set(kinds_there.split(" · ")) for kinds_there in said] == [set(kinds())]
