"""A back office that agencies' adapters read over HTTP: every row holds planted values, and for some it fails."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.forensics.canaries import Canaries
from tests.lib.people import nhs_numbers

HANG_SECONDS = 5.0
SLOW_SECONDS = 0.6
_STRANGERS = 999_900_000


class Habit(StrEnum):
    """Is how the office answers for a person."""

    ANSWERS = "answers"
    SLOW = "is slow"
    HANGS = "hangs"
    FAILS = "fails"
    SAYS_TOO_MUCH = "says too much"


class Office:
    """Listens when entered; `habits` says for whom it does not simply answer, by agency and NHS number."""

    def __init__(self, canaries: Canaries) -> None:
        """Plant values as they are asked for."""
        self._canaries = canaries
        self._runner: web.AppRunner | None = None
        self._strangers = nhs_numbers(_STRANGERS)
        self.habits: dict[tuple[str, str], Habit] = {}
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{agency}/people", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        agency, number = request.match_info["agency"], request.query["nhs"]
        match self.habits.get((agency, number), Habit.ANSWERS):
            case Habit.HANGS:
                await asyncio.sleep(HANG_SECONDS)
            case Habit.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
            case Habit.FAILS:
                return web.Response(status=500, text=self._canaries.long(agency, number, "error"))
            case Habit.SAYS_TOO_MUCH:
                stranger = self._canaries.number(next(self._strangers), "stranger")
                return web.json_response({"items": [self.row(agency, number), self.row(agency, stranger)]})
            case _:
                pass
        return web.json_response({"items": [self.row(agency, number)]})

    def row(self, agency: str, number: str) -> Mapping[str, str]:
        """Return a person's row at an agency."""
        short = {name: self._canaries.short(agency, number, name) for name in ("given", "family", "postcode")}
        long = {name: self._canaries.long(agency, number, name) for name in ("address", "service", "school", "gp")}
        worker = f"{self._canaries.short(agency, number, 'w1')} {self._canaries.short(agency, number, 'w2')}"
        return {"id": number[3:], "nhs": number, "worker": worker, **short, **long}
