"""The hub forgets: planted values are found in its memory while sessions are open, and not when the last has ended."""

import os
from pathlib import Path

import pytest

from tests.forensics.memory import may_read
from tests.forensics.running import Options, Report, Run


@pytest.fixture(autouse=True)
def _may_look() -> None:
    if may_read():
        return
    reason = "the memory of a hardened hub can be read by an administrator of Linux only"
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


def said_of(report: Report) -> str:
    """Say what a run found, with what stands around the first of it."""
    places = [(hit.value, hit.written, region.name, around) for hit, region, around in report.left.places[:5]]
    return f"control {report.control}, failed {report.failed[:3]}, files {report.files}, left {report.kinds}: {places}"


# It takes half a minute and runs on every change all the same: nothing else would notice what a change leaves behind.
async def test_nothing_of_a_case_is_left_after_forty_sessions(tmp_path: Path) -> None:
    report = await Run(tmp_path, Options()).run()
    assert report.control[1] > 100
    assert report.is_forgotten, said_of(report)


@pytest.mark.slow
async def test_nothing_of_a_case_is_left_after_three_hundred_sessions_sixty_at_once(tmp_path: Path) -> None:
    report = await Run(tmp_path, Options(sessions=300, at_once=60)).run()
    assert report.is_forgotten, said_of(report)


@pytest.mark.slow
async def test_without_hardening_the_search_finds_what_was_dropped(tmp_path: Path) -> None:
    report = await Run(tmp_path, Options(sessions=14, no_harden=True, seconds=0.0)).run()
    assert len(report.left.counts) > 100
    assert not report.files
