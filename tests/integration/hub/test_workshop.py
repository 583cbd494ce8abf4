"""The workshop with real processes: the policy that comes back, and what becomes of those that misbehave."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts, texts_in
from hub.access.workshop.process import PROGRAM
from hub.access.workshop.wire import Request, header_of
from hub.access.workshop.workshop import Workshop, WorkshopLimits
from hub.errors import NotReady, NotWeighed, PolicyError, TooMuch
from hub.model.policy import Office
from tests.integration.hub.workshop_fakes import children, descriptors, multiplying, program
from tests.lib.measuring import percentile
from tests.lib.policies_of_size import SHIPPED_POLICIES, texts_with_rules

HALF_A_SECOND = WorkshopLimits(seconds=0.5)
SILENT = program("signal.pause()")


Started = Callable[[], list[int]]


@pytest.fixture(autouse=True)
def started() -> Iterator[Started]:
    """Tell the processes that a test has started; demand that it leaves none, dead or alive, and no descriptor."""
    descriptors_before, children_before = descriptors(), set(children())

    def since() -> list[int]:
        return [child for child in children() if child not in children_before]

    yield since
    assert since() == []
    assert descriptors() <= descriptors_before


def offices(policy: Policy) -> list[Office]:
    """Return every office that the policy could know."""
    return [
        Office(level, agency, areas)
        for level, agency, areas in product(
            policy.levels, policy.agencies, [(area,) for area in policy.catalogue.areas]
        )
    ]


def same_decisions(one: Policy, other: Policy) -> bool:
    """Tell whether two policies decide everything alike, at each instant at which something changes."""
    assert one.turns == other.turns
    return all(
        one.menu(office, at) == other.menu(office, at)
        and one.permits(office, question=question.id, purpose=purpose, at=at)
        == other.permits(office, question=question.id, purpose=purpose, at=at)
        for office in offices(one)
        for at in sorted(one.turns)
        for question in one.catalogue.questions.values()
        for purpose in question.purposes
    )


@pytest.mark.parametrize("rules", [0, 600])
async def test_a_policy_from_the_workshop_is_the_one_that_would_have_been_compiled_here(rules: int) -> None:
    texts = texts_with_rules(rules) if rules else texts_in(SHIPPED_POLICIES)
    here = compile_policy(rulebook_from_texts(texts))
    async with Workshop() as workshop:
        there = await workshop.compile(texts)
        assert await workshop.weigh("check", texts) == [{"version": here.version, "rules": rules or 584}]
    assert there.version == here.version
    assert list(there.profiles.items()) == list(here.profiles.items())
    assert same_decisions(here, there)


async def test_every_fault_comes_back_as_if_found_here() -> None:
    texts = texts_in(SHIPPED_POLICIES) | {"levels/guest.yaml": b"id: guest\n", "fields.yaml": b"a: \xff", "x": b""}
    with pytest.raises(PolicyError) as here:
        rulebook_from_texts(texts)
    async with Workshop() as workshop:
        with pytest.raises(PolicyError) as there:
            await workshop.compile(texts)
    assert there.value.faults == here.value.faults
    assert str(there.value) == str(here.value)


async def test_drafts_that_are_weighed_at_one_time_do_not_mix_and_no_more_run_than_may(started: Started) -> None:
    drafts = [texts_with_rules(rules) for rules in (100, 200, 300, 400)]
    most, watching = 0, True

    async def watch() -> None:
        nonlocal most
        while watching:
            most = max(most, len(started()))
            await asyncio.sleep(0)

    async with Workshop(WorkshopLimits(most_running=2)) as workshop:
        watcher = asyncio.create_task(watch())
        checked = await asyncio.gather(*(workshop.weigh("check", draft) for draft in drafts))
        watching = False
        await watcher
    assert [piece["rules"] for (piece,) in checked] == [100, 200, 300, 400]  # type: ignore[index]  # plain values
    assert most == 2


async def test_who_finds_too_many_waiting_is_refused_and_the_others_are_not() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    async with Workshop(WorkshopLimits(most_running=1, most_waiting=2)) as workshop:
        results = await asyncio.gather(*(workshop.weigh("check", texts) for _ in range(4)), return_exceptions=True)
    assert [type(result) for result in results] == [list, list, list, TooMuch]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("", "WORKSHOP_DIED"),
        ("sys.exit(3)", "WORKSHOP_DIED"),
        ("say(['piece', ['version', 'x']]); os.kill(os.getpid(), signal.SIGKILL)", "WORKSHOP_DIED"),
        ("say(['piece', ['version', 'x']]); os.abort()", "WORKSHOP_DIED"),
        ("write(b'Segmentation fault')", "WORKSHOP_GARBLED"),
        ("write(b'\\xff\\xfe\\n')", "WORKSHOP_GARBLED"),
        ("write(b'{}\\n')", "WORKSHOP_GARBLED"),
        ("write(b'[' * 100_000 + b'\\n')", "WORKSHOP_GARBLED"),
        ("write(b' ' * 5_000_000 + b'\\n')", "WORKSHOP_GARBLED"),
        ("while True: write(b' ' * 100_000)", "WORKSHOP_GARBLED"),
        ("say(['rumour', 1])", "WORKSHOP_GARBLED"),
        ("say(['piece', ['levels', {'id': 'god'}]])", "WORKSHOP_GARBLED"),
        ("say(['piece', ['version', 'x']]); say(['end', 1])", "WORKSHOP_GARBLED"),
        ("say(['piece', ['version', 'x']]); say(['end', 2])", "WORKSHOP_GARBLED"),
        ("say(['fault', {'file': 'x'}])", "WORKSHOP_GARBLED"),
        ("say(['failure', 'of some kind'])", "WORKSHOP_GARBLED"),
        ("say(['failure', {'kind': 'KeyError', 'places': []}])", "WORKSHOP_FAILED"),
        ("say(['failure', {'kind': 'MemoryError', 'places': []}])", "WORKSHOP_MEMORY"),
    ],
)
async def test_a_process_that_does_not_do_its_work_gives_a_clear_error(says: str, reason: str) -> None:
    async with Workshop(program=program(says)) as workshop:
        with pytest.raises(NotWeighed) as raised:
            await workshop.compile(texts_in(SHIPPED_POLICIES))
    assert raised.value.reason == reason
    assert raised.value.mend


async def test_a_result_of_which_a_piece_is_missing_is_no_result() -> None:
    async with Workshop(program=program("say(['piece', 1]); say(['end', 2])")) as workshop:
        with pytest.raises(NotWeighed) as raised:
            await workshop.weigh("check")
    assert raised.value.reason == "WORKSHOP_GARBLED"


async def test_a_program_that_cannot_be_started_gives_a_clear_error() -> None:
    async with Workshop(program=(str(Path(sys.executable).with_name("no-such-program")),)) as workshop:
        with pytest.raises(NotWeighed, match="cannot be started"):
            await workshop.compile({})


@pytest.mark.parametrize("says", ["signal.pause()", "while True: say(['piece', ['version', 'x']])", "while True: pass"])
async def test_a_process_that_takes_too_long_is_ended(says: str, started: Started) -> None:
    began = time.monotonic()
    async with Workshop(HALF_A_SECOND, program(says)) as workshop:
        with pytest.raises(NotWeighed, match=r"longer to weigh than 0\.5 s"):
            await workshop.compile(texts_in(SHIPPED_POLICIES))
        assert started() == []
    assert time.monotonic() - began < 10


async def test_a_process_that_reads_nothing_of_a_large_draft_is_ended_too() -> None:
    async with Workshop(HALF_A_SECOND, program("signal.pause()", reads=False)) as workshop:
        with pytest.raises(NotWeighed, match="longer to weigh"):
            await workshop.compile({"notes.txt": bytes(10_000_000)})


async def test_a_result_that_never_ends_is_bounded_by_its_size() -> None:
    endless = program("while True: say(['piece', 'x' * 1000])")
    async with Workshop(WorkshopLimits(result_bytes=100_000, seconds=5), endless) as workshop:
        with pytest.raises(NotWeighed) as raised:
            await workshop.weigh("check")
    assert raised.value.reason == "WORKSHOP_GARBLED"


async def test_a_short_draft_that_multiplies_is_held_to_its_memory() -> None:
    async with Workshop(WorkshopLimits(memory_bytes=80 * 1024**2, seconds=30)) as workshop:
        with pytest.raises(NotWeighed, match="more memory") as raised:
            await workshop.compile(multiplying())
    assert raised.value.reason == "WORKSHOP_MEMORY"


@contextmanager
def working(seconds: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program as a hub does, with more to do than it can finish, and keep its standard input open."""
    draft = multiplying()
    header = header_of(Request(command="compile", drafts=(draft,), parameters={}))
    environment = {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [*PROGRAM, str(4 * 1024**3), str(seconds)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment) as process:
        assert process.stdin is not None
        process.stdin.write(header + b"".join(draft.values()))
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


def test_a_process_that_nobody_watches_is_ended_by_the_system_when_its_time_is_up() -> None:
    with working(seconds=1) as process:
        assert process.wait(30) < 0


def test_a_process_ends_with_its_hub_however_that_ended() -> None:
    with working(seconds=60) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 1


async def test_a_process_gets_nothing_of_the_hub_but_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HUB", "kestrel")
    monkeypatch.chdir(SHIPPED_POLICIES)
    told = "say(['piece', [dict(os.environ), sorted(map(int, os.listdir('/proc/self/fd')))[:-1], os.getcwd()]])"
    async with Workshop(program=program(f"{told}; say(['end', 1])")) as workshop:
        ((environment, open_there, folder),) = await workshop.weigh("look")  # type: ignore[misc]  # plain values
    assert set(environment) <= {"PYTHONPATH", "LC_CTYPE"}
    assert open_there == [0, 1, 2]
    assert folder == "/"


async def has_started(workshop: Workshop) -> None:
    """Wait until a process has been started."""
    while not workshop._running:  # noqa: ASYNC110  (the workshop tells nobody)
        await asyncio.sleep(0)


async def test_whoever_goes_away_takes_the_process_along(started: Started) -> None:
    async with Workshop(program=SILENT) as workshop:
        asking = asyncio.create_task(workshop.compile({}))
        await has_started(workshop)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert started() == []


async def test_closing_ends_what_runs_and_what_waits_and_is_idempotent(started: Started) -> None:
    workshop = Workshop(WorkshopLimits(most_running=1, seconds=5), SILENT)
    asking = [asyncio.create_task(workshop.compile({})) for _ in range(3)]
    await has_started(workshop)
    await workshop.close()
    assert started() == []
    await workshop.close()
    for one in asking:
        with pytest.raises(NotReady, match="going away"):
            await one
    with pytest.raises(NotReady):
        await workshop.compile({})
    assert started() == []


async def lag_while(texts: dict[str, bytes]) -> tuple[Policy, float, Sequence[float]]:
    """Compile in the workshop; return how long that took, and how late this loop was at each beat meanwhile."""
    clock, late = asyncio.get_running_loop().time, list[float]()

    async def beat() -> None:
        while True:
            due = clock() + 0.001
            await asyncio.sleep(0.001)
            late.append(clock() - due)

    async with Workshop() as workshop:
        beating = asyncio.create_task(beat())
        began = clock()
        policy = await workshop.compile(texts)
        took = clock() - began
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
    return policy, took, late


@pytest.mark.slow
@pytest.mark.parametrize(("rules", "seconds"), [(1_000, 3), (100_000, 60)])
async def test_the_loop_goes_on_while_a_policy_is_compiled_and_that_takes_no_longer_than_promised(
    rules: int, seconds: float
) -> None:
    _, took, late = await lag_while(texts_with_rules(rules))
    assert took < seconds
    assert percentile(late, 99) < 0.020
