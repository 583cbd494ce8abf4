import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linkage import names, values
from hub.linkage.features import Features, Name, Reading
from hub.linkage.likeness import Agreement, Compared
from hub.linkage.parameters import shipped
from hub.model.person import PersonKeys
from tests.unit.hub.making import nhs_number, upn

PARAMETERS = shipped()
READING = Reading()
WRITTEN = st.one_of(
    st.sampled_from(["Mia", "Maia", "Bill", "William", "Muhammad Ali", "Ali", "Kate", "Catherine", "Smith", "A"]),
    st.from_regex(r"[A-C][a-d]{0,6}( [a-d]{1,4})?", fullmatch=True),
)


def named(given: str, family: str = "") -> Features:
    return READING.asked(PersonKeys(given_name=given, family_name=family))


def name(written: str) -> Name:
    found = named(written).given
    assert found is not None
    return found


def both_ways(one: Compared, other: Compared) -> tuple[str, str]:
    assert one == other
    return one.likeness.value, one.agreement.name.lower()


@pytest.mark.parametrize(
    ("one", "other", "likeness", "agreement"),
    [
        ("Zoe", "ZOE", "equal", "surely"),
        ("Zoe", "Zoë", "written_differently", "surely"),
        ("Mary-Jane", "Mary Jane", "written_differently", "surely"),
        ("Mary Jane", "Jane Mary", "written_differently", "surely"),
        ("Ｚｏｅ", "Zoe", "written_differently", "surely"),
        ("D’Arcy", "D'Arcy", "written_differently", "surely"),
        ("Łukasz", "Lukasz", "written_differently", "surely"),
        ("Harpreet Kaur", "Harpreet", "written_differently", "surely"),
        ("William", "Bill", "short_form", "surely"),
        ("Seán", "Shaun", "short_form", "surely"),
        ("Catherine", "Kathryn", "short_form", "surely"),
        ("Katarzyna", "Kasia", "short_form", "surely"),
        ("Dafydd", "David", "short_form", "surely"),
        ("Alastair", "Alexander", "short_form", "no"),
        ("Mohammed", "Muhammad", "short_form", "surely"),
        ("Mohamed", "Mohd", "short_form", "nearly"),
        ("Юлия", "Yuliya", "written_differently", "surely"),
        ("Annabella", "Annabela", "slip", "nearly"),
        ("Bartholomew", "Batholomew", "slip", "nearly"),
        ("Jayden", "Kayden", "slip", "opposes"),
        ("Mia", "Maia", "slip", "opposes"),
        ("Jon", "Jan", "short_form", "no"),
        ("Abdulrahman", "Abdulrahim", "slip", "opposes"),
        ("Oluwatimilehin", "Oluwatimileyin", "slip", "nearly"),
        ("Oluwadeyo", "Oluwadeto", "slip", "no"),
        ("Yasin", "Yasir", "slip", "opposes"),
        ("Brandon", "Brendan", "sounds_alike", "opposes"),
        ("Manpreet Kaur", "Manpreet Singh", "short_form", "no"),
        ("Kulwant Kaur", "Kulwant Singh", "different", "no"),
        ("M", "M", "partly", "no"),
        ("M J", "M J", "partly", "no"),
        ("Lily", "Elizabeth", "short_form", "no"),
        ("Anna", "Hannah", "short_form", "no"),
        ("Bill", "Will", "short_form", "nearly"),
        ("Mohamed", "Muhammad", "short_form", "surely"),
        ("Amina", "Amira", "slip", "opposes"),
        ("Alexander", "Alexandra", "slip", "opposes"),
        ("Marcel", "Marcela", "slip", "no"),
        ("Tia", "Tea", "slip", "no"),
        ("J", "James", "partly", "no"),
        ("J", "Ann", "different", "opposes"),
        ("Jack Thomas", "Jack", "partly", "nearly"),
        ("Muhammad Ali", "Muhammad", "partly", "no"),
        ("Muhammad Ali", "Ali", "partly", "no"),
        ("Zoe", "Max", "different", "opposes"),
    ],
)
def test_given_names(one: str, other: str, likeness: str, agreement: str) -> None:
    here, there = name(one), name(other)
    known = PARAMETERS.knows_given_name
    assert both_ways(names.given_names(here, there, known), names.given_names(there, here, known)) == (
        likeness,
        agreement,
    )


@pytest.mark.parametrize(
    ("one", "other", "likeness", "agreement"),
    [
        ("O'Neill", "ONEILL", "written_differently", "surely"),
        ("Smith-Jones", "Jones Smith", "written_differently", "surely"),
        ("Smith-Jones", "Jones", "partly", "nearly"),
        ("Thompson", "Thomson", "slip", "nearly"),
        ("Li", "Lu", "slip", "no"),
        ("Shaikh", "Sheikh", "written_differently", "nearly"),
        ("Wong", "Huang", "written_differently", "nearly"),
        ("Sing", "Singh", "slip", "nearly"),
        ("Kaur", "Kaur Gill", "partly", "nearly"),
        ("Phillips", "Filips", "sounds_alike", "nearly"),
        ("Smith", "Brown", "different", "opposes"),
    ],
)
def test_family_names(one: str, other: str, likeness: str, agreement: str) -> None:
    here, there = name(one), name(other)
    assert both_ways(names.family_names(here, there), names.family_names(there, here)) == (likeness, agreement)


def test_given_and_family_name_that_have_changed_places() -> None:
    one, other = (name("Wei"), name("Zhang")), (name("Zhang"), name("Wei"))
    found = names.swapped(one, other)
    assert found is not None
    assert found.agreement is Agreement.SURELY
    assert names.swapped(one, one) is None


@pytest.mark.parametrize(
    ("one", "other", "likeness", "agreement"),
    [
        ("2016-03-09", "2016-03-09", "equal", "surely"),
        ("2016-03-09", "2016-09-03", "swapped", "nearly"),
        ("2016-03-09", "2016-03-08", "slip", "nearly"),
        ("2016-03-12", "2016-03-21", "slip", "nearly"),
        ("2016-03-09", "2016-01-01", "partly", "no"),
        ("2016-03-09", "2016-03", "partly", "no"),
        ("2016-03-09", "2016", "partly", "no"),
        ("2016", "2016", "partly", "no"),
        ("2016-01-01", "2016-01-01", "equal", "nearly"),
        ("2016-03-09", "2015", "different", "opposes"),
        ("2016-03-09", "2011-12-30", "different", "opposes"),
        ("2012-03-09", "2012-03-10", "slip", "no"),
        ("2012-02-29", "2012-03-01", "slip", "no"),
        ("2012-02-28", "2012-03-01", "different", "opposes"),
    ],
)
def test_dates_of_birth(one: str, other: str, likeness: str, agreement: str) -> None:
    assert both_ways(values.dates(one, other), values.dates(other, one)) == (likeness, agreement)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("BL1 4AA", "bl14aa", "equal"),
        ("BL1 4AA", "BL1 4AB", "slip"),
        ("BL1 4AA", "BL1 7XY", "partly"),
        ("BL1 4AA", "BL1", "partly"),
        ("BL1", "BL1", "partly"),
        ("BL1 4AA", "M1 1AA", "different"),
    ],
)
def test_postcodes(one: str, other: str, likeness: str) -> None:
    here, there = (READING.asked(PersonKeys(postcode=written)).postcode for written in (one, other))
    assert both_ways(values.postcodes(here, there), values.postcodes(there, here))[0] == likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("1 High St", "1 High St", "equal"),
        ("1 High St", "1, HIGH STREET", "written_differently"),
        ("1 High St, Bolton", "1 High St", "partly"),
        ("Flat 2, 1 High St, BL1 4AA", "2/1 High St", "partly"),
        ("1 High St", "11 High St", "different"),
        ("1 High St", "9 Low Road", "different"),
    ],
)
def test_addresses(one: str, other: str, likeness: str) -> None:
    here, there = (READING.asked(PersonKeys(address=written)).address for written in (one, other))
    assert here is not None
    assert there is not None
    assert both_ways(values.addresses(here, there), values.addresses(there, here))[0] == likeness


def test_gender_is_told_apart_only_where_both_say_man_or_woman() -> None:
    assert values.genders("female", "male").agreement is Agreement.OPPOSES
    assert values.genders("female", "other").agreement is Agreement.NO
    assert READING.asked(PersonKeys(gender="not_known")).gender == ""


NHS, WRONG = nhs_number(1), "9990000019"


@pytest.mark.parametrize(
    ("kind", "one", "other", "likeness"),
    [
        ("nhs_number", NHS, f"{NHS[:3]} {NHS[3:6]} {NHS[6:]}", "equal"),
        ("nhs_number", NHS, nhs_number(2), "contradicts"),
        ("nhs_number", NHS, f"{NHS[:9]}{(int(NHS[9]) + 1) % 10}", "slip"),
        ("nhs_number", WRONG, WRONG, ""),
        ("nhs_number", "0000000000", "0000000000", ""),
        ("nhs_number", NHS, "", ""),
        ("upn", upn(1), upn(1), "equal"),
        ("upn", upn(1), upn(2), "contradicts"),
        ("upn", upn(1), upn(2, "A"), ""),
    ],
)
def test_numbers(kind: str, one: str, other: str, likeness: str) -> None:
    here, there = (READING.asked(PersonKeys(**{kind: written})) for written in (one, other))
    place = 0 if kind == "nhs_number" else 1
    found = values.numbers(kind, *((held.numbers[place], held.typed[place]) for held in (here, there)))
    assert (found.likeness.value if found else "") == likeness


@given(one=st.tuples(WRITTEN, WRITTEN), other=st.tuples(WRITTEN, WRITTEN))
def test_names_that_are_not_compared_for_their_beginnings_would_not_have_agreed(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    here, there = (name(one[0]), name(one[1])), (name(other[0]), name(other[1]))
    found = names.swapped(here, there)
    agrees = found is not None and found.agreement >= Agreement.NEARLY
    given_names = names.given_names(here[0], there[0], PARAMETERS.knows_given_name)
    assert names.may_agree(here, there) or not (agrees or given_names.agreement >= Agreement.NEARLY)
