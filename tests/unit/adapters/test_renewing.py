"""When a certificate is renewed, by a clock that is set by hand."""

import asyncio
import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sharing.v1.links_pb2 import RenewResponse
from structlog.testing import CapturingLogger

from adapters.kit.credential_files import CredentialFiles, fits
from adapters.kit.errors import NoCertificate
from adapters.kit.link import Credentials
from adapters.kit.own_key import OwnKey
from adapters.kit.renewing import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, LOOK_SECONDS, Renewing
from tests.lib.certificates import Authority

START = datetime(2026, 11, 24, tzinfo=UTC)
AUTHORITY = Authority.new(now=START, days=400)
NAME = x509.UniformResourceIdentifier("urn:sharing:agency:schools")


class Stopped(Exception):
    """Ends what would run for ever."""


class Time:
    """Passes only while somebody sleeps; stops everything after so many sleeps."""

    def __init__(self, sleeps: int) -> None:
        self.now = START
        self.slept: list[float] = []
        self._left = sleeps

    async def sleep(self, seconds: float) -> None:
        if len(self.slept) == self._left:
            raise Stopped
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def write(files: CredentialFiles, now: datetime, lifetime: timedelta) -> None:
    """Put a certificate in place that begins an hour before now, as the hub's do."""
    leaf = AUTHORITY.issue("schools", [NAME], now=now, lifetime=lifetime)
    files.certificate.write_bytes(leaf.certificate)
    files.key.write_bytes(leaf.key)


@pytest.fixture
def files(tmp_path: Path) -> CredentialFiles:
    found = CredentialFiles(ca=tmp_path / "ca.pem", certificate=tmp_path / "own.pem", key=tmp_path / "own.key")
    found.ca.write_bytes(AUTHORITY.certificate)
    write(found, START, timedelta(hours=29))
    return found


@dataclass(slots=True, kw_only=True, eq=False)
class Answered(Renewing):
    """Is answered by a test; the hub itself is in tests/integration."""

    answer: Callable[[OwnKey], RenewResponse]
    asked: int = 0

    async def _ask(self, _credentials: Credentials, key: OwnKey) -> RenewResponse:
        self.asked += 1
        return self.answer(key)


def renewing(
    files: CredentialFiles,
    time: Time,
    logged: CapturingLogger,
    *,
    uniform: Callable[[float, float], float] = lambda low, high: (low + high) / 2,
    answer: Callable[[OwnKey], RenewResponse] | None = None,
) -> Answered:
    return Answered(
        files=files,
        addresses=["localhost:1"],
        agency="schools",
        log=structlog.wrap_logger(logged, processors=[]),
        now=lambda: time.now,
        sleep=time.sleep,
        uniform=uniform,
        answer=answer or refuse,
    )


def refuse(_key: OwnKey) -> RenewResponse:
    raise NoCertificate("localhost:1: UNAVAILABLE")


async def run(part: Renewing) -> None:
    with pytest.raises(Stopped):
        await part.run()


async def test_a_certificate_is_renewed_when_a_third_of_its_life_is_left_and_looked_at_until_then(
    files: CredentialFiles,
) -> None:
    time, logged = Time(19 + 1), CapturingLogger()
    part = renewing(files, time, logged)
    await run(part)
    # It lives for thirty hours and began one before: nineteen are left until twenty have passed.
    assert time.slept[:19] == [LOOK_SECONDS] * 19
    assert part.asked == 2


@pytest.mark.parametrize(("draw", "hours"), [(0, 20), (1, 18)])
async def test_several_adapters_do_not_all_renew_at_one_moment(files: CredentialFiles, draw: int, hours: int) -> None:
    time = Time(hours)
    part = renewing(files, time, CapturingLogger(), uniform=lambda *bounds: bounds[draw])
    await run(part)
    assert time.now - START == timedelta(hours=hours)
    assert part.asked


async def test_a_renewal_that_fails_is_logged_and_tried_again_after_pauses_that_grow(files: CredentialFiles) -> None:
    write(files, START - timedelta(hours=28), timedelta(hours=29))
    time, logged = Time(12), CapturingLogger()
    part = renewing(files, time, logged, uniform=lambda _, high: high)
    await run(part)
    assert time.slept[:4] == [FIRST_PAUSE_SECONDS * 2**n for n in range(4)]
    assert time.slept[-1] == LONGEST_PAUSE_SECONDS
    assert part.asked == 13
    assert {str(call.kwargs["event"]) for call in logged.calls} == {"certificate_not_renewed"}
    assert logged.calls[0].kwargs["reason"] == "localhost:1: UNAVAILABLE"


async def test_a_folder_that_cannot_be_written_is_logged_and_tried_again(files: CredentialFiles) -> None:
    write(files, START - timedelta(hours=28), timedelta(hours=29))
    logged = CapturingLogger()
    (files.key.parent / "own.key.next").mkdir()
    part = renewing(files, Time(1), logged)
    await run(part)
    assert not part.asked
    assert logged.calls[0].kwargs["event"] == "certificate_not_renewed"


async def test_while_another_process_renews_this_one_waits_and_takes_up_what_that_one_wrote(
    files: CredentialFiles,
) -> None:
    write(files, START - timedelta(hours=28), timedelta(hours=29))
    time = Time(3)
    part = renewing(files, time, CapturingLogger())
    turned = part.turned()
    with (files.certificate.parent / f".{files.certificate.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        task = asyncio.create_task(run(part))
        while not time.slept:  # noqa: ASYNC110  (a clock that is set by hand has no event)
            await asyncio.sleep(0)
        assert not part.asked
        write(files, time.now, timedelta(days=14))
    await task
    assert not part.asked
    assert turned.is_set()
    assert part.turned() is not turned


def signed_for(key: OwnKey, agency: str, now: datetime = START) -> bytes:
    request = x509.load_der_x509_csr(key.request)
    public = request.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return AUTHORITY.certify(public, agency, lifetime=timedelta(days=1), now=now)


GIVEN: dict[str, Callable[[OwnKey], bytes]] = {
    "another key": lambda _: signed_for(OwnKey.new(), "schools"),
    "another agency": lambda key: signed_for(key, "health"),
    "not in force": lambda key: signed_for(key, "schools", START - timedelta(days=2)),
    "no certificate": lambda _: b"",
}


@pytest.mark.parametrize("wrong", GIVEN)
async def test_what_does_not_fit_is_never_put_in_place(files: CredentialFiles, wrong: str) -> None:
    write(files, START - timedelta(hours=28), timedelta(hours=29))
    before, logged = files.certificate.read_bytes(), CapturingLogger()

    def answer(key: OwnKey) -> RenewResponse:
        return RenewResponse(certificate=GIVEN[wrong](key), authorities=AUTHORITY.certificate)

    await run(renewing(files, Time(0), logged, answer=answer))
    assert files.certificate.read_bytes() == before
    assert logged.calls[0].kwargs["event"] == "certificate_not_renewed"


async def test_what_fits_is_put_in_place_and_links_are_told(files: CredentialFiles) -> None:
    write(files, START - timedelta(hours=28), timedelta(hours=29))
    logged = CapturingLogger()
    part = renewing(
        files,
        Time(0),
        logged,
        answer=lambda key: RenewResponse(certificate=signed_for(key, "schools"), authorities=AUTHORITY.certificate),
    )
    turned = part.turned()
    await run(part)
    assert turned.is_set()
    assert fits(files.certificate.read_bytes(), files.key.read_bytes())
    assert logged.calls[0].kwargs["event"] == "certificate_renewed"
