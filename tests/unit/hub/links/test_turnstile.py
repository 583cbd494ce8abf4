from hub.links.turnstile import BURST, PER_SECOND, Turnstile
from tests.unit.hub.links.wire import Clock


def test_a_burst_passes_and_the_next_does_not() -> None:
    turnstile = Turnstile(Clock())
    assert [turnstile.admits() for _ in range(BURST + 1)] == [True] * BURST + [False]


def test_after_a_burst_so_many_pass_each_second() -> None:
    clock = Clock()
    turnstile = Turnstile(clock)
    for _ in range(BURST):
        turnstile.admits()
    passed = 0
    for _ in range(100):
        clock.seconds += 0.1
        passed += turnstile.admits()
    assert abs(passed - 10 * PER_SECOND) <= 1


def test_who_is_turned_away_does_not_lose_more_by_trying_again() -> None:
    clock = Clock()
    turnstile = Turnstile(clock)
    for _ in range(BURST + 1_000):
        turnstile.admits()
    clock.seconds += 1 / PER_SECOND
    assert turnstile.admits()


def test_a_long_rest_gives_one_burst_and_not_two() -> None:
    clock = Clock()
    turnstile = Turnstile(clock)
    clock.seconds += 86_400
    assert sum(turnstile.admits() for _ in range(3 * BURST)) == BURST
