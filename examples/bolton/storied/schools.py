"""What schools hold about the storied children."""

from dataclasses import replace
from datetime import date

from examples.bolton.population.generate import DAY
from examples.bolton.population.people import School, year_group
from examples.bolton.storied.children import (
    AL_NOOR,
    LARKFIELD,
    LEVER_VALE,
    MOOR_EDGE,
    SIXTH_FORM,
    SPINDLE_PARK,
    ST_WINIFRED,
    by_name,
)
from examples.bolton.systems.leaving import By
from examples.bolton.systems.schools.records import Attendance, PupilRecord, SchoolConcern

GOOD = Attendance(possible=104, attended=101, unauthorised=0, exclusions=0)


def records() -> tuple[PupilRecord, ...]:
    """List them; Ifrah is too young and nobody knows Teodor."""
    zara = _pupil("zara", 19_021, AL_NOOR, date(2023, 9, 4), "Mrs Noor")
    hannah = _pupil("hannah", 19_071, LEVER_VALE, date(2026, 3, 9), "Ms Fazal")
    june = _pupil("hussain-june", 19_101, SPINDLE_PARK, date(2025, 9, 3), "Miss Pye")
    return (
        _kayden(),
        replace(zara, sen="E"),
        _pupil("sara", 19_022, AL_NOOR, date(2023, 9, 4), "Mrs Noor"),
        _jordan(),
        replace(hannah, restricted=True),
        _chloe(),
        _yusuf(),
        # The office spells both cousins alike.
        replace(june, legal_forename="Mohammed", opted_out=By.PARENT),
        _pupil("hussain-may", 19_111, SPINDLE_PARK, date(2025, 9, 3), "Miss Pye"),
        replace(_pupil("leon", 19_121, LARKFIELD, date(2026, 6, 22), "Mrs Eckersley"), address_withheld=True),
        _pupil("isla", 19_131, AL_NOOR, date(2022, 9, 5), "Mrs Noor"),
    )


def _kayden() -> PupilRecord:
    return replace(
        _pupil("kayden", 19_011, ST_WINIFRED, date(2022, 9, 5), "Mrs Ainscough"),
        sen="K",
        attendance=Attendance(possible=104, attended=82, unauthorised=15, exclusions=1),
        concerns=(
            SchoolConcern(code="ATT", logged=date(2026, 10, 9), resolved=False),
            SchoolConcern(code="NEG", logged=date(2026, 9, 16), resolved=False),
        ),
    )


def _jordan() -> PupilRecord:
    return replace(
        _pupil("jordan", 19_041, MOOR_EDGE, date(2022, 9, 5), "Mr Dootson"),
        sen="K",
        attendance=Attendance(possible=104, attended=63, unauthorised=31, exclusions=3),
        concerns=(SchoolConcern(code="ATT", logged=date(2026, 9, 29), resolved=False),),
        destination="INT-APP",
        # He has objected himself, and is not old enough for it to count.
        opted_out=By.PERSON,
    )


def _chloe() -> PupilRecord:
    return replace(
        _pupil("chloe", 19_081, SIXTH_FORM, date(2025, 9, 3), "Mr Openshaw"),
        on_roll=False,
        attendance=Attendance(possible=96, attended=41, unauthorised=40, exclusions=0),
        modified=date(2026, 7, 2),
    )


def _yusuf() -> PupilRecord:
    pupil = _pupil("yusuf", 19_091, SIXTH_FORM, date(2026, 9, 3), "Mr Openshaw")
    return replace(pupil, destination="SIXTH", destination_since=date(2026, 9, 3), opted_out=By.PERSON)


def _pupil(word: str, pupil_id: int, school: School, enrolled: date, pastoral: str) -> PupilRecord:
    child = by_name()[word]
    return PupilRecord(
        child=child.key,
        pupil_id=pupil_id,
        upn=child.upn,
        legal_forename=child.given,
        legal_surname=child.family,
        born=child.born,
        sex=child.gender,
        year=year_group(child.born, DAY),
        school=school,
        enrolled=enrolled,
        address=child.address,
        mother=child.mother,
        mothers_phone=child.phone,
        pastoral=pastoral,
        attendance=GOOD,
        modified=date(2026, 11, 19),
    )
