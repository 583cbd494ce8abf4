"""From the parts of an answer about who looked at a person to the whole: every planned agency once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharing.v1 import audit_pb2, records_pb2

from hub.client.errors import BadAnswer
from hub.client.words import WHY
from hub.model.outcome import Reason

_REASON_PREFIX = "OUTCOME_REASON_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who looked at a person, as far as the agencies that answered may tell."""

    request_id: str
    agencies: tuple["Source", ...]
    looks: tuple[audit_pb2.Look, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether every planned agency has answered."""
        return all(source.reason is None for source in self.agencies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One planned agency: how many looks it tells of, or why it does not answer."""

    id: str
    title: str
    looks: int
    reason: str | None
    """The reason's identifier; None when the agency has answered."""
    why: str
    """The same in words, as the rest of a sentence about the agency; empty when it has answered."""

    @property
    def words(self) -> str:
        """Say what became of the agency, as the rest of a sentence that begins with its name."""
        if self.reason is not None:
            return f"did not answer: {self.why}"
        if not self.looks:
            return "answered: it tells of nobody"
        return f"answered: it tells of {self.looks} {'look' if self.looks == 1 else 'looks'}"


def assemble(parts: Iterable[audit_pb2.SubjectResponse]) -> Told:
    """Put the parts together; raise BadAnswer where they do not make one whole."""
    whole = list(parts)
    openings = [part.opening for part in whole if part.HasField("opening")]
    if len(openings) != 1:
        raise BadAnswer(f"it says whose journals were asked {len(openings)} times instead of once")
    said = [part.outcome for part in whole if part.HasField("outcome")]
    planned = {choice.id: choice.title or choice.id for choice in openings[0].planned}
    if sorted(outcome.agency for outcome in said) != sorted(planned):
        raise BadAnswer("the agencies with an outcome are not those that were planned")
    by_agency = {outcome.agency: outcome for outcome in said}
    return Told(
        request_id=openings[0].request_id,
        agencies=tuple(read_source(by_agency[agency], title) for agency, title in planned.items()),
        looks=_looks(part.look for part in whole if part.HasField("look")),
    )


def read_source(outcome: audit_pb2.SubjectOutcome, title: str) -> Source:
    """Read what became of one agency."""
    if outcome.outcome not in _KNOWN:
        raise BadAnswer("an agency's outcome is unknown to this client")
    has_answered = outcome.outcome != records_pb2.OUTCOME_NO_ANSWER
    reason, why = (None, "") if has_answered else read_reason(outcome.reason)
    return Source(id=outcome.agency, title=title, looks=outcome.looks, reason=reason, why=why)


def read_reason(said: records_pb2.OutcomeReason.ValueType) -> tuple[str, str]:
    """Read why an agency does not answer: as an identifier and in words; what is unknown is not guessed."""
    try:
        reason = Reason(records_pb2.OutcomeReason.Name(said).removeprefix(_REASON_PREFIX).lower())
    except ValueError:
        return "unknown", WHY[None]
    return reason.value, WHY[reason]


_KNOWN = (records_pb2.OUTCOME_HELD, records_pb2.OUTCOME_NOTHING_HELD, records_pb2.OUTCOME_NO_ANSWER)


def _looks(looks: Iterable[audit_pb2.Look]) -> tuple[audit_pb2.Look, ...]:
    found: Sequence[audit_pb2.Look] = tuple(looks)
    return tuple(sorted(found, key=lambda look: -look.at_ms))
