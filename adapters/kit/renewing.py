"""Renews the adapter's certificate while it runs: when a third of its life is left, and again and again until it is."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from grpc import aio
from sharing.v1.links_pb2 import RenewRequest, RenewResponse
from sharing.v1.links_pb2_grpc import LinkServiceStub
from structlog.typing import FilteringBoundLogger

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.errors import NoCertificate
from adapters.kit.link import Credentials, open_channel
from adapters.kit.manifest import Manifest
from adapters.kit.own_key import OwnKey

LEFT = 1 / 3
"""How much of a certificate's life is left when it is renewed."""
JITTER = 0.1
CALL_SECONDS = 15.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30.0, 3600.0
LOOK_SECONDS = 3600.0
"""Files and clocks are looked at again after so long: others may have changed them."""


@dataclass(slots=True, kw_only=True, eq=False)
class Renewing:
    """Runs beside the links of one process; several processes of an agency share the files and take turns."""

    files: CredentialFiles
    addresses: list[str]
    agency: str
    log: FilteringBoundLogger
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    uniform: Callable[[float, float], float] = random.uniform
    _turned: asyncio.Event = field(default_factory=asyncio.Event)
    _serial: int | None = None
    _share: float = LEFT

    def turned(self) -> asyncio.Event:
        """Return what is set once the certificate that counts now has a successor: links are dialled anew then."""
        return self._turned

    async def run(self) -> None:
        """Renew whenever it is time."""
        failures = 0
        while True:
            wait = await asyncio.to_thread(self._look)
            if wait > 0:
                await self.sleep(min(wait, LOOK_SECONDS))
                continue
            if await self._renewed():
                failures = 0
            else:
                failures += 1
                longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 20))
                await self.sleep(self.uniform(longest / 2, longest))

    def _look(self) -> float:
        """Return how many seconds are left until it is time; notice a certificate that has been replaced."""
        try:
            certificate = x509.load_pem_x509_certificate(self.files.certificate.read_bytes())
        except (OSError, ValueError):
            # Whoever dials says what is wrong with it.
            return LOOK_SECONDS
        if certificate.serial_number != self._serial:
            was_another = self._serial is not None
            self._serial = certificate.serial_number
            self._share = LEFT * self.uniform(1 - JITTER, 1 + JITTER)
            if was_another:
                self._turn()
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return (ends - (ends - begins) * self._share - self.now()).total_seconds()

    async def _renewed(self) -> bool:
        """Renew at one of the hub's addresses; tell whether that was done, by this process or by another."""
        try:
            with self.files.turn() as is_ours:
                if not is_ours:
                    return False
                if await asyncio.to_thread(self._look) <= 0:
                    await self._replace()
                return True
        except OSError as fault:
            self.log.error("certificate_not_renewed", reason=fault.strerror)
        except NoCertificate as fault:
            self.log.error("certificate_not_renewed", reason=str(fault))
        return False

    async def _replace(self) -> None:
        key, credentials = OwnKey.new(), await asyncio.to_thread(self.files.read)
        await asyncio.to_thread(self.files.begin, key.pem)
        given = await self._ask(credentials, key)
        key.require_fit(given.certificate, given.authorities, self.agency, self.now())
        await asyncio.to_thread(self.files.finish, given.certificate, given.authorities)
        await asyncio.to_thread(self._look)
        self.log.info("certificate_renewed")

    async def _ask(self, credentials: Credentials, key: OwnKey) -> RenewResponse:
        """Ask one address after the other, in no fixed order."""
        said = "no address"
        for address in random.sample(self.addresses, len(self.addresses)):
            async with open_channel(address, credentials) as channel:
                try:
                    request = RenewRequest(certificate_request=key.request)
                    return await LinkServiceStub(channel).Renew(request, timeout=CALL_SECONDS)
                except aio.AioRpcError as refused:
                    said = f"{address}: {refused.code().name}"
        raise NoCertificate(said)

    def _turn(self) -> None:
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()


def renewing_of(manifest: Manifest, log: FilteringBoundLogger) -> Renewing:
    """Renew what a manifest names, at the addresses that it names."""
    hub = manifest.hub
    return Renewing(files=CredentialFiles.of(hub), addresses=list(hub.addresses), agency=manifest.agency, log=log)
