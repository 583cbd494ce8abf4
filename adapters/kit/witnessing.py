"""Witnessing: what the hub says of its log is believed when it follows, by proof, from what was believed before."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sharing.v1.links_pb2 import Checkpoint, Receipt, Welcome, Witnessed
from structlog.typing import FilteringBoundLogger

from adapters.kit.answering import WallClock
from adapters.kit.errors import AdapterError, JournalFault, OutOfStep
from adapters.kit.journal import Journal
from adapters.kit.receipts import AcceptedBatch, HeldReceipt, RefusalEntry, Standing, read_standing
from adapters.kit.verifying import (
    EMPTY_ROOT,
    Distrusted,
    State,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    read_note,
)

MOST_RECEIPTS = 1000
LONGEST_ORIGIN = 200
LONGEST_NOTE = 1000
KEY_BYTES = 32
LARGEST_NUMBER = 2**53
RETRY_SECONDS = 5.0


class Why(StrEnum):
    """Is a reason for which a state of the hub's log, or a receipt, is not accepted."""

    OTHER_LOG = "it is another log, or another key, than the one that this agency witnesses"
    NOT_SIGNED = "the state of the log was not signed with its key"
    SMALLER = "the log has become shorter"
    FORKED = "the log has another root than before, at the same length"
    REWRITTEN = "the log does not continue what it was"
    NOT_INCLUDED = "a receipt is of an entry that is not in the log"
    GAP = "the receipts do not follow one another without a gap"
    OTHER_AGENCY = "a receipt names another agency"
    UNREADABLE = "a receipt cannot be read"
    OUT_OF_TURN = "receipts came without a state of the log, or not from where the journal stands"


class NotBelieved(Exception):
    """Is raised with the reason for which what came is not accepted."""

    def __init__(self, why: Why) -> None:
        """Take the reason."""
        super().__init__(why.value)
        self.why = why


def believed(standing: Standing, checkpoint: Checkpoint) -> State:
    """Return the state of the log that a checkpoint attests; raise NotBelieved unless it continues what stands."""
    try:
        state = read_note(checkpoint.note, standing.origin, standing.key)
    except Distrusted:
        raise NotBelieved(Why.NOT_SIGNED) from None
    if state.size > LARGEST_NUMBER:
        raise NotBelieved(Why.OUT_OF_TURN)
    if state.size < standing.size:
        raise NotBelieved(Why.SMALLER)
    if state.size == standing.size and state.root != standing.root:
        raise NotBelieved(Why.FORKED)
    if checkpoint.from_size != standing.size:
        raise NotBelieved(Why.OUT_OF_TURN)
    before = State(size=standing.size, root=standing.root or EMPTY_ROOT)
    if not proves_consistency(before, state, checkpoint.consistency):
        raise NotBelieved(Why.REWRITTEN)
    return state


def proven(agency: str, after: int, receipts: Sequence[Receipt], state: State) -> list[HeldReceipt]:
    """Return receipts that are in the log as signed, this agency's, and numbered from `after` on; or NotBelieved."""
    if len(receipts) > MOST_RECEIPTS or after + len(receipts) > LARGEST_NUMBER:
        raise NotBelieved(Why.OUT_OF_TURN)
    return [_one(agency, number, receipt, state) for number, receipt in enumerate(receipts, start=after + 1)]


def _one(agency: str, number: int, receipt: Receipt, state: State) -> HeldReceipt:
    if receipt.number != number:
        raise NotBelieved(Why.GAP)
    leaf = leaf_hash(receipt.entry)
    if not proves_inclusion(leaf, receipt.audit_position, state, receipt.proof):
        raise NotBelieved(Why.NOT_INCLUDED)
    said = _read(receipt.entry)
    if said.get("agency") != agency:
        raise NotBelieved(Why.OTHER_AGENCY)
    return HeldReceipt(
        number=number,
        position=receipt.audit_position,
        leaf=leaf,
        entry=receipt.entry,
        said=said,
        proof=tuple(receipt.proof),
    )


def _read(entry: bytes) -> Mapping[str, object]:
    """Return what an entry says, if all of it can be written down."""
    try:
        said = json.loads(entry)
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NotBelieved(Why.UNREADABLE) from None
    if not isinstance(said, dict):
        raise NotBelieved(Why.UNREADABLE)
    return said


@dataclass(slots=True, kw_only=True, eq=False)
class Witnessing:
    """Witnesses the hub's log over one link; several links, and several processes, may share the journal."""

    agency: str
    hub: str
    journal: Journal
    wall_ms: WallClock
    log: FilteringBoundLogger
    stands: Callable[[int], None] = lambda _: None
    _said: Standing = field(default_factory=Standing)
    _has_refused: bool = False

    async def begin(self, welcome: Welcome) -> Witnessed | None:
        """Say how far the journal has come with the log of a hub; nothing to a hub that keeps none."""
        origin, key = welcome.log_origin, welcome.log_key
        if not origin:
            return None
        standing = await self._standing()
        is_key = len(key) == KEY_BYTES and len(origin) <= LONGEST_ORIGIN
        if not is_key or (standing.origin and (standing.origin, standing.key) != (origin, key)):
            await self._refuse(Why.OTHER_LOG, note=f"{origin[:LONGEST_ORIGIN]} {key[:KEY_BYTES].hex()}")
        if not standing.origin:
            standing = replace(standing, origin=origin, key=key)
        return self._say(standing)

    async def take(self, receipts: Sequence[Receipt], checkpoint: Checkpoint) -> Witnessed:
        """Keep what can be believed of a batch, and say how far the journal has come with that."""
        try:
            # Verified against what this link said: that is what the hub's proof begins at.
            state = believed(self._said, checkpoint)
            held = proven(self.agency, self._said.last_receipt, receipts, state)
        except NotBelieved as refused:
            await self._refuse(refused.why, note=checkpoint.note)
        else:
            await self._keep(state, checkpoint.note, held)
        return self._say(await self._standing())

    async def _keep(self, state: State, note: str, held: Sequence[HeldReceipt]) -> None:
        batch = AcceptedBatch(
            hub=self.hub, accepted_at_ms=self.wall_ms(), before=self._said, state=state, note=note, receipts=held
        )
        try:
            await self.journal.put(batch)
        except OutOfStep:
            # Another process of this agency was quicker; the hub hears from where to go on.
            self.log.info("receipts_out_of_step", hub=self.hub)
        except (AdapterError, RuntimeError) as fault:
            self.log.critical("journal_failed", type=type(fault).__name__)

    async def _refuse(self, why: Why, *, note: str) -> None:
        self._has_refused = True
        self.log.critical("log_refused", hub=self.hub, why=why.value)
        entry = RefusalEntry(
            refused_at_ms=self.wall_ms(),
            hub=self.hub,
            origin=self._said.origin,
            why=why.name.lower(),
            note=note[:LONGEST_NOTE],
        )
        try:
            await self.journal.put(entry)
        except (AdapterError, RuntimeError) as fault:
            self.log.critical("journal_failed", type=type(fault).__name__)

    async def _standing(self) -> Standing:
        """Read how far the journal has come, as soon as it can be read; until then the hub is told nothing."""
        while True:
            try:
                return await self.journal.read(read_standing)
            except JournalFault as fault:
                self.log.critical("journal_failed", type=str(fault))
                await asyncio.sleep(RETRY_SECONDS)

    def _say(self, standing: Standing) -> Witnessed:
        if not standing.origin:
            standing = replace(standing, origin=self._said.origin, key=self._said.key)
        self._said = standing
        self.stands(standing.last_receipt)
        return Witnessed(
            size=standing.size,
            root=standing.root,
            last_receipt=standing.last_receipt,
            # A refusal that could not be written down counts nevertheless.
            has_refused=standing.has_refused or self._has_refused,
        )
