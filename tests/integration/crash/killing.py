"""Kill the hub at a chosen step of what it does while clients ask, and start it again."""

import asyncio
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from tests.integration.crash.partnership import Partnership
from tests.integration.crash.tracer import Fate, Injection, Step, held, store_files

# A step that has not come by then does not come; the hub is killed in whatever it does.
LONGEST_LIFE_SECONDS = 6.0
KILLED = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A step, counted on each thread from when the clients begin to ask."""

    step: Step
    nth: int


async def outlive(on: Partnership, kills: Sequence[Kill]) -> int:
    """Kill the hub at each of these; return how many of the steps came."""
    reached = [await live_and_die(on, kill) for kill in kills]
    await settle(on)
    assert on.starts_are_quick()
    return sum(reached)


async def live_and_die(on: Partnership, kill: Kill) -> bool:
    """Start the hub, let the clients ask, and have it killed; tell whether it came to the step."""
    files = store_files(on.data, "hub.sqlite") if kill.step is Step.WRITE else ()
    injection = Injection(step=kill.step, fate=Fate.KILLED_BEFORE, nth=kill.nth, files=files)
    async with on.open() as clients:
        with held(on.hub.pid, injection):
            asking = [asyncio.create_task(client.ask_on(on.truth, on.people)) for client in clients]
            is_reached = await asyncio.to_thread(dies, on)
            on.hub.kill()
            await asyncio.gather(*asking)
            on.witness()
    return is_reached


def dies(on: Partnership) -> bool:
    """Wait until the hub has been killed; tell whether it was, in the time that a step may take."""
    try:
        return on.hub.wait(LONGEST_LIFE_SECONDS) == KILLED
    except subprocess.TimeoutExpired:
        return False


async def settle(on: Partnership) -> None:
    """Start the hub once more, see every account sign in and be answered, and end it in peace."""
    async with on.open() as clients:
        for client in clients[:2]:
            person = next(on.people)
            answer = await client.requester.ask(person, question=client.question, purpose=client.purpose)
            for part in answer.parts:
                on.truth.read(answer.request_id, part)
            assert answer.outcome("social_care") == ("held", "")
        await on.close()
