"""What social care holds about a child: the shape of it, and how it comes about from the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Child, Gender, Population, System
from examples.bolton.systems import damage, leaving
from examples.bolton.systems.caution import Caution, caution

TEAMS = {
    "Referral and Assessment Team": ("Karen Bleasdale", "Imtiaz Sarwar", "Joanne Tickle"),
    "Family Support North": ("Denise Hallam", "Peter Okoro"),
    "Family Support South": ("Ruksana Jiva", "Mark Fallows"),
    "Child Protection Team": ("Angela Prescott", "Tunde Lawal", "Helen Brough"),
    "Looked After Children Team": ("Sandra Whiteside", "Gareth Probert"),
    "Leaving Care Team": ("Lorraine Aldred",),
    "Disability Social Work Team": ("Fiona Catterall",),
}
CATEGORIES = ("NEG", "NEG", "NEG", "EMO", "EMO", "PHY", "DVA", "DVA", "CSE", "SUB", "MEN")
GENDER_CODES = {Gender.MALE: 1, Gender.FEMALE: 2}
FIRST_ID = 41_000
BOLTON, ELSEWHERE = "BOL", "OTH"
COVERS = ((), ("involvement", "concern"), ("involvement",), ("involvement", "concern", "staff_safety"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """Is one spell of a team's work; an end closes it."""

    team: str
    worker: str
    status: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Is a recorded category of harm."""

    category: str
    raised: date
    closed: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CareRecord:
    """Is one person record; `child` says whose it truly is and is never written into the system."""

    child: str
    person_id: int
    first_name: str
    last_name: str
    known_as: str = ""
    former_last_name: str = ""
    born: date
    gender_code: int
    nhs_no: str = ""
    upn: str = ""
    surgery: str = ""
    school: str = ""
    addresses: tuple[tuple[Address, date], ...] = ()
    restricted: bool = False
    adopted: bool = False
    address_withheld: bool = False
    authority: str = BOLTON
    consent: leaving.Consent | None = None
    caution: Caution | None = None
    involvements: tuple[Involvement, ...]
    plan: str = ""
    concerns: tuple[Concern, ...] = ()
    updated: date


def records(population: Population, origins: dict[str, Names]) -> Iterator[CareRecord]:
    """Yield what social care holds: an NHS number for seven in ten, a UPN for six, now and then a second record."""
    rng = random.Random(f"{population.seed}:social_care")
    known = list(population.known_to(System.SOCIAL_CARE))
    rng.shuffle(known)
    person_id = FIRST_ID
    for child in known:
        for _ in range(2 if rng.random() < 0.02 else 1):
            person_id += rng.randint(1, 9)
            yield _record(child, person_id, population.day, origins[child.origin], rng)


def _record(child: Child, person_id: int, day: date, names: Names, rng: random.Random) -> CareRecord:
    involvements = _involvements(child, day, rng)
    first = involvements[0].start
    return CareRecord(
        child=child.key,
        person_id=person_id,
        first_name=damage.heard(child.given, names, rng, otherwise=0.08, wrong=0.02),
        last_name=damage.heard(damage.known_family(child, rng, lag=0.25), names, rng, otherwise=0.05, wrong=0.03),
        known_as=child.known_as,
        former_last_name=child.former_family if rng.random() < 0.5 else "",
        born=damage.written_birth(child.born, rng, swapped=0.025, estimated=0.01),
        gender_code=9 if rng.random() < 0.02 else GENDER_CODES[child.gender],
        nhs_no=_spaced(child.nhs_number, rng) if rng.random() < 0.7 else "",
        upn=child.upn if rng.random() < 0.6 else "",
        surgery=_surgery(child, rng),
        school=_school(child, rng),
        addresses=_addresses(child, rng),
        restricted=rng.random() < 0.015,
        adopted=leaving.happens(child, System.SOCIAL_CARE, "adoption", 0.003),
        address_withheld=leaving.happens(child, System.SOCIAL_CARE, "refuge", 0.02),
        authority=ELSEWHERE if leaving.happens(child, System.SOCIAL_CARE, "placement", 0.01) else BOLTON,
        consent=leaving.consent(child, System.SOCIAL_CARE, day, asked=0.72, covers=COVERS),
        caution=caution(child, System.SOCIAL_CARE, day, often=0.15),
        involvements=involvements,
        plan=rng.choice(("CIN", "CIN", "CP", "LAC", "")) if involvements[-1].status == "OPN" else "",
        concerns=tuple(_concerns(child, first, day, rng)),
        updated=damage.day_between(involvements[-1].start, day, rng),
    )


def _spaced(number: str, rng: random.Random) -> str:
    """Write an NHS number as on the letter it was copied from: mostly in threes and a four, sometimes run together."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if rng.random() < 0.8 else number


def _surgery(child: Child, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return ""
    return child.former_practice if child.former_practice and rng.random() < 0.3 else child.practice


def _school(child: Child, rng: random.Random) -> str:
    if child.school is None or rng.random() < 0.2:
        return ""
    return child.former_school.name if child.former_school and rng.random() < 0.5 else child.school.name


def _addresses(child: Child, rng: random.Random) -> tuple[tuple[Address, date], ...]:
    homes = child.homes[:-1] if len(child.homes) > 1 and rng.random() < 0.18 else child.homes
    return tuple((home.address, home.since) for home in homes)


def _involvements(child: Child, day: date, rng: random.Random) -> tuple[Involvement, ...]:
    start = damage.day_between(child.born, day, rng)
    spells = []
    if rng.random() < 0.45:
        end = damage.day_between(start, day, rng)
        spells.append(_spell("Referral and Assessment Team", "CLS", start, end, rng))
        start = end
    status = rng.choices(("OPN", "CLS", "REF"), (60, 28, 12))[0]
    end_of_it = damage.day_between(start, day, rng) if status == "CLS" else None
    team = "Referral and Assessment Team" if status == "REF" else rng.choice(tuple(TEAMS))
    spells.append(_spell(team, status, start, end_of_it, rng))
    return tuple(spells)


def _spell(team: str, status: str, start: date, end: date | None, rng: random.Random) -> Involvement:
    return Involvement(team=team, worker=rng.choice(TEAMS[team]), status=status, start=start, end=end)


def _concerns(child: Child, first: date, day: date, rng: random.Random) -> Iterator[Concern]:
    for _ in range(rng.choices((0, 1, 2, 3), (22, 46, 24, 8))[0]):
        raised = damage.day_between(first, day, rng)
        closed = damage.day_between(raised, day, rng) if rng.random() < 0.4 - child.trouble / 4 else None
        yield Concern(category=rng.choice(CATEGORIES), raised=raised, closed=closed)
