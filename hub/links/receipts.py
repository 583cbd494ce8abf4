"""Receipts on their way: an agency's links bring it what the log says of it, one link at a time, until it has all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn, Protocol, TypeVar

import structlog
from sharing.v1 import links_pb2

from hub.links.outgoing import Outgoing
from hub.links.wire import receipt_frame
from hub.model.receipts import ReceiptBatch, Witness

# Nobody waits for a receipt, and a write of its own would double what a busy link costs.
RECEIPT_SECONDS = 0.05
# Under load this much lies between two batches: a batch costs as much as twenty receipts.
REST_SECONDS = 0.25
# An agency that nothing is disclosed from witnesses the log as well, a little behind it.
WITNESS_SECONDS = 5.0
# Receipts that are on their way to one agency at one time.
MOST_OUTSTANDING = 200
# How long a journal has to make a batch durable before another of the agency's links may try.
DURABLE_SECONDS = 60.0
# A journal that took nothing of a batch is tried again after this long, then twice as long, up to the longest.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
# A ledger that could not be read is tried again after this long.
UNREADABLE_SECONDS = 5.0
HASH_BYTES = 32

Read = TypeVar("Read")

_log = structlog.get_logger(__name__)


class Ledger(Protocol):
    """What the links need of the record."""

    @property
    def origin(self) -> str:
        """Return how the log's checkpoints begin."""

    @property
    def key(self) -> bytes:
        """Return the public key by which its checkpoints are signed."""

    def last_number(self, agency: str) -> int:
        """Return the number of an agency's newest receipt, 0 before the first; asks no disk."""

    async def root_at(self, size: int) -> bytes | None:
        """Return the root of the log's first leaves; None when it is shorter."""

    async def batch(self, agency: str, *, after: int, size: int, most: int) -> ReceiptBatch:
        """Return an agency's receipts after a number, with the newest state of the log.

        Its consistency proof begins at `size` leaves; where the log is shorter than that, at none.
        """


class Round:
    """What an agency is owed, whichever of its links brings it."""

    def __init__(self, agency: str, ledger: Ledger) -> None:
        """Start without knowing how far the agency's journal has come."""
        self.agency = agency
        self.ledger = ledger
        self.turn = asyncio.Lock()
        self.witnessed: Witness | None = None
        self.disputes = False
        self._news = asyncio.Event()

    @property
    def outstanding(self) -> int | None:
        """Count the receipts that the agency's journal does not have yet; None until it has said which it has."""
        if self.witnessed is None:
            return None
        return max(0, self.ledger.last_number(self.agency) - self.witnessed.last_receipt)

    def tell(self) -> None:
        """Say that there is a new receipt for the agency."""
        self._news.set()

    async def news(self) -> bool:
        """Wait until there is a new receipt; return False when it is time to witness the log without one."""
        try:
            async with asyncio.timeout(WITNESS_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return False
        await asyncio.sleep(RECEIPT_SECONDS)
        self._news.clear()
        return True


class Courier:
    """Brings receipts over one link, whenever it is that link's turn."""

    def __init__(self, round_: Round, out: Outgoing, at_fault: Callable[[], None]) -> None:
        """Take what the agency is owed, what goes out over the link, and whom to tell of a claim that cannot be."""
        self._round = round_
        self._out = out
        self._at_fault = at_fault
        self._is_expected = True
        self._heard: Witness | None = None
        self._has_heard = asyncio.Event()

    def accept(self, said: links_pb2.Witnessed) -> bool:
        """Take in how far the journal has come; return False when that was not asked for, or is out of form.

        It is asked for once after the welcome and once after each batch.
        """
        is_in_form = len(said.root) == (HASH_BYTES if said.size else 0)
        if not self._is_expected or not is_in_form:
            return False
        self._is_expected = False
        self._heard = Witness(
            size=said.size, root=said.root, last_receipt=said.last_receipt, has_refused=said.has_refused
        )
        self._has_heard.set()
        return True

    async def run(self) -> NoReturn:
        """Bring whatever the agency is owed, until cancelled; a link whose adapter does not witness brings nothing."""
        while True:
            heard = await self._hear()
            async with self._round.turn:
                await self._bring_all(heard)

    async def _bring_all(self, heard: Witness) -> None:
        """Bring batch after batch; return when an answer is overdue, and when the two do not agree on the log.

        In the last case nothing more is asked of this link; the agency's next one tries again.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            is_believed = await self._is_believed(heard)
            batch = await self._next_batch(heard, at_once=not is_believed)
            self._send(batch)
            try:
                async with asyncio.timeout(DURABLE_SECONDS):
                    answer = await self._hear()
            except TimeoutError:
                _log.warning("receipts.overdue", agency=self._round.agency)
                return
            if _is_further(answer, heard):
                pause = FIRST_PAUSE_SECONDS
            elif answer.has_refused or not is_believed:
                _log.error("receipts.refused", agency=self._round.agency, size=batch.size)
                await self._is_believed(answer)
                return
            else:
                _log.warning("receipts.not_kept", agency=self._round.agency)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            if len(batch.receipts) < MOST_OUTSTANDING:
                await asyncio.sleep(REST_SECONDS)
            heard = answer

    async def _is_believed(self, heard: Witness) -> bool:
        """Compare what the journal says with the log; tell whether the two can be of one history."""
        here = self._round
        root = await self._read(lambda: here.ledger.root_at(heard.size)) if heard.size else b""
        is_one_history = root == heard.root and heard.last_receipt <= here.ledger.last_number(here.agency)
        disputes = heard.has_refused or not is_one_history
        if disputes and not here.disputes:
            _log.error("receipts.disputed", agency=here.agency, size=heard.size, is_refused=heard.has_refused)
        if not is_one_history:
            self._at_fault()
        here.witnessed, here.disputes = heard, disputes
        return is_one_history

    async def _next_batch(self, heard: Witness, *, at_once: bool) -> ReceiptBatch:
        """Wait until there is something that the journal does not have; `at_once` shows it the log as it is now."""
        batch = await self._batch(heard)
        while not (batch.receipts or at_once):
            is_new = await self._round.news()
            batch = await self._batch(heard)
            if not is_new and batch.size != heard.size:
                return batch
        return batch

    async def _batch(self, heard: Witness) -> ReceiptBatch:
        agency, ledger = self._round.agency, self._round.ledger
        return await self._read(
            lambda: ledger.batch(agency, after=heard.last_receipt, size=heard.size, most=MOST_OUTSTANDING)
        )

    async def _read(self, read: Callable[[], Awaitable[Read]]) -> Read:
        """Read the ledger, as soon as it can be read: a disk that fails must not end a link that answers questions."""
        while True:
            try:
                return await read()
            except Exception as error:  # noqa: BLE001  (whatever it is, receipts wait and questions do not)
                _log.error("receipts.unreadable", agency=self._round.agency, error=type(error).__name__)
                await asyncio.sleep(UNREADABLE_SECONDS)

    def _send(self, batch: ReceiptBatch) -> None:
        message = self._out.message
        message.receipts.extend(map(receipt_frame, batch.receipts))
        message.checkpoint.CopyFrom(
            links_pb2.Checkpoint(note=batch.note, from_size=batch.from_size, consistency=batch.consistency)
        )
        self._is_expected = True
        self._out.rouse()

    async def _hear(self) -> Witness:
        await self._has_heard.wait()
        self._has_heard.clear()
        if self._heard is None:
            raise RuntimeError("nothing was heard")
        return self._heard


def _is_further(answer: Witness, before: Witness) -> bool:
    """Tell whether a journal has come on; a claim to have gone back must not make the hub hurry."""
    here, there = (answer.size, answer.last_receipt), (before.size, before.last_receipt)
    return here != there and answer.size >= before.size and answer.last_receipt >= before.last_receipt
