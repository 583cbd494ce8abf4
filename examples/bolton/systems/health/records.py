"""What community health holds about a child: the shape of it, and how it comes about from the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Child, Gender, Population, System, age_on
from examples.bolton.systems import damage, leaving
from examples.bolton.systems.caution import Caution, caution

TEAMS = {
    "Health visiting": ("Maureen Sutcliffe", "Bushra Anwar", "Gillian Whelan", "Oyinkan Bakare", "Tracey Molyneux"),
    "School nursing": ("Janet Lomas", "Sajida Hanif", "Colette Devine"),
    "Child and adolescent mental health": ("Dr Rupal Thakkar", "Simon Ackroyd"),
    "Speech and language therapy": ("Hilary Crook", "Nasreen Baig"),
    "Community paediatrics": ("Dr Piers Langdale", "Dr Amarachi Uzor"),
}
FLAGS = ("neglect", "neglect", "emotional", "domestic-abuse", "domestic-abuse", "substance-misuse", "mental-health")
FIRST_ID = 700_000
SCHOOL_AGE = 5
COVERS = ((), ("health",), ("involvement", "health"), ("involvement", "concern", "health"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Is one team looking after a child; status is active, inactive or proposed."""

    team: str
    worker: str
    status: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFlag:
    """Is a flag on the record."""

    code: str
    since: date
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HealthRecord:
    """Is one patient; `child` says whose record it truly is and is never written into the system."""

    child: str
    patient_id: str
    nhs_number: str
    traced: bool = True
    given: str
    middle: str = ""
    family: str
    old_family: str = ""
    nickname: str = ""
    gender: Gender
    born: date
    addresses: tuple[tuple[Address, date], ...]
    phone: str = ""
    practice: str
    restricted: bool = False
    address_protected: bool = False
    consent: leaving.Consent | None = None
    caution: Caution | None = None
    care: tuple[Care, ...] = ()
    seen: tuple[date, ...] = ()
    missed: tuple[date, ...] = ()
    immunisations: str = ""
    flags: tuple[RecordFlag, ...] = ()
    updated: date


def records(population: Population, origins: dict[str, Names]) -> Iterator[HealthRecord]:
    """Yield what health holds: an NHS number always, a UPN never; names and addresses often of years ago."""
    rng = random.Random(f"{population.seed}:health")
    known = list(population.known_to(System.HEALTH))
    rng.shuffle(known)
    number = FIRST_ID
    for child in known:
        number += rng.randint(1, 7)
        yield _record(child, f"BCH{number}", population.day, origins[child.origin], rng)


def _record(child: Child, patient_id: str, day: date, names: Names, rng: random.Random) -> HealthRecord:
    family = damage.known_family(child, rng, lag=0.5)
    seen = _seen(child, day, rng)
    return HealthRecord(
        child=child.key,
        patient_id=patient_id,
        nhs_number=child.nhs_number,
        traced=rng.random() < 0.97,
        given=damage.heard(child.given, names, rng, otherwise=0.03, wrong=0.01),
        middle=child.middle if rng.random() < 0.8 else "",
        family=damage.heard(family, names, rng, otherwise=0.03, wrong=0.012),
        old_family=child.former_family if family == child.family else "",
        nickname=child.known_as if rng.random() < 0.3 else "",
        gender=child.gender,
        born=damage.written_birth(child.born, rng, swapped=0.006),
        addresses=_addresses(child, day, rng),
        phone=child.phone if rng.random() < 0.85 else "",
        practice=child.former_practice if child.former_practice and rng.random() < 0.2 else child.practice,
        restricted=rng.random() < 0.003,
        address_protected=leaving.happens(child, System.HEALTH, "refuge", 0.002),
        consent=leaving.consent(child, System.HEALTH, day, asked=0.6, covers=COVERS),
        caution=caution(child, System.HEALTH, day, often=0.02),
        care=tuple(_care(child, day, rng)),
        seen=seen,
        missed=_missed(child, day, rng),
        immunisations=_immunisations(child, rng),
        flags=tuple(_flags(child, day, rng)),
        updated=damage.day_between(seen[-1] if seen else child.born, day, rng),
    )


def _addresses(child: Child, day: date, rng: random.Random) -> tuple[tuple[Address, date], ...]:
    """List addresses, oldest first; one move in four of the last three years has not been notified."""
    recent = len(child.homes) > 1 and child.homes[-1].since > day - timedelta(days=1100)
    homes = child.homes[:-1] if recent and rng.random() < 0.25 else child.homes
    return tuple((home.address, home.since) for home in homes)


def _care(child: Child, day: date, rng: random.Random) -> Iterator[Care]:
    age = age_on(child.born, day)
    if age < SCHOOL_AGE:
        yield _team("Health visiting", "active", child.born + timedelta(days=12), rng)
    elif rng.random() < 0.12 + child.trouble:
        began = damage.day_between(damage.birthday(child.born, SCHOOL_AGE), day, rng)
        yield _team("School nursing", "active", began, rng)
    for team in tuple(TEAMS)[2:]:
        if rng.random() < 0.03 + child.trouble / 6 and (age > SCHOOL_AGE or "mental" not in team):
            status = rng.choices(("active", "inactive", "proposed"), (50, 40, 10))[0]
            yield _team(team, status, damage.day_between(child.born, day, rng), rng)


def _team(team: str, status: str, since: date, rng: random.Random) -> Care:
    return Care(team=team, worker=rng.choice(TEAMS[team]), status=status, since=since)


def _seen(child: Child, day: date, rng: random.Random) -> tuple[date, ...]:
    """List contacts, the last one longer ago for older children and where there is trouble."""
    age = age_on(child.born, day)
    often = 120 if age < 2 else 300 if age < SCHOOL_AGE else 900
    last = day - timedelta(days=int(rng.expovariate(1) * often * (0.5 + child.trouble)))
    contacts = [last - timedelta(days=rng.randint(20, 400) * step) for step in range(rng.randint(1, 3))]
    return tuple(sorted(contact for contact in contacts if contact >= child.born))


def _missed(child: Child, day: date, rng: random.Random) -> tuple[date, ...]:
    count = min(6, int(rng.expovariate(1) * (0.25 + 4 * child.trouble)))
    return tuple(sorted(max(child.born, damage.day_within(day, 365, rng)) for _ in range(count)))


def _immunisations(child: Child, rng: random.Random) -> str:
    drawn = rng.random()
    if drawn < 0.04:
        return ""
    return "overdue" if drawn < 0.12 + child.trouble / 3 else "complete" if drawn < 0.93 else "due"


def _flags(child: Child, day: date, rng: random.Random) -> Iterator[RecordFlag]:
    if (System.SOCIAL_CARE in child.known_to and rng.random() < 0.45) or rng.random() < 0.015:
        since = damage.day_between(child.born, day, rng)
        yield RecordFlag(code=rng.choice(FLAGS), since=since, active=rng.random() < 0.7)
