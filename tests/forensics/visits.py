"""The visits of a run: each opens a session, asks about people of its own, and ends as visits may end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import grpc
from sharing.v1 import questions_pb2, records_pb2, sessions_pb2

from tests.forensics.agencies import AGENCIES
from tests.forensics.office import Habit
from tests.forensics.stage import Stage
from tests.lib.deployment import PASSWORD
from tests.lib.requester import PATIENCE_SECONDS, Requester

SHORT_DEADLINE_SECONDS = 0.5
PAUSE_SECONDS = 0.8
EVERYWHERE_USER = "a.brown"
HANGING = {AGENCIES[2]: Habit.HANGS}
SLOW = {AGENCIES[1]: Habit.SLOW}
FAILING = {AGENCIES[0]: Habit.FAILS, AGENCIES[1]: Habit.SAYS_TOO_MUCH}

Visit = Callable[[Stage], Awaitable[None]]


async def plain(stage: Stage) -> None:
    """Ask, look again, close one answer, sign out, hang up."""
    async with _signed_in(stage) as requester:
        first = await requester.ask(stage.person())
        stage.note(first)
        stage.note(await requester.ask(stage.person(FAILING)))
        await requester.view(first.request_id)
        await requester.close(first.request_id)
        await requester.sign_out()


async def shared(stage: Stage) -> None:
    """Sign out on a connection that others use, and that stays open."""
    requester = await stage.sign_in(stage.shared_channel())
    stage.note(await requester.ask(stage.person(SLOW)))
    await requester.sign_out()


async def kept(stage: Stage) -> None:
    """Sign out, and keep the connection without using it."""
    requester = await stage.sign_in(await stage.kept_channel())
    stage.note(await requester.ask(stage.person()))
    await requester.sign_out()


async def forgetful(stage: Stage) -> None:
    """Never sign out, and keep the connection without using it: the session ends since it is idle."""
    requester = await stage.sign_in(await stage.kept_channel())
    stage.note(await requester.ask(stage.person()))


async def vanishing(stage: Stage) -> None:
    """Hang up without signing out."""
    async with _signed_in(stage) as requester:
        stage.note(await requester.ask(stage.person()))


async def vanishing_midway(stage: Stage) -> None:
    """Hang up while an answer arrives."""
    async with _signed_in(stage) as requester:
        await _stream(requester, stage.person(HANGING)).read()


async def cancelling(stage: Stage) -> None:
    """Cancel a question while its answer arrives, at various moments; then sign out on a connection that stays open."""
    requester = await stage.sign_in(await stage.kept_channel())
    for seconds in (0.0, 0.02, 0.05, 0.2):
        call = _stream(requester, stage.person(SLOW))
        await asyncio.sleep(seconds)
        call.cancel()
    call = _stream(requester, stage.person(HANGING))
    await call.read()
    call.cancel()
    await requester.sign_out()


async def impatient(stage: Stage) -> None:
    """Give a deadline that an agency does not keep."""
    async with _signed_in(stage) as requester:
        await _failing(_read(_stream(requester, stage.person(HANGING), seconds=SHORT_DEADLINE_SECONDS)), stage)
        await _failing(requester.ask(stage.person(SLOW), timeout=0.03), stage)
        await requester.sign_out()


async def slow_reader(stage: Stage) -> None:
    """Read a part, pause, read on."""
    async with _signed_in(stage) as requester:
        call = _stream(requester, stage.person(SLOW))
        await call.read()
        await asyncio.sleep(PAUSE_SECONDS)
        await _read(call)
        await requester.sign_out()


async def refused(stage: Stage) -> None:
    """Ask what may not be asked, with names in every place."""
    async with _signed_in(stage) as requester:
        person = stage.person()
        person.nhs_number = person.nhs_number[:-1] + str((int(person.nhs_number[-1]) + 1) % 10)
        await _failing(_read(_stream(requester, person)), stage)
        for field in ("question", "purpose", "lawful_basis", "case_reference"):
            text = stage.canaries.long("refused", person.nhs_number, field)
            await _failing(_read(_stream(requester, stage.person(), **{field: text})), stage)
        await requester.sign_out()


async def interrupted(stage: Stage) -> None:
    """Sign out while a question runs."""
    async with _signed_in(stage) as requester:
        call = _stream(requester, stage.person(HANGING))
        await call.read()
        await requester.sign_out()
        await _failing(_read(call), stage)


async def closing_midway(stage: Stage) -> None:
    """Close an answer while it arrives, then sign out."""
    async with _signed_in(stage) as requester:
        call = _stream(requester, stage.person(HANGING))
        await call.read()
        await requester.close("")
        await _failing(_read(call), stage)
        await requester.sign_out()


async def everywhere(stage: Stage) -> None:
    """End every session of an account from one of them; others of this kind may come in between."""
    async with stage.channel() as channel, stage.channel() as other:
        with suppress(grpc.aio.AioRpcError):
            here = await stage.sign_in(channel, EVERYWHERE_USER)
            there = await stage.sign_in(other, EVERYWHERE_USER)
            await _failing(there.ask(stage.person(), question="child_basics"), stage)
            request = sessions_pb2.SignOutRequest(everywhere=True)
            await here.sessions.SignOut(request, metadata=here.metadata, timeout=PATIENCE_SECONDS)


async def by_command(stage: Stage) -> None:
    """Do what the commands do, over a connection that stays open."""
    client = await stage.kept_client()
    await client.sign_in("n.okafor", PASSWORD)
    first = [part async for part in client.ask(_request(stage.person()))]
    async for _ in client.ask(_request(stage.person(FAILING))):
        pass
    await client.view(first[0].opening.request_id)
    await client.close_answer(first[0].opening.request_id)
    await client.sign_out()


VISITS: tuple[Visit, ...] = (
    plain,
    shared,
    kept,
    forgetful,
    vanishing,
    vanishing_midway,
    cancelling,
    impatient,
    slow_reader,
    refused,
    interrupted,
    closing_midway,
    everywhere,
    by_command,
)


@asynccontextmanager
async def _signed_in(stage: Stage) -> AsyncIterator[Requester]:
    async with stage.channel() as channel:
        yield await stage.sign_in(channel)


def _stream(
    requester: Requester, person: records_pb2.PersonKeys, *, seconds: float = PATIENCE_SECONDS, **changed: str
) -> "grpc.aio.UnaryStreamCall[Any, Any]":
    request = _request(person, **changed)
    return requester.questions.Ask(request, metadata=requester.metadata, timeout=seconds)


def _request(person: records_pb2.PersonKeys, **changed: str) -> questions_pb2.AskRequest:
    right = {
        "question": "child_services",
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "case_reference": "TEST/1",
    }
    return questions_pb2.AskRequest(person=person, **{**right, **changed})


async def _read(call: "grpc.aio.UnaryStreamCall[Any, Any]") -> None:
    while await call.read() is not grpc.aio.EOF:
        pass


async def _failing(call: Awaitable[object], stage: Stage) -> None:
    """Let a call fail that may."""
    try:
        await call
    except grpc.aio.AioRpcError:
        stage.refused += 1
