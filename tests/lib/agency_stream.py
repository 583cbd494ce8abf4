"""An agency's end of a link, as bytes: what good and hostile adapters are made on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import grpc
from sharing.v1 import links_pb2

METHOD = "/sharing.v1.LinkService/Connect"
OPTIONS = (
    # Each link has a connection of its own, as two processes would.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.enable_retries", 0),
    ("grpc.max_send_message_length", -1),
)


class AgencyStream:
    """One stream to the hub; what is written goes out as it is, whether the contract allows it or not."""

    def __init__(self, call: grpc.aio.StreamStreamCall) -> None:
        """Take the open call."""
        self.call = call
        self._writing = asyncio.Lock()

    async def write(self, message: bytes | links_pb2.ConnectRequest) -> None:
        """Write one message; a stream bears one write at a time."""
        content = message if isinstance(message, bytes) else message.SerializeToString()
        async with self._writing:
            await self.call.write(content)

    async def read(self) -> links_pb2.ConnectResponse | None:
        """Read one message of the hub; None once the hub has ended the stream in peace."""
        received = await self.call.read()
        return None if received is grpc.aio.EOF else links_pb2.ConnectResponse.FromString(received)


@asynccontextmanager
async def dialled(
    address: str, credentials: grpc.ChannelCredentials, *, options: Sequence[tuple[str, int]] = ()
) -> AsyncIterator[AgencyStream]:
    """Dial a hub; on leaving, the link breaks off as when the program dies."""
    async with grpc.aio.secure_channel(address, credentials, options=(*OPTIONS, *options)) as channel:
        call = channel.stream_stream(METHOD)()
        try:
            yield AgencyStream(call)
        finally:
            call.cancel()
