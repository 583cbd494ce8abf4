"""Files in pieces: what is cut and put together again is what it was, within bounds."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sharing.v1 import policies_pb2

from hub.edge.pieces import LARGEST_DRAFT, MOST_FILES, PIECE_BYTES, Draft, cut, pieces_of
from hub.errors import InvalidRequest

FilePiece, ProposeRequest = policies_pb2.FilePiece, policies_pb2.ProposeRequest


async def sent(*messages: ProposeRequest) -> AsyncIterator[ProposeRequest]:
    for message in messages:
        yield message


async def drafted(*messages: ProposeRequest) -> Draft:
    draft = Draft()
    await draft.read(sent(*messages))
    return draft


@settings(max_examples=20)
@given(st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=3 * PIECE_BYTES), min_size=1, max_size=3))
async def test_files_that_were_cut_are_put_together_again(texts: dict[str, bytes]) -> None:
    pieces = list(pieces_of(texts))
    assert all(len(piece.content) <= PIECE_BYTES for piece in pieces)
    draft = await drafted(*(ProposeRequest(piece=piece) for piece in pieces))
    assert {name: bytes(content) for name, content in draft.texts.items()} == texts


def test_files_come_in_the_order_of_their_names_and_an_empty_one_comes_too() -> None:
    names = [piece.name for piece in pieces_of({"b": b"", "a": b"x" * (PIECE_BYTES + 1), "c": b"y"})]
    assert names == ["a", "a", "b", "c"]
    assert list(cut(b"")) == [b""]


async def test_what_the_draft_is_about_stands_in_its_first_message_only() -> None:
    draft = await drafted(
        ProposeRequest(reason="first", proposal="p1", piece=FilePiece(name="a")),
        ProposeRequest(reason="second", proposal="p2"),
    )
    assert (draft.reason, draft.proposal) == ("first", "p1")


async def test_a_draft_without_files_is_none() -> None:
    with pytest.raises(InvalidRequest) as refused:
        await drafted(ProposeRequest(reason="first"))
    assert refused.value.reason == "DRAFT_EMPTY"


async def test_a_draft_is_bounded_in_files_bytes_and_names() -> None:
    most = [ProposeRequest(piece=FilePiece(name=str(number))) for number in range(MOST_FILES)]
    assert len((await drafted(*most)).texts) == MOST_FILES
    one = ProposeRequest(piece=FilePiece(name="a", content=b"x" * (LARGEST_DRAFT // 4)))
    assert len((await drafted(*[one] * 4)).texts["a"]) == LARGEST_DRAFT
    for too_much in (
        [*most, ProposeRequest(piece=FilePiece(name="one more"))],
        [*[one] * 4, ProposeRequest(piece=FilePiece(name="a", content=b"x"))],
        [ProposeRequest(piece=FilePiece(name="n" * 201))],
    ):
        with pytest.raises(InvalidRequest) as refused:
            await drafted(*too_much)
        assert refused.value.reason == "DRAFT_TOO_LARGE"
