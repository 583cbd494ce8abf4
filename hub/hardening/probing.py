"""Finds out whether freed memory is overwritten in this process: frees blocks that it knows, and looks at the place."""

import ctypes
import os
import secrets

# Small blocks, of which a case mostly consists, and one of the size of a whole record; each fills its place to the end.
SIZES = (39, 199, 903)
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
    seen = ctypes.create_string_buffer(size)
    known = secrets.token_bytes(size)
    block = bytes(bytearray(known))
    # Keeps the place within the process's memory once the block before it is free.
    beside = bytes(bytearray(known))
    place = id(block) + _BYTES_HEAD
    del block
    ctypes.memmove(seen, place, size)
    # Python's guard around a block takes what the allocator spares, so all of it counts.
    return len(beside) == size and _survives(known, seen.raw)


def _survives_in_c(size: int) -> bool:
    seen = ctypes.create_string_buffer(size)
    known = secrets.token_bytes(size)
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.restype, library.free.argtypes = None, [ctypes.c_void_p]
    place, beside = library.malloc(size), library.malloc(size)
    ctypes.memmove(place, known, size)
    library.free(place)
    ctypes.memmove(seen, place, size)
    library.free(beside)
    return _survives(known[_HEAD:-_TAIL], seen.raw[_HEAD:-_TAIL])


def _survives(known: bytes, seen: bytes) -> bool:
    """Tell whether any stretch of what was there is there still."""
    starts = range(len(known) - _WINDOW + 1)
    return any(known[start : start + _WINDOW] == seen[start : start + _WINDOW] for start in starts)
