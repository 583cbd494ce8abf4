"""The switch by which an agency stops all answers at once: one row of its journal, which every process reads.

It needs no hub and no running adapter, and it outlasts a restart. What was stopped is not told: the check stands in the
transaction in which an ask is journalled, and no answer leaves before that. What left before is taken back.
"""

import asyncio
import os
import pwd
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from structlog.typing import FilteringBoundLogger

from adapters.kit.errors import JournalFault

LOOK_SECONDS = 0.25

_LAST_TURN = "SELECT is_stopped, turned_at_ms, turned_by, reason FROM switchings ORDER BY turn DESC LIMIT 1"
_IS_STOPPED = "SELECT is_stopped FROM switchings ORDER BY turn DESC LIMIT 1"
_INSERT_TURN = "INSERT INTO switchings VALUES (NULL, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of the switch: which way, when, by which user of the machine, and why."""

    is_stopped: bool
    turned_at_ms: int
    turned_by: str
    reason: str

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open."""
        connection.execute(_INSERT_TURN, (self.turned_at_ms, self.is_stopped, self.turned_by, self.reason))


NEVER_TURNED = Turn(is_stopped=False, turned_at_ms=0, turned_by="", reason="")


def last_turn(connection: sqlite3.Connection) -> Turn:
    """Read how the switch stands."""
    row = connection.execute(_LAST_TURN).fetchone()
    if row is None:
        return NEVER_TURNED
    is_stopped, at_ms, by, reason = row
    return Turn(is_stopped=bool(is_stopped), turned_at_ms=at_ms, turned_by=by, reason=reason)


def is_stopped(connection: sqlite3.Connection) -> bool:
    """Tell whether all answers are stopped; asked for every answer that is journalled."""
    row = connection.execute(_IS_STOPPED).fetchone()
    return row is not None and bool(row[0])


def user_of_this_machine() -> str:
    """Name the user who runs this program, as the system knows it and not as the environment says."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@dataclass(slots=True, kw_only=True, eq=False)
class Switch:
    """Reads how the switch stands, again and again; `stop` takes back what is held, and says how much that was."""

    read: Callable[[Callable[[sqlite3.Connection], Turn]], Awaitable[Turn]]
    stop: Callable[[], int]
    log: FilteringBoundLogger
    look_seconds: float = LOOK_SECONDS
    turn: Turn = field(default=NEVER_TURNED)

    @property
    def is_stopped(self) -> bool:
        """Tell how it stood when it was last looked at."""
        return self.turn.is_stopped

    async def look(self) -> None:
        """Look now; raises JournalFault where the journal cannot be read."""
        turn = await self.read(last_turn)
        before, self.turn = self.turn, turn
        if turn.is_stopped and not before.is_stopped:
            self.log.warning("answers_stopped", taken_back=self.stop())
        elif before.is_stopped and not turn.is_stopped:
            self.log.warning("answers_resumed")

    async def run(self) -> None:
        """Look until cancelled; what cannot be read cannot be written either, so nothing leaves meanwhile."""
        while True:
            try:
                await self.look()
            except JournalFault as fault:
                self.log.critical("journal_failed", type=str(fault))
            await asyncio.sleep(self.look_seconds)
