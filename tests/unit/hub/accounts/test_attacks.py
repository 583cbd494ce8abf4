"""What somebody can do who tries as often as they like: guess, spray, lock others out, find out who has an account."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from hub.accounts.hashing_cost import LEAST, HashingCost
from hub.accounts.passwords import Passwords
from hub.errors import SignInRefused
from tests.lib.measuring import auc
from tests.unit.hub.accounts.scene import CHEAP, OFFICE, PASSWORD, Scene, make_scene

HOUR = 3_600
WRONG = "kestrel harbour thimbles"
# Dear enough to stand out from the rest of an attempt as the real one does, cheap enough for thousands.
QUICK = HashingCost(memory_kib=1_024, passes=1)


class CountingPasswords(Passwords):
    """Counts how many comparisons were with somebody's hash: the guesses that were evaluated."""

    evaluated = 0

    async def matches(self, password: str, kept_hash: str | None) -> bool:
        self.evaluated += kept_hash is not None
        return await super().matches(password, kept_hash)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = make_scene(tmp_path, passwords=CountingPasswords(CHEAP))
    yield made
    made.passwords.close()
    made.engine.dispose()


async def is_refused(attempt: Awaitable[object]) -> bool:
    try:
        await attempt
    except SignInRefused:
        return True
    return False


@pytest.mark.parametrize("guesses", [200, pytest.param(5_000, marks=pytest.mark.slow)])
async def test_guessing_one_password_ends_and_even_the_right_one_is_refused_then(scene: Scene, guesses: int) -> None:
    for number in range(guesses):
        assert await is_refused(scene.sign_in(password=f"guess number {number}", source=f"source{number % 500}"))
        scene.clock.now += HOUR / guesses
    assert isinstance(scene.passwords, CountingPasswords)
    assert scene.passwords.evaluated <= 20
    for number in range(2):
        await is_refused(scene.sign_in(password=f"last guess {number}", source="another"))
    assert await is_refused(scene.sign_in(source="another"))


async def test_guessing_all_at_once_is_no_way_around(scene: Scene) -> None:
    guesses = (scene.sign_in(password=f"guess number {number}", source=f"s{number}") for number in range(30))
    assert all(await asyncio.gather(*map(is_refused, guesses)))
    assert isinstance(scene.passwords, CountingPasswords)
    assert scene.passwords.evaluated <= 10


@pytest.mark.parametrize("accounts", [400, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_spraying_one_password_over_all_accounts_ends(scene: Scene, accounts: int) -> None:
    for number in range(50):
        scene.add(f"user{number}", password_hash=scene.account().password_hash)
    for number in range(100 + accounts):
        assert await is_refused(scene.sign_in(f"user{number % 50}", WRONG, source="192.0.2.1"))
        scene.clock.now += HOUR / accounts
    assert isinstance(scene.passwords, CountingPasswords)
    # One in a hundred of an hour's 10,000 is 100; of fewer in the same time, no more are evaluated.
    assert scene.passwords.evaluated < 200


@pytest.mark.parametrize("hours", [2, pytest.param(24, marks=pytest.mark.slow)])
async def test_an_attacker_cannot_lock_out_a_holder_whose_device_is_known(scene: Scene, hours: int) -> None:
    device = (await scene.sign_in()).device
    for hour in range(hours * 10):
        for number in range(30):
            source = OFFICE if number % 3 == 0 else f"source{hour}.{number}"
            claimed = device[:-1] if number % 3 == 1 else f"no device {number}"
            assert await is_refused(scene.sign_in(password=WRONG, device=claimed, source=source))
        assert (await scene.sign_in(device=device)).requester.user_name == "n.okafor"
        scene.clock.now += HOUR / 10


async def test_a_device_of_one_account_has_no_share_of_another(scene: Scene) -> None:
    scene.add("s.patel")
    device = (await scene.sign_in()).device
    for number in range(10):
        assert await is_refused(scene.sign_in("s.patel", WRONG, source=f"source{number}"))
    assert await is_refused(scene.sign_in("s.patel", PASSWORD, device=device))
    assert (await scene.sign_in(device=device)).requester.user_name == "n.okafor"


async def test_a_stolen_device_guesses_no_faster_than_a_stranger(scene: Scene) -> None:
    device = (await scene.sign_in()).device
    for number in range(100):
        assert await is_refused(scene.sign_in(password=f"guess number {number}", device=device))
        scene.clock.now += HOUR / 100
    assert isinstance(scene.passwords, CountingPasswords)
    assert scene.passwords.evaluated <= 1 + 20


async def test_what_is_left_of_a_share_does_not_tell_which_names_there_are(scene: Scene) -> None:
    scene.add("a.brown")
    outcomes = []
    for name in ("n.okafor", "nobody"):
        source = f"192.0.2.{len(outcomes)}"
        for _ in range(150):
            assert await is_refused(scene.sign_in(name, WRONG, source=source))
        for number in range(80):
            await is_refused(scene.sign_in(f"x{number}", WRONG, source=source))
        outcomes.append(await is_refused(scene.sign_in("a.brown", source=source)))
    assert outcomes == [False, False]


# --- Time ------------------------------------------------------------------------------------------------------------


def test_the_measure_itself_notices_a_difference() -> None:
    chance = random.Random(1)
    noise = [chance.gauss(10, 1) for _ in range(2_000)]
    assert abs(auc(noise, [chance.gauss(10, 1) for _ in range(2_000)]) - 0.5) < 0.03
    assert auc(noise, [chance.gauss(10.3, 1) for _ in range(2_000)]) < 0.45


async def prepared(scene: Scene) -> dict[str, Callable[[], Awaitable[bool]]]:
    """Make accounts of every kind; return for each what an attempt is, from a stranger's device."""
    for name, changed in {
        "disabled": {"disabled": True},
        "no.level": {"access_level": ""},
        "guessed": {},
        "with.codes": {},
    }.items():
        scene.add(name, **changed)
    await scene.enrol("with.codes")

    return {
        "unknown": lambda: is_refused(scene.sign_in("n.okafar", WRONG)),
        "disabled, right password": lambda: is_refused(scene.sign_in("disabled", PASSWORD)),
        "no level, right password": lambda: is_refused(scene.sign_in("no.level", PASSWORD)),
        "right password without its code": lambda: is_refused(scene.sign_in("with.codes", PASSWORD)),
        "throttled, right password": lambda: is_refused(scene.sign_in("guessed", PASSWORD)),
    }


async def seconds(scene: Scene, attempt: Callable[[], Awaitable[bool]]) -> float:
    """Time one attempt, after everybody's share has come back but that of one account."""
    scene.clock.now += 10 * HOUR
    while scene.desk.throttle.admit_stranger("guessed", "elsewhere"):
        pass
    began = time.perf_counter()
    assert await attempt()
    return time.perf_counter() - began


async def compare(scene: Scene, kind: str, samples: int) -> float:
    """Time attempts of one kind against wrong passwords of a real account, in turns whose order is drawn by lot."""
    attempts = {"real": lambda: is_refused(scene.sign_in(password=WRONG)), "other": (await prepared(scene))[kind]}
    taken: dict[str, list[float]] = {name: [] for name in attempts}
    chance = random.Random(samples)
    for number in range(samples + 10):
        for name in chance.sample(sorted(attempts), k=2):
            took = await seconds(scene, attempts[name])
            if number >= 10:
                taken[name].append(took)
    return auc(taken["other"], taken["real"])


KINDS = (
    "unknown",
    "disabled, right password",
    "no level, right password",
    "right password without its code",
    "throttled, right password",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("cost", "samples", "tolerance"),
    [
        (QUICK, 250, 0.12),
        pytest.param(QUICK, 2_000, 0.03, marks=pytest.mark.slow),
        pytest.param(LEAST, 300, 0.12, marks=pytest.mark.slow),
    ],
    ids=["few", "many", "at real cost"],
)
async def test_the_time_of_a_refusal_does_not_tell_why(
    tmp_path: Path, kind: str, cost: HashingCost, samples: int, tolerance: float
) -> None:
    scene = make_scene(tmp_path, passwords=Passwords(cost))
    assert abs(await compare(scene, kind, samples) - 0.5) < tolerance
    scene.passwords.close()
    scene.engine.dispose()
