"""What schools hold about the storied children."""

from datetime import date

from examples.bolton.population.people import School, year_group
from examples.bolton.storied.children import AL_NOOR, LEVER_VALE, MOOR_EDGE, SIXTH_FORM, SPINDLE_PARK, ST_WINIFRED, by_name
from examples.bolton.systems.schools.records import Attendance, PupilRecord, SchoolConcern

DAY = date(2026, 11, 20)
GOOD = Attendance(possible=104, attended=101, unauthorised=0, exclusions=0)


def records() -> tuple[PupilRecord, ...]:
    """List them; Ifrah is too young and nobody knows Teodor."""
    return (
        _pupil("kayden", 19_011, ST_WINIFRED, date(2022, 9, 5), "Mrs Ainscough", sen="K",
               attendance=Attendance(possible=104, attended=82, unauthorised=15, exclusions=1),
               concerns=(SchoolConcern(code="ATT", logged=date(2026, 10, 9), resolved=False),
                         SchoolConcern(code="NEG", logged=date(2026, 9, 16), resolved=False))),
        _pupil("zara", 19_021, AL_NOOR, date(2023, 9, 4), "Mrs Noor", sen="E"),
        _pupil("sara", 19_022, AL_NOOR, date(2023, 9, 4), "Mrs Noor"),
        _pupil("jordan", 19_041, MOOR_EDGE, date(2022, 9, 5), "Mr Dootson", sen="K",
               attendance=Attendance(possible=104, attended=63, unauthorised=31, exclusions=3),
               concerns=(SchoolConcern(code="ATT", logged=date(2026, 9, 29), resolved=False),), destination="INT-APP"),
        _pupil("hannah", 19_071, LEVER_VALE, date(2026, 3, 9), "Ms Fazal", restricted=True),
        _pupil("chloe", 19_081, SIXTH_FORM, date(2025, 9, 3), "Mr Openshaw", on_roll=False,
               attendance=Attendance(possible=96, attended=41, unauthorised=40, exclusions=0)),
        _pupil("yusuf", 19_091, SIXTH_FORM, date(2026, 9, 3), "Mr Openshaw", destination="SIXTH",
               destination_since=date(2026, 9, 3)),
        _pupil("hussain-june", 19_101, SPINDLE_PARK, date(2025, 9, 3), "Miss Pye", forename="Mohammed"),
        _pupil("hussain-may", 19_111, SPINDLE_PARK, date(2025, 9, 3), "Miss Pye"),
    )  # fmt: skip


def _pupil(word: str, pupil_id: int, school: School, enrolled: date, pastoral: str, *, forename: str = "",
           attendance: Attendance = GOOD, sen: str = "N", concerns: tuple[SchoolConcern, ...] = (), on_roll: bool = True,
           destination: str = "", destination_since: date | None = None, restricted: bool = False) -> PupilRecord:  # fmt: skip
    child = by_name()[word]
    return PupilRecord(
        child=child.key, pupil_id=pupil_id, upn=child.upn, legal_forename=forename or child.given, legal_surname=child.family,
        born=child.born, sex=child.gender, year=year_group(child.born, DAY), school=school, on_roll=on_roll, enrolled=enrolled,
        address=child.address, pastoral=pastoral, attendance=attendance, sen=sen, concerns=concerns, destination=destination,
        destination_since=destination_since, restricted=restricted, modified=date(2026, 11, 19 if on_roll else 2),
    )  # fmt: skip
