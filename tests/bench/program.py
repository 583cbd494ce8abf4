"""What every process of the benchmark does alike: speak JSON lines with the one that started it, and end with it."""

import asyncio
import sys
from typing import Any

import orjson


def say(**words: Any) -> None:
    """Write one JSON line to whoever started this process."""
    sys.stdout.buffer.write(orjson.dumps(words) + b"\n")
    sys.stdout.buffer.flush()


class Orders:
    """Reads the JSON lines that the starter sends; they end when the starter does, however it ended."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        """Take the stream of standard input."""
        self._reader = reader

    @classmethod
    async def open(cls) -> "Orders":
        """Attach to standard input."""
        reader = asyncio.StreamReader(limit=2**20)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        return cls(reader)

    async def next(self) -> dict[str, Any] | None:
        """Return the next order; None when there will be no more."""
        line = await self._reader.readline()
        return orjson.loads(line) if line else None
