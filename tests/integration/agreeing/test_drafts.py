"""Drafts that are no policy: each is refused whole, with every fault's file, line and mend, and nothing is kept."""

from collections.abc import AsyncIterator, Iterator

import grpc
import pytest
from sharing.v1 import policies_pb2

from tests.integration.journey.refusing import said_by
from tests.lib.administration import FIRST, PIECE_BYTES, REASON, Administration, Seat, refusal_of
from tests.lib.drafts import FAULTY, HEALTH_VISITOR, SHIPPED, Texts
from tests.lib.requester import PATIENCE_SECONDS


async def words_of(seat: Seat, texts: Texts) -> str:
    """Return the words in which a draft's faults are told."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await seat.propose(texts)
    said = said_by(refused.value)
    assert (said.reason, said.code) == ("POLICY_FAULTS", grpc.StatusCode.INVALID_ARGUMENT), said
    return said.words


async def send(seat: Seat, messages: list[policies_pb2.ProposeRequest]) -> policies_pb2.ProposeResponse:
    return await seat.policies.Propose(iter(messages), metadata=seat.metadata, timeout=PATIENCE_SECONDS)


async def test_every_fault_of_a_draft_names_file_line_and_mend(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    words = await words_of(first, FAULTY)
    faults = words.splitlines()[1:]
    assert len(faults) >= 2
    for fault in faults:
        file, line, what = fault.split(":", 2)
        assert (file, line.isdigit(), len(what) > 20) == (HEALTH_VISITOR, True, True)
    assert not await first.proposals(ended=True)


ABSURD = (
    "../x.yaml",
    "/etc/passwd",
    "levels/../../x.yaml",
    "levels/\0.yaml",
    "",
    ".",
    "levels/",
    "l" * 200,
    "a\\x.yaml",
)


async def test_absurd_names_of_files_are_faults_and_are_never_opened(seated: Seat) -> None:
    for name in ABSURD:
        assert "root:" not in await words_of(seated, {**SHIPPED, name: b"id: x\n"})


async def test_a_name_that_is_too_long_is_refused(seated: Seat) -> None:
    assert await refusal_of(seated.propose({**SHIPPED, "l" * 201: b""})) == "DRAFT_TOO_LARGE"


async def test_bytes_that_are_no_text_are_a_fault_of_their_file(seated: Seat) -> None:
    for content in (b"\xff\xfe\x00", b"id: \xed\xa0\x80\n", b"\0" * 100):
        words = await words_of(seated, {**SHIPPED, "levels/odd.yaml": content})
        assert "levels/odd.yaml:" in words


async def test_many_faults_in_files_with_long_names_still_reach_whoever_proposed(seated: Seat) -> None:
    odd = {f"levels/{number:02}{'ß漢' * 90}.yaml": b"\xff" for number in range(40)}
    words = await words_of(seated, {**SHIPPED, **odd})
    assert "more" in words.splitlines()[-1]


async def test_a_draft_without_files_is_none(seated: Seat) -> None:
    nothing = policies_pb2.ProposeRequest(reason=REASON)
    for messages in ([], [nothing], [nothing, nothing]):
        assert await refusal_of(send(seated, messages)) == "DRAFT_EMPTY"
    empty = policies_pb2.ProposeRequest(reason=REASON, piece=policies_pb2.FilePiece(name="levels/x.yaml"))
    assert await refusal_of(send(seated, [empty])) == "POLICY_FAULTS"


async def test_a_reason_that_says_nothing_is_none(seated: Seat) -> None:
    for reason in ("", "too short", " " * 50, "x" * 601, "a bell \a rings in it"):
        assert await refusal_of(seated.propose(SHIPPED, reason=reason)) == "REASON_MISSING"


async def test_a_draft_larger_than_any_policy_is_refused_while_it_comes(seated: Seat) -> None:
    sent = 0

    async def flood() -> AsyncIterator[policies_pb2.ProposeRequest]:
        nonlocal sent
        piece = policies_pb2.FilePiece(name="levels/x.yaml", content=b"#" * PIECE_BYTES)
        for _ in range(10_000):
            sent += 1
            yield policies_pb2.ProposeRequest(reason=REASON, piece=piece)

    call = seated.policies.Propose(flood(), metadata=seated.metadata, timeout=PATIENCE_SECONDS)
    assert await refusal_of(call) == "DRAFT_TOO_LARGE"
    assert sent < 5_000


async def test_a_draft_of_too_many_files_is_refused(seated: Seat) -> None:
    def many() -> Iterator[policies_pb2.ProposeRequest]:
        for number in range(10_002):
            yield policies_pb2.ProposeRequest(reason=REASON, piece=policies_pb2.FilePiece(name=f"{number}"))

    call = seated.policies.Propose(many(), metadata=seated.metadata, timeout=PATIENCE_SECONDS)
    assert await refusal_of(call) == "DRAFT_TOO_LARGE"


async def test_a_piece_longer_than_a_message_may_be_is_refused(seated: Seat) -> None:
    piece = policies_pb2.FilePiece(name="levels/x.yaml", content=b"#" * 17_000)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await send(seated, [policies_pb2.ProposeRequest(reason=REASON, piece=piece)])
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_proposal_s_texts_are_what_was_sent_in_whatever_pieces(seated: Seat) -> None:
    messages = [policies_pb2.ProposeRequest(reason=REASON)]
    for name, content in SHIPPED.items():
        half = len(content) // 2
        parts = (policies_pb2.FilePiece(name=name, content=part) for part in (content[:half], b"", content[half:]))
        messages += [policies_pb2.ProposeRequest(piece=piece) for piece in parts]
    proposal = (await send(seated, messages)).proposal
    assert await seated.policy(policies_pb2.Which(proposal=proposal.id)) == dict(SHIPPED)


@pytest.fixture
async def seated(administration: Administration) -> Seat:
    return await administration.seat(FIRST)
