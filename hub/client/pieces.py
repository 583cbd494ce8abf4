"""Files and documents that are larger than one message may be: cut into pieces, and put together again."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Final

from sharing.v1 import policies_pb2

from hub.client.errors import BadAnswer

LARGEST_PIECE: Final = 12 * 1024
"""Bytes of a file in one message: with its name and the reason it stays below the 16 KiB that the hub takes."""

# A policy of 100,000 rules, with its matrix, is far below this; a hub that never ends must not fill the memory.
_LARGEST_WHOLE: Final = 512 * 1024 * 1024


async def cut(texts: Mapping[str, bytes], *, reason: str, proposal: str) -> AsyncIterator[policies_pb2.ProposeRequest]:
    """Yield a draft: what it is about first, then the pieces of each file, in the order of their names."""
    yield policies_pb2.ProposeRequest(reason=reason, proposal=proposal)
    for name in sorted(texts):
        for start in range(0, len(texts[name]) or 1, LARGEST_PIECE):
            content = texts[name][start : start + LARGEST_PIECE]
            yield policies_pb2.ProposeRequest(piece=policies_pb2.FilePiece(name=name, content=content))


async def joined(pieces: AsyncIterable[policies_pb2.GetPolicyResponse]) -> dict[str, bytes]:
    """Put the files of a policy together; raise BadAnswer where a file is begun again."""
    texts: dict[str, bytearray] = {}
    last, size = "", 0
    async for response in pieces:
        name, content = response.piece.name, response.piece.content
        size += len(name) + len(content)
        if size > _LARGEST_WHOLE:
            raise BadAnswer("the policy never ends")
        if name in texts and name != last:
            raise BadAnswer("the pieces of the policy's files are out of order")
        texts.setdefault(name, bytearray()).extend(content)
        last = name
    return {name: bytes(content) for name, content in texts.items()}


async def document(pieces: AsyncIterable[policies_pb2.WeighResponse]) -> dict[str, object]:
    """Put a JSON document together; raise BadAnswer where it is none."""
    whole = bytearray()
    async for response in pieces:
        whole += response.json
        if len(whole) > _LARGEST_WHOLE:
            raise BadAnswer("what was worked out never ends")
    try:
        found = json.loads(whole)
    except (ValueError, RecursionError):
        raise BadAnswer("what was worked out is not a JSON document") from None
    if not isinstance(found, dict):
        raise BadAnswer("what was worked out is not a JSON object")
    return found
