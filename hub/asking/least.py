"""The least that would do: what is to be asked before a question that asks for more."""

from collections.abc import Iterable

from hub.access.policy import Policy
from hub.errors import NotAllowed
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.person import PersonKeys
from hub.model.request import Request


def require_least(policy: Policy, request: Request, earlier: Iterable[Request]) -> None:
    """Raise NotAllowed while a question that asks for less, which the requester may ask, has not been asked.

    It has been if the session still holds, or waits for, its answer about the same person. Whoever says that they need
    more is believed, and it is recorded; in an emergency nobody is sent to ask something else first.
    """
    first = less_intrusive(policy, request)
    if not first or request.needs_more or request.break_glass:
        return
    if any(asked.question in first and _is_same(asked.person, request.person) for asked in earlier):
        return
    wordings = "; ".join(f"{name} (“{policy.catalogue.questions[name].wording}”)" for name in first)
    raise NotAllowed(
        "LESS_WOULD_DO",
        "There is a question that asks for less and may do.",
        mend=f"Ask first: {wordings}. If you know that it will not do, say that you need more.",
        field="question",
    )


def less_intrusive(policy: Policy, request: Request) -> tuple[str, ...]:
    """Return the questions that are to come first, of those that the requester may ask for this purpose."""
    office = request.requester.office
    named = policy.catalogue.questions[request.question].less_intrusive
    return tuple(name for name in named if request.purpose in policy.purposes(office, name))


def _is_same(one: PersonKeys, other: PersonKeys) -> bool:
    """Tell whether two questions are about one person, as far as what was typed says so."""
    if any(getattr(one, kind) and getattr(one, kind) == getattr(other, kind) for kind in STRONG_IDENTIFIERS):
        return True
    return one == other
