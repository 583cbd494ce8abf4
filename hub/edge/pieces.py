"""Files and documents in pieces, since a message of a requester is at most 16 KiB long."""

from collections.abc import AsyncIterable, Iterator, Mapping

from sharing.v1 import policies_pb2

from hub.errors import InvalidRequest

PIECE_BYTES = 12 * 1024
LARGEST_DRAFT = 32 * 1024 * 1024
MOST_FILES = 10_000
LONGEST_NAME = 200


def pieces_of(texts: Mapping[str, bytes]) -> Iterator[policies_pb2.FilePiece]:
    """Cut files into pieces, in the order of their names; an empty file is one empty piece."""
    for name, content in sorted(texts.items()):
        for piece in cut(content):
            yield policies_pb2.FilePiece(name=name, content=piece)


def cut(content: bytes) -> Iterator[bytes]:
    """Cut bytes into pieces, at least one."""
    yield content[:PIECE_BYTES]
    for start in range(PIECE_BYTES, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]


class Draft:
    """Puts the pieces of a draft together again, within bounds."""

    def __init__(self) -> None:
        """Start without files."""
        self.reason = ""
        self.proposal = ""
        self.texts: dict[str, bytearray] = {}
        self._size = 0

    async def read(self, requests: AsyncIterable[policies_pb2.ProposeRequest]) -> None:
        """Take every message of a draft; raise InvalidRequest when it is larger than any policy."""
        first = True
        async for request in requests:
            if first:
                self.reason, self.proposal, first = request.reason, request.proposal, False
            if request.HasField("piece"):
                self._add(request.piece)
        if not self.texts:
            raise InvalidRequest("DRAFT_EMPTY", "The draft has no files.", mend="Send the files of a policy folder.")

    def _add(self, piece: policies_pb2.FilePiece) -> None:
        self._size += len(piece.content)
        is_one_more = piece.name not in self.texts and len(self.texts) == MOST_FILES
        if is_one_more or len(piece.name) > LONGEST_NAME or self._size > LARGEST_DRAFT:
            mend = (
                f"Send at most {MOST_FILES:,} files of together {LARGEST_DRAFT // 1024 // 1024} MiB, with short names."
            )
            raise InvalidRequest("DRAFT_TOO_LARGE", "The draft is larger than any policy.", mend=mend)
        self.texts.setdefault(piece.name, bytearray()).extend(piece.content)
