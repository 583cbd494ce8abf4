"""Authorising one question: that it is on the menu, for this purpose, on this basis, and who may be asked for what."""

from datetime import datetime

from hub.access.policy import Policy, Standing
from hub.errors import InvalidRequest, NotAllowed
from hub.model.policy import Office, Permit


def authorise(  # noqa: PLR0913  # the seven things on which the decision rests
    policy: Policy, office: Office, *, question: str, purpose: str, basis: str, at: datetime, is_stepped_up: bool
) -> tuple[Permit, ...]:
    """Return one permit for each agency of the question; raise NotAllowed or InvalidRequest with the mend.

    A question that does not exist and one that is not on the menu read alike, so that menus cannot be probed.
    """
    if policy.may_ask(office, question=question) is not Standing.MAY_ASK:
        raise NotAllowed(
            "NOT_ON_MENU",
            "This question is not on your menu.",
            mend="Choose one from your menu. If your work needs another, ask whoever sets access levels.",
            field="question",
        )
    _check_purpose(policy, office, question, purpose)
    _check_basis(policy, question, basis)
    permits = policy.permits(office, question=question, purpose=purpose, at=at)
    if not is_stepped_up and policy.needs_step_up(permits):
        raise NotAllowed(
            "STEP_UP_NEEDED",
            "This question returns sensitive details: show that it is you before you ask it.",
            mend="Give a code of your second factor with: hub stepup. If you have none yet: hub factor add.",
            field="question",
        )
    return permits


def _check_purpose(policy: Policy, office: Office, question: str, purpose: str) -> None:
    purposes = policy.purposes(office, question)
    mend = f"For this question you may give: {', '.join(purposes)}."
    if not purpose:
        raise InvalidRequest("PURPOSE_MISSING", "The purpose is missing.", mend=mend, field="purpose")
    if purpose not in purposes:
        raise NotAllowed(
            "PURPOSE_NOT_ALLOWED", "You may not ask this question for that purpose.", mend=mend, field="purpose"
        )


def _check_basis(policy: Policy, question: str, basis: str) -> None:
    accepted = policy.catalogue.questions[question].lawful_bases
    titles = (f"{found} ({policy.catalogue.lawful_bases[found].title})" for found in accepted)
    mend = f"This question accepts: {', '.join(titles)}."
    if not basis:
        raise InvalidRequest("BASIS_MISSING", "The lawful basis is missing.", mend=mend, field="lawful_basis")
    if basis not in accepted:
        raise InvalidRequest(
            "BASIS_NOT_ACCEPTED", "This question does not accept that lawful basis.", mend=mend, field="lawful_basis"
        )
