"""The paper agency's journal: who was told of what, and the receipts that were proven."""

import json
import sqlite3
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from sharing.v1.links_pb2 import Checkpoint, HeldReceipt, JournalEntry, Receipt, Witnessed

from adapters.kit.verifying import (
    EMPTY_ROOT,
    Distrusted,
    State,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    read_note,
)
from tests.conformance.paper.wrongs import Wrong

SCHEMA = """
CREATE TABLE IF NOT EXISTS told (request TEXT, nhs_number TEXT);
CREATE TABLE IF NOT EXISTS receipts (number INTEGER PRIMARY KEY, leaf BLOB, entry BLOB);
CREATE TABLE IF NOT EXISTS standing (size INTEGER, root BLOB, refused INTEGER);
"""


class Refused(Exception):
    """Is raised for what does not follow by proof."""


class PaperJournal:
    """Keeps everything in one SQLite file."""

    def __init__(self, file: Path, agency: str, wrong: Wrong | None) -> None:
        """Open the file."""
        self._agency, self._wrong = agency, wrong
        place = ":memory:" if wrong is Wrong.KEEPS_RECEIPTS_IN_MEMORY else file
        self._rows = sqlite3.connect(place, isolation_level=None)
        self._rows.executescript(SCHEMA)
        if not self._rows.execute("SELECT count(*) FROM standing").fetchone()[0]:
            self._rows.execute("INSERT INTO standing VALUES (0, x'', 0)")

    def told(self, request: str, nhs_number: str) -> None:
        """Note that somebody was told of."""
        self._rows.execute("INSERT INTO told VALUES (?, ?)", (request, nhs_number))

    def standing(self) -> Witnessed:
        """Say how far it has come."""
        size, root, refused = self._rows.execute("SELECT size, root, refused FROM standing").fetchone()
        (last,) = self._rows.execute("SELECT coalesce(max(number), 0) FROM receipts").fetchone()
        is_told = bool(refused) and self._wrong is not Wrong.REFUSES_IN_SILENCE
        return Witnessed(size=size, root=root, last_receipt=last, has_refused=is_told)

    def take(self, receipts: Sequence[Receipt], checkpoint: Checkpoint, origin: str, key: bytes) -> None:
        """Keep a batch if it follows from what is there; note a refusal otherwise."""
        try:
            state = self._believed(receipts, checkpoint, origin, key)
        except (Refused, Distrusted):
            self._rows.execute("UPDATE standing SET refused = 1")
            return
        self._rows.execute("BEGIN")
        for receipt in receipts:
            row = (receipt.number, leaf_hash(receipt.entry), receipt.entry)
            self._rows.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?, ?)", row)
        self._rows.execute("UPDATE standing SET size = ?, root = ?", (state.size, state.root))
        self._rows.execute("COMMIT")

    def _believed(self, receipts: Sequence[Receipt], checkpoint: Checkpoint, origin: str, key: bytes) -> State:
        before = self.standing()
        if self._wrong is not Wrong.OVERLOOKS_GAPS:
            numbers = [receipt.number for receipt in receipts]
            if numbers != list(range(before.last_receipt + 1, before.last_receipt + 1 + len(numbers))):
                raise Refused
        if self._wrong is Wrong.BELIEVES_EVERYTHING and checkpoint.note:
            _, size, root, *_ = checkpoint.note.split("\n")
            return State(size=int(size), root=b64decode(root))
        state = read_note(checkpoint.note, origin, key)
        old = State(size=before.size, root=before.root or EMPTY_ROOT)
        if checkpoint.from_size != before.size or not proves_consistency(old, state, checkpoint.consistency):
            raise Refused
        for receipt in receipts:
            is_there = proves_inclusion(leaf_hash(receipt.entry), receipt.audit_position, state, receipt.proof)
            if not is_there or json.loads(receipt.entry)["agency"] != self._agency:
                raise Refused
        return state

    def span(self, first: int, last: int) -> list[HeldReceipt]:
        """Name the receipts of a span."""
        first += self._wrong is Wrong.FORGETS_THE_FIRST_RECEIPT
        found = self._rows.execute(
            "SELECT number, leaf FROM receipts WHERE number BETWEEN ? AND ? ORDER BY number", (first, last)
        )
        return [HeldReceipt(number=number, leaf=leaf) for number, leaf in found]

    def who_asked(self, nhs_numbers: Sequence[str]) -> list[JournalEntry]:
        """Tell what was disclosed of somebody, oldest first."""
        told = {request for request, number in self._rows.execute("SELECT * FROM told") if number in nhs_numbers}
        entries = [json.loads(entry) for (entry,) in self._rows.execute("SELECT entry FROM receipts ORDER BY number")]
        is_any = self._wrong is Wrong.TELLS_ANYBODY and not nhs_numbers
        own = [self._entry(said) for said in entries if is_any or said["request"] in told]
        return own[-1:] if self._wrong is Wrong.TELLS_THE_NEWEST_ONLY else own

    def _entry(self, said: dict[str, object]) -> JournalEntry:
        requester = f" {said['requester']}" if self._wrong is Wrong.NAMES_STAFF else ""
        return JournalEntry(
            request_id=str(said["request"]),
            disclosed_at_ms=int(str(said["at_ms"])),
            requester_agency=str(said["requester_agency"]),
            access_level=str(said["access_level"]),
            question=str(said["question"]),
            purpose=str(said["purpose"]),
            lawful_basis=f"{said['lawful_basis']}{requester}",
            fields=[str(name) for name in json.loads(json.dumps(said["fields"]))],
        )
