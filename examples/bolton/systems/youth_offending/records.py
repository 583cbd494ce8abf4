"""What the youth offending team holds about a young person: the shape of it, and how it comes about from the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from examples.bolton.population.names import Custom, Names
from examples.bolton.population.people import Address, Child, Gender, Population, System
from examples.bolton.systems import damage
from examples.bolton.systems.caution import Caution, caution

OFFICERS = ("C. DUNNE", "M. RAZAQ", "L. TATTERSALL", "P. ADEBISI", "S. GARSIDE")
SEX_CODES = {Gender.MALE: "M", Gender.FEMALE: "F"}
ORDERS = ("RO", "RO", "YRO", "YRO", "YCC", "DTO", "REP")
CONCERNS = ("OFF", "SUB", "ETE", "MH", "DV", "ASB")
LONGEST_ORDER_DAYS = 730
YOUNGEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Is an order of the court, or the prevention panel's programme."""

    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseRecord:
    """Is one case; `child` says whose it truly is and is never written into the system."""

    child: str
    case_ref: str
    forename: str
    forename_2: str = ""
    surname: str
    born: date
    sex: str
    nhs_no: str = ""
    address: Address | None
    school: str = ""
    officer: str
    status: str
    opened: date
    closed: date | None = None
    concerns: tuple[tuple[str, date], ...]
    do_not_pass_on: bool = False
    caution: Caution | None = None
    orders: tuple[Order, ...] = ()
    amended: date


def records(population: Population, origins: dict[str, Names]) -> Iterator[CaseRecord]:
    """Yield what the team holds: case references of its own, an NHS number for one in four, a UPN never."""
    rng = random.Random(f"{population.seed}:youth_offending")
    known = list(population.known_to(System.YOUTH_OFFENDING))
    rng.shuffle(known)
    for number, child in enumerate(known, start=101):
        yield _record(child, number, population.day, origins[child.origin], rng)


def _record(child: Child, number: int, day: date, names: Names, rng: random.Random) -> CaseRecord:
    earliest = max(damage.birthday(child.born, YOUNGEST), day - timedelta(days=1400))
    opened = damage.day_between(earliest, day, rng)
    status = rng.choices(("A", "C", "R"), (55, 37, 8))[0]
    closed = damage.day_between(opened, day, rng) if status == "C" else None
    forename, surname = _named(child, names, rng)
    return CaseRecord(
        child=child.key,
        case_ref=f"YOT/{opened.year}/{number:04d}",
        forename=forename,
        forename_2=child.middle if rng.random() < 0.5 else "",
        surname=surname,
        born=damage.written_birth(child.born, rng, swapped=0.05, estimated=0.01),
        sex="U" if rng.random() < 0.03 else SEX_CODES[child.gender],
        nhs_no=child.nhs_number if rng.random() < 0.25 else "",
        address=None if rng.random() < 0.06 else damage.known_address(child, rng, lag=0.35),
        school=child.school.short_name if child.school and rng.random() < 0.7 else "",
        officer=rng.choice(OFFICERS),
        status=status,
        opened=opened,
        closed=closed,
        concerns=_concerns(opened, day, rng),
        do_not_pass_on=rng.random() < 0.02,
        caution=caution(child, System.YOUTH_OFFENDING, day, often=0.3),
        orders=tuple(_orders(opened, day, rng)) if status != "R" else (),
        amended=closed or damage.day_between(opened, day, rng),
    )


def _named(child: Child, names: Names, rng: random.Random) -> tuple[str, str]:
    """Take the name as the police heard it; family-first names are now and then taken the wrong way round."""
    forename = damage.heard(child.given, names, rng, otherwise=0.1, wrong=0.05)
    surname = damage.heard(damage.known_family(child, rng, lag=0.35), names, rng, otherwise=0.08, wrong=0.05)
    if names.custom is Custom.FAMILY_FIRST and rng.random() < 0.3:
        return surname, forename
    return forename, surname


def _concerns(opened: date, day: date, rng: random.Random) -> tuple[tuple[str, date], ...]:
    codes = ("OFF", *rng.sample(CONCERNS[1:], rng.choices((0, 1, 2), (45, 40, 15))[0]))
    return tuple((code, damage.day_between(opened, day, rng)) for code in codes)


def _orders(opened: date, day: date, rng: random.Random) -> Iterator[Order]:
    for _ in range(rng.choices((0, 1, 2), (15, 65, 20))[0]):
        start = damage.day_between(opened, day, rng)
        yield Order(
            kind=rng.choice(ORDERS), start=start, end=start + timedelta(days=rng.randint(90, LONGEST_ORDER_DAYS))
        )
