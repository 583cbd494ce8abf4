"""Questions with their candidates: about whom is asked, ten records of several agencies, and who each is of."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hub.model.person import PersonKeys
from hub.model.records import Records
from tests.lib.lookalikes.clerks import Clerk, Faults, careful
from tests.lib.lookalikes.families import Families, Rates
from tests.lib.lookalikes.numbers import Numbers
from tests.lib.lookalikes.origins import Origin, read_origins
from tests.lib.lookalikes.people import COLUMNS, Kin, Person, Written

CANDIDATES = 10
OWN = (3, 4, 5)
AGENCIES = ("social_care", "health", "schools", "youth_offending", "housing")
# Of those who ask by name, so many know the address.
KNOWS_ADDRESS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Is one question; `kin` has for each row, counted through all tables, who it is about."""

    asked: PersonKeys
    tables: tuple[Records, ...]
    agencies: tuple[str, ...]
    kin: tuple[Kin, ...]
    # Who each row is of, so that a card that mixes people is seen.
    people: tuple[int, ...]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Says how many records hold identifiers, and whether those who ask hold them as often, or never."""

    name: str
    identifiers: float
    asks_by_number: bool = True


SETTINGS = (
    Setting(name="all", identifiers=1.0),
    Setting(name="all, asked by name", identifiers=1.0, asks_by_number=False),
    Setting(name="60 %", identifiers=0.6),
    Setting(name="60 %, asked by name", identifiers=0.6, asks_by_number=False),
    Setting(name="none", identifiers=0.0),
)


@dataclass(slots=True, kw_only=True)
class Generator:
    """Makes questions; the same seed makes the same."""

    seed: int
    setting: Setting
    faults: Faults = field(default_factory=Faults)
    rates: Rates = field(default_factory=Rates)

    def questions(self, count: int) -> Iterator[Question]:
        """Yield so many questions, the origins in turn."""
        origins = read_origins()
        for number in range(count):
            # Each question has its own chance, so that any of them can be made again alone.
            yield self.question(number, origins[number % len(origins)])

    def question(self, number: int, origin: Origin) -> Question:
        """Make one question."""
        rng = random.Random(f"{self.seed} {number}")
        families = Families(rng=rng, numbers=Numbers(rng), rates=self.rates)
        child = families.child(origin)
        others = families.look_alikes(child, origin)[: CANDIDATES - min(OWN)]
        own = min(rng.choice(OWN), CANDIDATES - len(others))
        strangers = [families.stranger(child, origin) for _ in range(CANDIDATES - own - len(others))]
        people = [child, *others, *strangers]
        rows = [0] * own + list(range(1, len(people)))
        rng.shuffle(rows)
        return Question(
            asked=self._asked(child, origin, rng),
            tables=self._tables(rows, people, origin, rng),
            agencies=AGENCIES,
            kin=tuple(people[row].kin for row in rows),
            people=tuple(rows),
            origin=origin.name,
        )

    def _asked(self, child: Person, origin: Origin, rng: random.Random) -> PersonKeys:
        written = Clerk(rng=rng, faults=careful(self.faults)).write(child, origin)
        knows_address = rng.random() < KNOWS_ADDRESS
        knows_number = self.setting.asks_by_number and rng.random() < self.setting.identifiers
        return PersonKeys(
            given_name=written.given_name,
            family_name=written.family_name,
            date_of_birth=written.date_of_birth,
            gender=written.gender,
            address=written.address if knows_address else "",
            postcode=written.postcode if knows_address else "",
            # Who asks by a number that is not valid is told so before anything is asked.
            nhs_number=child.nhs_number if knows_number else "",
        )

    def _tables(
        self, rows: Sequence[int], people: Sequence[Person], origin: Origin, rng: random.Random
    ) -> tuple[Records, ...]:
        clerk = Clerk(rng=rng, faults=self.faults)
        household = {Kin.SELF, Kin.TWIN, Kin.SIBLING}
        at_home = [person for person in people if person.kin in household]
        tables: list[list[Written]] = [[] for _ in AGENCIES]
        # Rows are counted through all tables in order, so they are dealt out in runs.
        for place, row in enumerate(rows):
            person = people[row]
            others = [other for other in at_home if other is not person] if person.kin in household else []
            written = clerk.write(person, origin, rng.choice(others) if others else None)
            self._hold(written, rng)
            tables[place * len(AGENCIES) // len(rows)].append(written)
        return tuple(records_of(written, source=agency) for written, agency in zip(tables, AGENCIES, strict=True))

    def _hold(self, written: Written, rng: random.Random) -> None:
        """Take identifiers away that this agency does not hold: of those it holds, one of the two, or both."""
        if rng.random() >= self.setting.identifiers:
            written.nhs_number = written.upn = ""
            return
        chance = rng.random()
        if chance < 0.4:
            written.upn = ""
        elif chance < 0.5:
            written.nhs_number = ""


def records_of(written: Sequence[Written], *, source: str) -> Records:
    """Make one agency's table."""
    return Records(
        columns=COLUMNS,
        cells=tuple(cell for one in written for cell in one.cells()),
        record_dates=("2026-01-15",) * len(written),
        source=source,
        retrieved_at_ms=0,
    )
