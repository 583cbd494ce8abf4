"""An indicator's answer: how many agencies hold something, of what kind and since when, and whom to speak to."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Is the answer: no only if every planned agency was asked, answered and holds nothing."""

    YES = "yes"
    NO = "no"
    NOT_ALL_ASKED = "not_all_asked"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Holding:
    """What one agency holds, without its content.

    `since` is the earliest day (YYYY-MM-DD), empty where no record says. Of what is only possibly about the person
    neither the kinds are told nor the day: they may be another's.
    """

    agency: str
    kinds: tuple[str, ...] = ()
    since: str = ""
    contact: str = ""
    telephone: str = ""
    is_possible_only: bool = False

    def __repr__(self) -> str:
        """Tell whose it is, and not what."""
        return f"<Holding of {self.agency}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Every planned agency exactly once: those that hold something, those that hold nothing, and all others.

    `what` says what it is, in words that follow “holds”.
    """

    what: str
    verdict: Verdict
    holdings: tuple[Holding, ...]
    without: tuple[str, ...]
    unknown: tuple[str, ...]
