from pathlib import Path

import pytest

from hub.hardening.closing import found, harden, swap_state
from hub.hardening.hardening import NOT_HARDENED, Swap

TITLES = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.mark.parametrize(
    ("said", "state"),
    [(TITLES, Swap.OFF), (f"{TITLES}/dev/sda2 partition 1048572 0 -2\n", Swap.ON)],
)
def test_swap_is_on_where_there_is_something_to_swap_to(said: str, state: Swap, tmp_path: Path) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(said, encoding="utf-8")
    assert swap_state(swaps) is state
    assert swap_state(tmp_path / "not there") is Swap.UNKNOWN


def test_a_process_that_is_not_hardened_says_so_and_how_to_mend_it() -> None:
    # These tests run without: no allocator's settings, and the process may be read by its own user.
    assert not found().overwrites_freed
    assert any("not overwritten" in loss for loss in found().losses)
    assert harden(wanted=False) is NOT_HARDENED
    assert "Run it with `hub serve`" in NOT_HARDENED.losses[0]
