"""What a requester is told of the law and of an answer's terms, in the contract's words."""

from datetime import UTC, datetime

import pytest
from sharing.v1 import questions_pb2, records_pb2

from hub.access.policy import Policy
from hub.edge.messages import Wording, answer_part
from hub.model.answer import AgencyAnswer, AnswerPart, Joining, Opening
from hub.model.matching import Evidence, Likeness, MatchCard, Standing, Word
from hub.model.outcome import Outcome, Reason
from hub.model.request import Requester
from hub.model.terms import Consent, ConsentGiver, ConsentState, Shield, Terms
from tests.unit.hub.making import table

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WORKER = Requester(
    user_name="r.holt", display_name="R", access_level="social_worker", agency="social_care", areas=("bolton",)
)
OPENING = Opening(
    request_id="r1",
    policy_version="1",
    question="child_health",
    wording="When?",
    purpose="safeguarding",
    planned=("health",),
    fields=("nhs_number", "last_seen", "immunisations"),
)


@pytest.fixture
def wording(policy: Policy) -> Wording:
    return Wording(policy)


def test_the_menu_says_what_must_be_stated_and_what_comes_first(wording: Wording) -> None:
    menu = {question.id: question for question in wording.menu(WORKER, NOW).questions}
    health = menu["child_health"]
    assert [choice.id for choice in health.special_conditions] == ["A9_A", "A9_C", "A9_G", "A9_H", "A9_I"]
    assert [choice.id for choice in health.less_intrusive] == ["child_services"]
    assert health.less_intrusive[0].title == "Which services are working with this child?"
    needs = {ground.id: ground.needs_officer for ground in health.grounds}
    assert (needs["G1_REQUIRED_BY_LAW"], needs["G4_DEATH_OR_SERIOUS_HARM"]) == (True, False)
    basics = menu["child_basics"]
    assert [list(basics.special_conditions), list(basics.less_intrusive), list(basics.grounds)] == [[], [], []]


def test_an_opening_says_what_may_be_done_with_which_fields(wording: Wording, policy: Policy) -> None:
    (handling,) = wording.opening(OPENING).handling
    assert (handling.title, list(handling.fields)) == ("Health", ["last_seen", "immunisations"])
    assert handling.words == policy.catalogue.field_classes["health"].handling


def test_an_opening_under_break_glass_access_says_when_that_ends(wording: Wording) -> None:
    ends = datetime(2026, 11, 24, 10, tzinfo=UTC)
    emergency = Opening(**{name: getattr(OPENING, name) for name in OPENING.__slots__} | {"break_glass_until": ends})
    assert wording.opening(emergency).break_glass_until_ms == int(ends.timestamp() * 1_000)
    assert wording.opening(OPENING).break_glass_until_ms == 0


def test_an_agency_s_part_says_how_consent_stands_and_what_is_kept_back_and_nothing_of_protection(
    wording: Wording,
) -> None:
    consent = Consent(state=ConsentState.EXPLICIT, given_by=ConsentGiver.PARENT, until="2027-01-31")
    records = table({"service": "Early help"})
    answer = AgencyAnswer(
        agency="health",
        outcome=Outcome.HELD,
        records=type(records)(
            columns=records.columns,
            cells=records.cells,
            record_dates=records.record_dates,
            source=records.source,
            retrieved_at_ms=1,
            terms=(Terms(consent=consent, shield=Shield.ADDRESS, areas=("bolton",)),),
        ),
        withheld=(("health", Reason.NOT_CONFIRMED),),
        consents=(consent,),
        consent_of_row=(1,),
    )
    (part,) = answer_part(AnswerPart(agencies=(answer,)), wording).agencies
    assert (part.consents[0].state, part.consents[0].given_by, part.consents[0].until) == (
        records_pb2.CONSENT_STATE_EXPLICIT,
        records_pb2.CONSENT_GIVER_PARENT,
        "2027-01-31",
    )
    assert list(part.consent_of_row) == [1]
    assert part.withheld == [
        questions_pb2.WithheldClass(
            field_class="health", title="Health", reason=records_pb2.OUTCOME_REASON_NOT_CONFIRMED
        )
    ]
    assert not part.records.terms
    assert not part.records.terms_of_row


def test_a_card_says_why_and_how_surely_in_the_contract_s_words(wording: Wording) -> None:
    evidence = Evidence(
        field="upn", likeness=Likeness.CONTRADICTS, agency="schools", other_agency="health", since="2026-01-01"
    )
    cards = (
        MatchCard(standing=Standing.SAME, per_mille=999, word=Word.SAME),
        MatchCard(standing=Standing.POSSIBLY, per_mille=400, evidence=(evidence,), has_details=False),
    )
    joining = Joining(person_of_row=(0, 1), certain=(True, False), disagreements=(), cards=cards)
    same, possibly = answer_part(AnswerPart(joining=joining), wording).joining.cards
    assert (same.standing, same.word, same.has_details) == (
        questions_pb2.STANDING_SAME,
        questions_pb2.REQUESTER_WORD_SAME,
        True,
    )
    assert (possibly.standing, possibly.per_mille, possibly.has_details) == (
        questions_pb2.STANDING_POSSIBLY,
        400,
        False,
    )
    (why,) = possibly.evidence
    assert (why.field, why.likeness, why.agency, why.other_agency, why.since) == (
        "upn",
        questions_pb2.LIKENESS_CONTRADICTS,
        "schools",
        "health",
        "2026-01-01",
    )


def test_the_menu_says_what_a_question_is_about(wording: Wording) -> None:
    kinds = {question.id: question.kind for question in wording.menu(WORKER, NOW).questions}
    assert kinds["child_basics"] == questions_pb2.QUESTION_KIND_PERSON
    assert kinds["child_concern_indicator"] == questions_pb2.QUESTION_KIND_INDICATOR
