"""What lets others believe the record without believing the hub: checkpoints, proofs, and exports of it all."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from hub.agreeing.actor import Actor
from hub.audit.exporting import ProvedEntry, SignedState, exported_entries, exported_log
from hub.auditing.noting import Noting
from hub.auditing.reading import Found, Record, State
from hub.errors import InvalidRequest, NotHeld
from hub.model.policy import LevelKind

# Entries of an export that are read, and sent, at a time.
STEP = 1_000
# A part of the log brings a proof for each entry, which makes it far larger than the whole is for each.
MOST_PROVED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One entry, and the proof that it is in the log of a checkpoint."""

    found: Found
    note: str
    proof: Sequence[bytes]


class Proving:
    """Gives auditors what can be verified elsewhere."""

    def __init__(self, record: Record, noting: Noting) -> None:
        """Take the record, and where it is recorded what leaves it."""
        self._record = record
        self._noting = noting

    async def checkpoint(self, actor: Actor) -> SignedState:
        """Return the newest signed state, which has this look in it."""
        self._noting.admit(actor, "checkpoint", LevelKind.AUDITOR)
        await self._noting.looked(actor, "checkpoint")
        return self._record.state().signed

    async def proof(self, actor: Actor, position: int) -> Proven:
        """Return one entry with its proof; raise NotHeld where there is none."""
        self._noting.admit(actor, "proof", LevelKind.AUDITOR)
        await self._noting.looked(actor, "proof", position=position)
        state = self._record.state()
        _require_entries(position, state)
        # One that is missing in the store although the checkpoint counts it is a fault, and not "no such entry".
        (proved,) = await asyncio.to_thread(_proved, self._record, state, position, position + 1)
        found = Found(position=position, leaf=proved.leaf)
        return Proven(found=found, note=state.signed.checkpoint, proof=proved.proof)

    async def export(self, actor: Actor, first: int, count: int) -> AsyncGenerator[bytes, None]:
        """Yield the pieces of a file: the whole log, or so many entries from a position on, each with its proof."""
        self._noting.admit(actor, "export", LevelKind.AUDITOR, is_fresh=True)
        is_part = bool(first or count)
        if is_part and not 0 < count <= MOST_PROVED:
            mend = f"Export the whole, or at most {MOST_PROVED:,} entries at a time."
            raise InvalidRequest(
                "PART_TOO_LONG", "A part of the log has not so many entries.", mend=mend, field="count"
            )
        await self._noting.looked(actor, "export", first=first, count=count)
        state = self._record.state()
        if is_part:
            _require_entries(first, state)
        begin, end = (first, min(first + count, state.size)) if is_part else (0, state.size)
        yield b"".join(exported_entries(state.signed, ()) if is_part else exported_log(state.signed, ()))
        for start in range(begin, end, STEP):
            stop = min(start + STEP, end)
            yield await asyncio.to_thread(_piece, self._record, state, start, stop, is_part=is_part)


def _piece(record: Record, state: State, first: int, end: int, *, is_part: bool) -> bytes:
    """Spell some entries of an export, without its first line."""
    if is_part:
        lines = exported_entries(state.signed, _proved(record, state, first, end))
    else:
        lines = exported_log(state.signed, (found.leaf for found in record.entries(first, end - first)))
    next(lines)
    return b"".join(lines)


def _proved(record: Record, state: State, first: int, end: int) -> list[ProvedEntry]:
    return [
        ProvedEntry(position=found.position, leaf=found.leaf, proof=tuple(record.inclusion(found.position, state.size)))
        for found in record.entries(first, end - first)
    ]


def _require_entries(position: int, state: State) -> None:
    if position >= state.size:
        mend = f"The last is at position {state.size - 1}."
        raise NotHeld("NO_SUCH_ENTRY", "The log has no entry at this position.", mend=mend)
