"""Values that occur nowhere else, planted in questions and answers, and the search for them in every form."""

import base64
import hashlib
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_hex

from sharing.v1 import links_pb2, records_pb2

from tests.lib.good_adapter import GoodAdapter


class Canaries:
    """Hands out values that occur nowhere else, and remembers them."""

    def __init__(self) -> None:
        """Start with none."""
        self.planted: dict[str, str] = {}
        self._count = itertools.count()

    def value(self, where: str) -> str:
        """Plant a word; `where` says where, for whoever reads a red test."""
        word = f"Qw{token_hex(5)}x{next(self._count)}"
        self.planted[word] = where
        return word

    def note(self, value: str, where: str) -> str:
        """Remember a value that has a form of its own, like a number or a date."""
        self.planted[value] = where
        return value

    def found_in(self, content: bytes) -> list[str]:
        """Name the planted values that occur in some bytes, in any of the usual forms."""
        return sorted({where for value, where in self.planted.items() for form in forms_of(value) if form in content})


def forms_of(value: str) -> Iterator[bytes]:
    """Yield the forms in which a value may hide: its cases, encodings, digests, backwards."""
    for text in {value, value.lower(), value.upper(), value.replace("-", ""), value[::-1]}:
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode().hex().encode()
    for before in range(3):
        # Within a longer text a value is encoded in one of three frames; both ends depend on its neighbours.
        framed = base64.b64encode(b"\0" * before + value.encode())
        yield framed[4 if before else 0 : len(value) // 3 * 4 - 4]
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        # Without a key, whoever has all numbers can look a digest up.
        yield digest(value.encode()).hexdigest().encode()


def files_of(*roots: Path) -> Iterator[Path]:
    """Yield every file below some folders, and files themselves."""
    for root in roots:
        yield from ([root] if root.is_file() else (path for path in sorted(root.rglob("*")) if path.is_file()))


def contents(paths: Iterable[Path]) -> Mapping[Path, bytes]:
    """Read files; one that is removed while we look is empty."""
    return {path: path.read_bytes() if path.exists() else b"" for path in paths}


class PlantingAdapter(GoodAdapter):
    """Answers with planted values: asked for and not, fitting and unfit, about the person asked for and others."""

    def __init__(self, agency: str, canaries: Canaries) -> None:
        """Answer for an agency."""
        super().__init__(agency)
        self._canaries = canaries

    async def _answer(self, asks: Iterable[links_pb2.Ask]) -> None:
        replies = [
            links_pb2.Reply(
                ask_id=ask.ask_id,
                nonce=ask.nonce,
                status=links_pb2.REPLY_STATUS_ANSWERED,
                records=self._records(ask),
            )
            for ask in asks
        ]
        await self.stream.write(links_pb2.ConnectRequest(replies=replies))

    def _records(self, ask: links_pb2.Ask) -> records_pb2.Records:
        columns = [*ask.fields, self._canaries.value("name of a column that was not asked for")]
        rows = [[self._cell(ask, field, row) for field in columns] for row in ("asked", "somebody else")]
        return records_pb2.Records(
            columns=columns,
            cells=[cell for row in rows for cell in row],
            record_dates=["2026-01-31", self._canaries.value("record date")],
            source=self._canaries.value("name of a source"),
            retrieved_at_ms=time.time_ns() // 1_000_000,
        )

    def _cell(self, ask: links_pb2.Ask, field: str, row: str) -> str:
        if row == "asked" and field in ("nhs_number", "upn", "given_name", "family_name", "date_of_birth"):
            return str(getattr(ask.person, field))
        return self._canaries.value(f"{field} of {row} at {self.agency}")
