"""How an adapter proves who it is to an HTTP source, and how it keeps to what the source can bear."""

import asyncio
import base64
import os
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource, HttpTarget
from adapters.kit.http_access import HttpAccess
from adapters.kit.http_faults import MENDS, MENDS_BY_CAUSE, Because, mend_for
from adapters.kit.manifest import RestWriteBack
from adapters.kit.pacing import loop_time
from adapters.kit.reader import FindingState
from hub.keys import Leaf
from tests.lib.certificates import Authority
from tests.lib.wayward_server import Way, WaywardServer

SECRET = "Canary-Secret"


def honest(path: str, _query: Mapping[str, str]) -> object:
    return {"access_token": "good-token", "token_type": "bearer"} if path == "token" else {"path": path}


@pytest.fixture
async def server() -> AsyncIterator[WaywardServer]:
    async with WaywardServer(answer=honest) as running:
        yield running


@dataclass
class Ahead:
    """The loop's clock, put forward by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return loop_time() + self.seconds


def oauth2(server: WaywardServer, **changes: object) -> dict[str, object]:
    account = {"token_url": f"{server.url}token", "client_id": "a b", "client_secret": SECRET}
    return {"url": server.url, "oauth2": {**account, **changes}}


async def get(http: HttpSource, seconds: float = 4.0) -> object:
    return await http.get("pupils", {}, loop_time() + seconds)


async def get_once(**access: object) -> object:
    http = HttpSource(HttpAccess.model_validate(access))
    await http.open()
    try:
        return await get(http)
    finally:
        await http.close()


async def fault_of(http: HttpSource, seconds: float = 4.0) -> SourceFault:
    with pytest.raises(SourceFault) as raised:
        await get(http, seconds)
    return raised.value


@pytest.fixture
async def opened() -> AsyncIterator[Any]:
    """Open a source, with a clock; it is closed when the test is over."""
    sources: list[HttpSource] = []

    async def opening(access: dict[str, object], clock: Ahead | None = None) -> HttpSource:
        source = HttpSource(HttpAccess.model_validate(access), clock=clock or Ahead())
        sources.append(source)
        await source.open()
        return source

    yield opening
    for source in sources:
        await source.close()
        await source.close()


async def test_a_password_goes_with_every_request_and_nowhere_else(server: WaywardServer) -> None:
    assert await get_once(url=server.url, basic={"username": "me", "password": "pä:ss"}) == {"path": "pupils"}
    assert server.asked[0].headers["authorization"] == f"Basic {base64.b64encode('me:pä:ss'.encode()).decode()}"


async def test_many_questions_at_once_share_one_token(server: WaywardServer, opened: Any) -> None:
    http = await opened(oauth2(server, audience="urn:register"))
    await asyncio.gather(*(get(http) for _ in range(20)))
    fetched = [one for one in server.asked if one.path == "token"]
    assert [one.method for one in fetched] == ["POST"]
    assert fetched[0].headers["authorization"] == f"Basic {base64.b64encode(b'a+b:Canary-Secret').decode()}"
    read = [one.headers["authorization"] for one in server.asked if one.path == "pupils"]
    assert read == ["Bearer good-token"] * 20


async def test_an_old_token_that_is_refused_is_replaced_once(server: WaywardServer, opened: Any) -> None:
    clock = Ahead()
    http = await opened(oauth2(server), clock)
    await get(http)
    server.refuse_tokens.add("good-token")
    server.asked.clear()
    # One so young was not refused for its age.
    assert (await fault_of(http)).because is Because.NOT_SIGNED_IN
    assert [one.path for one in server.asked] == ["pupils"]
    clock.seconds += 60
    server.asked.clear()
    assert (await fault_of(http)).because is Because.NOT_SIGNED_IN
    assert [one.path for one in server.asked] == ["pupils", "token", "pupils"]
    clock.seconds += 60
    server.answer = lambda path, query: {**honest(path, query), "access_token": "other"}  # type: ignore[dict-item]
    assert await get(http)


async def test_a_token_that_is_still_good_is_used_while_another_cannot_be_had(
    server: WaywardServer, opened: Any
) -> None:
    clock = Ahead()
    server.answer = lambda path, query: {**honest(path, query), "expires_in": "100"}  # type: ignore[dict-item]
    http = await opened(oauth2(server), clock)
    await get(http)
    clock.seconds += 95
    server.answer = lambda path, _query: {"path": path} if path == "pupils" else {"error": "server_error"}
    assert await get(http) == {"path": "pupils"}
    clock.seconds += 10
    assert (await fault_of(http)).because is Because.ISSUER_UNREADABLE


ODD_TOKENS = [
    {},
    {"access_token": "x"},
    {"access_token": "x", "token_type": "mac"},
    {"access_token": "", "token_type": "Bearer"},
    {"access_token": "x\r\nX-Injected: 1", "token_type": "Bearer"},
    {"access_token": "Canary ü", "token_type": "Bearer"},
    {"access_token": "x" * 20_000, "token_type": "Bearer"},
    {"access_token": ["x"], "token_type": "Bearer"},
    [],
    "text",
]


@pytest.mark.parametrize("said", ODD_TOKENS)
async def test_what_is_no_bearer_token_is_sent_nowhere(server: WaywardServer, opened: Any, said: object) -> None:
    server.answer = lambda _path, _query: said
    fault = await fault_of(await opened(oauth2(server)))
    assert (fault.kind, fault.because) == (SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE)
    assert [one.path for one in server.asked] == ["token"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(30, 30), ("30", 30), (0.5, 0.5), (0, 3600), (-1, 3600), (True, 3600), ("soon", 3600), (None, 3600)],
)
async def test_a_token_lives_as_long_as_is_said_and_else_an_hour(
    server: WaywardServer, opened: Any, said: object, seconds: float
) -> None:
    server.answer = lambda path, query: {**honest(path, query), "expires_in": said}  # type: ignore[dict-item]
    http = await opened(oauth2(server))
    token = await http.tokens.current(loop_time() + 4)
    assert token.ends_at - token.since == pytest.approx(seconds)
    assert "good-token" not in f"{token!r}{token}"


ISSUER_WAYS = {
    Way.GARBAGE: (SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE),
    Way.HTML_WITH_200: (SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE),
    Way.BOMB: (SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE),
    Way.HUGE: (SourceFaultKind.TOO_MUCH, Because.ISSUER_UNREADABLE),
    Way.CUT_OFF: (SourceFaultKind.UNREACHABLE, Because.ISSUER_UNREACHABLE),
    Way.RESET: (SourceFaultKind.UNREACHABLE, Because.ISSUER_UNREACHABLE),
    Way.DRIPS: (SourceFaultKind.LATE, Because.ISSUER_UNREACHABLE),
    Way.FAILS: (SourceFaultKind.REFUSED, Because.ISSUER_REFUSED),
    Way.REDIRECTS: (SourceFaultKind.REFUSED, Because.ISSUER_REFUSED),
    Way.BUSY: (SourceFaultKind.BUSY, Because.ISSUER_BUSY),
}


@pytest.mark.parametrize("way", ISSUER_WAYS)
async def test_each_fault_of_a_token_endpoint_is_a_fault_of_the_source(
    server: WaywardServer, opened: Any, way: Way
) -> None:
    server.way = way
    fault = await fault_of(await opened(oauth2(server)), 0.3 if way is Way.DRIPS else 4.0)
    assert (fault.kind, fault.because) == ISSUER_WAYS[way]
    assert "Canary" not in f"{fault!r}{fault}"
    # A secret is never sent again of itself.
    assert [one.path for one in server.asked] == ["token"]


async def test_an_account_that_was_refused_is_not_tried_again_at_once(server: WaywardServer, opened: Any) -> None:
    clock = Ahead()
    server.way = Way.REFUSES
    http = await opened(oauth2(server), clock)
    for _ in range(5):
        assert (await fault_of(http)).because is Because.ISSUER_REFUSED
    assert len(server.asked) == 1
    clock.seconds += 31
    server.way = Way.HONEST
    assert await get(http) == {"path": "pupils"}


@pytest.mark.parametrize("retry_after", ["30", "Fri, 01 Jan 2100 00:00:00 GMT"])
async def test_while_a_source_asks_to_be_left_alone_nothing_is_sent(
    server: WaywardServer, opened: Any, retry_after: str
) -> None:
    clock = Ahead()
    server.way, server.retry_after = Way.UNAVAILABLE, retry_after
    http = await opened({"url": server.url}, clock)
    for _ in range(3):
        assert (await fault_of(http)).kind is SourceFaultKind.BUSY
    assert len(server.asked) == 1
    server.way = Way.HONEST
    clock.seconds += 3_601
    assert await get(http) == {"path": "pupils"}


async def test_a_short_pause_is_waited_for_within_the_question_s_time(server: WaywardServer, opened: Any) -> None:
    server.way, server.retry_after = Way.BUSY_ONCE, "0"
    assert await get(await opened({"url": server.url})) == {"path": "pupils"}
    assert len(server.asked) == 2


async def test_a_source_that_is_always_busy_is_asked_four_times_at_most(server: WaywardServer, opened: Any) -> None:
    server.way, server.retry_after = Way.BUSY, "0"
    assert (await fault_of(await opened({"url": server.url}))).kind is SourceFaultKind.BUSY
    assert len(server.asked) == 4


EVENT = {"reference": "1", "agency": "health"}


async def test_what_writes_has_a_token_of_its_own_and_another_after_a_refusal(server: WaywardServer) -> None:
    account = RestWriteBack.model_validate(
        {"path": "log", "oauth2": {**oauth2(server)["oauth2"], "client_id": "writer"}}
    )  # type: ignore[dict-item]
    target = HttpTarget(server.url, account, ca=None)
    await target.open()
    try:
        assert [one.state for one in await target.prove(loop_time() + 4)] == [FindingState.OK]
        await target.post("log", EVENT, once="1", seconds=4)
        server.refuse_tokens.add("good-token")
        assert target._tokens is not None
        target._tokens._clock = Ahead(60)
        with pytest.raises(SourceFault) as raised:
            await target.post("log", EVENT, once="1", seconds=4)
        assert raised.value.because is Because.NOT_SIGNED_IN
        server.answer = lambda path, query: {**honest(path, query), "access_token": "other"}  # type: ignore[dict-item]
        await target.post("log", EVENT, once="1", seconds=4)
    finally:
        await target.close()
        await target.close()
    said = [(one.path, one.headers.get("idempotency-key"), one.headers["authorization"][:7]) for one in server.asked]
    written = ("log", "1", "Bearer ")
    assert said == [("token", None, "Basic d"), written, written, ("token", None, "Basic d"), written]


@dataclass
class Files:
    """Certificates on disk, in the folder of a test."""

    folder: Path
    authority: Authority

    def client(self, name: str, leaf: Leaf) -> dict[str, object]:
        certificate, key = leaf.write(self.folder, name)
        return {"certificate": certificate, "key": key}

    @property
    def ca(self) -> Path:
        path = self.folder / "ca.pem"
        path.write_bytes(self.authority.certificate)
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(folder=tmp_path, authority=Authority.new())


@pytest.fixture
async def careful(files: Files) -> AsyncIterator[WaywardServer]:
    """Run a server that wants a certificate of the authority, over TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files.authority.server().write(files.folder, "server"))
    context.load_verify_locations(files.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    async with WaywardServer(answer=honest, tls=context) as running:
        yield running


def own(files: Files, which: str) -> dict[str, object] | None:
    """Give the certificate of a case."""
    leaves = {
        "good": lambda: files.authority.issue("school", []),
        "expired": lambda: files.authority.issue("school", [], lifetime=timedelta(hours=-1)),
        "other": lambda: Authority.new("Other").issue("school", []),
        "for_servers": files.authority.server,
        "no_pem": lambda: Leaf(certificate=b"no", key=b"no"),
    }
    if which in leaves:
        return files.client("own", leaves[which]())
    if which == "mixed":
        key = files.client("other", files.authority.issue("school", []))["key"]
        return {**files.client("own", files.authority.issue("school", [])), "key": key}
    missing = {"certificate": files.folder / "no.pem", "key": files.folder / "no.key"}
    return missing if which == "missing" else None


async def test_a_certificate_opens_what_wants_one(careful: WaywardServer, files: Files) -> None:
    access = {"url": careful.url, "ca": files.ca, "client_certificate": own(files, "good")}
    assert await get_once(**access) == {"path": "pupils"}
    account = {**oauth2(careful), **access}
    account["oauth2"] = {**account["oauth2"], "ca": files.ca}  # type: ignore[dict-item]
    assert await get_once(**account) == {"path": "pupils"}


WRONG_CERTIFICATES = {
    "none": (Because.CERTIFICATE_REFUSED, None),
    "expired": (Because.CERTIFICATE_REFUSED, "is not in force"),
    "other": (Because.CERTIFICATE_REFUSED, None),
    "for_servers": (Because.CERTIFICATE_REFUSED, None),
    "mixed": (Because.CERTIFICATE_UNREADABLE, "does not belong"),
    "missing": (Because.CERTIFICATE_UNREADABLE, "cannot be read"),
    "no_pem": (Because.CERTIFICATE_UNREADABLE, "is not PEM"),
}


@pytest.mark.parametrize("which", WRONG_CERTIFICATES)
async def test_a_wrong_certificate_is_served_nothing_and_the_cause_is_known(
    careful: WaywardServer, files: Files, opened: Any, which: str
) -> None:
    because, said = WRONG_CERTIFICATES[which]
    http = await opened({"url": careful.url, "ca": files.ca, "client_certificate": own(files, which)})
    fault = await fault_of(http)
    assert (fault.kind, fault.because) == (SourceFaultKind.UNREACHABLE, because)
    assert not careful.asked
    found = await http.prove(loop_time() + 4)
    assert [one.what for one in found if one.state is FindingState.FAULT and (said or "") in one.what] == (
        [one.what for one in found] if said else []
    )


@pytest.mark.parametrize("before", ["other", "missing", "no_pem"])
async def test_a_renewed_certificate_is_shown_without_a_restart(
    careful: WaywardServer, files: Files, opened: Any, before: str
) -> None:
    shown = {"certificate": files.folder / "own.pem", "key": files.folder / "own.key"}
    own(files, before)
    http = await opened({"url": careful.url, "ca": files.ca, "client_certificate": shown})
    await fault_of(http)
    for path, content in zip(shown.values(), parts_of(files.authority.issue("school", [])), strict=True):
        path.write_bytes(content)
        os.utime(path, ns=(1, 1))
    await fault_of(http)
    # As if the minute were over after which it is looked again.
    http._wire._look_at = 0.0
    assert await get(http) == {"path": "pupils"}
    # Of a pair of which only one half has been written, the old pair stays in use, for new connections too.
    shown["certificate"].write_bytes(files.authority.issue("school", []).certificate)
    http._wire._look_at = 0.0
    connections = careful.connections
    assert await asyncio.gather(*(get(http) for _ in range(3))) == [{"path": "pupils"}] * 3
    assert careful.connections > connections


def parts_of(leaf: Leaf) -> tuple[bytes, bytes]:
    return leaf.certificate, leaf.key


async def test_a_server_that_nobody_vouches_for_is_sent_nothing(careful: WaywardServer, opened: Any) -> None:
    fault = await fault_of(await opened({"url": careful.url}))
    assert (fault.kind, fault.because) == (SourceFaultKind.UNREACHABLE, Because.UNTRUSTED)
    fault = await fault_of(await opened(oauth2(careful)))
    assert fault.because is Because.ISSUER_UNTRUSTED
    assert not careful.asked


def test_every_kind_of_fault_and_every_cause_has_its_mend() -> None:
    assert set(MENDS) == set(SourceFaultKind)
    assert set(MENDS_BY_CAUSE) == set(Because)
    assert "up" in mend_for(SourceFault(SourceFaultKind.UNREACHABLE))
    assert "token_url" in mend_for(SourceFault(SourceFaultKind.GARBAGE, Because.ISSUER_UNREADABLE))
