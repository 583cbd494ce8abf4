"""Standings: how each record, by itself, stands to the person asked about."""

from hub.linkage.comparing import Comparer, Comparison
from hub.linkage.features import Reading
from hub.linkage.parameters import Parameters
from hub.model.matching import Standing
from hub.model.person import PersonKeys
from hub.model.records import Records


def standings(records: Records, asked: PersonKeys, parameters: Parameters) -> list[Standing]:
    """Compare each row of a table with what was asked."""
    reading, comparer = Reading(), Comparer(parameters)
    wanted = reading.asked(asked)
    return [standing(comparer.compare(wanted, row)) for row in reading.records(records)]


def standing(found: Comparison) -> Standing:
    """Say what follows from a comparison of two records and of nothing else."""
    if found.is_same:
        return Standing.SAME
    return Standing.POSSIBLY if found.is_possible else Standing.DIFFERENT
