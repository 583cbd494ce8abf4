"""Closes the ways by which memory leaves a process: core dumps, other programs of the same user, and swap."""

import ctypes
import resource
from pathlib import Path

from hub.hardening.allocating import c_library
from hub.hardening.hardening import NOT_HARDENED, Hardening, Swap
from hub.hardening.probing import overwrites_freed

SWAPS = Path("/proc/swaps")
_SET_DUMPABLE, _GET_DUMPABLE = 4, 3

_NOT_OVERWRITTEN = (
    "Freed memory is not overwritten: what the hub has dropped stays readable in its memory for a while. {why}"
)
_NO_GNU = "This needs the GNU C library; run the hub on a system that has it."
_IGNORED = "The allocator's settings had no effect: run Python without -E and -I, and preload no other allocator."
_DUMPS = "Core dumps could not be switched off: set the limit on core files to 0 where the hub is started."
_READABLE = "Other programs of the hub's user may read its memory: give the hub a user of its own."
_SWAP_ON = "Swap is on: the system may write the hub's memory to a disk. Switch it off, or encrypt it with a fresh key."
_SWAP_UNKNOWN = "Whether swap is on cannot be found out here: make sure that it is off."


def harden(*, wanted: bool) -> Hardening:
    """Close what can be closed in this process, and find out how hardened it is then."""
    if not wanted:
        return NOT_HARDENED
    _switch_core_dumps_off()
    _make_private()
    return found()


def found() -> Hardening:
    """Look how hardened this process is, and say of everything that is missing how to mend it."""
    overwrites, swap = overwrites_freed(), swap_state()
    no_dumps, is_private = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), _is_private()
    losses = (
        "" if overwrites else _NOT_OVERWRITTEN.format(why=_IGNORED if c_library() else _NO_GNU),
        "" if no_dumps else _DUMPS,
        "" if is_private else _READABLE,
        {Swap.ON: _SWAP_ON, Swap.UNKNOWN: _SWAP_UNKNOWN}.get(swap, ""),
    )
    return Hardening(
        overwrites_freed=overwrites,
        core_dumps_off=no_dumps,
        is_private=is_private,
        swap=swap,
        losses=tuple(filter(None, losses)),
    )


def swap_state(swaps: Path = SWAPS) -> Swap:
    """Read whether the system has anything to swap to: a line of titles, and one for each."""
    try:
        lines = swaps.read_text(encoding="utf-8").splitlines()
    except OSError:
        return Swap.UNKNOWN
    return Swap.ON if len(lines) > 1 else Swap.OFF


def _switch_core_dumps_off() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _make_private() -> None:
    """Keep other programs of the same user from reading this process; elsewhere than on Linux that stays undone."""
    if hasattr(library := ctypes.CDLL(None), "prctl"):
        library.prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _is_private() -> bool:
    library = ctypes.CDLL(None)
    return hasattr(library, "prctl") and library.prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 0
