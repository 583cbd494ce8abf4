"""An indicator in words: what is not known never sounds like a no, and an answer that omits an agency is refused."""

import pytest

from hub.client.assembling import assemble
from hub.client.errors import BadAnswer
from hub.client.indicators import verdict_sentence
from hub.client.words import completeness_statement
from hub.model.indicator import Holding, Indicator, Verdict
from tests.unit.hub.client import matching_sample

SURE, MAYBE = Holding(agency="a"), Holding(agency="b", is_possible_only=True)


def indicated(verdict: Verdict, holdings: tuple[Holding, ...] = (), without: int = 0, unknown: int = 0) -> Indicator:
    return Indicator(
        what="a concern",
        verdict=verdict,
        holdings=holdings,
        without=tuple(f"w{number}" for number in range(without)),
        unknown=tuple(f"u{number}" for number in range(unknown)),
    )


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (indicated(Verdict.YES, (SURE, SURE), 1, 1), "Yes: 2 of 4 agencies hold a concern."),
        (indicated(Verdict.YES, (SURE,), 2), "Yes: 1 of 3 agencies holds a concern."),
        (indicated(Verdict.YES, (SURE,)), "Yes: 1 of 1 agency holds a concern."),
        (
            indicated(Verdict.YES, (SURE, MAYBE), 2),
            "Yes: 1 of 4 agencies holds a concern; 1 more may, about this person or another.",
        ),
        (
            indicated(Verdict.YES, (MAYBE,), 2, 1),
            "Possibly: 1 of 4 agencies holds a concern about this person or another.",
        ),
        (
            indicated(Verdict.NO, without=4),
            "No: none of 4 agencies holds a concern; all were asked, and all answered.",
        ),
        (
            indicated(Verdict.NOT_ALL_ASKED, without=3, unknown=1),
            "Not known: no agency that answered holds a concern, and of 1 of 4 agencies nothing is known.",
        ),
        (indicated(Verdict.NOT_ALL_ASKED, unknown=2), "Not known: of 2 of 2 agencies nothing is known."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_comes_to_can_be_read_out(indicator: Indicator, words: str) -> None:
    assert verdict_sentence(indicator) == words


def test_an_indicator_is_read_as_it_was_sent() -> None:
    found = assemble([matching_sample.indicated()]).indicator
    assert found is not None
    assert found.verdict is Verdict.YES
    assert found.holdings[0].telephone == "01632 960001"
    assert found.holdings[1].is_possible_only


def test_a_no_of_the_hubs_does_not_stand_while_an_agency_is_unknown() -> None:
    whole = matching_sample.indicated()
    del whole.indicator.holdings[:]
    whole.indicator.unknown.extend(["social_care", "health"])
    whole.indicator.verdict = matching_sample.questions_pb2.INDICATOR_VERDICT_NO
    found = assemble([whole]).indicator
    assert found is not None
    assert found.verdict is Verdict.NOT_ALL_ASKED


@pytest.mark.parametrize("listed", ["without", "unknown"])
def test_an_indicator_that_leaves_an_agency_out_is_refused(listed: str) -> None:
    whole = matching_sample.indicated()
    whole.indicator.ClearField(listed)  # type: ignore[arg-type]  # one of its fields
    with pytest.raises(BadAnswer, match="each agency"):
        assemble([whole])


def test_the_last_indicator_of_several_parts_stands() -> None:
    first = matching_sample.indicated()
    later = type(first)(completeness=first.completeness, indicator=first.indicator)
    first.ClearField("completeness")
    first.indicator.CopyFrom(type(first.indicator)(unknown=[choice.id for choice in first.opening.planned]))
    found = assemble([first, later]).indicator
    assert found is not None
    assert found.verdict is Verdict.YES


def test_the_statement_does_not_say_that_records_are_shown() -> None:
    said = " ".join(completeness_statement(assemble([matching_sample.indicated()])))
    assert "it is shown" not in said
    assert "Schools answered: it holds nothing of the kind about this person." in said
    assert "NOT complete" in said
