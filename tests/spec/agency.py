"""An agency on the other end of a real link, without a network: it answers as a scenario says."""

import asyncio
from collections.abc import Callable, Sequence

from sharing.v1 import links_pb2, records_pb2

from hub.links.link import Link
from hub.links.watching import LinkWatch
from tests.spec.scenario import number
from tests.spec.tables import Row

# What an agency can do besides sending records, as scenarios say it.
_STATUSES = {
    "nothing": links_pb2.REPLY_STATUS_ANSWERED,
    "withholds": links_pb2.REPLY_STATUS_WITHHELD,
    "refuses": links_pb2.REPLY_STATUS_REFUSED,
    "is unable": links_pb2.REPLY_STATUS_UNABLE,
    "its system is down": links_pb2.REPLY_STATUS_SOURCE_DOWN,
    "no status": links_pb2.REPLY_STATUS_UNSPECIFIED,
}
_SILENT = "says nothing"
_NOT_RECORDS = {"agency", "answers", "when", "record date", "consent", "until", "objects", "protects", "area"}


class Agency:
    """Answers every ask in one way, or one way at first and another when asked again; remembers what it was asked."""

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        """Take the rows of a scenario that speak of this agency."""
        self.asks: list[links_pb2.Ask] = []
        self.receipts: list[links_pb2.Receipt] = []
        self.dropped: list[int] = []
        # What happens just before it answers.
        self.when_asked: Callable[[], object] = lambda: None
        self._name = name
        self._rows = rows
        self._to_hub: asyncio.Queue[bytes | None] = asyncio.Queue()

    @property
    def is_connected(self) -> bool:
        """Tell whether it has a link at all."""
        return self._rows[0]["answers"] != "is not connected"

    def link(self, questions: Sequence[str], watch: LinkWatch) -> Link:
        """Make its end of a link known to the hub."""
        can = [] if self._rows[0]["answers"] == "does not know the question" else list(questions)
        hello = links_pb2.Hello(contract=1, instance="0123456789abcdef", program="spec", questions=can)
        return Link(self._name, hello, watch, asyncio.get_running_loop().time)

    async def serve(self, link: Link) -> None:
        """Carry messages until the link ends."""
        await link.serve(self._to_hub.get, self._from_hub)

    def leave(self) -> None:
        """End the link."""
        self._to_hub.put_nowait(None)

    def withdraw(self, *request_ids: str) -> None:
        """Take back what was sent in answer to some requests."""
        withdrawals = [links_pb2.Withdrawal(request_id=request_id) for request_id in request_ids]
        self._to_hub.put_nowait(links_pb2.ConnectRequest(withdrawals=withdrawals).SerializeToString())

    async def _from_hub(self, received: bytes) -> None:
        message = links_pb2.ConnectResponse.FromString(received)
        self.receipts.extend(message.receipts)
        self.dropped.extend(message.dropped)
        for ask in message.asks:
            self.asks.append(ask)
            self.when_asked()
            self._answer(ask)

    def _answer(self, ask: links_pb2.Ask) -> None:
        rows = self._rows_for(ask)
        does = rows[0]["answers"]
        reply = links_pb2.Reply(ask_id=ask.ask_id, nonce=ask.nonce)
        match does:
            case "says nothing":
                return
            case "breaks off":
                self.leave()
                return
            case "sends garbage":
                self._to_hub.put_nowait(b"\xff\xff\xff")
                return
            case "a record" | "another's nonce" | "cells too few":
                reply.status = links_pb2.REPLY_STATUS_ANSWERED
                reply.records.CopyFrom(self._records(rows))
            case _:
                reply.status = _STATUSES[does]  # type: ignore[assignment]  # enum values are plain numbers
        if does == "another's nonce":
            reply.nonce = b"\0" * 8
        if does == "cells too few":
            del reply.records.cells[-1]
        self._to_hub.put_nowait(links_pb2.ConnectRequest(replies=[reply]).SerializeToString())

    def _rows_for(self, ask: links_pb2.Ask) -> Sequence[Row]:
        when = "again" if ask.again else "first"
        return [row for row in self._rows if row.get("when", when) == when] or [{"answers": "nothing"}]

    @staticmethod
    def _records(rows: Sequence[Row]) -> records_pb2.Records:
        names = list(dict.fromkeys(name for row in rows for name in row if name not in _NOT_RECORDS))
        return records_pb2.Records(
            columns=names,
            cells=[number(row.get(name, "")) for row in rows for name in names],
            record_dates=[row.get("record date", "2026-01-01") for row in rows],
            source="Records of the agency",
            retrieved_at_ms=1_795_000_000_000,
            terms=[_terms(row) for row in rows] if any(map(_says_terms, rows)) else [],
            terms_of_row=range(1, len(rows) + 1) if any(map(_says_terms, rows)) else [],
        )


def _says_terms(row: Row) -> bool:
    return bool({"consent", "objects", "protects", "area"} & set(row))


def _terms(row: Row) -> records_pb2.Terms:
    """Say on what terms a record may leave, in the words of a table."""
    words = {key: row.get(key, "unspecified").replace(" ", "_").upper() for key in ("consent", "objects", "protects")}
    return records_pb2.Terms(
        consent=records_pb2.Consent(
            state=records_pb2.ConsentState.Value(f"CONSENT_STATE_{words['consent']}"), until=row.get("until", "")
        ),
        opt_out=records_pb2.OptOut.Value(f"OPT_OUT_{words['objects']}"),
        shield=records_pb2.Shield.Value(f"SHIELD_{words['protects']}"),
        areas=row.get("area", "").split(),
    )
