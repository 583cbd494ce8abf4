import pytest

from hub.links.breaker import FAILURES_IN_A_ROW, FEWEST_IN_WINDOW, OPEN_SECONDS, WINDOW_SECONDS, Breaker, BreakerState
from tests.unit.hub.links.wire import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


@pytest.fixture
def opened(breaker: Breaker) -> Breaker:
    for _ in range(FAILURES_IN_A_ROW):
        breaker.failed()
    return breaker


def test_a_new_breaker_lets_questions_through(breaker: Breaker) -> None:
    assert breaker.state is BreakerState.CLOSED
    assert breaker.admits()


def test_four_failures_in_a_row_do_not_open_it_and_the_fifth_does(breaker: Breaker) -> None:
    for _ in range(FAILURES_IN_A_ROW - 1):
        breaker.failed()
    assert breaker.admits()
    breaker.failed()
    assert breaker.state is BreakerState.OPEN
    assert not breaker.admits()


def test_an_answer_between_failures_starts_the_count_again(breaker: Breaker) -> None:
    for _ in range(FAILURES_IN_A_ROW - 1):
        breaker.failed()
    breaker.succeeded()
    for _ in range(FAILURES_IN_A_ROW - 1):
        breaker.failed()
    assert breaker.state is BreakerState.CLOSED


def test_it_opens_when_more_than_half_of_ten_seconds_failed(breaker: Breaker) -> None:
    for number in range(FEWEST_IN_WINDOW):
        (breaker.succeeded if number % 2 else breaker.failed)()
    assert breaker.state is BreakerState.CLOSED
    breaker.failed()
    assert breaker.state is BreakerState.OPEN


def test_failures_of_longer_ago_do_not_open_it(breaker: Breaker, clock: Clock) -> None:
    for number in range(FEWEST_IN_WINDOW):
        (breaker.succeeded if number % 2 else breaker.failed)()
    clock.seconds += WINDOW_SECONDS + 1
    breaker.failed()
    assert breaker.state is BreakerState.CLOSED


def test_a_few_failures_in_a_quiet_time_do_not_open_it(breaker: Breaker) -> None:
    for _ in range(4):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.state is BreakerState.CLOSED


def test_after_two_seconds_exactly_one_question_is_let_through(opened: Breaker, clock: Clock) -> None:
    clock.seconds += OPEN_SECONDS
    assert opened.state is BreakerState.HALF_OPEN
    assert [opened.admits() for _ in range(3)] == [True, False, False]


def test_an_answer_to_the_one_let_through_closes_it(opened: Breaker, clock: Clock) -> None:
    clock.seconds += OPEN_SECONDS
    assert opened.admits()
    opened.succeeded()
    assert opened.state is BreakerState.CLOSED
    assert opened.admits()
    # What failed before does not count any more.
    opened.failed()
    assert opened.state is BreakerState.CLOSED


def test_a_failure_of_the_one_let_through_opens_it_for_another_two_seconds(opened: Breaker, clock: Clock) -> None:
    clock.seconds += OPEN_SECONDS
    assert opened.admits()
    opened.failed()
    assert opened.state is BreakerState.OPEN
    assert not opened.admits()
    clock.seconds += OPEN_SECONDS
    assert opened.admits()


def test_a_failure_of_the_one_let_through_opens_it_again_however_long_ago_the_others_were(
    breaker: Breaker, clock: Clock
) -> None:
    for number in range(FEWEST_IN_WINDOW + 1):
        (breaker.succeeded if number % 2 else breaker.failed)()
    clock.seconds += WINDOW_SECONDS + OPEN_SECONDS
    assert breaker.admits()
    breaker.failed()
    assert breaker.state is BreakerState.OPEN


def test_when_the_one_let_through_is_abandoned_another_may_be(opened: Breaker, clock: Clock) -> None:
    clock.seconds += OPEN_SECONDS
    assert opened.admits()
    assert not opened.admits()
    opened.abandoned()
    assert opened.admits()


def test_an_answer_that_arrives_while_it_is_open_closes_it(opened: Breaker) -> None:
    opened.succeeded()
    assert opened.admits()
