"""How the benchmark's hub is made ready, started and signed in to: the one place that knows a deployment's files."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from sharing.v1 import sessions_pb2, sessions_pb2_grpc

from hub.accounts import sealing
from hub.accounts.passwords import Passwords, new_password
from hub.audit import checkpoints
from hub.keys import new_secret_key, write_secret
from hub.model.account import Account
from hub.recording.epochs import new_epoch
from hub.settings import FILE_NAME, read_settings
from hub.store.accounts import Accounts
from hub.store.engine import open_store
from tests.bench.children import Child, child
from tests.bench.policies import LEVEL, PolicySize, write_policies
from tests.bench.tls import agency_ids, channel_credentials

USER_NAME = "bench.requester"
SIGN_IN_SECONDS = 60

_SETTINGS = """\
policies = "policies"

[listen]
requesters = "127.0.0.1:0"
links = "127.0.0.1:0"

[keys]
certificate = '{tls}/hub.pem'
key = '{tls}/hub.key'
authority = '{tls}/ca.pem'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSize:
    """What may make a hub slower: how large its policy is, and how many sessions are open besides those that ask."""

    policy: PolicySize = field(default_factory=PolicySize)
    idle_sessions: int = 0
    # Whether what the audit log takes is counted, which makes every question a little dearer.
    times_audit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningHub:
    """A hub that serves: its process, where it listens, and tokens of sessions that may ask."""

    process: Child
    requesters: str
    links: str
    tokens: list[str] = field(repr=False)


@asynccontextmanager
async def running_hub(
    folder: Path, tls: Path, *, agencies: int, size: HubSize, sessions: int, arguments: Sequence[str]
) -> AsyncIterator[RunningHub]:
    """Make a deployment in an empty folder and run its hub, signed in to as often as there are questions in flight."""
    password = await asyncio.to_thread(_make_deployment, folder, tls, agencies, size.policy)
    command = [str(folder), "--idle-sessions", str(size.idle_sessions), *arguments]
    command += ["--time-audit"] if size.times_audit else []
    async with child("hub", "tests.bench.hub_program", command, folder) as process:
        ready = await process.heard()
        tokens = await _sign_in(ready["requesters"], tls, password, sessions)
        yield RunningHub(process=process, requesters=ready["requesters"], links=ready["links"], tokens=tokens)


def _make_deployment(folder: Path, tls: Path, agencies: int, policy: PolicySize) -> str:
    """Write settings, keys, policy, store and one account; return the account's password."""
    write_policies(folder / "policies", agency_ids(agencies), policy)
    write_secret(folder / "keys" / "log.key", new_secret_key(checkpoints.KEY_BYTES))
    new_epoch(folder / "keys" / "pseudonyms")
    write_secret(folder / "keys" / "seal.key", new_secret_key(sealing.KEY_BYTES))
    (folder / FILE_NAME).write_text(_SETTINGS.format(tls=tls), encoding="utf-8")
    (folder / "data").mkdir(mode=0o700)
    passwords, password = Passwords(), new_password()
    engine = open_store(read_settings(folder).store_url())
    try:
        Accounts(engine).add(
            Account(
                user_name=USER_NAME,
                display_name="Bench Requester",
                access_level=LEVEL,
                agency=agency_ids(1)[0],
                areas=("bolton",),
                password_hash=passwords.hash(password),
            )
        )
    finally:
        engine.dispose()
        passwords.close()
    return password


async def _sign_in(address: str, tls: Path, password: str, count: int) -> list[str]:
    """Open sessions as any client does, and return their tokens."""
    request = sessions_pb2.SignInRequest(user_name=USER_NAME, password=password)
    async with grpc.aio.secure_channel(address, channel_credentials(tls)) as channel:
        service = sessions_pb2_grpc.SessionServiceStub(channel)
        responses = [await service.SignIn(request, timeout=SIGN_IN_SECONDS) for _ in range(count)]
    return [response.token for response in responses]
