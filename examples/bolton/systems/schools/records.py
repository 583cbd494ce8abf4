"""What schools hold about a pupil: the shape of it, and how it comes about from the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Child, Gender, Population, School, System, year_group
from examples.bolton.systems import damage, leaving

PASTORAL = (
    "Mrs Ainscough", "Mr Bagley", "Miss Cheetham", "Mr Dootson", "Mrs Eckersley", "Ms Fazal", "Mr Gregson",
    "Mrs Halliday",
    "Miss Iddon", "Mr Joynson", "Mrs Khatri", "Ms Lightbown", "Mr Mawdsley", "Mrs Noor", "Mr Openshaw", "Miss Pye",
)  # fmt: skip
CONCERNS = ("ATT", "ATT", "NEG", "DVA", "EMO", "MH", "BEH", "CSE")
DESTINATIONS = {12: "SIXTH", 13: "SIXTH"}
FIRST_ID = 20_000
INTENDED_FROM_YEAR = 11
YOUTH_SUPPORT_YEAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Is a pupil's place at a school, present or past."""

    school: School
    on_roll: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Is the attendance of this school year: sessions possible, attended, and missed without leave; exclusions."""

    possible: int
    attended: int
    unauthorised: int
    exclusions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolConcern:
    """Is an entry of the safeguarding log."""

    code: str
    logged: date
    resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilRecord:
    """Is one enrolment; `child` says whose it truly is and is never written into the system."""

    child: str
    pupil_id: int
    upn: str
    legal_forename: str
    preferred_forename: str = ""
    legal_surname: str
    preferred_surname: str = ""
    middle_names: str = ""
    born: date
    sex: Gender
    year: int
    school: School
    on_roll: bool = True
    enrolled: date
    address: Address | None
    mother: str
    mothers_phone: str
    pastoral: str
    attendance: Attendance
    sen: str = "N"
    concerns: tuple[SchoolConcern, ...] = ()
    destination: str = ""
    destination_since: date | None = None
    restricted: bool = False
    address_withheld: bool = False
    opted_out: leaving.By | None = None
    modified: date


def records(population: Population, origins: dict[str, Names]) -> Iterator[PupilRecord]:
    """Yield what schools hold: a UPN always, an NHS number never; a pupil who moved school may be held by both."""
    rng = random.Random(f"{population.seed}:schools")
    known = list(population.known_to(System.SCHOOLS))
    rng.shuffle(known)
    pupil_id = FIRST_ID
    for child in known:
        for enrolment in _enrolments(child, rng):
            pupil_id += rng.randint(1, 3)
            yield _record(child, pupil_id, enrolment, population.day, origins[child.origin], rng)


def _enrolments(child: Child, rng: random.Random) -> Iterator[Enrolment]:
    if child.school is not None:
        yield Enrolment(school=child.school, on_roll=True)
    if child.former_school is not None and rng.random() < 0.12:
        yield Enrolment(school=child.former_school, on_roll=False)


def _record(
    child: Child, pupil_id: int, enrolment: Enrolment, day: date, names: Names, rng: random.Random
) -> PupilRecord:
    school, on_roll = enrolment.school, enrolment.on_roll
    family = damage.known_family(child, rng, lag=0.6)
    year = year_group(child.born, day)
    enrolled = _enrolled(child, school, day, rng)
    return PupilRecord(
        child=child.key,
        pupil_id=pupil_id,
        upn=child.upn,
        legal_forename=damage.heard(child.given, names, rng, otherwise=0.02, wrong=0.008),
        preferred_forename=child.known_as,
        legal_surname=damage.heard(family, names, rng, otherwise=0.02, wrong=0.008),
        # Schools often learn of a new name before the papers say so.
        preferred_surname=child.family if family != child.family and rng.random() < 0.7 else "",
        middle_names=child.middle if rng.random() < 0.6 else "",
        born=damage.written_birth(child.born, rng, swapped=0.004),
        sex=child.gender,
        year=year,
        school=school,
        on_roll=on_roll,
        enrolled=enrolled,
        address=None if rng.random() < 0.01 else damage.known_address(child, rng, lag=0.1 if on_roll else 0.8),
        mother=child.mother,
        mothers_phone=child.phone if rng.random() < 0.9 else "",
        pastoral=PASTORAL[(school.number * 3 + year) % len(PASTORAL)],
        attendance=_attendance(child, rng),
        sen=rng.choices(("N", "K", "E"), (80 - 30 * child.trouble, 14 + 20 * child.trouble, 5))[0],
        concerns=tuple(_concerns(child, day, rng)),
        destination=_destination(year, rng),
        destination_since=date(day.year, 9, 3) if year in DESTINATIONS else None,
        restricted=rng.random() < 0.003,
        address_withheld=leaving.happens(child, System.SCHOOLS, "refuge", 0.002),
        opted_out=leaving.opted_out(child, System.SCHOOLS, day, chance=0.015) if year >= YOUTH_SUPPORT_YEAR else None,
        modified=damage.day_within(day, 60, rng) if on_roll else damage.day_between(enrolled, day, rng),
    )


def _enrolled(child: Child, school: School, day: date, rng: random.Random) -> date:
    years_here = max(0, min(year_group(child.born, day), school.last_year) - school.first_year)
    september = date(day.year - rng.randint(0, years_here), 9, 3)
    return september if rng.random() < 0.8 else damage.day_between(september, day, rng)


def _attendance(child: Child, rng: random.Random) -> Attendance:
    possible = rng.randint(98, 108)
    share = min(1.0, max(0.2, rng.gauss(0.955 - 0.22 * child.trouble, 0.04)))
    attended = round(possible * share)
    unauthorised = round((possible - attended) * min(1.0, rng.random() * (0.4 + child.trouble)))
    exclusions = int(rng.expovariate(1) * 3 * child.trouble**1.5)
    return Attendance(possible=possible, attended=attended, unauthorised=unauthorised, exclusions=exclusions)


def _concerns(child: Child, day: date, rng: random.Random) -> Iterator[SchoolConcern]:
    while rng.random() < child.trouble * 0.5:
        yield SchoolConcern(
            code=rng.choice(CONCERNS), logged=damage.day_within(day, 700, rng), resolved=rng.random() < 0.4
        )


def _destination(year: int, rng: random.Random) -> str:
    if year == INTENDED_FROM_YEAR:
        return rng.choices(("", "INT-SIXTH", "INT-APP", "INT-WORK"), (40, 40, 15, 5))[0]
    return DESTINATIONS.get(year, "")
