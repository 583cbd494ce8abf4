"""The records that an authority would have: many children with their families, each recorded once or a few times."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from hub.model.records import Records
from tests.lib.lookalikes.clerks import Clerk, Faults
from tests.lib.lookalikes.families import Families, Rates
from tests.lib.lookalikes.numbers import Numbers
from tests.lib.lookalikes.origins import read_origins
from tests.lib.lookalikes.people import COLUMNS, Written
from tests.lib.lookalikes.questions import records_of

# As in a town, where twins are one birth in sixty and a cousin of the same name is a story.
TOWN = Rates(twin=0.017, sibling=0.6, second_sibling=0.25, cousin=0.004, parent=0.02, namesake=0.0)
RECORDED = (1, 2, 2, 3)


def population(*, seed: int, families: int) -> Records:
    """Make the records of so many families."""
    return records_of(list(_written(seed, families)), source="population")


def write_population(path: Path, *, seed: int, families: int) -> int:
    """Write the records into a CSV file, and return how many there are."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for count, written in enumerate(_written(seed, families), start=1):  # noqa: B007 - the last count is returned
            writer.writerow(written.cells())
    return count


def _written(seed: int, families: int) -> Iterator[Written]:
    rng = random.Random(f"population {seed}")
    makers, clerk = Families(rng=rng, numbers=Numbers(rng), rates=TOWN), Clerk(rng=rng, faults=Faults())
    origins = read_origins()
    for number in range(families):
        origin = origins[number % len(origins)]
        child = makers.child(origin)
        for person in (child, *makers.look_alikes(child, origin)):
            for _ in range(rng.choice(RECORDED)):
                written = clerk.write(person, origin)
                if rng.random() < 0.3:
                    written.nhs_number = ""
                if rng.random() < 0.5:
                    written.upn = ""
                yield written
