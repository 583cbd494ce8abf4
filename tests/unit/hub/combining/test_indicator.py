"""An indicator says how many agencies hold something, rests on what was released, and is honest about the others."""

import pytest

from hub.access.policy import load_policy
from hub.combining.indicator import Indicating, Told, indicator
from hub.model.answer import AgencyAnswer
from hub.model.indicator import Holding, Indicator, Verdict
from hub.model.matching import Standing
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records
from tests.lib.policies_of_size import SHIPPED_POLICIES

COLUMNS = ("given_name", "concern_kind", "concern_since", "service", "worker_name", "worker_phone")
SAME, POSSIBLY, DIFFERENT = Standing.SAME, Standing.POSSIBLY, Standing.DIFFERENT
WHAT = "a concern"
PLANNED = ("social_care", "health", "schools", "youth_offending")
NEGLECT = ("Zara", "neglect", "2026-02-01", "Duty team", "Dana Cole", "01632 960001")
OLDER = ("Zara", "domestic_abuse", "2025-11-03", "Family support", "Ola Berg", "01632 960002")
NO_CONCERN = ("Zara", "", "", "Duty team", "Dana Cole", "01632 960001")


@pytest.fixture(scope="module")
def indicating() -> Indicating:
    catalogue = load_policy(SHIPPED_POLICIES).catalogue
    fields = catalogue.questions["child_concern_indicator"].indicator
    assert fields is not None
    return Indicating(catalogue, fields)


def answer(*rows: tuple[str, ...], agency: str = "social_care", days: tuple[str, ...] = ()) -> AgencyAnswer:
    table = Records(
        columns=COLUMNS,
        cells=tuple(cell for row in rows for cell in row),
        record_dates=days or ("2026-01-01",) * len(rows),
        source="Records",
        retrieved_at_ms=1,
    )
    return AgencyAnswer(agency=agency, outcome=Outcome.HELD, records=table)


def outcome(agency: str, said: Outcome, reason: Reason | None = None) -> Told:
    return Told(shown=AgencyAnswer(agency=agency, outcome=said, reason=reason))


def test_a_holding_says_the_kinds_once_in_the_catalogues_order_and_the_earliest_day(indicating: Indicating) -> None:
    told = indicating.told(answer(OLDER, NEGLECT, NEGLECT), [SAME, SAME, SAME])
    assert told.holding is not None
    assert told.holding.kinds == ("neglect", "domestic_abuse")
    assert told.holding.since == "2025-11-03"


def test_the_contact_is_that_of_the_newest_record_that_names_one(indicating: Indicating) -> None:
    nameless = (*NEGLECT[:3], "", "", "")
    days = ("2026-03-01", "2026-02-01", "2026-04-01")
    told = indicating.told(answer(NEGLECT, OLDER, nameless, days=days), [SAME, SAME, SAME])
    assert told.holding is not None
    assert (told.holding.contact, told.holding.telephone) == ("Duty team, Dana Cole", "01632 960001")


def test_no_record_is_shown_and_only_what_is_told_counts_as_disclosed(indicating: Indicating) -> None:
    told = indicating.told(answer(NEGLECT, NO_CONCERN), [SAME, SAME])
    assert told.shown.outcome is Outcome.HELD
    assert told.shown.records is None
    assert told.disclosed is not None
    assert told.disclosed.records is not None
    assert told.disclosed.records.columns == COLUMNS[1:]
    assert len(told.disclosed.records) == 1


def test_of_what_is_possibly_about_somebody_else_only_the_contact_is_told(indicating: Indicating) -> None:
    told = indicating.told(answer(NEGLECT), [POSSIBLY])
    assert told.holding == Holding(
        agency="social_care", contact="Duty team, Dana Cole", telephone="01632 960001", is_possible_only=True
    )
    assert told.disclosed is not None
    assert told.disclosed.records is not None
    assert told.disclosed.records.columns == COLUMNS[3:]


def test_what_is_possibly_about_somebody_else_is_not_mixed_with_what_is_certain(indicating: Indicating) -> None:
    told = indicating.told(answer(NEGLECT, OLDER), [SAME, POSSIBLY])
    assert told.holding is not None
    assert (told.holding.kinds, told.holding.since) == (("neglect",), "2026-02-01")
    assert not told.holding.is_possible_only


def test_rows_about_somebody_else_do_not_count(indicating: Indicating) -> None:
    told = indicating.told(answer(NEGLECT), [DIFFERENT])
    assert (told.holding, told.shown.outcome) == (None, Outcome.NOTHING_HELD)
    assert told.shown.records is None


def test_to_know_the_child_is_not_to_hold_a_concern(indicating: Indicating) -> None:
    told = indicating.told(answer(NO_CONCERN), [SAME])
    assert (told.holding, told.disclosed, told.shown.outcome) == (None, None, Outcome.NOTHING_HELD)
    assert told.shown.records is None


def test_a_concern_without_a_kind_is_still_one(indicating: Indicating) -> None:
    told = indicating.told(answer(("Zara", "", "2026-02-01", "", "", "")), [SAME])
    assert told.holding == Holding(agency="social_care", since="2026-02-01")


def test_what_consent_keeps_back_is_not_a_no(indicating: Indicating) -> None:
    kept = answer(NO_CONCERN)
    kept = AgencyAnswer(
        agency="health",
        outcome=Outcome.HELD,
        records=kept.records,
        withheld=(("concern", Reason.NO_CONSENT),),
        withheld_rows=((0,),),
    )
    told = indicating.told(kept, [SAME])
    assert (told.shown.outcome, told.shown.reason) == (Outcome.WITHHELD, Reason.NO_CONSENT)
    assert indicator(WHAT, ["health"], [told]).unknown == ("health",)


@pytest.mark.parametrize("unfit", [True, False], ids=["with a kind that is none", "without the kind's column"])
def test_an_agency_whose_records_cannot_say_it_has_not_answered(indicating: Indicating, *, unfit: bool) -> None:
    records = answer(NO_CONCERN).records
    assert records is not None
    table = records if unfit else records.without({"concern_kind", "concern_since"})
    told = indicating.told(
        AgencyAnswer(agency="health", outcome=Outcome.HELD, records=table, unfit_cells=int(unfit)), [SAME]
    )
    assert (told.shown.outcome, told.shown.reason) == (Outcome.NO_ANSWER, Reason.MALFORMED)


def test_it_is_no_only_if_every_planned_agency_was_asked_answered_and_holds_nothing() -> None:
    nothing = [outcome(agency, Outcome.NOTHING_HELD) for agency in PLANNED]
    assert indicator(WHAT, PLANNED, nothing) == Indicator(
        what=WHAT, verdict=Verdict.NO, holdings=(), without=PLANNED, unknown=()
    )


@pytest.mark.parametrize("said", [found for found in Outcome if found not in {Outcome.NOTHING_HELD, Outcome.HELD}])
def test_one_of_whom_nothing_is_known_makes_a_no_impossible(said: Outcome) -> None:
    told = [outcome(agency, Outcome.NOTHING_HELD) for agency in PLANNED[1:]] + [outcome("social_care", said)]
    found = indicator(WHAT, PLANNED, told)
    assert (found.verdict, found.unknown) == (Verdict.NOT_ALL_ASKED, ("social_care",))


def test_who_has_not_been_heard_of_yet_is_unknown() -> None:
    found = indicator(WHAT, PLANNED, [outcome("schools", Outcome.NOTHING_HELD)])
    assert found.verdict is Verdict.NOT_ALL_ASKED
    assert found.without == ("schools",)
    assert found.unknown == ("social_care", "health", "youth_offending")


def test_one_that_holds_something_makes_it_yes_whatever_became_of_the_others(indicating: Indicating) -> None:
    told = [indicating.told(answer(NEGLECT), [SAME]), outcome("health", Outcome.NO_ANSWER, Reason.LATE)]
    found = indicator(WHAT, PLANNED, told)
    assert found.verdict is Verdict.YES
    assert [holding.agency for holding in found.holdings] == ["social_care"]
    assert found.unknown == ("health", "schools", "youth_offending")


def test_what_an_agency_says_again_takes_the_place_of_what_it_said() -> None:
    told = [outcome("schools", Outcome.NO_ANSWER, Reason.LATE), outcome("schools", Outcome.NOTHING_HELD)]
    assert indicator(WHAT, ["schools"], told).verdict is Verdict.NO


def test_a_holding_does_not_show_what_is_held(indicating: Indicating) -> None:
    told = indicating.told(answer(NEGLECT), [SAME])
    assert repr(told.holding) == "<Holding of social_care>"
