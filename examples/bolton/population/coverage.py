"""Which services know a child: overlapping, unequal, and more of them where there is more trouble at home."""

import random
from datetime import date

from examples.bolton.population.people import System, age_on

UNREGISTERED, UNTRACED = 0.025, 0.05
CONNEXIONS_AGES = range(13, 20)
YOUTH_OFFENDING_AGES = range(10, 20)


def known_to(born: date, day: date, trouble: float, at_school: bool, rng: random.Random) -> frozenset[System]:  # noqa: FBT001
    """Draw who knows a child; trouble runs from 0 to 1 and averages about 0.15."""
    age = age_on(born, day)
    chances = {
        System.HEALTH: 1 - UNREGISTERED,
        System.SCHOOLS: float(at_school),
        System.SOCIAL_CARE: min(0.9, 1.35 * trouble**1.9),
        System.CONNEXIONS: (1 - UNTRACED) * (age in CONNEXIONS_AGES),
        System.YOUTH_OFFENDING: min(0.8, 0.75 * trouble**1.9) * (age in YOUTH_OFFENDING_AGES),
    }
    return frozenset(system for system, chance in chances.items() if rng.random() < chance)
