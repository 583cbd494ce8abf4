"""A network that slows down: passes bytes through, and once told to, lets them drip towards the hub one at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

DRIP_SECONDS = 0.002


class DrippingProxy:
    """Stands between an adapter and the hub's port for links."""

    def __init__(self, hub_port: int) -> None:
        """Take the port on which the hub listens."""
        self._hub_port = hub_port
        self._tasks: set[asyncio.Task[None]] = set()
        self.drips = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes over one connection, in both directions, until one side ends it."""
        hub_reader, hub_writer = await asyncio.open_connection("127.0.0.1", self._hub_port)
        tasks = [
            asyncio.create_task(self._towards_hub(reader, hub_writer)),
            asyncio.create_task(self._towards_adapter(hub_reader, writer)),
        ]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for end in (hub_writer, writer):
            end.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.difference_update(tasks)

    async def close(self) -> None:
        """End every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.sleep(0)

    async def _towards_hub(self, reader: asyncio.StreamReader, hub: asyncio.StreamWriter) -> None:
        while received := await reader.read(65_536):
            if not self.drips:
                hub.write(received)
                await hub.drain()
                continue
            for byte in received:
                hub.write(bytes([byte]))
                await asyncio.sleep(DRIP_SECONDS)

    async def _towards_adapter(self, hub: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while received := await hub.read(65_536):
            writer.write(received)
            await writer.drain()


@asynccontextmanager
async def dripping_proxy(hub_port: int) -> AsyncIterator[tuple[DrippingProxy, int]]:
    """Stand before the hub's port for links; yield the proxy and its own port."""
    proxy = DrippingProxy(hub_port)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await proxy.close()
