"""What a library or somebody's code gives is written as JSON would hold it."""

from collections import OrderedDict
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.json_paths import names_along
from adapters.kit.places import span_of
from adapters.kit.plain import DEEPEST, plain


class State(StrEnum):
    OPEN = "open"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (OrderedDict(a=[1, (2.5, {"b"})]), {"a": [1, [2.5, ["b"]]]}),
        (date(2012, 3, 7), "2012-03-07"),
        (datetime(2012, 3, 7, 9, 30), "2012-03-07T09:30:00"),  # noqa: DTZ001  as a source gives it
        (time(9, 30), "09:30:00"),
        (Decimal("1E+2"), "100"),
        (State.OPEN, "open"),
        (True, True),
        (None, None),
        (b"bytes", None),
        (object(), None),
        ({1: b"x"}, {"1": None}),
    ],
)
def test_values_are_written_and_what_is_none_is_nothing(given: object, written: object) -> None:
    assert plain(given) == written


def test_a_number_of_few_letters_does_not_fill_the_memory() -> None:
    # A SOAP service may give any `xsd:decimal`; this one is short.
    assert plain({"score": Decimal("1E+99999"), "share": Decimal("1E-99999")}) == {
        "score": "1E+99999",
        "share": "1E-99999",
    }
    assert plain(Decimal("1E+3")) == "1000"


def test_what_has_no_end_is_garbage() -> None:
    nested: object = "inside"
    for _ in range(DEEPEST):
        nested = [nested]
    assert plain(nested)
    with pytest.raises(SourceFault) as raised:
        plain([[nested]])
    assert raised.value.kind is SourceFaultKind.GARBAGE


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("$.a.b", ("a", "b")),
        ("$.a[*].b[0].c", ("a", "b", "c")),
        ("$", ()),
        ("$[0].a", ("a",)),
        ("$.a[?@.x=='y'].b", ("a",)),
        ("$..a", ()),
        ("$.a['b','c'].d", ("a",)),
    ],
)
def test_the_names_along_a_path_are_listed_as_far_as_there_is_one_way(path: str, names: tuple[str, ...]) -> None:
    assert names_along(path) == names


@pytest.mark.parametrize(("span", "seconds"), [("90m", 5400), ("36h", 129_600), ("2d", 172_800)])
def test_a_span_of_time_is_read(span: str, seconds: int) -> None:
    assert span_of(span).total_seconds() == seconds
