"""The difference between two policies against brute force, and what it says to those who must agree to it."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from hub.access.allowances import Access
from hub.access.difference import Difference, Other, difference
from hub.access.policy import Policy
from hub.access.reading import read_rulebook
from hub.access.spans import Spans
from hub.access.written import compile_written
from hub.model.catalogue import FieldType, Listing, ReleaseRules
from hub.model.policy import AgencyStatus, Grant, LevelKind, Rulebook, TellDifferences
from tests.lib.policies_of_size import SHIPPED_POLICIES, rulebook_with_rules
from tests.lib.policy_pairs import AT, instants, over_time, pair_of, pairs, put, seen

ADAPTER = TypeAdapter(Difference)
ONE_YEAR = timedelta(days=365)
VISITOR = "levels.health_visitor"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def shipped(book: Rulebook) -> Policy:
    return compile_written(book)


def _by_brute_force(these: Policy, those: Policy) -> dict[Access, Spans]:
    """Return what the first policy lets be seen and the second does not, asked cell by cell at every turn."""
    moments = instants(these, those)
    return over_time([(at, set(seen(these, at)) - set(seen(those, at))) for at in moments])


def _told(found: Difference, which: str) -> dict[Access, Spans]:
    cells = [
        (access, change.allowance.spans) for change in getattr(found, which) for access in change.allowance.accesses()
    ]
    assert len(dict(cells)) == len(cells)
    return dict(cells)


def _check(old_book: Rulebook, new_book: Rulebook) -> None:
    old, new = compile_written(old_book), compile_written(new_book)
    found = difference(old, new, AT)
    gains = _by_brute_force(new, old)
    assert _told(found, "gains") == gains
    assert _told(found, "losses") == _by_brute_force(old, new)
    assert found.opens == {access.source for access in gains}
    assert found.is_empty is (old.version == new.version)
    assert bool(found.others) is (old.version != new.version)
    assert ADAPTER.validate_json(ADAPTER.dump_json(found)) == found


@settings(suppress_health_check=list(HealthCheck), max_examples=30)
@given(pair=pairs())
def test_gains_and_losses_are_as_brute_force_has_them_and_equal_versions_have_no_difference(
    pair: tuple[Rulebook, Rulebook],
) -> None:
    _check(*pair)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 1_000, 100))
def test_gains_and_losses_of_a_thousand_pairs_are_as_brute_force_has_them(first: int) -> None:
    for seed in range(first, first + 100):
        _check(*pair_of(seed))


def test_an_agreement_that_is_prolonged_is_a_gain_from_its_former_end_on(book: Rulebook, shipped: Policy) -> None:
    agreement = book.agreements["youth_crime_and_disorder"]
    longer = put(book, "agreements", agreement, ends=datetime(2031, 6, 1, tzinfo=UTC))
    found = difference(shipped, compile_written(longer), AT)
    spans = {change.allowance.spans for change in found.gains}
    assert ((agreement.ends, datetime(2031, 6, 1, tzinfo=UTC)),) in spans
    assert all(starts >= agreement.ends for each in spans for starts, _ in each)
    assert not found.losses
    assert found.opens == {"social_care", "health", "youth_offending"}
    assert any(
        "Youth offending worker (Youth Offending Team) may, from 2030-06-01 to the end of 2031-05-31, ask"
        in gain.sentence
        for gain in found.gains
    )
    assert [other.path for other in found.others] == ["agreements.youth_crime_and_disorder.ends"]


def test_the_end_of_an_agreement_is_a_loss_though_no_level_changes(book: Rulebook, shipped: Policy) -> None:
    ended = replace(book, agreements=Listing({}))
    found = difference(shipped, compile_written(ended), AT)
    assert not found.gains
    assert not found.opens
    assert {change.allowance.requester == change.allowance.source for change in found.losses} == {False}


def test_a_grant_is_told_in_the_words_of_the_policy(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["health_visitor"]
    grant = Grant(
        because="A made-up reason.",
        questions=("child_concerns",),
        agencies=("social_care",),
        classes=("basic", "concern"),
        purposes=("early_help",),
        areas=("bolton",),
    )
    starts = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    agreement = replace(
        book.agreements["safeguarding_all_partners"], id="made_up", purposes=("early_help",), starts=starts
    )
    changed = put(put(book, "levels", level, grants=(*level.grants, grant)), "agreements", agreement)
    changed = put(changed, "agreements", book.agreements["children_partnership"], parties=("health", "schools"))
    found = difference(shipped, compile_written(changed), AT)
    (gain,) = [gain for gain in found.gains if gain.allowance.level == level.id and "concern" in gain.allowance.classes]
    assert gain.sentence == (
        "Health visitor (Community Health) may, from 2026-12-01 09:30 UTC to the end of 2030-12-31, ask “Which agencies"
        " hold a concern about this child?” of Children's Social Care for Early help and see Concerns"
        " (Kind of concern, Concern since, Status of concern)."
    )
    # Who the person is may be told from now on already, under another agreement.
    assert any("may, to the end of 2030-12-31, ask" in gain.sentence for gain in found.gains)
    assert any("may no longer, to the end of 2030-03-31, ask" in loss.sentence for loss in found.losses)


def test_what_a_new_level_may_see_is_a_gain(book: Rulebook, shipped: Policy) -> None:
    twin = put(book, "levels", book.levels["school_nurse"], id="another_nurse")
    found = difference(shipped, compile_written(twin), AT)
    assert {gain.allowance.level for gain in found.gains} == {"another_nurse"}
    assert [(other.path, other.old, other.is_weighed) for other in found.others] == [
        ("levels.another_nurse", None, True)
    ]


def test_what_is_opened_to_an_agency_s_own_people_counts_for_that_agency(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["school_nurse"]
    grant = Grant(
        because="A made-up reason.",
        questions=("child_concerns",),
        agencies=("health",),
        classes=("basic", "concern"),
        purposes=("early_help",),
        areas=("bolton",),
    )
    changed = put(book, "levels", level, grants=(*level.grants, grant))
    assert difference(shipped, compile_written(changed), AT).opens == {"health"}


def _others(book: Rulebook, changed: Rulebook) -> list[Other]:
    found = difference(compile_written(book), compile_written(changed), AT)
    assert found.others
    return list(found.others)


def test_a_word_that_decides_nothing_is_told_with_what_it_was(book: Rulebook) -> None:
    title = put(book, "levels", book.levels["health_visitor"], title="Family nurse")
    assert _others(book, title) == [
        Other(path=f"{VISITOR}.title", old="Health visitor", new="Family nurse", is_weighed=False, is_looser=None)
    ]


def test_the_order_of_things_is_told_too(book: Rulebook) -> None:
    turned = replace(book, agencies=Listing(dict(reversed(list(book.agencies.items())))))
    (other,) = _others(book, turned)
    assert (other.path, other.old) == ("agencies", "social_care, health, schools, youth_offending, connexions")


def test_sentences_in_another_order_are_told_once_and_open_nothing(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["health_visitor"]
    turned = compile_written(put(book, "levels", level, grants=tuple(reversed(level.grants))))
    found = difference(shipped, turned, AT)
    assert [other.path for other in found.others] == [f"{VISITOR}.grants"]
    assert not found.gains
    assert not found.losses


def test_a_sentence_that_is_altered_is_one_that_goes_and_one_that_comes(book: Rulebook) -> None:
    level = book.levels["health_visitor"]
    reworded = replace(level.grants[0], because="A better reason.")
    gone, come = _others(book, put(book, "levels", level, grants=(reworded, *level.grants[1:])))
    assert (gone.path, gone.new, come.path, come.old) == (f"{VISITOR}.grants", None, f"{VISITOR}.grants", None)
    assert come.new is not None
    assert come.new.startswith("because: A better reason.; questions: child_services; agencies: social_care, health")


EVERYBODY = {"social_care", "health", "schools", "youth_offending", "connexions"}
LOOSER: list[tuple[str, str, dict[str, object], bool | None, set[str]]] = [
    ("purposes", "youth_justice", {"told_after_days": 90}, True, EVERYBODY),
    ("purposes", "health_care", {"never_told": True}, True, EVERYBODY),
    ("field_classes", "health", {"step_up": False}, True, {"health"}),
    ("field_classes", "basic", {"step_up": True}, False, set()),
    ("fields", "last_seen", {"field_class": "involvement"}, True, {"health"}),
    ("fields", "service", {"field_class": "health"}, False, set()),
    ("fields", "school", {"field_class": "involvement"}, None, set()),
    ("fields", "school", {"field_class": "education"}, False, set()),
    ("fields", "attendance_percent", {"field_class": "basic"}, True, {"schools"}),
    ("fields", "order_kind", {"field_class": "health"}, True, {"youth_offending"}),
    ("fields", "address", {"locates": False}, True, EVERYBODY),
    ("fields", "worker_phone", {"locates": True}, False, set()),
    ("field_classes", "health", {"consent": False}, True, {"health"}),
    ("field_classes", "involvement", {"consent": True}, False, set()),
    ("field_classes", "education", {"opt_out": False}, True, {"schools"}),
    ("field_classes", "concern", {"opt_out": True}, False, set()),
    ("field_classes", "health", {"special": ("A9_H", "A9_A", "A9_C", "A9_G", "A9_I", "A9_F")}, True, {"health"}),
    ("field_classes", "health", {"special": ()}, True, {"health"}),
    ("field_classes", "health", {"special": ("A9_H",)}, False, set()),
    ("field_classes", "concern", {"special": ("A9_G",)}, False, set()),
    ("field_classes", "health", {"handling": ""}, True, {"health"}),
    ("field_classes", "health", {"handling": "Other words."}, None, set()),
    ("field_classes", "basic", {"handling": "Some words."}, False, set()),
    ("questions", "staff_safety", {"oldest_record_days": None}, True, {"social_care", "health", "youth_offending"}),
    ("questions", "staff_safety", {"oldest_record_days": 2_000}, True, {"social_care", "health", "youth_offending"}),
    ("questions", "staff_safety", {"oldest_record_days": 100}, False, set()),
    ("questions", "youth_order", {"oldest_record_days": 100}, False, set()),
    ("questions", "child_health", {"less_intrusive": ()}, True, {"health"}),
    ("questions", "youth_order", {"less_intrusive": ("child_services",)}, False, set()),
    ("levels", "health_visitor", {"sees_shielded": True}, True, EVERYBODY),
    ("levels", "safeguarding_unit_manager", {"sees_shielded": False}, False, set()),
    ("levels", "health_visitor", {"break_glass": True}, True, EVERYBODY),
    ("levels", "social_care_duty", {"break_glass": False}, False, set()),
    ("levels", "auditor", {"kind": LevelKind.OFFICER}, True, set()),
    ("override_reasons", "CHILD_RISK", {"grounds": ()}, True, {"health", "youth_offending"}),
    ("override_reasons", "CHILD_RISK", {"grounds": ("G4_DEATH_OR_SERIOUS_HARM",)}, False, set()),
    ("gateways", "CA1989", {"in_force_from": None}, True, set()),
    ("gateways", "CA1989", {"in_force_to": date(2030, 1, 1)}, False, set()),
    ("fields", "given_name", {"label": "First name"}, None, set()),
    ("fields", "order_status", {"type": FieldType.TEXT, "choices": ()}, True, {"youth_offending"}),
    ("fields", "order_status", {"choices": ("current", "ended", "appealed")}, True, {"youth_offending"}),
    ("fields", "order_status", {"choices": ("ended", "current")}, None, set()),
    ("fields", "order_status", {"max_length": 10_000}, None, set()),
    ("fields", "attendance_percent", {"type": FieldType.DATE}, None, set()),
    ("fields", "gp_practice", {"type": FieldType.IDENTIFIER}, False, set()),
    ("fields", "gp_practice", {"max_length": 100}, False, set()),
    ("agreements", "youth_crime_and_disorder", {"review": date(2026, 10, 1)}, False, set()),
    (
        "agreements",
        "youth_crime_and_disorder",
        {"tell_differences": TellDifferences.VALUES},
        True,
        {"social_care", "health", "youth_offending"},
    ),
    (
        "agreements",
        "youth_crime_and_disorder",
        {"review": date(2028, 10, 1)},
        True,
        {"social_care", "health", "youth_offending"},
    ),
    ("levels", "health_visitor", {"idle_seconds": 300}, False, set()),
    ("levels", "auditor", {"kind": LevelKind.ADMINISTRATOR}, True, set()),
    ("levels", "auditor", {"kind": LevelKind.ABSTRACT}, False, set()),
    ("agencies", "schools", {"status": AgencyStatus.RELEVANT_AUTHORITY}, True, {"schools"}),
    ("agencies", "health", {"status": AgencyStatus.VOLUNTARY}, False, set()),
    ("agencies", "schools", {"status": AgencyStatus.VOLUNTARY}, None, set()),
    ("questions", "youth_order", {"lawful_bases": ("A6_E",)}, False, set()),
    ("questions", "child_concerns", {"wording": "Who is worried?"}, None, set()),
    ("questions", "child_concerns", {"deadline_ms": 9_000}, None, set()),
    (
        "questions",
        "child_concerns",
        {"lawful_bases": ("A6_A", "A6_C", "A6_D", "A6_E")},
        True,
        {"social_care", "health", "schools", "youth_offending"},
    ),
    (
        "gateways",
        "CDA1998_S115",
        {"relevant_authorities_only": False},
        True,
        {"social_care", "health", "youth_offending"},
    ),
]


@pytest.mark.parametrize("case", LOOSER, ids=lambda case: ".".join((*case[:2], *case[2])))
def test_protections_that_are_not_in_the_matrix_are_marked_when_they_fall(
    book: Rulebook, shipped: Policy, case: tuple[str, str, dict[str, object], bool | None, set[str]]
) -> None:
    section, name, changes, is_looser, loosens = case
    listing = getattr(book, section) if hasattr(book, section) else getattr(book.catalogue, section)
    found = difference(shipped, compile_written(put(book, section, listing[name], **changes)), AT)
    first = next(other for other in found.others if other.path == f"{section}.{name}.{next(iter(changes))}")
    assert first.is_looser is is_looser
    assert found.loosens == loosens


def test_an_agreement_by_which_agencies_tell_each_other_what_they_hold_is_looser_from_its_first_day(
    book: Rulebook, shipped: Policy
) -> None:
    like = replace(book.agreements["youth_crime_and_disorder"], id="as_well", tell_differences=TellDifferences.VALUES)
    added = replace(book, agreements=Listing.of((*book.agreements.values(), like)))
    found = difference(shipped, compile_written(added), AT)
    assert [(other.is_looser, other.path) for other in found.others if other.path.endswith("as_well")] == [
        (True, "agreements.as_well")
    ]
    assert found.loosens == set(like.parties)


GROUNDS: list[tuple[dict[str, bool], bool]] = [
    ({"G2_SERIOUS_CRIME": True}, True),
    ({"G1_REQUIRED_BY_LAW": False}, True),
    ({"G4_DEATH_OR_SERIOUS_HARM": True}, False),
]


@pytest.mark.parametrize(("grounds", "is_looser"), GROUNDS)
def test_a_ground_more_or_one_that_no_officer_need_confirm_opens_records(
    book: Rulebook, shipped: Policy, grounds: dict[str, bool], *, is_looser: bool
) -> None:
    health = book.catalogue.field_classes["health"]
    changed = put(book, "field_classes", health, grounds={**health.grounds, **grounds})
    found = difference(shipped, compile_written(changed), AT)
    assert [(other.path, other.is_looser) for other in found.others] == [
        (f"field_classes.health.grounds.{next(iter(grounds))}", is_looser)
    ]
    assert found.loosens == ({"health"} if is_looser else set())
    back = difference(compile_written(changed), shipped, AT)
    assert [other.is_looser for other in back.others] == [not is_looser]


@pytest.mark.parametrize(
    ("numbers", "is_looser", "loosens"),
    [
        ({"opt_out_age": 18}, True, {"schools", "connexions"}),
        ({"opt_out_age": 14}, False, set()),
        ({"consent_form_days": 14}, True, {"health", "youth_offending"}),
        ({"break_glass_minutes": 30}, False, set()),
    ],
)
def test_numbers_of_release_that_let_more_leave_are_looser(
    book: Rulebook, shipped: Policy, numbers: dict[str, int], *, is_looser: bool, loosens: set[str]
) -> None:
    changed = replace(book, catalogue=replace(book.catalogue, release=ReleaseRules(**numbers)))
    found = difference(shipped, compile_written(changed), AT)
    assert [(other.path, other.is_looser) for other in found.others] == [(f"release.{next(iter(numbers))}", is_looser)]
    assert found.loosens == loosens


def test_break_glass_for_longer_concerns_whoever_may_be_asked_under_it(book: Rulebook) -> None:
    short = compile_written(
        replace(book, catalogue=replace(book.catalogue, release=ReleaseRules(break_glass_minutes=10)))
    )
    assert difference(short, compile_written(book), AT).loosens == EVERYBODY


def test_a_new_level_that_is_shown_whom_agencies_protect_concerns_those_that_it_asks(
    book: Rulebook, shipped: Policy
) -> None:
    twin = put(book, "levels", book.levels["safeguarding_unit_manager"], id="another_manager")
    found = difference(shipped, compile_written(twin), AT)
    assert [other.is_looser for other in found.others] == [True]
    assert found.loosens == EVERYBODY


def test_a_longer_session_is_looser_and_one_without_a_limit_most_of_all(book: Rulebook) -> None:
    short, long = (put(book, "levels", book.levels["school_nurse"], idle_seconds=limit) for limit in (300, 900))
    for before, after, is_looser in ((short, long, True), (long, short, False), (short, book, True)):
        found = difference(compile_written(before), compile_written(after), AT)
        assert [other.is_looser for other in found.others] == [is_looser]
        assert bool(found.loosens) is is_looser
    assert (found.others[0].old, found.others[0].new) == ("300", "not set")


def test_a_new_level_that_sets_rules_is_looser_though_it_is_not_in_the_matrix(book: Rulebook, shipped: Policy) -> None:
    more = put(book, "levels", book.levels["auditor"], id="another_auditor")
    found = difference(shipped, compile_written(more), AT)
    assert [(other.path, other.old, other.is_looser) for other in found.others] == [
        ("levels.another_auditor", None, True)
    ]
    back = difference(compile_written(more), shipped, AT)
    assert [(other.new, other.is_looser) for other in back.others] == [(None, False)]


@pytest.mark.slow
def test_policies_of_a_hundred_thousand_rules_are_compared_in_well_under_a_minute() -> None:
    book = rulebook_with_rules(100_000)
    longer = {name: replace(found, ends=found.ends + ONE_YEAR) for name, found in book.agreements.items()}
    old, new = compile_written(book), compile_written(replace(book, agreements=Listing(longer)))
    began = time.process_time()
    found = difference(old, new, AT)
    assert time.process_time() - began < 20
    assert len(found.gains) > 10_000
    assert len(found.opens) == len(book.agencies)
