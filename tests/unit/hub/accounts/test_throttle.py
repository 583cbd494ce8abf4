import pytest

from hub.accounts.buckets import Allowance, Buckets
from hub.accounts.throttle import ACCOUNT, DEVICE, SOURCE, STRANGERS, Throttle, source_key
from tests.unit.hub.accounts.scene import Clock

HOUR = 3_600


def evaluated(throttle: Throttle, clock: Clock, attempts: int, *, seconds: float, user_name: str, source: str) -> int:
    """Guess at an even pace for some time; count how many guesses are evaluated."""
    count = 0
    for _ in range(attempts):
        count += throttle.admit_stranger(user_name, source) is not None
        clock.now += seconds / attempts
    return count


@pytest.mark.parametrize("attempts", [21, 100, 5_000])
def test_no_hour_sees_more_than_twenty_guesses_at_one_account(attempts: int) -> None:
    clock = Clock()
    throttle = Throttle(clock)
    hours = [evaluated(throttle, clock, attempts, seconds=HOUR, user_name="n.okafor", source="a") for _ in range(5)]
    assert max(hours) <= 20
    assert max(hours[1:]) <= 11


def test_twenty_is_the_bound_from_ever_so_many_sources_too() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert sum(evaluated(throttle, clock, 1, seconds=1, user_name="a", source=str(n)) for n in range(HOUR)) <= 20


def test_less_than_one_in_a_hundred_guesses_is_evaluated_after_the_first_hundred_from_one_source() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    count = sum(
        evaluated(throttle, clock, 1, seconds=HOUR / 10_000, user_name=f"user{number}", source="192.0.2.1")
        for number in range(10_100)
    )
    assert 100 <= count < 200


def test_spraying_from_many_sources_ends_too() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    count = sum(
        evaluated(throttle, clock, 1, seconds=HOUR / 20_000, user_name=f"user{n}", source=f"source{n % 1_000}")
        for n in range(20_000)
    )
    assert count <= STRANGERS.at_once + STRANGERS.an_hour + 1


def test_whatever_strangers_do_a_known_device_has_its_own_share() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    evaluated(throttle, clock, 5_000, seconds=10, user_name="n.okafor", source="192.0.2.1")
    evaluated(throttle, clock, 5_000, seconds=10, user_name="n.okafor", source="198.51.100.7")
    for _ in range(DEVICE.at_once):
        assert throttle.admit_known("n.okafor", b"device")
    assert throttle.admit_known("n.okafor", b"device") is None
    assert throttle.admit_known("n.okafor", b"another device")


def test_what_one_account_s_share_is_worth_does_not_change_with_guesses_that_are_not_evaluated() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(SOURCE.at_once):
        assert throttle.admit_stranger(f"user{number}", "192.0.2.1")
    for _ in range(1_000):
        assert throttle.admit_stranger("n.okafor", "192.0.2.1") is None
    assert sum(throttle.admit_stranger("n.okafor", "198.51.100.7") is not None for _ in range(20)) == ACCOUNT.at_once


def test_an_attempt_that_was_no_guess_costs_nothing() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(1_000):
        ticket = throttle.admit_stranger("n.okafor", "192.0.2.1")
        assert ticket
        ticket.give_back()
    assert len(throttle) == 0


def test_somebody_who_knows_one_password_cannot_guess_more_at_others_by_it() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    guesses = 0
    for _ in range(1_000):
        own = throttle.admit_stranger("a.brown", "192.0.2.1")
        if own:
            own.give_back()
        guesses += throttle.admit_stranger("n.okafor", "192.0.2.1") is not None
    assert guesses == ACCOUNT.at_once


def test_memory_follows_what_was_evaluated_lately_and_not_what_was_tried() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(200_000):
        throttle.admit_stranger(f"user{number}", f"source{number}")
        clock.now += 0.001
    assert len(throttle) < 2_500


def test_buckets_that_are_full_again_are_forgotten() -> None:
    clock = Clock()
    buckets = Buckets(Allowance(at_once=2, an_hour=HOUR), clock)
    for number in range(100_000):
        buckets.take(number)
        clock.now += 0.01
    assert len(buckets) < 3_000


def test_a_bucket_never_holds_more_than_its_allowance() -> None:
    clock = Clock()
    buckets = Buckets(Allowance(at_once=2, an_hour=1), clock)
    clock.now += 1_000 * HOUR
    buckets.give_back("a")
    for _ in range(2):
        assert buckets.has_one("a")
        buckets.take("a")
    assert not buckets.has_one("a")
    clock.now += HOUR
    assert buckets.has_one("a")


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("", "", True),
        ("unix:" + "x" * 1_000, "unix:" + "x" * 2_000, True),
    ],
)
def test_a_source_is_an_address_or_the_network_that_one_household_has(one: str, other: str, *, are_one: bool) -> None:
    assert (source_key(one) == source_key(other)) is are_one
    assert len(source_key(one)) <= 100
