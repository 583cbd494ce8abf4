"""Warnings for staff who visit a family: rare, drawn once for each system and child."""

import random
from dataclasses import dataclass
from datetime import date

from examples.bolton.population.people import Child, System
from examples.bolton.systems import damage

KINDS = ("threats", "threats", "dog", "dog", "violence", "weapon", "unsafe_building", "infection")
ADVICE = ("visit_in_pairs", "visit_in_pairs", "telephone_first", "meet_elsewhere", "speak_to_us_first")
OLDEST_DAYS = 1_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """Is one warning, with the day since which it stands and the day on which somebody last confirmed it."""

    kind: str
    since: date
    confirmed: date
    advice: str


def caution(child: Child, system: System, day: date, *, often: float) -> Caution | None:
    """Draw whether staff are warned; more often where there is trouble at home."""
    rng = random.Random(f"caution:{system}:{child.nhs_number}:{child.key}")
    if rng.random() >= often * (0.2 + child.trouble):
        return None
    since = damage.day_within(day, OLDEST_DAYS, rng)
    confirmed = damage.day_between(since, day, rng)
    return Caution(kind=rng.choice(KINDS), since=since, confirmed=confirmed, advice=rng.choice(ADVICE))
