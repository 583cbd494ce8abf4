"""Builds Bolton's back-office systems: python -m examples.bolton.build --into FOLDER."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from examples.bolton.population import names, truth
from examples.bolton.population.generate import population
from examples.bolton.population.people import Population, System
from examples.bolton.storied import children as storied
from examples.bolton.storied import connexions as storied_connexions
from examples.bolton.storied import health as storied_health
from examples.bolton.storied import schools as storied_schools
from examples.bolton.storied import social_care as storied_social_care
from examples.bolton.storied import youth_offending as storied_youth_offending
from examples.bolton.systems.connexions import export
from examples.bolton.systems.connexions import records as connexions
from examples.bolton.systems.health import records as health
from examples.bolton.systems.health import resources
from examples.bolton.systems.schools import documents
from examples.bolton.systems.schools import records as schools
from examples.bolton.systems.social_care import records as social_care
from examples.bolton.systems.social_care import tables as social_care_tables
from examples.bolton.systems.youth_offending import records as youth_offending
from examples.bolton.systems.youth_offending import tables as youth_offending_tables

SEED, CHILDREN = 2004, 5_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Is one system as built: for each record, its own reference and whose it truly is."""

    system: System
    owners: tuple[tuple[str, str], ...]


def build(into: Path, people: Population) -> Iterator[Built]:
    """Build the systems one after another, each in a folder of its own, with the storied children among the others."""
    origins = {each.origin: each for each in names.read_all()}
    for system, make in _MAKERS.items():
        yield Built(system=system, owners=tuple(make(into / system.value, people, origins)))


def write_truth(folder: Path, people: Population, built: list[Built]) -> None:
    """Write whose each record is; never where an adapter or the hub can see it."""
    owned = ((each.system, record, child) for each in built for record, child in each.owners)
    truth.write(folder, (*storied.children(), *people.children), owned)


Owners = Iterator[tuple[str, str]]
Origins = dict[str, names.Names]


def _social_care(folder: Path, people: Population, origins: Origins) -> Owners:
    held = (*storied_social_care.records(), *social_care.records(people, origins))
    social_care_tables.write(held, folder)
    return ((str(record.person_id), record.child) for record in held)


def _health(folder: Path, people: Population, origins: Origins) -> Owners:
    held = (*storied_health.records(), *health.records(people, origins))
    resources.write(held, folder)
    return ((record.patient_id, record.child) for record in held)


def _schools(folder: Path, people: Population, origins: Origins) -> Owners:
    held = (*storied_schools.records(), *schools.records(people, origins))
    documents.write(held, folder)
    return ((str(record.pupil_id), record.child) for record in held)


def _youth_offending(folder: Path, people: Population, origins: Origins) -> Owners:
    held = (*storied_youth_offending.records(), *youth_offending.records(people, origins))
    youth_offending_tables.write(held, folder, people.day)
    return ((record.case_ref, record.child) for record in held)


def _connexions(folder: Path, people: Population, origins: Origins) -> Owners:
    held = (*storied_connexions.records(), *connexions.records(people, origins))
    export.write(held, folder)
    return ((record.client_ref, record.child) for record in held)


_MAKERS: dict[System, Callable[[Path, Population, Origins], Owners]] = {
    System.SOCIAL_CARE: _social_care,
    System.HEALTH: _health,
    System.SCHOOLS: _schools,
    System.YOUTH_OFFENDING: _youth_offending,
    System.CONNEXIONS: _connexions,
}


def main() -> None:
    """Build everything into a folder, and say so."""
    parser = argparse.ArgumentParser(prog="build", description=__doc__)
    parser.add_argument(
        "--into", type=Path, required=True, help="where to; what an earlier build left there is replaced"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--children", type=int, default=CHILDREN, help="how many, besides the storied ones")
    parser.add_argument(
        "--truth", type=Path, help="where to write whose each record is: for tests, never for a deployment"
    )
    options = parser.parse_args()
    started = time.monotonic()
    people = population(options.seed, options.children)
    sys.stdout.write(f"population: {len(people.children) + len(storied.children())} children\n")
    built = []
    for each in build(options.into, people):
        built.append(each)
        sys.stdout.write(f"{each.system}: {len(each.owners)} records\n")
        sys.stdout.flush()
    if options.truth:
        write_truth(options.truth, people, built)
    sys.stdout.write(f"built in {time.monotonic() - started:.1f} s\n")


if __name__ == "__main__":
    main()
