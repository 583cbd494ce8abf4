"""What is withdrawn is gone at once, from new questions, open streams and held answers, while everybody asks."""

from pathlib import Path

import pytest

from tests.integration.withdrawal.checker import effects, faults_in
from tests.integration.withdrawal.journal import Journal, Kind
from tests.integration.withdrawal.proving import RUNS, SlowDisk, fifty_tried, tried

ALL_KINDS = (*Kind, Kind.DISABLED, Kind.OFFICE, Kind.SIGNED_OUT, Kind.DISABLED)
# Those that leave a question running and take a part of its answer away.
OF_PARTS = (Kind.AGENCY, Kind.FIELD_CLASS, Kind.AGREEMENT)


async def test_what_is_withdrawn_is_gone_at_once_for_everybody(tmp_path: Path) -> None:
    journal = await tried(tmp_path, ALL_KINDS, seed=1)
    assert faults_in(journal) == []
    require_substance(journal, trials=12, asked_after=100)


async def test_what_is_withdrawn_while_it_is_being_recorded_is_not_released(tmp_path: Path) -> None:
    journal = await tried(tmp_path, (*OF_PARTS, *OF_PARTS, Kind.AGENCY, Kind.AGREEMENT), seed=2, disk=SlowDisk)
    assert faults_in(journal) == []
    require_substance(journal, trials=8, asked_after=80)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RUNS))
async def test_a_thousand_withdrawals_are_felt_at_once(tmp_path: Path, seed: int) -> None:
    journal = await fifty_tried(tmp_path, seed=seed)
    assert faults_in(journal) == []
    require_substance(journal, trials=47, asked_after=400)
    assert journal.by_workshop >= 1  # twenty or more in all runs together


def require_substance(journal: Journal, *, trials: int, asked_after: int) -> None:
    """Demand that there was something to be withdrawn, and that enough was asked afterwards."""
    found = effects(journal)
    assert sum(effect.trials for effect in found) >= trials
    assert sum(effect.asked_after for effect in found) >= asked_after
    assert sum(len(effect.since_acknowledged) for effect in found) >= trials
    assert sum(len(look.viewed) for withdrawal in journal.withdrawals for look in withdrawal.looks) >= trials // 2
    assert journal.left_out == 0
