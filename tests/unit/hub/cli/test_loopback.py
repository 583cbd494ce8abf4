"""The listener for one sign-in: nobody who is silent, rude or too late keeps its user from coming back."""

import asyncio

import pytest

from hub.cli.errors import CommandError
from hub.cli.signing.loopback import Loopback


async def say(loopback: Loopback, head: bytes) -> bytes:
    """Send something to the listener, and give what it answers."""
    port = int(loopback.redirect_uri.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    try:
        return await reader.read()
    finally:
        writer.close()


def get(loopback: Loopback, query: str) -> bytes:
    host, _, path = loopback.redirect_uri.removeprefix("http://").partition("/")
    return f"GET /{path}?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


async def test_the_one_who_bears_the_state_gets_through_whoever_else_calls() -> None:
    async with Loopback() as loopback:
        waiting = asyncio.ensure_future(loopback.sent_back("s-1", 20))
        silent = asyncio.ensure_future(say(loopback, b"GET /"))
        for rude in (b"\x00\r\n\r\n", b"POST /signed-in?state=s-1 HTTP/1.1\r\n\r\n", b"A" * 40_000):
            assert b"200" not in await say(loopback, rude)
        assert b"200 OK" in await say(loopback, get(loopback, "state=s-1&code=c-1"))
        sent_back = await waiting
        silent.cancel()
    assert (sent_back.code, sent_back.iss) == ("c-1", "")
    assert "c-1" not in repr(sent_back)


async def test_a_second_answer_changes_nothing() -> None:
    async with Loopback() as loopback:
        waiting = asyncio.ensure_future(loopback.sent_back("s-1", 20))
        await asyncio.gather(*(say(loopback, get(loopback, f"state=s-1&code=c-{number}")) for number in (1, 1)))
        assert (await waiting).code == "c-1"


async def test_nobody_is_waited_for_without_end() -> None:
    async with Loopback() as loopback:
        with pytest.raises(CommandError) as refused:
            await loopback.sent_back("s-1", 0)
    assert refused.value.reason == "NOBODY_CAME_BACK"
