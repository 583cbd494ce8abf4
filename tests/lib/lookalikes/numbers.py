"""Identifiers of invented people, valid in form, each given out once."""

import random
from collections.abc import Iterator

from examples.bolton.population.identifiers import Upns, nhs_number

AUTHORITIES, SCHOOLS, YEARS = range(300, 400), range(2_000, 3_000), range(8, 27)
_LARGEST = 1_000_000


class Numbers:
    """Hands out an NHS number of the range kept for tests, and a pupil number; begins anew when all are given out."""

    def __init__(self, rng: random.Random) -> None:
        """Take the source of chance."""
        self._rng = rng
        self._upns = Upns()
        self._nhs = self._nhs_numbers()

    def next(self) -> tuple[str, str]:
        """Give the numbers of one person."""
        rng = self._rng
        return next(self._nhs), self._upns.next(rng.choice(AUTHORITIES), rng.choice(SCHOOLS), rng.choice(YEARS))

    def _nhs_numbers(self) -> Iterator[str]:
        # A step that has no factor in common with the range reaches every number once, in no order that one sees.
        serial, step = self._rng.randrange(_LARGEST), 387_421
        while True:
            serial = (serial + step) % _LARGEST
            number = nhs_number(serial)
            if number is not None:
                yield number
