"""What families say about letting records leave, and whom agencies protect: drawn once for each system and child."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from examples.bolton.population.people import Child, System, age_on
from examples.bolton.systems import damage

OLD_ENOUGH = 16
LIMIT_DAYS, REVIEW_DAYS = 365, 183
GIVEN, REFUSED, WITHDRAWN, ASKED = 0.55, 0.05, 0.03, 0.09
LIMITED = 0.4


class Said(StrEnum):
    """Is what came of asking for consent."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"


class By(StrEnum):
    """Is who decided."""

    PERSON = "person"
    PARENT = "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Is what a system holds of consent; `covers` names classes of the catalogue, all of them where it is empty."""

    said: Said
    by: By
    on: date
    until: date | None = None
    review: date | None = None
    covers: tuple[str, ...] = ()


def consent(
    child: Child, system: System, day: date, *, asked: float, covers: tuple[tuple[str, ...], ...]
) -> Consent | None:
    """Draw whether anybody was asked, with which chance, and what was said; what it covers is one of the lists."""
    rng = _rng(child, system, "consent")
    if rng.random() >= asked:
        return None
    said = rng.choices(tuple(Said), (GIVEN, REFUSED, WITHDRAWN, ASKED))[0]
    on = damage.day_within(day, 500, rng)
    given = said is Said.GIVEN
    return Consent(
        said=said,
        by=By.PERSON if age_on(child.born, on) >= OLD_ENOUGH else By.PARENT,
        on=on,
        # About one limit in four is over, and one review in two overdue, as in any office.
        until=on + timedelta(days=LIMIT_DAYS) if given and rng.random() < LIMITED else None,
        review=on + timedelta(days=REVIEW_DAYS) if given else None,
        covers=rng.choice(covers) if given else (),
    )


def opted_out(child: Child, system: System, day: date, *, chance: float) -> By | None:
    """Draw whether somebody has objected to more than basic details: pupils sometimes do before they are old enough."""
    rng = _rng(child, system, "opting out")
    if rng.random() >= chance:
        return None
    by_pupil = age_on(child.born, day) >= OLD_ENOUGH or rng.random() < 0.1
    return By.PERSON if by_pupil else By.PARENT


def happens(child: Child, system: System, what: str, chance: float) -> bool:
    """Draw whether something rare is so of a child in a system."""
    return _rng(child, system, what).random() < chance


def _rng(child: Child, system: System, what: str) -> random.Random:
    """Draw apart from everything else, so that what else a system holds stays as it is."""
    return random.Random(f"{what}:{system}:{child.nhs_number}:{child.key}")
