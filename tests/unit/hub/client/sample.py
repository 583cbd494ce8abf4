"""One invented child's answer, as a hub sends it: parts in the order of arrival, and the lesser messages."""

from collections.abc import Iterable, Sequence

from sharing.v1 import questions_pb2, records_pb2, sessions_pb2, status_pb2

RETRIEVED_MS = 1_795_400_000_000
ASKED_MS = 1_795_399_999_000
TOKEN = "t0ken-of_the-first-session"

AGENCIES = {
    "social_care": "Children's social care",
    "health": "Community health",
    "schools": "Schools",
    "youth_offending": "Youth offending",
    "connexions": "Connexions",
}
FIELDS = {
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
    "given_name": "Given name",
    "family_name": "Family name",
    "date_of_birth": "Date of birth",
    "address": "Address",
    "service": "Service",
    "worker_name": "Worker",
    "worker_phone": "Worker's telephone",
}


def choices(words: dict[str, str], ids: Iterable[str] | None = None) -> list[questions_pb2.Choice]:
    return [questions_pb2.Choice(id=id_, title=words[id_]) for id_ in (words if ids is None else ids)]


def opening() -> questions_pb2.Opening:
    return questions_pb2.Opening(
        request_id="r-7f3a",
        policy_version="2026-11-01.1",
        question="child_services",
        wording="Which services are working with this child?",
        purpose="safeguarding",
        planned=choices(AGENCIES),
        fields=choices(FIELDS),
        identity_fields=list(FIELDS)[:5],
    )


def table(columns: Sequence[str], *rows: Sequence[str], dates: Sequence[str], source: str) -> records_pb2.Records:
    return records_pb2.Records(
        columns=columns,
        cells=[cell for row in rows for cell in row],
        record_dates=dates,
        source=source,
        retrieved_at_ms=RETRIEVED_MS,
    )


def social_care() -> questions_pb2.AgencyPart:
    columns = ("nhs_number", "given_name", "family_name", "date_of_birth", "address", "service", "worker_name")
    return questions_pb2.AgencyPart(
        agency="social_care",
        outcome=records_pb2.OUTCOME_HELD,
        elapsed_ms=21,
        records=table(
            columns,
            ("9994760009", "Amina", "Khan", "2014-05-06", "3 Mill Lane", "Family support", "J. Okafor"),
            ("", "Amina", "Khan", "2014-05-06", "", "Short breaks", "P. Lindqvist"),
            dates=("2026-10-02", "2026-09-01"),
            source="Care Records",
        ),
    )


def health() -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency="health",
        outcome=records_pb2.OUTCOME_HELD,
        elapsed_ms=180,
        unasked_cells=2,
        records=table(
            ("nhs_number", "given_name", "family_name", "date_of_birth", "address", "worker_phone"),
            ("9994760009", "Aminah", "Khan", "2014-05-06", "12 Chapel Street", "01204 000 000"),
            dates=("2026-11-11",),
            source="Child Health",
        ),
    )


def schools() -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency="schools",
        outcome=records_pb2.OUTCOME_HELD,
        elapsed_ms=95,
        records=table(
            ("upn", "given_name", "family_name", "date_of_birth", "service"),
            ("A801200001001", "Amina", "Khan", "2014-05-06", "Attendance team"),
            dates=("",),
            source="Pupil Register",
        ),
    )


def youth_offending() -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency="youth_offending",
        outcome=records_pb2.OUTCOME_NO_ANSWER,
        reason=records_pb2.OUTCOME_REASON_DOWN,
        elapsed_ms=1,
    )


def connexions() -> questions_pb2.AgencyPart:
    return questions_pb2.AgencyPart(
        agency="connexions",
        outcome=records_pb2.OUTCOME_NOT_PERMITTED,
        reason=records_pb2.OUTCOME_REASON_NO_AGREEMENT,
    )


def joining() -> questions_pb2.Joining:
    """Say of the rows of social care, schools and health, in this order, whom they are about."""
    return questions_pb2.Joining(
        person_of_row=[0, 0, 1, 0],
        certain=[True, False],
        disagreements=[
            questions_pb2.Disagreement(person=0, field="address"),
            questions_pb2.Disagreement(person=0, field="given_name"),
        ],
    )


def parts() -> list[questions_pb2.AnswerPart]:
    """Give the answer as it is streamed."""
    return [
        questions_pb2.AnswerPart(opening=opening(), agencies=[youth_offending(), connexions()]),
        questions_pb2.AnswerPart(
            agencies=[social_care()], joining=questions_pb2.Joining(person_of_row=[0, 0], certain=[True])
        ),
        questions_pb2.AnswerPart(agencies=[schools(), health()], joining=joining()),
        questions_pb2.AnswerPart(completeness=questions_pb2.Completeness(complete=False, elapsed_ms=181)),
    ]


def whole() -> questions_pb2.AnswerPart:
    """Give the answer as it is viewed again."""
    return questions_pb2.AnswerPart(
        opening=opening(),
        agencies=[youth_offending(), connexions(), social_care(), schools(), health()],
        joining=joining(),
        completeness=questions_pb2.Completeness(complete=False, elapsed_ms=181),
    )


def short() -> questions_pb2.AnswerPart:
    """Give a shorter answer: the one that docs/client.md shows."""
    asked = opening()
    del asked.planned[2]
    del asked.planned[-1]
    social, medical = social_care(), health()
    columns = ("nhs_number", "given_name", "service")
    social.records.CopyFrom(
        table(columns, ("9994760009", "Amina", "Family support"), dates=("2026-10-02",), source="Care Records")
    )
    medical.records.CopyFrom(table(columns[:2], ("9994760009", "Aminah"), dates=("",), source="Child Health"))
    differing = questions_pb2.Disagreement(person=0, field="given_name")
    return questions_pb2.AnswerPart(
        opening=asked,
        agencies=[youth_offending(), social, medical],
        joining=questions_pb2.Joining(
            person_of_row=[0, 0], certain=[True], disagreements=[differing], cards=[short_card()]
        ),
        completeness=questions_pb2.Completeness(complete=False, elapsed_ms=181),
    )


def short_card() -> questions_pb2.MatchCard:
    """Give the card of the one person of the shorter answer."""
    return questions_pb2.MatchCard(
        standing=questions_pb2.STANDING_SAME,
        per_mille=999,
        evidence=[
            questions_pb2.Evidence(
                field="nhs_number", likeness=questions_pb2.LIKENESS_EQUAL, agency="social_care", other_agency="health"
            ),
            questions_pb2.Evidence(
                field="given_name",
                likeness=questions_pb2.LIKENESS_SLIP,
                agency="social_care",
                other_agency="health",
                since="2026-10-02",
            ),
        ],
        has_details=True,
    )


def session(token: str = TOKEN) -> sessions_pb2.SignInResponse:
    return sessions_pb2.SignInResponse(
        token=token,
        display_name="Ruth Adeyemi",
        access_level="health_visitor",
        access_level_title="Health visitor",
        agency="health",
        idle_seconds=900,
        expires_at_ms=ASKED_MS + 43_200_000,
    )


def menu() -> questions_pb2.MenuResponse:
    question = questions_pb2.MenuQuestion(
        id="child_services",
        kind=questions_pb2.QUESTION_KIND_PERSON,
        wording="Which services are working with this child?",
        purposes=[questions_pb2.Choice(id="safeguarding", title="Safeguarding a child")],
        lawful_bases=[questions_pb2.Choice(id="A6_E", title="Public task")],
        agencies=choices(AGENCIES, ("social_care", "health")),
        fields=choices(FIELDS, ("given_name", "service")),
    )
    return questions_pb2.MenuResponse(policy_version="2026-11-01.1", questions=[question])


def held() -> questions_pb2.ListHeldResponse:
    answer = questions_pb2.HeldAnswer(
        request_id="r-7f3a", question="child_services", case_reference="HV/2026-114", asked_at_ms=ASKED_MS
    )
    return questions_pb2.ListHeldResponse(held=[answer])


def status() -> status_pb2.GetStatusResponse:
    link = status_pb2.LinkStatus(
        instance="care-records-0001", program="adapter 0.1.0", connected_at_ms=ASKED_MS, in_flight=0, asked=12
    )
    return status_pb2.GetStatusResponse(
        hub_version="0.1.0",
        policy_version="2026-11-01.1",
        started_at_ms=ASKED_MS,
        hardening=status_pb2.Hardening(
            overwrites_freed_memory=True,
            core_dumps_are_off=True,
            memory_is_private=True,
            swap=status_pb2.SWAP_STATE_ON,
            losses=["Swap is on: the system may write the hub's memory to a disk."],
        ),
        sessions=1,
        held_answers=2,
        publication=3,
        agencies=[
            status_pb2.AgencyStatus(
                agency="social_care",
                title="Children's social care",
                breaker=status_pb2.BREAKER_STATE_CLOSED,
                links=[link],
                receipts_outstanding=0,
            ),
            status_pb2.AgencyStatus(
                agency="health",
                title="Community health",
                breaker=status_pb2.BREAKER_STATE_HALF_OPEN,
                faults=3,
                disputes_log=True,
            ),
        ],
    )
