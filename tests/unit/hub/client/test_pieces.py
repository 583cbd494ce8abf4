"""Files cut into pieces and put together again: the same bytes, in messages that a hub takes."""

from collections.abc import AsyncIterator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing.v1 import policies_pb2

from hub.client import pieces
from hub.client.errors import BadAnswer

NAMES = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=20)
# Around the size of a piece is where a byte could be lost or said twice.
SIZES = st.one_of(st.integers(0, 50), st.integers(pieces.LARGEST_PIECE - 2, 2 * pieces.LARGEST_PIECE + 2))


async def sent(messages: Iterable[tuple[str, bytes]]) -> AsyncIterator[policies_pb2.GetPolicyResponse]:
    for name, content in messages:
        yield policies_pb2.GetPolicyResponse(piece=policies_pb2.FilePiece(name=name, content=content))


@given(st.dictionaries(NAMES, SIZES, max_size=4))
async def test_what_is_cut_is_put_together_as_it_was(sizes: dict[str, int]) -> None:
    texts = {name: bytes(number % 251 for number in range(size)) for name, size in sizes.items()}
    first, *others = [message async for message in pieces.cut(texts, reason="A reason.", proposal="p")]
    assert (first.reason, first.proposal, first.HasField("piece")) == ("A reason.", "p", False)
    assert all(message.ByteSize() <= 16 * 1024 for message in others)
    assert await pieces.joined(sent((one.piece.name, one.piece.content) for one in others)) == texts


async def test_pieces_of_one_file_follow_each_other_or_nothing_of_it_is_believed() -> None:
    with pytest.raises(BadAnswer):
        await pieces.joined(sent([("a", b"1"), ("b", b"2"), ("a", b"3")]))


async def test_a_policy_or_a_document_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_LARGEST_WHOLE", 100)

    async def endless() -> AsyncIterator[policies_pb2.WeighResponse]:
        while True:
            yield policies_pb2.WeighResponse(json=b" " * 10)

    async def endless_files() -> AsyncIterator[policies_pb2.GetPolicyResponse]:
        while True:
            yield policies_pb2.GetPolicyResponse(piece=policies_pb2.FilePiece(name="a"))

    with pytest.raises(BadAnswer):
        await pieces.document(endless())
    with pytest.raises(BadAnswer):
        await pieces.joined(endless_files())
