"""A line with faults: a TCP proxy between an adapter and its hub, whose faults are switched on and off by name."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.lib.faulty_connection import Conditions, FaultyConnection
from tests.lib.line_faults import AT_THE_BEGINNING, SWALLOWS, LineFault, Measures


class FaultProxy:
    """Listens on a port of its own. The same seed and the same connections have the same faults in the same bytes."""

    def __init__(self, hub_port: int, *, seed: int = 0, measures: Measures | None = None) -> None:
        """Lead to a port on which a hub listens; nothing is wrong at first."""
        self.hub_port = hub_port
        self.port = 0
        self.dials: list[float] = []
        self._conditions = Conditions(seed=seed, measures=measures or Measures())
        self._connections: dict[asyncio.Task[None], FaultyConnection] = {}
        self._flapping: asyncio.Task[None] | None = None
        self._server: asyncio.Server | None = None

    @property
    def fault(self) -> LineFault | None:
        """Return what is wrong with the line."""
        return self._conditions.fault

    @property
    def connections(self) -> int:
        """Count those that stand, or seem to."""
        return len(self._connections)

    async def open(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def switch(self, fault: LineFault) -> None:
        """Let a fault strike every connection that stands, and every one that is made until it is mended."""
        self.mend()
        self._conditions.begin(fault)
        for connection in self._connections.values():
            connection.swallowed |= self._conditions.swallows
            if fault in AT_THE_BEGINNING:
                connection.reset()
        if fault is LineFault.FLAPS:
            self._flapping = asyncio.create_task(self._flap())

    def strand(self, fault: LineFault) -> None:
        """Let every connection that stands go half open for good; those that are made later are well."""
        for connection in self._connections.values():
            connection.swallowed |= SWALLOWS[fault]

    def mend(self) -> None:
        """Let the line be well; of a connection from which it has swallowed something it knows nothing any more."""
        self._conditions.end()
        if self._flapping is not None:
            self._flapping.cancel()
            self._flapping = None
        for connection in self._connections.values():
            if connection.swallowed:
                connection.reset()

    async def close(self) -> None:
        """End everything. Idempotent."""
        if self._server is not None:
            self._server.close()
        self.mend()
        for connection in self._connections.values():
            connection.reset()
        await asyncio.gather(*self._connections, return_exceptions=True)
        # The sockets are closed on the loop's next turn.
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dials.append(asyncio.get_running_loop().time())
        connection = FaultyConnection(len(self.dials), self._conditions, reader, writer)
        running = asyncio.create_task(connection.run(self.hub_port))
        self._connections[running] = connection
        running.add_done_callback(self._connections.pop)

    async def _flap(self) -> None:
        """Let the line be down and up in turn."""
        while True:
            self._conditions.is_down = not self._conditions.is_down
            if self._conditions.is_down:
                for connection in self._connections.values():
                    connection.reset()
            await asyncio.sleep(self._conditions.measures.flap_seconds)


@asynccontextmanager
async def fault_proxy(hub_port: int, *, seed: int = 0, measures: Measures | None = None) -> AsyncIterator[FaultProxy]:
    """Keep a line open."""
    proxy = FaultProxy(hub_port, seed=seed, measures=measures)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()
