"""An issuer of our own, on a real port, that publishes and answers whatever a test wants."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.lib.minting import CLIENT, KID, CurveKey, SigningKey, token

Answer = dict[str, object] | web.StreamResponse
ACCESS_TOKEN = "an-access-token"
SUBJECT = "invented-person-7"
# One key for all issuers of a run, and one that none of them publishes: making keys is the dearest part of a test.
KEY, CURVE, STRANGER, ENCRYPTING = (
    SigningKey(),
    CurveKey(),
    SigningKey(kid="stranger-1"),
    SigningKey(kid="encrypting-1"),
)


@dataclass(kw_only=True)
class HostileIssuer:
    """Listens when entered; honest until a test puts another document or answer in its place."""

    now: float
    url: str = ""
    nonce: str = ""
    changed: dict[str, object] = field(default_factory=dict)
    keys: list[dict[str, object]] = field(default_factory=list)
    instead: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    minted: object = None
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    _stalled: dict[str, asyncio.Event] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self.keys = self.keys or [KEY.jwk(), CURVE.jwk(alg="ES256", use="sig"), ENCRYPTING.jwk(use="enc")]
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.tls).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{'https' if self.tls else 'http'}://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def paths(self) -> list[str]:
        """Name what was asked for, in order."""
        return [path for path, _, _ in self.asked]

    def claims(self, **changes: object) -> dict[str, object]:
        """Say what an honest token says; None takes a claim away."""
        said: dict[str, object] = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": SUBJECT,
            "nonce": self.nonce,
            "iat": int(self.now),
            "exp": int(self.now) + 300,
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    def honest(self, **changes: object) -> str:
        """Mint a token that is in order but for the changes."""
        return token({"alg": "RS256", "kid": KID, "typ": "JWT"}, self.claims(**changes), KEY.signs)

    def tokens(self, **changes: object) -> dict[str, object]:
        """Make an honest answer of the token endpoint but for the changes; None takes a part away."""
        minted = self.honest() if self.minted is None else self.minted
        said = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": minted, **changes}
        return {name: value for name, value in said.items() if value is not None}

    def discovery(self) -> dict[str, object]:
        """Publish what an issuer is obliged to, but for the changes; None takes a part away."""
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "code_challenge_methods_supported": ["S256"],
            **self.changed,
        }
        return {name: value for name, value in said.items() if value is not None}

    @contextmanager
    def stalling(self, path: str) -> Iterator[None]:
        """Leave whoever asks there without an answer."""
        self._stalled[path] = asyncio.Event()
        yield
        self._stalled.pop(path).set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.path in self._stalled:
            await self._stalled[request.path].wait()
        self.asked.append((request.path, dict(await request.post()), request.headers.get("Authorization", "")))  # type: ignore[arg-type]  # forms of tests hold no files
        honest: dict[str, Callable[[], Answer]] = {
            "/.well-known/openid-configuration": self.discovery,
            "/keys": lambda: {"keys": self.keys},
            "/token": self.tokens,
        }
        answer = (honest | self.instead).get(request.path, lambda: web.Response(status=404))()
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)
