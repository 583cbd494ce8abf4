"""A small real HTTP server for tests: answers by path, remembers every request, and can misbehave as a test says."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

Answer = object | web.Response
Answers = Callable[[Mapping[str, str]], Answer]


@dataclass(kw_only=True)
class HttpServer:
    """Listens when entered."""

    pages: dict[str, Answers] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    posted: list[tuple[object, str | None]] = field(default_factory=list)
    url: str = ""
    posted_bytes: list[bytes] = field(default_factory=list)
    reads_json: bool = True
    stalled: asyncio.Event | None = None
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        app.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.stalled is not None:
            self.stalled.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.path.lstrip("/")
        self.asked.append((path, dict(request.query)))
        self.keys.append(request.headers.get("X-Api-Key"))
        if request.method == "POST":
            self.posted_bytes.append(await request.read())
        if request.method == "POST" and self.reads_json:
            self.posted.append((await request.json(), request.headers.get("Idempotency-Key")))
        if self.stalled is not None:
            await self.stalled.wait()
        if path not in self.pages:
            return web.Response(status=404)
        answer = self.pages[path](request.query)
        return answer if isinstance(answer, web.Response) else web.json_response(answer)
