"""A program that tries to sign in, wrongly, so many times a second; for each line on stdin it does so for a while.

It is started with the port, the file of the hub's authority and the attempts a second; a line on stdin is a number of
seconds, and the answer to it one line of JSON: how often which reason was given.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import grpc
from sharing.v1 import sessions_pb2
from sharing.v1.sessions_pb2_grpc import SessionServiceStub

# One connection takes a hundred calls at a time.
CONNECTIONS = 4
PATIENCE_SECONDS = 20.0


async def attempt(stub: SessionServiceStub, number: int, outcomes: Counter[str]) -> None:
    """Guess once: at an account that there is, or at one that there is not."""
    user_name = "n.okafor" if number % 2 else f"nobody{number}"
    request = sessions_pb2.SignInRequest(user_name=user_name, password=f"guess number {number}")
    try:
        await stub.SignIn(request, timeout=PATIENCE_SECONDS)
    except grpc.aio.AioRpcError as error:
        outcomes[error.code().name] += 1
    else:
        outcomes["OK"] += 1


async def flood(stubs: Sequence[SessionServiceStub], rate: int, seconds: float) -> Counter[str]:
    """Begin attempts at their times, whatever became of those before."""
    loop, outcomes = asyncio.get_running_loop(), Counter[str]()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
            group.create_task(attempt(stubs[number % len(stubs)], number, outcomes))
    return outcomes


async def main(port: str, authority: bytes, rate: int) -> None:
    """Flood as often as a line says so."""
    credentials = grpc.ssl_channel_credentials(authority)
    options = (("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0))
    channels = [grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) for _ in range(CONNECTIONS)]
    for line in iter(sys.stdin.readline, ""):
        outcomes = await flood([SessionServiceStub(channel) for channel in channels], rate, float(line))
        sys.stdout.write(json.dumps(outcomes) + "\n")
        sys.stdout.flush()
    for channel in channels:
        await channel.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).read_bytes(), int(sys.argv[3])))
