"""One connection over a line with faults: what each direction's bytes go through on their way."""

import asyncio
import random
import socket
import struct

from tests.lib.line_faults import CUTS, FLIPS, GARBAGE, SWALLOWS, LineFault, Measures, Way
from tests.lib.tls_records import Kind, Piece, Records

READ_BYTES = 65_536
MOST_UNDER_WAY = 256
DRIPS_PER_SECOND = 20
GARBAGE_BYTES = 512
ASK_BYTES = 300
_AT_ONCE = struct.pack("ii", 1, 0)

Chunk = tuple[float, bytes]


class Conditions:
    """What is wrong with a line at this moment."""

    def __init__(self, *, seed: int, measures: Measures) -> None:
        """Start with nothing wrong."""
        self.seed = seed
        self.measures = measures
        self.fault: LineFault | None = None
        self.is_down = False
        self.ended = asyncio.Event()
        self.ended.set()

    @property
    def swallows(self) -> frozenset[Way]:
        """Return which ways a connection that is made now swallows."""
        return SWALLOWS.get(self.fault, frozenset()) if self.fault else frozenset()

    def begin(self, fault: LineFault) -> None:
        """Let a fault begin."""
        self.fault = fault
        self.ended.clear()

    def end(self) -> None:
        """Let whatever is wrong end; what is under way meanwhile goes on at once."""
        self.fault, self.is_down = None, False
        self.ended.set()

    async def last_until(self, moment: float) -> None:
        """Wait for a moment of the loop's clock, or for the end of what is wrong."""
        try:
            async with asyncio.timeout_at(moment):
                await self.ended.wait()
        except TimeoutError:
            return


class BrokenOffError(Exception):
    """The line broke off."""


class FaultyConnection:
    """Carries bytes both ways until either end, or the line, has had enough."""

    def __init__(
        self, number: int, conditions: Conditions, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take an adapter's end; the hub's is opened when it runs."""
        self.swallowed = conditions.swallows
        self._conditions = conditions
        self._reader = reader
        self._writers = {Way.TO_ADAPTER: writer}
        self._random = {way: random.Random(f"{conditions.seed} {number} {way}") for way in Way}
        self._records = {way: Records() for way in Way}
        self._last_due = dict.fromkeys(Way, 0.0)
        self._was_asked = False
        self._is_struck = False
        self._broken = asyncio.Event()

    def reset(self) -> None:
        """Break off, so that both ends are told by a reset."""
        self._broken.set()

    async def run(self, hub_port: int) -> None:
        """Carry bytes until the connection ends."""
        tasks = [asyncio.create_task(self._broken.wait())]
        try:
            if self._conditions.is_down or self._conditions.fault is LineFault.RESET_BEFORE_TLS:
                return
            hub_reader, self._writers[Way.TO_HUB] = await asyncio.open_connection("127.0.0.1", hub_port)
            if way := self._garbage_way():
                self._writers[way].write(self._random[way].randbytes(GARBAGE_BYTES))
            for way, reader in ((Way.TO_HUB, self._reader), (Way.TO_ADAPTER, hub_reader)):
                under_way: asyncio.Queue[Chunk] = asyncio.Queue(MOST_UNDER_WAY)
                tasks.append(asyncio.create_task(self._take(way, reader, under_way)))
                tasks.append(asyncio.create_task(self._give(way, under_way)))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except ConnectionError:
            self.reset()
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._close(by_reset=not any(isinstance(result, Way) for result in ended))

    async def _take(self, way: Way, reader: asyncio.StreamReader, under_way: asyncio.Queue[Chunk]) -> None:
        """Take what one end sends, and note when it is due at the other; never ends by itself."""
        try:
            while received := await reader.read(READ_BYTES):
                await under_way.put((self._due(way), received))
        except ConnectionError:
            if way not in self.swallowed:
                raise
        if way not in self.swallowed:
            await under_way.put((0.0, b""))
        await self._broken.wait()

    async def _give(self, way: Way, under_way: asyncio.Queue[Chunk]) -> Way:
        """Give what is due to the other end, until the first has closed; then return which way that was."""
        while (chunk := await under_way.get())[1]:
            due, received = chunk
            if due:
                await self._conditions.last_until(due)
            try:
                for piece in self._records[way].cut(received):
                    await self._pass(way, piece)
                await self._writers[way].drain()
            except ConnectionError:
                if not self.swallowed:
                    raise
        return way

    async def _pass(self, way: Way, piece: Piece) -> None:
        if way in self.swallowed:
            return
        fault, content = self._conditions.fault, piece.content
        if fault is LineFault.STOPS:
            await self._conditions.ended.wait()
        elif fault is LineFault.DRIP:
            await self._drip(way, content)
            return
        elif fault is not None and FLIPS.get(fault) is way:
            content = self._flipped(way, content)
        elif fault in CUTS:
            self._pass_or_break(way, piece, fault)
        self._writers[way].write(content)
        if way is Way.TO_ADAPTER and piece.kind == Kind.APPLICATION and piece.size >= ASK_BYTES:
            self._was_asked = True

    def _pass_or_break(self, way: Way, piece: Piece, fault: LineFault) -> None:
        """Raise BrokenOffError at the record that a fault strikes, after as much of it as goes through."""
        cut = CUTS[fault]
        if piece.begins:
            self._is_struck = self._is_struck or cut.strikes(way, piece, was_asked=self._was_asked)
        if not self._is_struck or way is not cut.way or (cut.passes_whole and not piece.ends):
            return
        content = piece.content
        self._writers[way].write(content if cut.passes_whole else content[: len(content) // 2])
        raise BrokenOffError

    async def _drip(self, way: Way, content: bytes) -> None:
        clock = asyncio.get_running_loop().time
        rate = self._conditions.measures.drip_bytes_per_second
        at_once = max(1, rate // DRIPS_PER_SECOND)
        for begin in range(0, len(content), at_once):
            drip = content[begin : begin + at_once]
            await self._conditions.last_until(clock() + len(drip) / rate)
            self._writers[way].write(drip)

    def _flipped(self, way: Way, content: bytes) -> bytes:
        changed, bit = bytearray(content), self._random[way].randrange(len(content) * 8)
        changed[bit // 8] ^= 1 << bit % 8
        return bytes(changed)

    def _due(self, way: Way) -> float:
        """Return when bytes that have come now are due at the other end; they never overtake those before them."""
        measures, delay = self._conditions.measures, 0.0
        if self._conditions.fault is LineFault.LATENCY:
            delay = measures.latency_seconds
            delay += self._random[way].uniform(-measures.jitter_seconds, measures.jitter_seconds)
        elif self._conditions.fault is LineFault.FAR:
            delay = measures.far_seconds
        if not delay:
            return 0.0
        self._last_due[way] = max(self._last_due[way], asyncio.get_running_loop().time() + delay)
        return self._last_due[way]

    def _garbage_way(self) -> Way | None:
        return GARBAGE.get(self._conditions.fault) if self._conditions.fault else None

    def _close(self, *, by_reset: bool) -> None:
        for writer in self._writers.values():
            if by_reset and not writer.transport.is_closing():
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                writer.transport.abort()
            else:
                writer.close()
