"""Terms are claims: what no honest adapter sends makes a reply malformed, and what is sent is read to the letter."""

from collections.abc import Callable

import pytest
from sharing.v1 import links_pb2, records_pb2

from hub.links.replies import MALFORMED, read_reply
from hub.model.terms import UNSAID, Consent, ConsentGiver, ConsentState, OptOut, Shield, Terms

FULL = records_pb2.Terms(
    consent=records_pb2.Consent(
        state=records_pb2.CONSENT_STATE_EXPLICIT,
        given_by=records_pb2.CONSENT_GIVER_PARENT,
        decided_on="2026-01-31",
        until="2027-01-31",
        review_due="2026-07-31",
        classes=["health"],
        purposes=["safeguarding"],
        agencies=["social_care"],
    ),
    opt_out=records_pb2.OPT_OUT_PUPIL,
    shield=records_pb2.SHIELD_ADDRESS,
    areas=["bolton"],
)
Change = Callable[[records_pb2.Records], object]


def _reply(change: Change = lambda _: None) -> links_pb2.Reply:
    records = records_pb2.Records(
        columns=["service"],
        cells=["a", "b", "c"],
        record_dates=["", "", ""],
        source="S",
        retrieved_at_ms=1,
        terms=[FULL, records_pb2.Terms()],
        terms_of_row=[1, 0, 2],
    )
    change(records)
    return links_pb2.Reply(status=links_pb2.REPLY_STATUS_ANSWERED, records=records)


def test_terms_are_read_row_by_row_and_rows_with_the_same_share_them() -> None:
    _, _, records = read_reply(_reply())
    assert records is not None
    consent = Consent(
        state=ConsentState.EXPLICIT,
        given_by=ConsentGiver.PARENT,
        decided_on="2026-01-31",
        until="2027-01-31",
        review_due="2026-07-31",
        classes=("health",),
        purposes=("safeguarding",),
        agencies=("social_care",),
    )
    full = Terms(consent=consent, opt_out=OptOut.PUPIL, shield=Shield.ADDRESS, areas=("bolton",))
    assert records.terms == (full, UNSAID, UNSAID)


@pytest.mark.parametrize(
    ("enum", "known", "prefix"),
    [
        (records_pb2.ConsentState, ConsentState, "CONSENT_STATE"),
        (records_pb2.ConsentGiver, ConsentGiver, "CONSENT_GIVER"),
        (records_pb2.OptOut, OptOut, "OPT_OUT"),
        (records_pb2.Shield, Shield, "SHIELD"),
    ],
)
def test_every_word_of_the_contract_has_its_word_in_the_model(enum: type, known: type, prefix: str) -> None:
    named = {name.removeprefix(f"{prefix}_") for name in enum.keys()}  # type: ignore[attr-defined]  # noqa: SIM118  # no mapping
    assert named - {"UNSPECIFIED"} == {word.name for word in known} - {"NOT_SAID", "NONE"}  # type: ignore[attr-defined]  # an enumeration


def test_a_source_that_says_nothing_costs_nothing() -> None:
    def without(records: records_pb2.Records) -> None:
        records.ClearField("terms")
        records.ClearField("terms_of_row")

    def of_nothing(records: records_pb2.Records) -> None:
        records.ClearField("terms")
        records.terms_of_row[:] = [0, 0, 0]

    for change in (without, of_nothing):
        _, _, records = read_reply(_reply(change))
        assert records is not None
        assert records.terms == ()


def _set(**values: object) -> Change:
    """Change the consent of the first terms."""

    def change(records: records_pb2.Records) -> None:
        for name, value in values.items():
            if isinstance(value, list):
                getattr(records.terms[0].consent, name)[:] = value
            else:
                setattr(records.terms[0].consent, name, value)

    return change


BAD: dict[str, Change] = {
    "a row of no terms": lambda records: records.terms_of_row.__setitem__(0, 3),
    "rows too few": lambda records: records.terms_of_row.pop(),
    "rows too many": lambda records: records.terms_of_row.append(1),
    "terms of no row": lambda records: records.ClearField("terms_of_row"),
    "terms too many": lambda records: records.terms.extend([records_pb2.Terms()] * 500),
    "a day that does not exist": _set(until="2026-02-30"),
    "a day written otherwise": _set(until="20260228"),
    "words in place of a day": _set(decided_on="last week"),
    "a review on no day": _set(review_due="soon"),
    "a state of a later contract": _set(state=77),
    "a giver of a later contract": _set(given_by=77),
    "an objection of a later contract": lambda records: setattr(records.terms[0], "opt_out", 9),
    "a shield of a later contract": lambda records: setattr(records.terms[0], "shield", 9),
    "a class that is a sentence": _set(classes=["Zoe Smith lives there"]),
    "a class that is empty": _set(classes=[""]),
    "an agency in capitals": _set(agencies=["HEALTH"]),
    "a purpose that is far too long": _set(purposes=["a" * 41]),
    "classes without end": _set(classes=[f"class_{number}" for number in range(101)]),
    "an area that is none": lambda records: records.terms[1].areas.append("*"),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_terms_out_of_form_make_the_whole_reply_malformed(change: Change) -> None:
    assert read_reply(_reply(change)) == MALFORMED
