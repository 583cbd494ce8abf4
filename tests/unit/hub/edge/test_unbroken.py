import asyncio

import pytest

from hub.edge.unbroken import Unbroken


class Write:
    """An operation that ends when the test says."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, error: Exception | None = None) -> str:
        await self.may_end.wait()
        self.ended.set()
        if error is not None:
            raise error
        return "written"


async def test_an_operation_ends_by_itself_when_whoever_waited_is_cancelled() -> None:
    unbroken, write = Unbroken(), Write()
    waiting = asyncio.create_task(unbroken(write()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not write.ended.is_set()
    write.may_end.set()
    async with asyncio.timeout(5):
        await write.ended.wait()


async def test_whoever_waits_has_the_result_or_the_error() -> None:
    unbroken, write = Unbroken(), Write()
    write.may_end.set()
    assert await unbroken(write()) == "written"
    with pytest.raises(ConnectionError):
        await unbroken(write(ConnectionError("the call has ended")))


async def test_an_error_that_nobody_waits_for_any_more_is_nobody_s() -> None:
    loop, told = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _loop, context: told.append(context))
    unbroken, write = Unbroken(), Write()
    waiting = asyncio.create_task(unbroken(write(ConnectionError("the call has ended"))))
    await asyncio.sleep(0)
    waiting.cancel()
    write.may_end.set()
    await asyncio.gather(waiting, return_exceptions=True)
    await write.ended.wait()
    await asyncio.sleep(0)
    assert not told
