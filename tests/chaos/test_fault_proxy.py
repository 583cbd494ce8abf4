"""The line with faults does what each fault's name says, to bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.lib.fault_proxy import FaultProxy, fault_proxy
from tests.lib.faulty_connection import GARBAGE_BYTES
from tests.lib.line_faults import LineFault, Measures

PATIENCE_SECONDS = 5.0
MEASURES = Measures(
    latency_seconds=0.05, jitter_seconds=0.03, far_seconds=60, drip_bytes_per_second=1_000, flap_seconds=0.02
)


class Far:
    """The far end of a line: keeps what it receives, and sends it back."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended: list[BaseException | None] = []
        self.has_ended = asyncio.Event()
        self.writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        fault: BaseException | None = None
        try:
            while received := await reader.read(65_536):
                self.received += received
                writer.write(received)
                await writer.drain()
        except OSError as ended:
            fault = ended
        finally:
            self.ended.append(fault)
            self.has_ended.set()
            writer.close()


@asynccontextmanager
async def far_end() -> AsyncIterator[Far]:
    far = Far()
    server = await asyncio.start_server(far.serve, "127.0.0.1", 0)
    far.port = server.sockets[0].getsockname()[1]
    try:
        yield far
    finally:
        server.close()
        for writer in far.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in far.writers), return_exceptions=True)


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with far_end() as far:
        yield far


@pytest.fixture
async def line(far: Far) -> AsyncIterator[FaultProxy]:
    async with fault_proxy(far.port, measures=MEASURES) as line, asyncio.timeout(PATIENCE_SECONDS):
        yield line


class Near:
    """The near end of a line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, content: bytes) -> bytes:
        """Send, and wait until as much comes back."""
        self.writer.write(content)
        return await self.reader.readexactly(len(content))

    async def hears_nothing(self) -> bool:
        """Tell whether nothing comes while others have their turns."""
        try:
            async with asyncio.timeout(0.05):
                return not await self.reader.read(1)
        except TimeoutError:
            return True


@asynccontextmanager
async def near_end(line: FaultProxy) -> AsyncIterator[Near]:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    try:
        yield Near(reader, writer)
    finally:
        writer.close()


async def test_a_line_without_a_fault_carries_both_ways_and_ends_when_either_end_does(
    line: FaultProxy, far: Far
) -> None:
    async with near_end(line) as near:
        assert await near.says(b"x" * 100_000) == b"x" * 100_000
    await far.has_ended.wait()
    assert far.ended == [None]


async def test_latency_delays_each_way_by_about_its_measure_and_keeps_the_order(line: FaultProxy) -> None:
    clock = asyncio.get_running_loop().time
    line.switch(LineFault.LATENCY)
    async with near_end(line) as near:
        began = clock()
        near.writer.write(b"one ")
        await asyncio.sleep(0.01)
        assert await near.says(b"two ") + await near.says(b"") == b"one "
        assert clock() - began >= 2 * (MEASURES.latency_seconds - MEASURES.jitter_seconds)
        assert await near.reader.readexactly(4) == b"two "


async def test_a_line_that_was_too_slow_carries_at_once_what_was_under_way_when_it_is_mended(line: FaultProxy) -> None:
    async with near_end(line) as near:
        line.switch(LineFault.FAR)
        near.writer.write(b"late")
        assert await near.hears_nothing()
        line.mend()
        assert await near.reader.readexactly(4) == b"late"


async def test_a_line_drips_at_its_measure(line: FaultProxy) -> None:
    clock = asyncio.get_running_loop().time
    line.switch(LineFault.DRIP)
    async with near_end(line) as near:
        began = clock()
        await near.says(bytes(300))
        assert clock() - began >= 300 / MEASURES.drip_bytes_per_second


async def test_a_line_that_stops_goes_on_with_what_it_held_back(line: FaultProxy, far: Far) -> None:
    async with near_end(line) as near:
        await near.says(b"first")
        line.switch(LineFault.STOPS)
        near.writer.write(b"second")
        assert await near.hears_nothing()
        assert far.received == b"first"
        line.mend()
        assert await near.reader.readexactly(6) == b"second"


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [(LineFault.HALF_OPEN_TO_HUB, b"first "), (LineFault.HALF_OPEN_TO_ADAPTER, b"first second")],
)
async def test_a_half_open_line_swallows_one_way_and_tells_nobody(
    fault: LineFault, arrives: bytes, line: FaultProxy, far: Far
) -> None:
    async with near_end(line) as near:
        await near.says(b"first ")
        line.switch(fault)
        near.writer.write(b"second")
        assert await near.hears_nothing()
        assert far.received == arrives
        assert not far.ended
        line.mend()
        with pytest.raises(ConnectionError):
            await near.says(b"third")


async def test_a_connection_that_is_stranded_stays_so_and_a_new_one_is_well(line: FaultProxy, far: Far) -> None:
    async with near_end(line) as near:
        await near.says(b"first")
        line.strand(LineFault.HALF_OPEN)
        near.writer.write(b"second")
        assert await near.hears_nothing()
    async with near_end(line) as another:
        assert await another.says(b"third") == b"third"
    assert far.ended in ([], [None])
    assert line.connections >= 1


async def test_garbage_goes_before_all_else_and_is_the_same_for_the_same_seed(far: Far) -> None:
    seen = []
    for seed in (1, 1, 2):
        async with fault_proxy(far.port, seed=seed) as line:
            line.switch(LineFault.GARBAGE_TO_HUB)
            async with near_end(line) as near:
                near.writer.write(b"hello")
                await near.reader.readexactly(GARBAGE_BYTES + 5)
        seen.append(bytes(far.received))
        far.received.clear()
    assert seen[0] == seen[1] != seen[2]
    assert [len(content) for content in seen] == [GARBAGE_BYTES + 5] * 3


async def test_exactly_one_bit_is_flipped_the_same_one_for_the_same_seed(far: Far) -> None:
    seen = []
    for _ in range(2):
        async with fault_proxy(far.port, seed=7) as line:
            line.switch(LineFault.FLIPS_TO_ADAPTER)
            async with near_end(line) as near:
                seen.append(int.from_bytes(await near.says(bytes(5))))
    assert seen[0] == seen[1]
    assert seen[0].bit_count() == 1


async def test_a_line_that_flaps_is_down_and_up_in_turn(line: FaultProxy) -> None:
    line.switch(LineFault.FLAPS)
    ends = set()
    while ends < {"answered", "reset"}:
        try:
            async with near_end(line) as near:
                ends.add("answered" if await near.says(b"there?") else "reset")
        except (ConnectionError, asyncio.IncompleteReadError):
            ends.add("reset")
        await asyncio.sleep(0.005)
