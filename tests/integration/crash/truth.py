"""What reached the clients and the agencies, written down outside the programs that are killed."""

from dataclasses import dataclass, field

from sharing.v1 import questions_pb2, records_pb2

# A request, and one agency's part in it.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown of one agency: its outcome, and of its records the fields and how many."""

    outcome: str
    fields: frozenset[str] = frozenset()
    records: int = 0

    @property
    def is_disclosure(self) -> bool:
        """Tell whether records were shown."""
        return bool(self.fields)


@dataclass(slots=True, kw_only=True)
class Truth:
    """What is known for certain: every part that a client has read, and every ask that an agency has."""

    shown: dict[Place, Shown] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    asked: set[Place] = field(default_factory=set)
    complete: int = 0
    refused: int = 0
    cut_off: int = 0

    def read(self, request_id: str, part: questions_pb2.AnswerPart) -> None:
        """Write down a part that a client has read."""
        self.requests.add(request_id)
        self.complete += part.HasField("completeness")
        for agency in part.agencies:
            self.shown[request_id, agency.agency] = _shown(agency)

    @property
    def disclosed(self) -> dict[Place, Shown]:
        """Return what was shown of records."""
        return {place: shown for place, shown in self.shown.items() if shown.is_disclosure}


def _shown(agency: questions_pb2.AgencyPart) -> Shown:
    return Shown(
        outcome=records_pb2.Outcome.Name(agency.outcome).removeprefix("OUTCOME_").lower(),
        fields=frozenset(agency.records.columns),
        records=len(agency.records.record_dates),
    )
