"""One fault of each family on one agency's line, while little is asked; the whole matrix is `python -m tests.chaos`."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.cells import Cell, Load, Share, strike
from tests.chaos.field import Field, Resources, running_field
from tests.lib.line_faults import LineFault, Measures

# A real hub and five real adapters, once for all.
pytestmark = pytest.mark.asyncio(loop_scope="module")

DEADLINE_MS = 400
MEASURES = Measures(latency_seconds=0.03, jitter_seconds=0.02, far_seconds=1.0, flap_seconds=0.1)
SECONDS = 0.25
PER_SECOND = 40.0
FAMILIES = (
    LineFault.LATENCY,
    LineFault.DRIP,
    LineFault.STOPS,
    LineFault.HALF_OPEN,
    LineFault.RESET_IN_REPLY,
    LineFault.FLAPS,
    LineFault.FLIPS_TO_HUB,
    LineFault.GARBAGE_TO_ADAPTER,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Field]:
    folder = tmp_path_factory.mktemp("field")
    async with running_field(folder, deadline_ms=DEADLINE_MS, seed=1, measures=MEASURES) as field:
        yield field


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def before(field: Field) -> Resources:
    """Measure before the first fault."""
    return await field.resources()


@pytest.mark.parametrize("fault", FAMILIES)
async def test_a_fault_on_one_line_delays_nobody_hides_nobody_and_is_over_when_it_ends(
    fault: LineFault, field: Field, before: Resources
) -> None:
    assert before.streams == len(field.lines)
    cell = Cell(fault=fault, share=Share.ONE, load=Load.IDLE)
    assert (await strike(field, cell, seconds=SECONDS, per_second=PER_SECOND)).faults() == []


async def test_after_all_faults_every_receipt_is_in_its_journal_once_and_in_order_and_no_link_is_left_over(
    field: Field, before: Resources
) -> None:
    assert await field.receipts_settled() > 0
    assert await field.links() == before.streams
