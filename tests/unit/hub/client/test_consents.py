"""How consent stands, what is kept back and what may be done with an answer, as people and programs read it."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from rich.console import Console
from sharing.v1 import questions_pb2, records_pb2

from hub.cli.errors import CommandError
from hub.cli.person import Whom, Why, make_request
from hub.cli.showing import show_answer
from hub.client.assembling import assemble
from hub.client.consents import read_standing, standing_words
from hub.client.documents import answer_document
from hub.client.words import completeness_statement
from tests.unit.hub.client import sample
from tests.unit.hub.making import nhs_number

CONSENT = records_pb2.Consent(
    state=records_pb2.CONSENT_STATE_EXPLICIT,
    given_by=records_pb2.CONSENT_GIVER_PARENT,
    decided_on="2026-01-31",
    until="2027-01-31",
    review_due="2026-07-31",
)
WARNING = questions_pb2.Handling(title="Staff safety", fields=["given_name"], words="Tell whoever goes with you.")


@pytest.fixture
def part() -> questions_pb2.AnswerPart:
    """Return a whole answer of which health keeps something back, on terms, under break-glass access."""
    whole = sample.short()
    whole.opening.handling.append(WARNING)
    whole.opening.break_glass_until_ms = 1_795_514_400_000
    (health,) = [agency for agency in whole.agencies if agency.agency == "health"]
    health.consents.append(CONSENT)
    health.consent_of_row.append(1)
    kept = health.withheld.add()
    kept.field_class, kept.title, kept.reason = "health", "Health", records_pb2.OUTCOME_REASON_NOT_CONFIRMED
    return whole


def _painted(part: questions_pb2.AnswerPart) -> str:
    out = StringIO()
    show_answer(Console(file=out, width=200, color_system=None), assemble([part]))
    return out.getvalue()


def test_consent_is_said_in_words_with_its_days() -> None:
    standing = read_standing(CONSENT, 2)
    assert standing_words(standing, "2026-07-01") == (
        "consent was given explicitly by a parent, on 2026-01-31, until the end of 2027-01-31;"
        " its review is due on 2026-07-31 (2 records)"
    )
    assert "its review was due on 2026-07-31" in standing_words(standing, "2026-08-01")


@pytest.mark.parametrize("state", records_pb2.ConsentState.values())
def test_every_state_of_consent_has_its_words(state: records_pb2.ConsentState.ValueType) -> None:
    words = standing_words(read_standing(records_pb2.Consent(state=state), 1), "2026-11-24")
    assert words.startswith("consent ")
    assert words.endswith("(1 record)")


def test_a_state_that_this_client_does_not_know_is_not_known() -> None:
    later = records_pb2.Consent(state=99, given_by=99)  # type: ignore[arg-type]  # a later contract's
    assert standing_words(read_standing(later, 1), "2026-11-24") == "consent is not known (1 record)"


def test_what_is_kept_back_is_read_out_with_its_reason(part: questions_pb2.AnswerPart) -> None:
    sentences = completeness_statement(assemble([part]))
    assert any(
        "holds something of “Health” that is not shown: the ground that you gave needs a designated officer" in sentence
        for sentence in sentences
    )


def test_people_see_what_they_may_do_with_it_how_consent_stands_and_that_they_broke_the_glass(
    part: questions_pb2.AnswerPart,
) -> None:
    painted = _painted(part)
    assert "What you may do with Staff safety" in painted
    assert "Tell whoever goes with you." in painted
    assert "consent was given explicitly by a parent" in painted
    assert "BREAK-GLASS IS OPEN until" in painted


def test_handling_of_what_is_not_shown_is_not_shown(part: questions_pb2.AnswerPart) -> None:
    part.opening.handling[0].fields[:] = ["warning_kind"]
    assert "Tell whoever goes with you." not in _painted(part)


def test_programs_read_the_same(part: questions_pb2.AnswerPart) -> None:
    document = answer_document(assemble([part]))
    outcome = document["outcomes"]["health"]  # type: ignore[index]  # the document is free JSON
    assert outcome["withheld"] == [{"class": "health", "title": "Health", "reason": "not_confirmed"}]
    assert outcome["consents"][0]["state"] == "explicit"
    assert outcome["consents"][0]["records"] == 1
    assert document["handling"] == [
        {"title": "Staff safety", "fields": ["given_name"], "words": "Tell whoever goes with you."}
    ]
    assert document["break_glass_until"] is not None


TODAY = date(2026, 11, 24)
INFORMED: dict[str, Callable[[questions_pb2.Informed], bool]] = {
    "yes": lambda informed: informed.state == questions_pb2.INFORMED_STATE_YES,
    "no-unsafe": lambda informed: informed.state == questions_pb2.INFORMED_STATE_NO_UNSAFE,
    "NO_PREJUDICE": lambda informed: informed.state == questions_pb2.INFORMED_STATE_NO_PREJUDICE,
    "2026-12-01": lambda informed: (informed.state, informed.by) == (questions_pb2.INFORMED_STATE_LATER, "2026-12-01"),
    "": lambda informed: informed.state == questions_pb2.INFORMED_STATE_UNSPECIFIED,
}


@pytest.mark.parametrize("typed", INFORMED)
def test_what_is_typed_of_the_law_goes_to_the_hub(typed: str) -> None:
    why = Why(case="A/1", condition="A9_H", ground="G4", reason="R", informed=typed, confirmation="c", needs_more=True)
    request = make_request("child_health", Whom(nhs_number=nhs_number(1)), why, TODAY)
    assert (request.special_condition, request.ground, request.override_reason) == ("A9_H", "G4", "R")
    assert (request.confirmation, request.break_glass, request.needs_more) == ("c", "", True)
    assert INFORMED[typed](request.informed)


def test_whether_somebody_has_been_told_is_not_guessed() -> None:
    with pytest.raises(CommandError) as refused:
        make_request("child_health", Whom(nhs_number=nhs_number(1)), Why(case="A/1", informed="maybe"), TODAY)
    assert refused.value.reason == "INFORMED_UNKNOWN"
