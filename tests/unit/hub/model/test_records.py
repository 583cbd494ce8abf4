import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.records import Records
from tests.unit.hub.making import table


@given(st.integers(0, 5), st.integers(0, 5))
def test_rows_and_columns_are_two_views_of_the_same_cells(rows: int, width: int) -> None:
    columns = tuple(f"c{number}" for number in range(width))
    records = Records(
        columns=columns,
        cells=tuple(f"{row}.{name}" for row in range(rows) for name in columns),
        record_dates=("",) * rows,
        source="S",
        retrieved_at_ms=1,
    )
    assert len(records) == rows
    assert [tuple(f"{row}.{name}" for name in columns) for row in range(rows)] == list(records.rows())
    for name in columns:
        assert records.column(name) == tuple(f"{row}.{name}" for row in range(rows))


def test_a_column_that_is_not_there_is_empty() -> None:
    assert table({"service": "Team"}).column("address") == ()


def test_the_repr_of_a_table_tells_its_shape_and_no_value() -> None:
    assert repr(table({"service": "Qwertina"})) == "Records(1 rows of 1 columns)"


def test_a_table_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        table({"service": "Team"}).cells = ()  # type: ignore[misc]  # that it cannot is the point
