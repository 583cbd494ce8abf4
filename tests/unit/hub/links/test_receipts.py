"""An agency's links bring it what it is owed, one at a time, and what its adapter claims is not believed unseen."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import ConnectRequest, Witnessed

from hub.links import receipts
from hub.links.link import Link
from hub.links.receipts import MOST_OUTSTANDING, Round
from hub.model.receipts import ProvenReceipt, ReceiptBatch
from tests.lib.signed_log import SignedLog
from tests.unit.hub.links.wire import AGENCY, Clock, Watch, Wire, asked, hello, reply, serving


class MemoryLedger:
    """Is a ledger over a log in memory."""

    def __init__(self) -> None:
        self.log = SignedLog()
        self.batches = 0
        self.failures = 0

    @property
    def origin(self) -> str:
        return self.log.signer.origin

    @property
    def key(self) -> bytes:
        return self.log.signer.public_key

    def last_number(self, agency: str) -> int:
        return len(self.log.receipts(agency))

    async def root_at(self, size: int) -> bytes | None:
        return self.log.root(size) if size <= len(self.log.leaves) else None

    async def batch(self, agency: str, *, after: int, size: int, most: int) -> ReceiptBatch:
        self.batches += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the disk")
        begin = size if size <= len(self.log.leaves) else 0
        checkpoint = self.log.checkpoint(begin)
        owed = self.log.receipts(agency, after)[:most]
        return ReceiptBatch(
            receipts=tuple(
                ProvenReceipt(number=one.number, position=one.audit_position, leaf=one.entry, proof=tuple(one.proof))
                for one in owed
            ),
            note=checkpoint.note,
            size=len(self.log.leaves),
            from_size=begin,
            consistency=tuple(checkpoint.consistency),
        )


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause short."""
    for pause in ("RECEIPT_SECONDS", "REST_SECONDS", "WITNESS_SECONDS", "FIRST_PAUSE_SECONDS", "UNREADABLE_SECONDS"):
        monkeypatch.setattr(receipts, pause, 0.01)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def owed(ledger: MemoryLedger) -> Round:
    return Round(AGENCY, ledger)


class End:
    """Is an agency's end of one link."""

    def __init__(self, owed: Round, number: int = 1) -> None:
        self.watch = Watch()
        self.wire = Wire()
        self.link = Link(AGENCY, hello(f"instance-number-000{number}"), self.watch, Clock(), owed=owed)
        self._read = 0

    async def brought(self) -> links_pb2.ConnectResponse:
        """Wait for the next batch."""
        while True:
            self._read += 1
            message = (await self.wire.received(self._read))[self._read - 1]
            if message.HasField("checkpoint"):
                return message

    def say(self, witnessed: Witnessed) -> None:
        self.wire.send(ConnectRequest(witnessed=witnessed))


@asynccontextmanager
async def linked(owed: Round, number: int = 1) -> AsyncIterator[End]:
    end = End(owed, number)
    async with serving(end.link, end.wire):
        yield end


def witnessed(log: SignedLog, last_receipt: int, **more: bool) -> Witnessed:
    size = len(log.leaves)
    return Witnessed(size=size, root=log.root(size) if size else b"", last_receipt=last_receipt, **more)


async def nothing_more(end: End) -> bool:
    """Tell whether nothing is brought for a while, in which much could have been."""
    before = len(end.wire.written)
    await asyncio.sleep(0.15)
    return not any(message.HasField("checkpoint") for message in end.wire.written[before:])


async def test_the_welcome_names_the_log_and_nothing_is_brought_until_the_adapter_witnesses(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed) as end:
        assert end.wire.written[0].welcome.log_origin == ledger.origin
        assert end.wire.written[0].welcome.log_key == ledger.key
        assert await nothing_more(end)
        assert owed.outstanding is None
        # It is asked all the same.
        gathering = asked(end.link, Clock())
        await end.wire.received(2)
        end.wire.send(reply(1))
        async with asyncio.timeout(5):
            assert len(await gathering.next()) == 1


async def test_what_an_agency_is_owed_comes_in_order_after_what_it_has_with_its_proofs(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, "r1", "r2")
    async with linked(owed) as end:
        end.say(Witnessed(size=1, root=ledger.log.root(1), last_receipt=1))
        brought = await end.brought()
        assert owed.outstanding == 1
        assert [(one.number, one.request_id, one.audit_position) for one in brought.receipts] == [(2, "r2", 1)]
        assert (list(brought.receipts[0].fields), brought.receipts[0].records) == (["nhs_number", "address"], 1)
        assert brought.receipts[0].entry == ledger.log.leaves[1]
        assert brought.checkpoint == ledger.log.checkpoint(1)
        end.say(witnessed(ledger.log, 2))
        assert await nothing_more(end)
        assert owed.outstanding == 0
        ledger.log.disclose(AGENCY, "r3")
        owed.tell()
        assert [one.number for one in (await end.brought()).receipts] == [3]


async def test_one_batch_is_on_its_way_at_a_time_and_no_larger_than_it_may_be(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, *(f"r{number}" for number in range(MOST_OUTSTANDING + 1)))
    async with linked(owed) as end:
        end.say(Witnessed())
        assert len((await end.brought()).receipts) == MOST_OUTSTANDING
        owed.tell()
        assert await nothing_more(end)
        end.say(witnessed(ledger.log, MOST_OUTSTANDING))
        assert [one.number for one in (await end.brought()).receipts] == [MOST_OUTSTANDING + 1]


async def test_an_agency_that_nothing_is_disclosed_from_witnesses_the_log_a_little_behind_it(
    owed: Round, ledger: MemoryLedger
) -> None:
    async with linked(owed) as end:
        end.say(Witnessed())
        assert await nothing_more(end)
        ledger.log.disclose("health", "r1")
        brought = await end.brought()
        assert not brought.receipts
        assert brought.checkpoint == ledger.log.checkpoint(0)


async def test_only_one_link_of_an_agency_brings_receipts_and_another_goes_on_when_it_ends(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed, 2) as second:
        async with linked(owed, 1) as first:
            first.say(Witnessed())
            await first.brought()
            second.say(Witnessed())
            assert await nothing_more(second)
        # The first ended without a word; whether it kept them is not known, so they come again.
        assert [one.number for one in (await second.brought()).receipts] == [1]


async def test_a_journal_that_is_further_than_the_link_knew_is_followed(owed: Round, ledger: MemoryLedger) -> None:
    ledger.log.disclose(AGENCY, "r1", "r2", "r3")
    async with linked(owed) as end:
        end.say(Witnessed())
        await end.brought()
        end.say(Witnessed(size=2, root=ledger.log.root(2), last_receipt=2))
        brought = await end.brought()
        assert [one.number for one in brought.receipts] == [3]
        assert brought.checkpoint.from_size == 2
        assert end.link.faults == 0


async def test_a_journal_that_keeps_nothing_is_tried_again_ever_more_slowly(
    owed: Round, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "FIRST_PAUSE_SECONDS", 0.04)
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed) as end:
        end.say(Witnessed())
        loop, times = asyncio.get_running_loop(), []
        for _ in range(4):
            await end.brought()
            times.append(loop.time())
            end.say(Witnessed())
        pauses = [later - sooner for sooner, later in itertools.pairwise(times)]
        assert pauses[0] >= 0.04
        assert pauses[2] >= 0.16
        assert not owed.disputes


async def test_a_refused_batch_is_not_brought_again_over_that_link_and_the_dispute_shows(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed) as end:
        end.say(Witnessed())
        await end.brought()
        end.say(Witnessed(has_refused=True))
        assert await nothing_more(end)
        assert owed.disputes
        assert owed.outstanding == 1
    async with linked(owed, 2) as end:
        end.say(Witnessed(has_refused=True))
        assert [one.number for one in (await end.brought()).receipts] == [1]
        end.say(witnessed(ledger.log, 1, has_refused=True))
        ledger.log.disclose(AGENCY, "r2")
        owed.tell()
        assert [one.number for one in (await end.brought()).receipts] == [2]
        assert owed.disputes


@pytest.mark.parametrize(
    "claim",
    [
        Witnessed(size=5, root=bytes(32), last_receipt=1),
        Witnessed(size=1, root=bytes(32), last_receipt=1),
        Witnessed(size=2**64 - 1, root=bytes(32), last_receipt=2**64 - 1),
    ],
)
async def test_a_state_that_the_log_never_had_is_shown_the_log_once_and_counts_as_a_fault(
    owed: Round, ledger: MemoryLedger, claim: Witnessed
) -> None:
    ledger.log.disclose(AGENCY, "r1", "r2")
    async with linked(owed) as end:
        end.say(claim)
        brought = await end.brought()
        assert brought.checkpoint.note == ledger.log.note()
        assert owed.disputes
        assert end.link.faults == 1
        for _ in range(3):
            end.say(claim)
        assert await nothing_more(end)
        assert end.link.faults > 3


async def test_a_receipt_that_the_hub_never_gave_is_no_state_of_this_log(owed: Round, ledger: MemoryLedger) -> None:
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed) as end:
        end.say(witnessed(ledger.log, 2))
        await end.brought()
        assert owed.disputes
        assert end.link.faults == 1


@pytest.mark.parametrize(
    "out_of_form",
    [Witnessed(size=1), Witnessed(root=bytes(32)), Witnessed(size=1, root=b"short")],
)
async def test_a_witness_out_of_form_is_a_fault_and_brings_nothing(
    owed: Round, ledger: MemoryLedger, out_of_form: Witnessed
) -> None:
    ledger.log.disclose(AGENCY, "r1")
    async with linked(owed) as end:
        end.say(out_of_form)
        assert await nothing_more(end)
        assert end.link.faults == 1


async def test_a_flood_of_witnesses_ends_the_link(owed: Round) -> None:
    end = End(owed)
    async with serving(end.link, end.wire) as serve:
        for _ in range(50):
            end.say(Witnessed())
        await asyncio.wait([serve], timeout=5)
        assert serve.done()


async def test_going_back_and_forth_does_not_make_the_hub_hurry(
    owed: Round, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "FIRST_PAUSE_SECONDS", 0.05)
    ledger.log.disclose(AGENCY, "r1", "r2")
    async with linked(owed) as end:
        for number in range(40):
            last = number % 2
            end.say(Witnessed(size=last, root=ledger.log.root(1) if last else b"", last_receipt=last))
            await asyncio.sleep(0.01)
        assert ledger.batches < 20


async def test_a_ledger_that_cannot_be_read_keeps_receipts_waiting_and_no_question(
    owed: Round, ledger: MemoryLedger
) -> None:
    ledger.log.disclose(AGENCY, "r1")
    ledger.failures = 3
    async with linked(owed) as end:
        end.say(Witnessed())
        assert [one.number for one in (await end.brought()).receipts] == [1]
        assert ledger.batches == 4
