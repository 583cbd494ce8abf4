"""Who is the person asked about, as a table: one asked for, the records that agencies hold, and what follows."""

from dataclasses import replace

import pytest

from hub.linkage.parameters import shipped
from hub.linkage.standings import standings
from hub.model.person import PersonKeys
from tests.unit.hub.making import nhs_number, table, upn

PARAMETERS = shipped()
FIELDS = ("given_name", "family_name", "date_of_birth", "postcode", "address", "gender", "nhs_number", "upn")
NUMBERS = {"A": nhs_number(1), "B": nhs_number(2), "u": upn(1), "v": upn(2), "": "", "0": "0000000000"}

TABLE = """
what                                | given            | family      | born       | postcode | address       | gender | nhs | upn | standing
asked                               | Amelia           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female |     |     |
the child herself                   | Amelia           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female |     |     | same
moved                               | Amelia           | Hartley     | 2014-05-16 | M20 3XY  | 9 Low Rd      | female |     |     | same
misspelt                            | Amellia          | Hartley     | 2014-05-16 | BL1 4AA  | 1 High Street | female |     |     | same
short form                          | Millie           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High Street | female |     |     | same
names changed places                | Hartley          | Amelia      | 2014-05-16 |          |               |        |     |     | same
family name misspelt, day mistyped  | Amelia           | Hartly      | 2014-05-15 | BL1 4AA  | 1 High Street | female |     |     | same
the same, elsewhere                 | Amelia           | Hartly      | 2014-05-15 | M20 3XY  | 9 Low Rd      | female |     |     | possibly
day mistyped, at home               | Amelia           | Hartley     | 2014-05-15 | BL1 4AA  | 1 High Street |        |     |     | same
day mistyped, elsewhere             | Amelia           | Hartley     | 2014-05-15 | M20 3XY  | 9 Low Rd      |        |     |     | possibly
year only                           | Amelia           | Hartley     | 2014-01-01 | BL1 4AA  | 1 High Street |        |     |     | possibly
her mother married                  | Amelia           | Cartwright  | 2014-05-16 | BL1 4AA  | 1 High Street | female |     |     | possibly
double-barrelled                    | Amelia           | Hartley-Cox | 2014-05-16 | BL1 4AA  | 1 High Street | female |     |     | same
her twin                            | Oliver           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | male   |     |     | possibly
a sister                            | Olivia           | Hartley     | 2011-02-28 | BL1 4AA  | 1 High St     | female |     |     | different
a cousin of her name                | Amelia           | Hartley     | 2012-11-02 | M20 3XY  | 9 Low Rd      | female |     |     | different
her mother, of her name             | Amelia           | Hartley     | 1986-08-30 | BL1 4AA  | 1 High St     | female |     |     | possibly
somebody else                       | Jack             | Brown       | 2014-05-16 | M20 3XY  | 9 Low Rd      | male   |     |     | different
asked                               | Mia              | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female | A   | u   |
her number                          | M                | H           |            |          |               |        | A   |     | same
her number, married                 | Mia              | Cartwright  | 2014-05-16 |          |               |        | A   |     | same
her other number                    |                  |             |            |          |               |        |     | u   | same
both, one of them another's         | Mia              | Hartley     | 2014-05-16 |          |               |        | A   | v   | possibly
a twin with a name like hers        | Maia             | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female |     |     | possibly
the same, with her own number       | Maia             | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female | B   |     | different
a namesake with another number      | Mia              | Hartley     | 2014-05-16 | M20 3XY  | 9 Low Rd      | female | B   |     | possibly
her number typed for her brother    | Jack             | Hartley     | 2011-02-28 | BL1 4AA  | 1 High St     | male   | A   |     | possibly
a number that is nobody's           | Mia              | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     | female | 0   |     | same
asked                               | Maia             | Okafor      | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     |
a cousin of a rare name             | Maia             | Okafor      | 2014-05-26 | M20 3XY  | 9 Low Rd      |        |     |     | possibly
the child, at home                  | Maia             | Okafor      | 2014-05-26 | BL1 4AA  | 1 High Street |        |     |     | same
asked                               | Muhammad         | Khan        | 2014-05-16 |          |               |        |     |     |
another spelling                    | Mohammed         | Khan        | 2014-05-16 |          |               |        |     |     | same
in Arabic script, vowels lost       | محمد             | خان         | 2014-05-16 |          |               |        |     |     | possibly
a common name, the day mistyped     | Mohammed         | Khan        | 2014-05-15 |          |               |        |     |     | possibly
his twin                            | Muhammad Hassan  | Khan        | 2014-05-16 |          |               |        |     |     | possibly
a day beside it, home unknown       | Muhammad         | Khan        | 2014-05-17 |          |               |        |     |     | possibly
asked                               | Muhammad         | Khan        | 2014-05-16 | BL1 4AA  |               |        |     |     |
a cousin, a day apart, next door    | Muhammad         | Khan        | 2014-05-17 | BL1 4AB  |               |        |     |     | possibly
asked                               | Mohamed          | Ali         | 2014-01-01 | BL1 4AA  | 1 High St     |        |     |     |
of that name, also of no known day  | Mohamed          | Ali         | 2014-01-01 | M20 3XY  | 9 Low Rd      |        |     |     | possibly
the same at home                    | Mohamed          | Ali         | 2014-01-01 | BL1 4AA  | 1 High St     |        |     |     | same
asked                               | Twin 1           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     |
the other twin, not named yet       | Twin 2           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     | possibly
either twin, not named yet          | Twin 1           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     | possibly
asked                               | Baby A           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     |
another baby of that day and home   | Baby B           | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     | possibly
asked                               | M                | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     |
an initial, which is a twin's too   | M                | Hartley     | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     | possibly
asked                               | Yasin            | Khan        | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     |
a twin with another name            | Yasir            | Khan        | 2014-05-16 | BL1 4AA  | 1 High St     |        |     |     | possibly
asked                               | Oleksandr        | Shevchenko  | 2014-05-16 |          |               |        |     |     |
transliterated otherwise            | Aleksandr        | Shevchenko  | 2014-05-16 |          |               |        |     |     | same
in Cyrillic                         | Олександр        | Шевченко    | 2014-05-16 |          |               |        |     |     | same
asked                               | Xiaoming         | Wang        | 2014-05-16 |          |               |        |     |     |
apart, and the other way round      | Wang             | Xiao Ming   | 2014-05-16 |          |               |        |     |     | same
asked                               | Wei              |             |            |          |               |        | A   |     |
nothing to compare                  |                  |             |            |          |               |        |     |     | different
an initial                          | W                | Zhang       |            |          |               |        | A   |     | same
"""  # noqa: E501  # a table is as wide as what it says


def cases() -> list[tuple[str, PersonKeys, dict[str, str], str]]:
    """Return each line with whom the last line before it asked for."""
    found, asked = [], PersonKeys()
    for line in TABLE.strip().splitlines()[1:]:
        what, *values, nhs, pupil, standing = [cell.strip() for cell in line.split("|")]
        held = dict(zip(FIELDS, [*values, NUMBERS[nhs], NUMBERS[pupil]], strict=True))
        if what == "asked":
            asked = PersonKeys(**held)
        else:
            found.append((what, asked, held, standing))
    return found


@pytest.mark.parametrize(("what", "asked", "held", "standing"), cases(), ids=[case[0] for case in cases()])
def test_somebody_stands_to_the_person_asked_about_as_the_table_says(
    what: str, asked: PersonKeys, held: dict[str, str], standing: str
) -> None:
    assert standings(table(held), asked, PARAMETERS) == [standing], what


def test_a_cousin_of_the_same_name_born_a_slip_apart_elsewhere_is_never_the_child() -> None:
    asked = PersonKeys(given_name="Maia", family_name="Okafor", date_of_birth="2014-05-16", postcode="BL1 4AA")
    lenient = replace(PARAMETERS, same=-50.0, possibly=-60.0)
    named = {"given_name": "Maia", "family_name": "Okafor", "date_of_birth": "2014-05-26"}
    assert standings(table(named | {"postcode": "M20 3XY"}), asked, lenient) == ["possibly"]
    assert standings(table(named | {"postcode": "BL1 4AA"}), asked, lenient) == ["same"]
