"""What a question needs of those who keep officers' decisions, emergencies and duties, and what does without them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn, Protocol

from hub.errors import NotAllowed
from hub.model.grounds import Confirmed, Entailed
from hub.model.request import Request
from hub.sessions.session import Session


class Confirmations(Protocol):
    """Knows what designated officers have decided about grounds for going without consent."""

    async def confirmed(self, request: Request, *, at: datetime) -> tuple[Confirmed, ...]:
        """Return what officers have said yes to of `request.confirmation`, whatever ends later than `at`.

        The request is as it will be asked, but for `confirmed`. Raises NotAllowed when there is nothing of that name
        that was put to officers by the same requester, for the same person, question, purpose and ground; what is
        undecided, refused or over is simply not among what is returned.
        """


class BreakGlass(Protocol):
    """Knows which break-glass accesses are open."""

    async def until(self, session: Session, request: Request, *, at: datetime) -> datetime:
        """Return when `request.break_glass` ends; raise NotAllowed unless it is open.

        It is for the session that opened it, for one person, and for the question whose agencies were told.

        Whoever ends one sooner calls Withdrawing.take_back with a test for `request.break_glass`; the same goes for a
        confirmation that is taken back.
        """


class Duties(Protocol):
    """Is told what questions leave to be done."""

    async def arising(self, request: Request, entailed: Sequence[Entailed]) -> None:
        """Note what the requester's agency must now do; called before any agency is asked, and only if there is some.

        Raises NotReady when it cannot be noted: then nobody is asked.
        """


class NoConfirmations:
    """Stands where no officers can be asked."""

    async def confirmed(self, request: Request, *, at: datetime) -> tuple[Confirmed, ...]:  # noqa: ARG002  # the protocol
        """Refuse."""
        _refuse("CONFIRMATION_UNKNOWN", "There is no such confirmation.", field="confirmation")


class NoBreakGlass:
    """Stands where no break-glass access can be opened."""

    async def until(self, session: Session, request: Request, *, at: datetime) -> datetime:  # noqa: ARG002  # the protocol
        """Refuse."""
        _refuse("BREAK_GLASS_NOT_OPEN", "There is no such break-glass access.", field="break_glass")


class NoDuties:
    """Stands where no duties are kept; the hub's log has what they follow from."""

    async def arising(self, request: Request, entailed: Sequence[Entailed]) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Those who keep officers' decisions, emergencies and duties; whoever is not named keeps none."""

    confirmations: Confirmations = field(default_factory=NoConfirmations)
    break_glass: BreakGlass = field(default_factory=NoBreakGlass)
    duties: Duties = field(default_factory=NoDuties)


WITHOUT_KEEPERS = Keepers()


def _refuse(reason: str, message: str, *, field: str) -> NoReturn:
    raise NotAllowed(reason, message, mend="Leave it out.", field=field)
