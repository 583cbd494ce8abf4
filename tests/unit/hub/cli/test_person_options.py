"""The options of `hub ask`: what can be seen to be wrong is said before the hub is asked."""

from datetime import date

import pytest

from hub.cli.errors import CommandError
from hub.cli.person import Whom, Why, make_request

TODAY = date(2026, 11, 23)
WHY = Why(purpose="safeguarding", basis="A6_E", case="HV/2026-114")


def names(whom: Whom) -> tuple[str, str]:
    person = make_request("child_services", whom, WHY, TODAY).person
    return person.given_name, person.family_name


def test_a_request_holds_what_was_typed_in_the_contracts_form() -> None:
    whom = Whom(nhs_number=" 999-476 0009", name="Mary Ann Smith", born="2014-05-06")
    request = make_request("child_services", whom, WHY, TODAY)
    assert request.question == "child_services"
    assert request.person.nhs_number == "9994760009"
    assert (request.purpose, request.lawful_basis, request.case_reference) == ("safeguarding", "A6_E", "HV/2026-114")


def test_the_last_word_of_a_name_is_the_family_name() -> None:
    assert names(Whom(name="  Mary Ann   Smith ", born="2014-05-06")) == ("Mary Ann", "Smith")


def test_a_family_name_of_several_words_is_given_by_itself() -> None:
    assert names(Whom(name="Ana", family_name="de la Cruz", born="2014-05-06")) == ("Ana", "de la Cruz")
    assert names(Whom(given_name="Ana", family_name="de la Cruz", born="2014-05-06")) == ("Ana", "de la Cruz")


def test_other_keys_go_with_the_question_as_well() -> None:
    whom = Whom(local=("schools=P/7",), postcode="bl11aa", address="1 High Street", gender="Female", born="2014")
    person = make_request("child_services", whom, WHY, TODAY).person
    assert [(own.agency, own.number) for own in person.local_numbers] == [("schools", "P/7")]
    assert (person.postcode, person.address, person.gender) == ("BL1 1AA", "1 High Street", "female")
    assert person.date_of_birth == "2014"


def test_purpose_and_basis_pass_as_they_are_so_that_the_hub_can_say_which_it_accepts() -> None:
    request = make_request("child_services", Whom(nhs_number="9994760009"), Why(case="HV/1"), TODAY)
    assert (request.purpose, request.lawful_basis) == ("", "")


@pytest.mark.parametrize(
    ("whom", "says"),
    [
        (Whom(), "--nhs-number"),
        (Whom(name="Amina Khan"), "--born"),
        (Whom(born="2014-05-06"), "--name"),
        (Whom(name="Amina", born="2014-05-06"), '--name "Given Family"'),
        (Whom(name="Amina Khan", given_name="Amina", family_name="Khan", born="2014-05-06"), "--family-name"),
        (Whom(nhs_number="999476000"), "--nhs-number"),
        (Whom(nhs_number="9994760000"), "check digit"),
        (Whom(upn="A80120000100"), "--upn"),
        (Whom(uln="9999999999"), "--uln"),
        (Whom(local=("P/7",)), "--local AGENCY=NUMBER"),
        (Whom(name="Amina Khan", postcode="BL1"), "--postcode"),
        (Whom(name="Amina Khan", born="06/05/2014"), "2016-03-09"),
        (Whom(name="Amina Khan", born="20140506"), "--born"),
        (Whom(name="Amina Khan", born="2014-02-30"), "--born"),
        (Whom(name="Amina " + "K" * 101, born="2014-05-06"), "100 characters"),
    ],
)
def test_a_person_that_cannot_be_looked_for_is_refused_with_the_option_to_mend(whom: Whom, says: str) -> None:
    with pytest.raises(CommandError) as refused:
        make_request("child_services", whom, WHY, TODAY)
    assert says in refused.value.mend
    typed = {whom.nhs_number, whom.upn, whom.name, whom.born} - {""}
    assert not any(value in refused.value.message + refused.value.mend for value in typed)


@pytest.mark.parametrize("case", ["", "  ", "x", "Amina Khan", "a" * 41])
def test_a_case_reference_is_needed_and_is_never_a_name(case: str) -> None:
    with pytest.raises(CommandError) as refused:
        make_request("child_services", Whom(nhs_number="9994760009"), Why(purpose="p", basis="b", case=case), TODAY)
    assert "--case" in refused.value.mend


def test_whom_a_question_is_about_is_not_shown_to_a_programmer() -> None:
    assert "Khan" not in repr(Whom(name="Amina Khan"))
