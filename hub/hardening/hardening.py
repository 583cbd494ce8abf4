"""What is known of a hub process's hardening: measured where it can be, and otherwise said to be unknown."""

from dataclasses import dataclass
from enum import StrEnum


class Swap(StrEnum):
    """Says whether the system may write memory to a disk."""

    OFF = "off"
    ON = "on"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardening:
    """How one process is hardened; `losses` says in words what is missing and how to mend it."""

    overwrites_freed: bool = False
    core_dumps_off: bool = False
    is_private: bool = False
    swap: Swap = Swap.UNKNOWN
    losses: tuple[str, ...] = ()


_NOT_HARDENED = (
    "This hub is not hardened: what it has dropped stays readable in its memory until something else takes the place, "
    "a crash may write its memory to a file, and other programs of its user may read it. Run it with `hub serve`, "
    "without --no-harden."
)
NOT_HARDENED = Hardening(losses=(_NOT_HARDENED,))
