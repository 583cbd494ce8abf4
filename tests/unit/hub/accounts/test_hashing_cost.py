import pytest

from hub.accounts.hashing_cost import COSTS, LEAST, HashingCost, measured_cost, milliseconds


def pace(cost: HashingCost) -> float:
    """Pretend that a machine takes a millisecond for each mebibyte that it goes through."""
    return cost.memory_kib * cost.passes / 1024


@pytest.mark.parametrize(
    ("longest_ms", "chosen"), [(1_000, COSTS[3]), (150, COSTS[2]), (50, COSTS[1]), (40, LEAST), (1, LEAST), (0, LEAST)]
)
def test_the_dearest_cost_that_fits_is_chosen_and_never_less_than_the_least(
    longest_ms: float, chosen: HashingCost
) -> None:
    assert measured_cost(longest_ms, measure=pace) == chosen


def test_costs_grow_and_begin_with_what_owasp_advises() -> None:
    assert (LEAST.memory_kib, LEAST.passes) == (19 * 1024, 2)
    assert sorted(COSTS, key=pace) == list(COSTS)


def test_what_is_chosen_on_this_machine_keeps_to_the_time() -> None:
    assert milliseconds(HashingCost(memory_kib=64, passes=1)) < 50
    assert measured_cost(1_000) in COSTS
