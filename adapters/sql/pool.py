"""A bounded pool of sessions with one server: nothing is asked over a session of which anything went wrong."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Protocol

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.sql.database import Rows
from adapters.sql.deadlines import Deadlines
from adapters.sql.places import Places

RECYCLE_SECONDS = 1800.0
STOP_SECONDS = 5.0


class Session(Protocol):
    """One connection that only reads."""

    def is_usable(self) -> bool:
        """Tell whether the connection still stands, as far as this side knows."""

    async def rows(self, text: str, values: Sequence[object]) -> Rows:
        """Run a statement with its parameters, which are sent beside it."""

    async def stop(self) -> None:
        """Stop at the server whatever this session has it do, and close."""

    async def close(self) -> None:
        """Close in peace."""


class Driver(Protocol):
    """Opens sessions, and says what the driver's errors mean."""

    async def connect(self) -> Session:
        """Open a session that cannot write and whose statements are bounded."""

    def kind_of(self, fault: Exception) -> SourceFaultKind:
        """Say in our words what is wrong; the driver's own may hold case data or the address."""

    def refuses_writing(self, fault: BaseException | None) -> bool:
        """Tell whether the server refused because a session, or an account, may only read."""


Taken = tuple[Session, float, bool]
"""A session, when it was opened, and whether it was idle until now."""


class Pool:
    """Hands out sessions, the one that was used last first, and keeps at most so many."""

    def __init__(self, driver: Driver, *, most: int) -> None:
        """Take what opens sessions, and how many there may be at once."""
        self._driver = driver
        self._places = Places(most)
        self._idle: list[tuple[Session, float]] = []
        self._letting_go: set[asyncio.Task[None]] = set()
        self._deadlines = Deadlines()
        self._is_closed = False

    async def rows(self, text: str, values: Sequence[object], deadline: float) -> Rows:
        """Run a statement until the event loop's clock shows the deadline; raises SourceFault.

        It is run again over a new session where an idle one turns out to be lost: what only reads can be repeated.
        """
        with self._deadlines.until(deadline):
            while True:
                if not self._places.take():
                    await self._places.wait()
                session, opened_at, was_idle = self._take_idle() or await self._open()
                try:
                    rows = await session.rows(text, values)
                except Exception as fault:  # noqa: BLE001  whatever a driver raises is translated: it may hold case data
                    self._drop(session.stop())
                    kind = self._driver.kind_of(fault)
                    if not (was_idle and kind is SourceFaultKind.UNREACHABLE):
                        raise SourceFault(kind) from None
                    # Its neighbours were lost with it, most likely.
                    self._let_go_of_idle()
                except BaseException:
                    # Cancelled: nobody waits for the answer any more, and the session is in the middle of it.
                    self._drop(session.stop())
                    raise
                else:
                    self._give_back(session, opened_at)
                    return rows

    async def close(self) -> None:
        """Close all that is idle, and wait for what is being let go; may be called again."""
        self._is_closed = True
        self._let_go_of_idle()
        await asyncio.gather(*self._letting_go, return_exceptions=True)

    def _take_idle(self) -> Taken | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            session, opened_at = self._idle.pop()
            if session.is_usable() and now - opened_at < RECYCLE_SECONDS:
                return session, opened_at, True
            self._drop(session.close(), has_place=False)
        return None

    async def _open(self) -> Taken:
        try:
            return await self._driver.connect(), asyncio.get_running_loop().time(), False
        except Exception as fault:  # noqa: BLE001  of a refused connection the words hold the account's name
            self._places.give_back()
            raise SourceFault(self._driver.kind_of(fault)) from None
        except BaseException:
            self._places.give_back()
            raise

    def _give_back(self, session: Session, opened_at: float) -> None:
        if self._is_closed:
            self._drop(session.close())
        else:
            self._idle.append((session, opened_at))
            self._places.give_back()

    def _let_go_of_idle(self) -> None:
        while self._idle:
            self._drop(self._idle.pop()[0].close(), has_place=False)

    def _drop(self, ending: Awaitable[None], *, has_place: bool = True) -> None:
        """End a session beside all else; its place is free once the server is rid of it."""
        task = asyncio.create_task(self._end(ending, has_place=has_place))
        self._letting_go.add(task)
        task.add_done_callback(self._letting_go.discard)

    async def _end(self, ending: Awaitable[None], *, has_place: bool) -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await ending
        except Exception:  # noqa: BLE001, S110  the server's own time limit ends what could not be stopped
            pass
        finally:
            if has_place:
                self._places.give_back()
