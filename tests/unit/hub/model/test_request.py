import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidRequest
from hub.model.person import PersonKeys
from hub.model.request import case_reference
from tests.unit.hub.making import question_about


@pytest.mark.parametrize("reference", ["HV/1", "2026-0042", "SC.17", "a1b", "0" * 40, "ABC/DEF-1.2"])
def test_the_reference_of_a_case_system_is_taken_as_it_is(reference: str) -> None:
    assert case_reference(reference) == reference


@pytest.mark.parametrize(
    "reference",
    [
        "A1",
        "0" * 41,
        "Ann Smith 2016",
        "worried about Ann",
        "AnnSmith",
        "/12",
        "HV_1",
        "HV/1\n",
        "HV/1;DROP",
        "ＨＶ/１",
        "x" * 10_000,
    ],
)
def test_a_sentence_or_a_name_is_no_case_reference(reference: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        case_reference(reference)
    assert refused.value.reason == "CASE_INVALID"
    assert reference not in str(refused.value)


def test_a_missing_case_reference_is_called_missing() -> None:
    with pytest.raises(InvalidRequest) as refused:
        case_reference("")
    assert (refused.value.reason, refused.value.field) == ("CASE_MISSING", "case_reference")


@given(st.text(max_size=60))
def test_what_is_taken_has_no_room_for_a_sentence(text: str) -> None:
    try:
        taken = case_reference(text)
    except InvalidRequest:
        return
    assert taken == text
    assert taken.isascii()
    assert 3 <= len(taken) <= 40
    assert not set(taken) & set(" _\n,;:'\"")


def test_the_repr_of_a_request_holds_nothing_of_the_person() -> None:
    assert "Qwertina" not in repr(question_about(PersonKeys(given_name="Qwertina")))
