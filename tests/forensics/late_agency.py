"""An agency whose adapter answers after the hub has given it up, and says things that were not asked."""

import asyncio
import time
from collections.abc import Sequence

from sharing.v1 import links_pb2, records_pb2

from tests.forensics.canaries import Canaries
from tests.lib.good_adapter import GoodAdapter

QUIET_SECONDS = 1.0
PADDING_BYTES = 64 * 1024


class LateAgency(GoodAdapter):
    """Keeps the contract but for the time, which it often takes, and pads its link when it has become quiet."""

    def __init__(self, agency: str, canaries: Canaries, delay: float) -> None:
        """Answer after so many seconds."""
        super().__init__(agency, delay=delay)
        self._canaries = canaries
        self._padding: asyncio.TimerHandle | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def _answer_later(self, asks: Sequence[links_pb2.Ask]) -> None:
        """Be late for one person in three."""
        for ask in asks:
            if int(ask.person.nhs_number[:-1]) % 3 == 0:
                await asyncio.sleep(self._delay)
            await self._answer([ask])

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        for ask in asks:
            number = ask.person.nhs_number
            records = records_pb2.Records(
                columns=ask.fields,
                cells=[
                    number if field == "nhs_number" else self._canaries.long(self.agency, number, field)
                    for field in ask.fields
                ],
                record_dates=["2026-01-31"],
                source=self._canaries.short(self.agency, number, "source"),
                retrieved_at_ms=time.time_ns() // 1_000_000,
            )
            status = links_pb2.REPLY_STATUS_ANSWERED
            reply = links_pb2.Reply(ask_id=ask.ask_id, nonce=ask.nonce, status=status, records=records)
            await self.stream.write(links_pb2.ConnectRequest(replies=[reply]))
        if self._padding is not None:
            self._padding.cancel()
        self._padding = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._pad)

    def _pad(self) -> None:
        task = asyncio.create_task(self.stream.write(links_pb2.ConnectRequest(padding=bytes(PADDING_BYTES))))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
