"""Finds out whether freed memory is overwritten in this process: frees blocks that it knows, and looks at the place."""

import ctypes
import os
import secrets

# Small blocks, of which a case mostly consists, and one of the size of a whole record; each fills its place to the end.
SIZES = (39, 199, 903)
# Some places are taken again at once, by whatever the looking itself needs.
BLOCKS = 64
# The allocator links freed blocks by their first bytes, and shares the last ones with the next block's head.
_HEAD, _TAIL = 16, 8
# A name of seven letters is a value that must not survive.
_WINDOW = 7
_BYTES_HEAD = bytes.__basicsize__ - 1


def c_library() -> str:
    """Name the C library and its version as it names itself; empty when it is not the GNU one."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return ""


def overwrites_freed() -> bool:
    """Tell whether nothing is left of blocks that have been freed, whether Python or the C library gave them."""
    return not any(_survives_in_python(size) or _survives_in_c(size) for size in SIZES)


def _survives_in_python(size: int) -> bool:
    """Free blocks of Python's; its own guard around each takes what the allocator spares, so all of a block counts."""
    known, seen = secrets.token_bytes(size), ctypes.create_string_buffer(size)
    blocks = [bytes(bytearray(known)) for _ in range(BLOCKS)]
    places = [id(block) + _BYTES_HEAD for block in blocks]
    # Every other one stays, so that the places remain within the process's memory, and apart.
    del blocks[::2]
    return any(_survives(known, _seen_at(place, seen)) for place in places[::2])


def _survives_in_c(size: int) -> bool:
    """Free blocks of the C library's."""
    known, seen = secrets.token_bytes(size), ctypes.create_string_buffer(size)
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.restype, library.free.argtypes = None, [ctypes.c_void_p]
    places = [library.malloc(size) for _ in range(BLOCKS)]
    for place in places:
        ctypes.memmove(place, known, size)
    for place in places[::2]:
        library.free(place)
    survives = any(_survives(known[_HEAD:-_TAIL], _seen_at(place, seen)[_HEAD:-_TAIL]) for place in places[::2])
    for place in places[1::2]:
        library.free(place)
    return survives


def _seen_at(place: int, seen: "ctypes.Array[ctypes.c_char]") -> bytes:
    ctypes.memmove(seen, place, len(seen))
    return seen.raw


def _survives(known: bytes, seen: bytes) -> bool:
    """Tell whether any stretch of what was there is there still."""
    starts = range(len(known) - _WINDOW + 1)
    return any(known[start : start + _WINDOW] == seen[start : start + _WINDOW] for start in starts)
