"""The first certificate: a token is exchanged for it, at a hub that is known by nothing else than that token.

Whoever answers first is asked for the authorities of the hub, and may be anybody. Of what comes back only the
certificate counts whose fingerprint stands in the token, which came by another way: by hand. The token itself goes out
only once that authority has vouched for whoever is at the other end.
"""

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from grpc import StatusCode, aio, ssl_channel_credentials
from sharing.v1.agencies_pb2 import EnrolRequest, EnrolResponse, GetAuthorityRequest
from sharing.v1.agencies_pb2_grpc import EnrolmentServiceStub

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.errors import NoCertificate, ProxyRefused
from adapters.kit.link import CHANNEL_OPTIONS
from adapters.kit.own_key import OwnKey
from adapters.kit.proxying import Proxy, channel_options, open_connection

FORM = "enrol1"
CALL_SECONDS = 15.0
TIMES_ASKED = 3
"""How often in all the token is shown with the same request, where no answer came: the hub answers it alike."""
_UNHEARD = (StatusCode.UNAVAILABLE, StatusCode.DEADLINE_EXCEEDED)
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")
_TOKEN_HASH_BYTES = 32
_PARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What an administrator of the hub has handed over."""

    agency: str
    fingerprint: bytes
    secret: str = field(repr=False)
    address: str

    @classmethod
    def read(cls, text: str) -> "Token":
        """Take a token apart; raise NoCertificate for what is none."""
        parts = text.strip().split(".")
        if len(parts) != _PARTS or parts[0] != FORM:
            raise NoCertificate("this is no token of `hub agency add`; copy it whole")
        _, agency, fingerprint, secret, address = parts
        try:
            read = cls(
                agency=agency, fingerprint=_bytes(fingerprint), secret=secret, address=_bytes(address).decode("ascii")
            )
        except (binascii.Error, ValueError):
            raise NoCertificate("the token is damaged; copy it whole") from None
        if len(read.fingerprint) != _TOKEN_HASH_BYTES or not _ADDRESS.fullmatch(read.address) or not secret:
            raise NoCertificate("the token is damaged; copy it whole")
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Exchanges one token. `address` is where the hub's port for requesters is; `proxy` is on the way there."""

    token: Token
    agency: str
    files: CredentialFiles
    address: str
    proxy: Proxy | None = field(default=None, repr=False)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self) -> datetime:
        """Get the certificate and write it; return when it ends.

        Raises NoCertificate, with the reason, and OSError where the files cannot be written; nothing has changed then.
        """
        if self.token.agency != self.agency:
            raise NoCertificate(f"the token is for {self.token.agency!r}, and the manifest for {self.agency!r}")
        if not _ADDRESS.fullmatch(self.address):
            raise NoCertificate(f"{self.address!r} is no address: write it as in hub.example.org:7443")
        with self.files.turn() as is_ours:
            if not is_ours:
                raise NoCertificate("the certificate is being renewed at this moment. Try again in a minute")
            return await self._exchanged(OwnKey.new())

    async def _exchanged(self, key: OwnKey) -> datetime:
        # Before the token is used up: files that cannot be written must cost nobody a second token.
        await asyncio.to_thread(self.files.begin, key.pem)
        authority = await self._authority()
        request = EnrolRequest(token=self.token.secret, certificate_request=key.request)
        async with self._channel(authority) as channel:
            given = await self._enrolled(channel, request)
        key.require_fit(given.certificate, given.authorities, self.agency, self.now())
        await asyncio.to_thread(self.files.finish, given.certificate, given.authorities)
        return x509.load_pem_x509_certificate(given.certificate).not_valid_after_utc

    async def _enrolled(self, channel: aio.Channel, request: EnrolRequest) -> EnrolResponse:
        """Show the token; where no answer is heard, show it again with the same request."""
        for left in reversed(range(TIMES_ASKED)):
            try:
                return await EnrolmentServiceStub(channel).Enrol(request, timeout=CALL_SECONDS)
            except aio.AioRpcError as refused:
                if not left or refused.code() not in _UNHEARD:
                    raise NoCertificate(_why(refused, self.address)) from None
        raise AssertionError  # pragma: no cover  the last time returns or raises

    async def _authority(self) -> bytes:
        """Return the one certificate that the token's fingerprint is of, as PEM, whoever has sent it."""
        shown = await self._shown()
        async with self._channel(shown) as channel:
            try:
                found = await EnrolmentServiceStub(channel).GetAuthority(GetAuthorityRequest(), timeout=CALL_SECONDS)
            except aio.AioRpcError as refused:
                raise NoCertificate(_why(refused, self.address)) from None
        try:
            offered = x509.load_pem_x509_certificates(found.authorities)
        except ValueError:
            offered = []
        for authority in offered:
            if authority.fingerprint(SHA256()) == self.token.fingerprint:
                return authority.public_bytes(Encoding.PEM)
        raise NoCertificate(
            f"whoever answers at {self.address} is not the hub that the token is of, or the hub has changed its "
            "authority since: the token was not sent. Ask the hub's administrator before you try again"
        )

    async def _shown(self) -> bytes:
        """Return the certificate that is shown at the address, as PEM; nothing is believed because of it."""
        unverified = ssl.create_default_context()
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        try:
            async with asyncio.timeout(CALL_SECONDS):
                _, writer = await open_connection(self.address, unverified, self.proxy)
        except ProxyRefused as refused:
            raise NoCertificate(f"the proxy does not let {self.address} through ({refused})") from None
        except (OSError, TimeoutError, OverflowError) as fault:
            raise NoCertificate(f"{self.address} cannot be reached ({type(fault).__name__})") from None
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        if not shown:
            raise NoCertificate(f"{self.address} shows no certificate")
        return ssl.DER_cert_to_PEM_cert(shown).encode()

    def _channel(self, root: bytes) -> aio.Channel:
        options = (*CHANNEL_OPTIONS, *channel_options(self.proxy))
        return aio.secure_channel(self.address, ssl_channel_credentials(root), options=options)


def _why(refused: aio.AioRpcError, address: str) -> str:
    """Say in words of our own what the hub's status means."""
    match refused.code():
        case StatusCode.PERMISSION_DENIED:
            return "the hub says that this token opens nothing: it works once, and for a short while. Ask for a new one"
        case StatusCode.RESOURCE_EXHAUSTED:
            return "too many tokens were tried from here. Try again in an hour"
        case StatusCode.UNIMPLEMENTED:
            return f"whatever answers at {address} enrols nobody: is that the hub's port for requesters?"
        case StatusCode.UNAVAILABLE:
            return f"{address} cannot be reached, or its certificate does not bear that name"
        case code:
            return f"the hub gave no certificate ({code.name})"


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
