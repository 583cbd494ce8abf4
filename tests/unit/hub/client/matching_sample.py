"""An answer with match cards, and one that only indicates, as a hub sends them."""

from sharing.v1 import questions_pb2, records_pb2

from tests.unit.hub.client import sample

TITLES = {"concern_kind": "Kind of concern", "concern_since": "Concern since", "service": "Service"}


def evidence(field: str, likeness: str, agency: str = "", other: str = "", since: str = "") -> questions_pb2.Evidence:
    return questions_pb2.Evidence(
        field=field,
        likeness=questions_pb2.Likeness.Value(f"LIKENESS_{likeness.upper()}"),
        agency=agency,
        other_agency=other,
        since=since,
    )


def same_card() -> questions_pb2.MatchCard:
    return questions_pb2.MatchCard(
        standing=questions_pb2.STANDING_SAME,
        per_mille=999,
        evidence=[
            evidence("nhs_number", "equal", "social_care"),
            evidence("nhs_number", "equal", "health"),
            evidence("family_name", "sounds_alike", "health", "social_care"),
            evidence("address", "different", "health", "social_care", since="2026-03-09"),
        ],
        has_details=True,
    )


def possible_card() -> questions_pb2.MatchCard:
    return questions_pb2.MatchCard(
        standing=questions_pb2.STANDING_POSSIBLY,
        per_mille=962,
        evidence=[
            evidence("family_name", "equal", "schools"),
            evidence("given_name", "slip", "schools"),
            evidence("date_of_birth", "swapped", "schools"),
        ],
    )


def with_cards() -> questions_pb2.AnswerPart:
    """Give the whole answer of the sample, with a card for each of its two people."""
    whole = sample.whole()
    whole.joining.cards.extend([same_card(), possible_card()])
    return whole


def opening() -> questions_pb2.Opening:
    asked = sample.opening()
    asked.question = "child_concern_indicator"
    asked.wording = "How many agencies hold a concern about this child, and whom can I speak to?"
    del asked.planned[4:]
    del asked.fields[:]
    asked.fields.extend(sample.choices(TITLES))
    return asked


def told(agency: str, outcome: records_pb2.Outcome.ValueType) -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(agency=agency, outcome=outcome, elapsed_ms=20)


def holdings() -> list[questions_pb2.Holding]:
    return [
        questions_pb2.Holding(
            agency="social_care",
            kinds=["neglect", "domestic_abuse"],
            since="2025-11-03",
            contact=questions_pb2.Choice(id="01632 960001", title="Duty team, Dana Cole"),
        ),
        questions_pb2.Holding(
            agency="health",
            contact=questions_pb2.Choice(id="01632 960002", title="Health visiting, Ola Berg"),
            is_possible_only=True,
        ),
    ]


def indicated() -> questions_pb2.AnswerPart:
    """Give an indicator's answer: one holds something, one possibly, one nothing, and one is away."""
    return questions_pb2.AnswerPart(
        opening=opening(),
        agencies=[
            told("social_care", records_pb2.OUTCOME_HELD),
            told("health", records_pb2.OUTCOME_HELD),
            told("schools", records_pb2.OUTCOME_NOTHING_HELD),
            sample.youth_offending(),
        ],
        indicator=questions_pb2.Indicator(
            what="a concern",
            verdict=questions_pb2.INDICATOR_VERDICT_YES,
            holdings=holdings(),
            without=["schools"],
            unknown=["youth_offending"],
        ),
        completeness=questions_pb2.Completeness(complete=False, elapsed_ms=181),
    )
