"""Every fault on one, half and all lines, idle and loaded; then half-open lines, and sixteen adapters that return.

`python -m tests.chaos --patience` does the same and prints the figures.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.cells import EXPECTED, Load, Share
from tests.chaos.field import Field, running_field
from tests.chaos.matrix import Matrix, all_cells
from tests.chaos.noticing import notice
from tests.chaos.returning import return_all
from tests.lib.line_faults import LineFault, Measures

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

DEADLINE_MS = 2_000
SECONDS = 1.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Field]:
    folder, measures = tmp_path_factory.mktemp("field"), Measures(far_seconds=1.5 * DEADLINE_MS / 1_000)
    async with running_field(folder, deadline_ms=DEADLINE_MS, seed=2, measures=measures) as field:
        yield field


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(field: Field) -> Matrix:
    matrix = Matrix(field)
    await matrix.begin()
    return matrix


async def test_every_fault_has_an_expectation() -> None:
    assert EXPECTED.keys() == set(LineFault)


@pytest.mark.parametrize("fault", LineFault)
async def test_a_fault_on_one_half_or_all_lines_is_labelled_delays_nobody_and_is_over_when_it_ends(
    fault: LineFault, matrix: Matrix
) -> None:
    wrong = {}
    for cell in all_cells([fault], list(Share), list(Load)):
        if faults := (await matrix.strike(cell, seconds=SECONDS)).faults():
            wrong[str(cell)] = faults
    assert wrong == {}


async def test_after_the_whole_matrix_every_figure_of_the_battery_is_met(matrix: Matrix) -> None:
    report = await matrix.end()
    assert [finding for finding in report.findings() if not finding.is_met] == []


async def test_sixteen_adapters_whose_hub_goes_and_comes_do_not_dial_as_one_and_are_back_in_five_seconds(
    field: Field,
) -> None:
    assert (await return_all(field)).faults() == []


async def test_both_ends_of_a_line_that_goes_half_open_notice_in_the_time_that_is_stated(field: Field) -> None:
    noticed = await notice(field)
    assert all(one.is_in_time for one in noticed), noticed
