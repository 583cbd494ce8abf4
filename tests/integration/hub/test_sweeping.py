"""A hub that overwrites freed memory also sweeps it while it serves; one that does not is left alone."""

import asyncio
import ctypes
import secrets
from pathlib import Path

import pytest

from hub.hardening.hardening import NOT_HARDENED, Hardening
from hub.main import SWEEP_SECONDS, running_hub
from tests.lib.deployment import make_deployment

BLOCKS, BYTES = 400, 199


def freed_blocks(known: bytes) -> tuple[list[int], list[bytearray]]:
    """Free every other block of many; what this process's allocator does not overwrite stays readable there."""
    blocks = [bytearray(known) for _ in range(BLOCKS)]
    places = [ctypes.addressof(ctypes.c_char.from_buffer(block)) for block in blocks[::2]]
    del blocks[::2]
    return places, blocks


def left_of(known: bytes, places: list[int]) -> int:
    """Count the places where the middle of a block is as it was."""
    middle = slice(64, 128)
    return sum(ctypes.string_at(place, len(known))[middle] == known[middle] for place in places)


@pytest.mark.parametrize(
    ("hardening", "sweeps"), [(Hardening(overwrites_freed=True), True), (NOT_HARDENED, False)], ids=["hardened", "not"]
)
async def test_what_lies_in_free_memory_is_swept_while_a_hardened_hub_serves(
    hardening: Hardening, *, sweeps: bool, tmp_path: Path
) -> None:
    known = secrets.token_bytes(BYTES)
    async with running_hub(make_deployment(tmp_path).settings(), hardening):
        places, _apart = freed_blocks(known)
        before = left_of(known, places)
        await asyncio.sleep(2 * SWEEP_SECONDS)
        after = left_of(known, places)
    assert before > BLOCKS / 4
    assert after == 0 if sweeps else after > 0
