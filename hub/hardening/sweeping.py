"""Overwrites what lies in free memory, by taking all of it, piece by piece, and giving it back.

Freeing a block overwrites it, but for two places: the C library spares the last eight bytes of its own blocks, and
Python the middle of one that it moves because it grows or shrinks. Taking a block overwrites all of it.
"""

import ctypes
from collections import Counter

from hub.hardening.allocating import allocator, c_library

_FILL = 0x5A
# The C library cuts larger pieces up, and asks the system for none of these; it has none below the smallest.
_C_LARGEST, _C_SMALL, _C_STEP, _C_SMALLEST = 96 * 1024, 512, 16, 24
# Python has blocks of each multiple of 16 bytes up to 512, each kind in pools of 16 KiB with a head of 48 bytes, out of
# arenas of 1 MiB, which begin anywhere and so have 63 whole pools (Objects/obmalloc.c).
_PYTHON_LARGEST, _PYTHON_SMALLEST, _PYTHON_STEP = 512, 64, 16
_POOL_BITS, _POOL_BYTES, _POOLS = 14, (1 << 14) - 48, 62
# What its guard, and the head of an object of type bytes, take of a block.
_AROUND = 24 + bytes.__basicsize__
# Others may take a block of a pool that was free while we take the rest.
_OURS = 0.95
# A Python that keeps its memory in another way would else be asked for more without end.
_AT_MOST = 1 << 16


def sweep_free_memory() -> None:
    """Overwrite all that is free, in Python's memory and in the C library's.

    What other threads free while this runs may be missed, and is there for the next time. It holds the interpreter's
    lock for some microseconds at a time, takes as much memory as is free and a few MiB more, and takes some 20 ms.
    """
    _sweep_python()
    if c_library():
        _sweep_c()


def _sweep_python() -> None:
    """Take all pools that are free, and then what is free in the pools in use, which Python gives away first."""
    taken: list[list[bytes]] = []
    _take(taken, _PYTHON_LARGEST, pools=_POOLS)
    for size in range(_PYTHON_LARGEST, _PYTHON_SMALLEST - 1, -_PYTHON_STEP):
        _take(taken, size, pools=2)


def _take(taken: list[list[bytes]], size: int, pools: int) -> None:
    """Take blocks of one size until this many neighbouring pools are ours: none of another pool was left then."""
    length, in_pool = size - _AROUND, _POOL_BYTES // size
    owned: Counter[int] = Counter()
    while sum(owned.values()) < _AT_MOST and not _are_ours(owned, in_pool, pools):
        blocks = [bytes(length) for _ in range(in_pool * pools)]
        owned.update(id(block) >> _POOL_BITS for block in blocks)
        taken.append(blocks)


def _are_ours(owned: Counter[int], in_pool: int, pools: int) -> bool:
    """Tell whether we have all blocks of as many pools, one beside the other."""
    run, before = 0, -1
    for pool in sorted(pool for pool, count in owned.items() if count >= in_pool * _OURS):
        run = run + 1 if pool == before + 1 else 1
        before = pool
        if run >= pools:
            return True
    return False


def _sweep_c() -> None:
    """Take pieces from large to small, each size until the C library would ask the system for more."""
    library = allocator()
    malloc, free, fill, usable = library.malloc, library.free, library.memset, library.malloc_usable_size
    fill.restype, fill.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    usable.restype, usable.argtypes = ctypes.c_size_t, [ctypes.c_void_p]
    library.sbrk.restype, library.sbrk.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t]
    taken: list[int] = []
    end = library.sbrk(0)
    for size in _c_sizes():
        while (piece := malloc(size)) and piece < end:
            fill(piece, _FILL, usable(piece))
            taken.append(piece)
        free(piece)
    for piece in taken:
        free(piece)
    # A large piece that is freed has the library give back to the system what it asked for in between.
    free(malloc(_C_LARGEST))


def _c_sizes() -> list[int]:
    large = [_C_LARGEST]
    while large[-1] > _C_SMALL:
        large.append(large[-1] * 3 // 4)
    return [*large, *range(_C_SMALL, _C_SMALLEST, -_C_STEP), _C_SMALLEST]
