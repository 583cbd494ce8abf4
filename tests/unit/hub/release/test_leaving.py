"""What leaves of tables with several rows, of old records, of pupils near an age, and until when it may be shown."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hub.access.policy import Policy
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.terms import UNSAID, Consent, ConsentState, OptOut, Shield, Terms
from hub.release.age import comes_of_age, end_of, recent
from hub.release.circumstances import Circumstances
from hub.release.leaving import LeavingRules, may_leave
from tests.unit.hub.making import nhs_number, stood, table, upn

TODAY = date(2026, 11, 24)
ASKED = PersonKeys(nhs_number=nhs_number(1))
BY = Circumstances(
    today=TODAY,
    source="health",
    requester_agency="social_care",
    areas=frozenset({"bolton"}),
    purpose="safeguarding",
)
GIVEN = Terms(consent=Consent(state=ConsentState.EXPLICIT, until="2027-03-31"))
REFUSED = Terms(consent=Consent(state=ConsentState.REFUSED))
NOT_SOUGHT = Terms(consent=Consent(state=ConsentState.NOT_SOUGHT))
ROW = {"nhs_number": nhs_number(1), "gp_practice": "Moor Lane", "last_seen": "2026-10-02"}
NAMES = ("nhs_number", "date_of_birth", "gp_practice", "last_seen", "immunisations")


@pytest.fixture(scope="module")
def rules(policy: Policy) -> LeavingRules:
    return LeavingRules(policy.catalogue, "child_health", NAMES, stood)


def on_terms(*terms: Terms, **changes: str) -> Records:
    return replace(table(*([{**ROW, **changes}] * len(terms))), terms=terms)


def test_of_a_class_that_only_some_rows_may_show_the_others_cells_are_emptied(rules: LeavingRules) -> None:
    answer = may_leave(on_terms(GIVEN, REFUSED, NOT_SOUGHT), ASKED, rules, BY)
    assert answer.outcome is Outcome.HELD
    assert answer.records is not None
    assert answer.records.column("last_seen") == ("2026-10-02", "", "")
    assert answer.records.column("gp_practice") == ("Moor Lane",) * 3
    assert set(answer.withheld) == {("health", Reason.CONSENT_REFUSED), ("health", Reason.NO_CONSENT)}
    assert [consent.state for consent in answer.consents] == [
        ConsentState.EXPLICIT,
        ConsentState.REFUSED,
        ConsentState.NOT_SOUGHT,
    ]
    assert answer.consent_of_row == (1, 2, 3)


def test_of_a_class_that_no_row_may_show_the_columns_go(rules: LeavingRules) -> None:
    answer = may_leave(on_terms(REFUSED, REFUSED), ASKED, rules, BY)
    assert answer.records is not None
    assert answer.records.columns == ("nhs_number", "gp_practice")
    assert answer.withheld == (("health", Reason.CONSENT_REFUSED),)


def test_of_a_class_of_which_nothing_is_held_nothing_is_said_to_be_kept_back(rules: LeavingRules) -> None:
    answer = may_leave(on_terms(REFUSED, last_seen=""), ASKED, rules, BY)
    assert (answer.outcome, answer.withheld) == (Outcome.HELD, ())


def test_whoever_could_show_nothing_but_who_somebody_is_shows_nothing(rules: LeavingRules) -> None:
    answer = may_leave(on_terms(REFUSED, NOT_SOUGHT, gp_practice=""), ASKED, rules, BY)
    assert (answer.outcome, answer.reason, answer.records) == (Outcome.WITHHELD, Reason.CONSENT_REFUSED, None)
    assert answer.consents == ()


def test_a_protected_row_beside_others_leaves_no_trace(rules: LeavingRules) -> None:
    protected = Terms(shield=Shield.PERSON, consent=GIVEN.consent)
    elsewhere = Terms(areas=("elsewhere",), consent=GIVEN.consent)
    sent = replace(on_terms(GIVEN, protected, elsewhere), columns=("nhs_number", "gp_practice", "unasked"))
    alone = replace(on_terms(GIVEN), columns=("nhs_number", "gp_practice", "unasked"))
    assert may_leave(sent, ASKED, rules, BY) == may_leave(alone, ASKED, rules, BY)


def test_what_names_a_source_s_lists_is_not_told_to_the_requester(rules: LeavingRules) -> None:
    consent = Consent(state=ConsentState.EXPLICIT, classes=("health",), purposes=("safeguarding",))
    (told,) = may_leave(on_terms(Terms(consent=consent)), ASKED, rules, BY).consents
    assert told == Consent(state=ConsentState.EXPLICIT)


def test_an_answer_holds_until_the_first_consent_ends(rules: LeavingRules) -> None:
    sooner = Terms(consent=Consent(state=ConsentState.EXPLICIT, until="2026-12-24"))
    answer = may_leave(on_terms(GIVEN, sooner, REFUSED), ASKED, rules, BY)
    assert answer.holds_until == datetime(2026, 12, 25, tzinfo=UTC)


def test_an_answer_holds_until_the_officer_s_word_or_the_access_ends(rules: LeavingRules) -> None:
    ends = datetime(2026, 11, 24, 12, tzinfo=UTC)
    confirmed = BY._replace(ground="G1_REQUIRED_BY_LAW", confirmed_until=ends)
    assert may_leave(on_terms(REFUSED), ASKED, rules, confirmed).holds_until == ends
    assert may_leave(on_terms(GIVEN), ASKED, rules, BY._replace(break_glass_until=ends)).holds_until == ends


def test_the_last_day_of_all_ends_no_consent() -> None:
    assert end_of("9999-12-31") is None


def test_what_a_source_says_nothing_of_is_passed_as_it_is(policy: Policy) -> None:
    services = LeavingRules(policy.catalogue, "child_services", ("nhs_number", "service"), stood)
    sent = table({"nhs_number": nhs_number(1), "service": "Early help"})
    answer = may_leave(sent, ASKED, services, BY)
    assert answer.records is sent
    assert (answer.consents, answer.withheld, answer.holds_until) == ((), (), None)


def test_a_class_with_an_objection_only_needs_no_consent(policy: Policy) -> None:
    education = LeavingRules(policy.catalogue, "child_attendance", ("upn", "attendance_percent"), stood)
    sent = table({"upn": upn(1), "attendance_percent": "91"})
    asked, by = PersonKeys(upn=upn(1)), BY._replace(source="schools")
    for terms, outcome in (
        (REFUSED, Outcome.HELD),
        (UNSAID, Outcome.HELD),
        (Terms(opt_out=OptOut.PARENTS), Outcome.WITHHELD),
    ):
        assert may_leave(replace(sent, terms=(terms,)), asked, education, by).outcome is outcome


def test_records_are_recent_up_to_their_last_day_and_undated_ones_stay() -> None:
    rows = table({"a": "1"}, {"a": "2"}, {"a": "3"}, dates=("2026-10-25", "2026-10-24", ""))
    assert recent(rows, TODAY, 30).column("a") == ("1", "3")
    assert recent(rows, TODAY, None) is rows


@pytest.mark.parametrize(
    ("born", "day"),
    [
        ("2010-11-24", date(2026, 11, 24)),
        ("2010-12-31", date(2026, 12, 31)),
        ("2008-02-29", date(2024, 2, 29)),
        ("", None),
        ("not a day", None),
        ("9990-01-01", None),
    ],
)
def test_somebody_comes_of_age_on_a_birthday(born: str, day: date | None) -> None:
    assert comes_of_age(born, 16) == day


def test_whoever_was_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    assert comes_of_age("2008-02-29", 18) == date(2026, 3, 1)
