"""What is read of the terms of a row, whatever its codes are: every doubt lets less leave, never more."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing.v1 import records_pb2

from adapters.kit.converting import as_text
from adapters.kit.mapping import ColumnField
from adapters.kit.shaping import Shape, constant, gather
from adapters.kit.terms import (
    CONSENT_GIVERS,
    CONSENT_STATES,
    GIVEN,
    NOT_LISTED,
    OPT_OUTS,
    SHIELDS,
    UNSAID,
    Terms,
    is_less,
    message_of,
)
from adapters.kit.terms_check import unlisted
from adapters.kit.terms_mapping import TermsMapping
from adapters.kit.terms_shaping import said_text, terms_reader

Row = dict[str, object]


def read(mapping: dict[str, object], row: Row) -> Terms:
    """Read the terms of a row by a mapping, columns being the row's names."""
    reader = terms_reader(
        TermsMapping[ColumnField].model_validate(mapping),
        lambda part: lambda row: (said_text(row.get(name)) for name in part.names),
    )
    assert reader is not None
    return reader(row)


CODES: dict[str, object] = {"column": "c", "values": {"Y": "explicit", "N": "refused", "": "not_sought"}}
SHIELD: dict[str, object] = {"column": "c", "values": {"N": "none", "A": "address", "R": "person", "X": "absolute"}}


@pytest.mark.parametrize(
    ("code", "state"),
    [("y", "explicit"), (" N ", "refused"), (None, "not_sought"), ("maybe", "not_said"), ("explicit", "not_said")],
)
def test_a_code_of_consent_that_is_not_listed_is_no_consent(code: object, state: str) -> None:
    assert read({"consent": {"state": CODES}}, {"c": code}).state == state


@pytest.mark.parametrize(
    ("code", "shield"),
    [("n", "none"), ("A", "address"), ("R", "person"), ("x", "absolute"), ("??", "person"), ("", "none")],
)
def test_a_code_of_shielding_that_is_not_listed_shields_the_person(code: str, shield: str) -> None:
    assert read({"shield": SHIELD}, {"c": code}).shield == shield


@pytest.mark.parametrize("value", [{"code": "N"}, b"N", False, 0])
def test_something_that_is_no_text_shields_the_person_too(value: object) -> None:
    assert read({"shield": SHIELD}, {"c": value}).shield == "person"


@pytest.mark.parametrize(("code", "opt_out"), [("P", "pupil"), ("Q", "parents"), ("", "none")])
def test_a_code_of_opting_out_that_is_not_listed_is_the_parents(code: str, opt_out: str) -> None:
    mapped: dict[str, object] = {"opt_out": {"column": "c", "values": {"P": "pupil"}}}
    assert read(mapped, {"c": code}).opt_out == opt_out


def test_of_several_columns_the_strictest_word_counts() -> None:
    forms = [{"column": "a", "values": {"Y": "address", "N": "none"}}, {"column": "b", "values": {"Y": "absolute"}}]
    assert read({"shield": forms}, {"a": "Y", "b": ""}).shield == "address"
    assert read({"shield": forms}, {"a": "N", "b": "Y"}).shield == "absolute"
    assert read({"shield": {**SHIELD, "column": None, "columns": ["a", "b"]}}, {"a": "A", "b": "R"}).shield == "person"


def test_a_word_may_stand_without_codes_or_as_a_constant() -> None:
    assert read({"shield": "c"}, {"c": "Person"}).shield == "person"
    assert read({"consent": {"state": {"constant": "implied_by_statute"}}}, {}).state == "implied_by_statute"


@pytest.mark.parametrize(
    ("until", "state", "limit"),
    [
        ("30/11/2026", "explicit", "2026-11-30"),
        ("", "explicit", ""),
        (None, "explicit", ""),
        ("30/02/2026", "not_said", ""),
        ("end of term", "not_said", ""),
    ],
)
def test_a_limit_that_cannot_be_read_is_no_consent(until: object, state: str, limit: str) -> None:
    mapped = {"consent": {"state": CODES, "until": {"column": "u", "date": "%d/%m/%Y"}}}
    terms = read(mapped, {"c": "Y", "u": until})
    assert (terms.state, terms.until) == (state, limit)


@pytest.mark.parametrize(
    ("written", "classes"),
    [
        ("H; E", ("health", "education")),
        ("h", ("health",)),
        ("H;Z", ("health", NOT_LISTED)),
        ("Z", (NOT_LISTED,)),
        ("", (NOT_LISTED,)),
        ("*", ()),
    ],
)
def test_what_consent_covers_is_never_more_than_is_listed(written: str, classes: tuple[str, ...]) -> None:
    listed = {"column": "k", "separator": "; ", "values": {"H": "health", "E": "education", "*": "all"}}
    assert read({"consent": {"state": CODES, "classes": listed}}, {"c": "Y", "k": written}).classes == classes


def test_what_consent_covers_may_be_separated_by_blanks_or_lie_in_several_columns() -> None:
    blanks = {"consent": {"state": CODES, "agencies": {"column": "k", "separator": " "}}}
    assert read(blanks, {"c": "Y", "k": "health  schools"}).agencies == ("health", "schools")
    columns = {"consent": {"state": CODES, "purposes": {"columns": ["k", "l"]}}}
    assert read(columns, {"c": "Y", "k": "safeguarding", "l": ""}).purposes == ("safeguarding",)


def test_an_area_that_is_not_listed_is_nobodys_and_none_is_not_said() -> None:
    areas = {"areas": {"column": "a", "values": {"B": "bolton"}}}
    assert read(areas, {"a": "B, W"}).areas == ("bolton", NOT_LISTED)
    assert read(areas, {"a": ""}) == UNSAID


@given(st.text(max_size=12))
def test_no_text_at_all_lets_more_leave_than_its_own_code(text: str) -> None:
    code = text.strip().casefold()
    row: Row = {"c": text}
    assert (read({"consent": {"state": CODES}}, row).state in GIVEN) == (code == "y")
    assert (read({"shield": SHIELD}, row).shield in ("none", "address")) == (code in ("", "n", "a"))
    opted: dict[str, object] = {"opt_out": {"column": "c", "values": {"N": "none"}}}
    assert (read(opted, row).opt_out == "none") == (code in ("", "n"))


def test_every_word_has_its_place_in_the_contract() -> None:
    for words, name in (
        (CONSENT_STATES, "state"), (CONSENT_GIVERS, "given_by"), (OPT_OUTS, "opt_out"), (SHIELDS, "shield")
    ):  # fmt: skip
        messages = [message_of(Terms(**{name: word})) for word in words.words]
        numbers = [
            getattr(message.consent if hasattr(message.consent, name) else message, name) for message in messages
        ]
        assert sorted(numbers) == list(range(len(words.words)))
    assert message_of(UNSAID) == records_pb2.Terms(consent=records_pb2.Consent())


WIDEST = Terms(state="explicit")
STRICTER = [
    Terms(state="explicit", shield="address"),
    Terms(state="explicit", opt_out="pupil"),
    Terms(state="explicit", areas=("bolton",)),
    Terms(state="explicit", until="2026-12-01"),
    Terms(state="explicit", classes=("health",)),
    Terms(state="explicit", purposes=("safeguarding",)),
    Terms(state="explicit", agencies=("health",)),
    *(Terms(state=state) for state in CONSENT_STATES.words if state not in GIVEN),
]


@pytest.mark.parametrize("stricter", STRICTER)
def test_each_thing_that_becomes_stricter_lets_less_leave_and_the_way_back_does_not(stricter: Terms) -> None:
    assert is_less({"7": [WIDEST]}, {"7": [stricter]})
    assert not is_less({"7": [stricter]}, {"7": [WIDEST]})
    assert not is_less({"7": [stricter]}, {"7": [stricter]})


@pytest.mark.parametrize(
    ("before", "now", "less"),
    [
        (Terms(state="not_sought"), Terms(state="refused"), True),
        (Terms(state="sought"), Terms(state="no_reply"), False),
        (Terms(state="explicit", until="2026-12-01"), Terms(state="explicit", until="2026-11-30"), True),
        (Terms(state="explicit", until="2026-12-01"), Terms(state="explicit", until="2027-01-01"), False),
        (Terms(state="explicit", classes=("a", "b")), Terms(state="explicit", classes=("b",)), True),
        (Terms(state="explicit", classes=("a",)), Terms(state="explicit", classes=("a", "b")), False),
        (Terms(areas=("a",)), Terms(areas=("b",)), True),
        (Terms(opt_out="pupil"), Terms(opt_out="parents"), True),
        (Terms(shield="person"), Terms(shield="absolute"), True),
        (Terms(state="explicit", review_due="2026-01-01"), Terms(state="explicit", review_due="2020-01-01"), False),
    ],
)
def test_terms_are_compared_as_they_bear_on_what_may_leave(before: Terms, now: Terms, *, less: bool) -> None:
    assert is_less({"7": [before]}, {"7": [now]}) is less


def test_a_record_that_is_gone_lets_less_leave_and_one_that_has_come_does_not() -> None:
    assert is_less({"7": [UNSAID]}, {})
    assert is_less({"7": [UNSAID, WIDEST]}, {"7": [WIDEST]})
    assert not is_less({"7": [UNSAID]}, {"7": [UNSAID], "8": [Terms(shield="absolute")]})
    assert not is_less({"7": [WIDEST, UNSAID]}, {"7": [UNSAID, WIDEST]})


def shape(terms: dict[str, object] | None) -> Shape[Row]:
    mapped = TermsMapping[ColumnField].model_validate(terms) if terms is not None else None
    return Shape(
        columns=("upn",),
        cells=(lambda row: as_text(row["upn"]),),
        record_date=constant(""),
        reference=lambda row: as_text(row["id"]),
        counts=(),
        withheld=(lambda row: row.get("veto") == "Y",),
        terms=terms_reader(mapped, lambda part: lambda row: (said_text(row.get(name)) for name in part.names)),
    )


def test_the_same_terms_of_several_rows_travel_once_and_rows_without_any_have_no_place() -> None:
    rows: list[Row] = [{"id": number, "upn": "x", "c": code} for number, code in enumerate(("Y", "", "Y", "N"))]
    found = gather(shape({"consent": {"state": {"column": "c", "values": {"Y": "explicit", "N": "refused"}}}}), rows)
    assert [terms.state for terms in found.terms] == ["explicit", "refused"]
    assert found.terms_of_row == (1, 0, 1, 2)
    assert found.terms_by_record()["1"] == [UNSAID]
    plain = gather(shape(None), rows)
    assert (plain.terms, plain.terms_of_row) == ((), ())


def test_one_shielded_record_of_a_person_hides_the_others_and_what_is_left_is_what_an_unknown_person_has() -> None:
    mapped = shape({"shield": SHIELD})
    rows: list[Row] = [{"id": 1, "upn": "x", "c": "N"}, {"id": 2, "upn": "x", "c": "R"}]
    unknown, hidden = gather(mapped, ()), gather(mapped, rows)
    assert (hidden.shielded, hidden.withheld) == (("2",), 0)
    assert not any((hidden.record_dates, hidden.references, hidden.terms, hidden.terms_of_row))
    assert list(hidden.cells) == list(unknown.cells) == []
    assert hidden.columns == unknown.columns
    assert len(gather(mapped, rows, with_shielded=True).record_dates) == 2


def test_what_is_shielded_absolutely_is_hidden_from_everybody() -> None:
    row: Row = {"id": 1, "upn": "x", "c": "X"}
    for with_shielded in (False, True):
        assert gather(shape({"shield": SHIELD}), [row], with_shielded=with_shielded).shielded == ("1",)


def test_the_terms_of_withheld_rows_do_not_travel() -> None:
    rows: list[Row] = [{"id": 1, "upn": "x", "c": "A", "veto": "Y"}, {"id": 2, "upn": "x", "c": "N"}]
    found = gather(shape({"shield": SHIELD}), rows)
    assert (found.withheld, found.terms, found.terms_of_row) == (1, (), (0,))


def test_a_check_names_codes_that_are_not_listed_and_nothing_that_is_no_code() -> None:
    mapping = TermsMapping[ColumnField].model_validate({"shield": SHIELD})
    ((part, form, words),) = mapping.worded()
    texts = ["N", "Q7", "Canary lives at 1 Row", ""]
    (finding,) = unlisted("child", part, form, words, itertools.chain(texts, texts))
    assert finding.what == "child: `terms.shield` does not list `Q7`, 1 more"
    assert "counts as `person`" in finding.mend
    assert unlisted("child", part, form, words, ["N", "r"]) == []
