"""What Connexions holds about a young person: the shape of it, and how it comes about from the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Child, Gender, Population, System, age_on, year_group
from examples.bolton.systems import damage, leaving

ADVISERS = ("Bernadette Foy", "Nadeem Akbar", "Julie Rigby", "Kwame Asante", "Stephanie Cowell", "Hitesh Vora")
SEXES = {Gender.MALE: "Male", Gender.FEMALE: "Female"}
LEAVERS = ("SFE", "FEC", "APP", "EMP", "NEE", "TRN", "UNK")
LAST_COMPULSORY_YEAR = 11
FIRST_REF = 60_000
COVERS = ((), ("involvement",), ("involvement", "destination"))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClientRecord:
    """Is one client; `child` says whose record it truly is and is never written into the system."""

    child: str
    client_ref: str
    first_name: str
    surname: str
    born: date
    sex: str
    upn: str = ""
    address: Address | None
    school: str = ""
    adviser: str
    live: bool
    opted_out: leaving.By | None = None
    consent: leaving.Consent | None = None
    activity: str
    activity_since: date
    registered: date
    contacted: date
    review_due: date | None = None


def records(population: Population, origins: dict[str, Names]) -> Iterator[ClientRecord]:
    """Yield what Connexions holds: a UPN for most, and what the young person said of him- or herself."""
    rng = random.Random(f"{population.seed}:connexions")
    known = list(population.known_to(System.CONNEXIONS))
    rng.shuffle(known)
    number = FIRST_REF
    for child in known:
        for _ in range(2 if rng.random() < 0.008 else 1):
            number += rng.randint(1, 4)
            yield _record(child, f"CX{number}", population.day, origins[child.origin], rng)


def _record(child: Child, client_ref: str, day: date, names: Names, rng: random.Random) -> ClientRecord:
    registered = damage.day_between(damage.birthday(child.born, 13), day, rng)
    contacted = damage.day_between(registered, day, rng)
    known_as = child.known_as if rng.random() < 0.6 else ""
    in_compulsory = year_group(child.born, day) <= LAST_COMPULSORY_YEAR
    return ClientRecord(
        child=child.key,
        client_ref=client_ref,
        first_name=known_as or damage.heard(child.given, names, rng, otherwise=0.04, wrong=0.02),
        surname=damage.heard(damage.known_family(child, rng, lag=0.15), names, rng, otherwise=0.03, wrong=0.02),
        born=damage.written_birth(child.born, rng, swapped=0.015),
        sex="" if rng.random() < 0.04 else SEXES[child.gender],
        upn=child.upn if rng.random() < 0.85 else "",
        address=None if rng.random() < 0.04 else damage.known_address(child, rng, lag=0.2),
        school=child.school.name if child.school and rng.random() < 0.9 else "",
        adviser=rng.choice(ADVISERS),
        live=rng.random() < 0.8,
        opted_out=leaving.opted_out(child, System.CONNEXIONS, day, chance=0.02),
        consent=leaving.consent(child, System.CONNEXIONS, day, asked=0.85, covers=COVERS),
        activity="SCH" if in_compulsory else _left(child, rng),
        activity_since=registered if in_compulsory else damage.day_between(_left_school(child), day, rng),
        registered=registered,
        contacted=contacted,
        review_due=contacted + timedelta(days=180) if age_on(child.born, day) >= 16 else None,
    )


def _left(child: Child, rng: random.Random) -> str:
    """Draw what follows compulsory school; trouble makes every other way than staying on likelier."""
    if child.school is not None and rng.random() < 0.92:
        return "SFE"
    return rng.choices(LEAVERS, (20, 34, 13, 14, 4 + 40 * child.trouble, 4, 6))[0]


def _left_school(child: Child) -> date:
    return date(child.born.year + (16 if (child.born.month, child.born.day) < (9, 1) else 17), 7, 1)
