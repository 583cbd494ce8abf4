"""Admitting a question: every rule that holds before any agency is asked, in the order in which they are looked at."""

from datetime import datetime

from hub.access.authorise import authorise
from hub.access.policy import Policy
from hub.access.stating import check_stated
from hub.asking.asked import Asked
from hub.asking.permitted import telling
from hub.errors import NotAllowed
from hub.model.policy import Permit
from hub.model.request import Requester


def admitted(  # what is asked by whom, and when
    policy: Policy, requester: Requester, asked: Asked, *, at: datetime, is_stepped_up: bool
) -> tuple[Permit, ...]:
    """Return one permit for each agency; raise a RequestError where the question may not be asked like this."""
    permits = authorise(
        policy,
        requester.office,
        question=asked.question,
        purpose=asked.purpose,
        basis=asked.lawful_basis,
        at=at,
        is_stepped_up=is_stepped_up,
    )
    check_stated(policy, asked.question, permits, asked.stated, today=at.date())
    if asked.break_glass and not policy.levels[requester.access_level].break_glass:
        raise NotAllowed(
            "BREAK_GLASS_NOT_ALLOWED",
            "Your access level has no break-glass access.",
            mend="Leave it out, or ask somebody whose level has it.",
            field="break_glass",
        )
    return telling(policy, requester.office, policy.catalogue.questions[asked.question], asked.purpose, permits, at)
