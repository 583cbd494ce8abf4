"""The plan of one question: which agencies are asked for which fields, and which are not and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.model.answer import AgencyAnswer
from hub.model.outcome import Outcome, Reason
from hub.model.policy import Permit, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every agency of the question, each either asked, for no more than may be released, or not permitted.

    `agreements` names, for each agency that is asked, those in force that cover it.
    """

    planned: tuple[str, ...]
    asked: tuple[tuple[str, tuple[str, ...]], ...]
    not_permitted: tuple[AgencyAnswer, ...]
    agreements: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fields(self) -> tuple[str, ...]:
        """Return every field that some agency is asked for, in the order of the first that has it."""
        return tuple(dict.fromkeys(field for _, fields in self.asked for field in fields))


def make_plan(permits: Iterable[Permit]) -> Plan:
    """Turn the permits of one question into its plan."""
    permits = tuple(permits)
    return Plan(
        planned=tuple(permit.agency for permit in permits),
        asked=tuple((permit.agency, permit.fields) for permit in permits if permit.refusal is None),
        not_permitted=tuple(
            not_permitted(permit.agency, permit.refusal) for permit in permits if permit.refusal is not None
        ),
        agreements=tuple((permit.agency, permit.agreements) for permit in permits if permit.refusal is None),
    )


def not_permitted(agency: str, refusal: Refusal, elapsed_ms: int = 0) -> AgencyAnswer:
    """Return the outcome of an agency whose part may not be asked for, or no longer shown."""
    return AgencyAnswer(
        agency=agency, outcome=Outcome.NOT_PERMITTED, reason=Reason(refusal.value), elapsed_ms=elapsed_ms
    )
