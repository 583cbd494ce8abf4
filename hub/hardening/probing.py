"""Finds out whether freed memory is overwritten in this process: frees blocks that it knows, and looks at the place."""

import ctypes
import secrets
import threading

from hub.hardening.allocating import allocator
from hub.hardening.sweeping import sweep_free_memory

# Small blocks, of which a case mostly consists, and one of the size of a whole record; each fills its place to the end.
SIZES = (39, 199, 903)
# Python leaves the middle of what it moves only where that is longer than its 64 bytes at either end.
MOVED = 199
# Some places are taken again at once, by whatever the looking itself needs.
BLOCKS = 64
# The allocator links freed blocks by their first bytes, and shares the last ones with the next block's head.
_HEAD, _TAIL = 16, 8
# A name of seven letters is a value that must not survive.
_WINDOW = 7
_BYTES_HEAD = bytes.__basicsize__ - 1


def overwrites_freed() -> bool:
    """Tell whether nothing is left of blocks that have been freed, whether Python or the C library gave them.

    Of most it must be gone at once; what an allocator spares (see `sweeping`) must be gone after a sweep.
    """
    at_once = not any(_survives_in_python(size) or _survives_in_c(size) for size in SIZES)
    return at_once and not (_survives_moving(MOVED) or any(_survives_a_sweep(size) for size in SIZES))


def _survives_in_python(size: int) -> bool:
    """Free blocks of Python's; its own guard around each takes what the allocator spares, so all of a block counts."""
    known, seen = secrets.token_bytes(size), ctypes.create_string_buffer(size)
    blocks = [bytes(bytearray(known)) for _ in range(BLOCKS)]
    places = [id(block) + _BYTES_HEAD for block in blocks]
    # Every other one stays, so that the places remain within the process's memory, and apart.
    del blocks[::2]
    return any(_survives(known, _seen_at(place, seen)) for place in places[::2])


def _survives_moving(size: int) -> bool:
    """Let blocks of Python's grow, so that it moves them, and sweep."""
    known, seen = secrets.token_bytes(size), ctypes.create_string_buffer(size)
    blocks = [bytearray(known) for _ in range(BLOCKS)]
    places = [_place_of(block) for block in blocks]
    for block in blocks[::2]:
        block.extend(bytes(size))
    sweep_free_memory()
    left = [place for block, place in zip(blocks[::2], places[::2], strict=True) if _place_of(block) != place]
    return any(_survives(known, _seen_at(place, seen)) for place in left)


def _place_of(block: bytearray) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(block))


def _survives_in_c(size: int) -> bool:
    """Free blocks of the C library's, and leave out what it spares of each."""
    known, freed, counts = secrets.token_bytes(size), _Freed(), slice(_HEAD, -_TAIL)
    freed.fill(known)
    seen = ctypes.create_string_buffer(size)
    survives = any(_survives(known[counts], _seen_at(place, seen)[counts]) for place in freed.places)
    freed.close()
    return survives


def _survives_a_sweep(size: int) -> bool:
    """Free blocks of the C library's in another thread, and sweep in this one."""
    known, freed = secrets.token_bytes(size), _Freed()
    filling = threading.Thread(target=freed.fill, args=(known,))
    filling.start()
    filling.join()
    sweep_free_memory()
    seen = ctypes.create_string_buffer(size)
    survives = any(_survives(known, _seen_at(place, seen)) for place in freed.places)
    freed.close()
    return survives


class _Freed:
    """Blocks of the C library's that were filled and freed, and those between them, which stay until it is closed.

    They are freed in pairs, the second first: the first then becomes one with it, its last bytes in the middle.
    """

    def __init__(self) -> None:
        self._library = allocator()
        self._between: list[int] = []
        self.places: list[int] = []

    def fill(self, known: bytes) -> None:
        """Take blocks, fill them, and free every other pair."""
        places = [self._library.malloc(len(known)) for _ in range(BLOCKS)]
        for place in places:
            ctypes.memmove(place, known, len(known))
        self.places, self._between = places[1::4] + places[::4], places[2::4] + places[3::4]
        for place in self.places:
            self._library.free(place)

    def close(self) -> None:
        """Free the rest."""
        for place in self._between:
            self._library.free(place)


def _seen_at(place: int, seen: "ctypes.Array[ctypes.c_char]") -> bytes:
    ctypes.memmove(seen, place, len(seen))
    return seen.raw


def _survives(known: bytes, seen: bytes) -> bool:
    """Tell whether any stretch of what was there is there still."""
    starts = range(len(known) - _WINDOW + 1)
    return any(known[start : start + _WINDOW] == seen[start : start + _WINDOW] for start in starts)
