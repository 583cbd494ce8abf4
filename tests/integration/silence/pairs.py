"""Asks a real hub, over TLS, about somebody shielded and somebody unknown in turn; real adapters answer."""

import asyncio
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from sharing.v1.questions_pb2 import AnswerPart
from sharing.v1.records_pb2 import OUTCOME_NOTHING_HELD, PersonKeys

from tests.integration.adapters.changing_sources import KNOWN, UNKNOWN, ChangingSource, FhirSystem, SqlSystem
from tests.lib.deployment import Deployment, Ports, environment
from tests.lib.requester import Answer, Requester, signed_in

TICK_MS = 50
LINK_SECONDS = 20.0
LOOK_SECONDS = 0.1
AGENCIES: dict[str, type[ChangingSource]] = {"social_care": SqlSystem, "health": FhirSystem}


@dataclass(kw_only=True)
class Asked:
    """What came of asking many times about one of the two."""

    seconds: list[float] = field(default_factory=list)
    wires: Counter[bytes] = field(default_factory=Counter)
    requests: set[str] = field(default_factory=set)

    def note(self, answer: Answer) -> None:
        """Remember one answer: how long it took, which request it was, and what was said without either."""
        self.seconds.append(answer.seconds)
        self.requests.add(answer.request_id)
        self.wires[said(answer)] += 1


def said(answer: Answer) -> bytes:
    """Return the bytes of the whole answer, but for the request's name and for times, which are multiples of a tick.

    Under load an answer may come a tick later, or in other parts, or in another order; what it says is the same.
    """
    whole = AnswerPart()
    for part in answer.parts:
        whole.MergeFrom(part)
    whole.agencies.sort(key=lambda agency: agency.agency)
    whole.opening.request_id = ""
    for agency in whole.agencies:
        if agency.outcome == OUTCOME_NOTHING_HELD:
            assert agency.elapsed_ms % TICK_MS == 0
            assert agency.elapsed_ms > 0
        agency.elapsed_ms = 0
    assert whole.completeness.elapsed_ms % TICK_MS == 0
    whole.completeness.elapsed_ms = 0
    return whole.SerializeToString(deterministic=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringAgency:
    """An agency whose adapter runs: its system, and its journal."""

    source: ChangingSource
    journal: Path


@asynccontextmanager
async def agencies_answering(
    deployment: Deployment, ports: Ports, folder: Path, **said: str
) -> AsyncIterator[dict[str, AnsweringAgency]]:
    """Run an adapter program for each agency; in their systems this is said of the known child."""
    agencies: dict[str, AnsweringAgency] = {}
    async with AsyncExitStack() as stack:
        for agency, system in AGENCIES.items():
            home = folder / agency
            home.mkdir()
            (home / "ca.pem").write_bytes(deployment.authority.certificate)
            deployment.authority.agency(agency).write(home, agency)
            source = await stack.enter_async_context(system(home))
            source.change(**said)
            manifest = source.describe(f"localhost:{ports.links}", agency)
            command = [sys.executable, "-m", "adapters", "run", str(manifest)]
            program = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)  # noqa: ASYNC220  it only starts
            stack.callback(program.wait)
            stack.callback(program.terminate)
            agencies[agency] = AnsweringAgency(source=source, journal=home / "journal" / f"{agency}.sqlite")
        await _linked(deployment, ports)
        yield agencies


def journalled(journals: Iterable[Path], table: str, column: str) -> list[list[object]]:
    """Give one column of a table of each journal, in the order in which it was written."""
    found = []
    for journal in journals:
        with closing(sqlite3.connect(journal)) as connection:
            rows = connection.execute(f"SELECT {column} FROM {table} ORDER BY entry")  # noqa: S608  names of these tests
            found.append([row[0] for row in rows])
    return found


async def ask_in_pairs(deployment: Deployment, ports: Ports, pairs: int, sessions: int) -> tuple[Asked, Asked]:
    """Ask about the shielded and the unknown by turns, in several sessions at once; return what came of each."""
    shielded, unknown = Asked(), Asked()

    async def one_session(count: int) -> None:
        async with signed_in(deployment, ports.requesters) as requester:
            for number in range(count):
                turns: list[tuple[PersonKeys, Callable[[Answer], None]]] = [
                    (KNOWN, shielded.note),
                    (UNKNOWN, unknown.note),
                ]
                # Which of the two comes first changes, lest that be what is measured.
                for person, note in turns[:: 1 if number % 2 else -1]:
                    note(await _asked(requester, person))

    async with asyncio.TaskGroup() as group:
        for _ in range(sessions):
            group.create_task(one_session(pairs // sessions))
    return shielded, unknown


async def _asked(requester: Requester, person: PersonKeys) -> Answer:
    answer = await requester.ask(person)
    await requester.close(answer.request_id)
    return answer


async def _linked(deployment: Deployment, ports: Ports) -> None:
    """Wait until every agency has a link; that of another program is no event of this one."""
    async with signed_in(deployment, ports.requesters) as requester, asyncio.timeout(LINK_SECONDS):
        linked: set[str] = set()
        while not linked >= AGENCIES.keys():
            await asyncio.sleep(LOOK_SECONDS)
            linked = {name for name, agency in (await requester.status()).items() if agency.links}
