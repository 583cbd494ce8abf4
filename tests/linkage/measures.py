"""Measures linking among look-alikes, and on FEBRL beside two libraries."""

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from hub.linkage.parameters import Parameters, read_parameters, shipped
from tests.lib.lookalikes.population import write_population
from tests.lib.lookalikes.questions import SETTINGS
from tests.linkage.febrl import Judged, judge_by_engine, trained_on
from tests.linkage.febrl_libraries import judge_by_ecm, judge_by_splink
from tests.linkage.febrl_people import SETS, read_febrl
from tests.linkage.lookalikes import measure
from tests.linkage.printing import febrl_table, origins_table, settings_table, wrong_line

LARGEST_SEED = 1_000_000
# What is asked on FEBRL.
LEAST_F1 = {True: 0.999, False: 0.995}
LEAST_PRECISION_OF_SAME = 0.9995


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.linkage", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    lookalikes = commands.add_parser("lookalikes", help="twins, cousins, fathers and sons, whoever moved or married")
    lookalikes.add_argument("--questions", type=int, default=20_000, help="of each setting, with ten candidates each")
    lookalikes.add_argument("--seed", type=int, help="a new one on every run unless given")
    lookalikes.add_argument("--parameters", type=Path, help="in place of those that come with the program")
    febrl = commands.add_parser("febrl", help="FEBRL 3 and 4, trained on the one and tested on the other")
    febrl.add_argument("--engine-only", action="store_true", help="without the two libraries beside it")
    people = commands.add_parser("population", help="write an invented authority's records, to train on")
    people.add_argument("file", type=Path)
    people.add_argument("--families", type=int, default=12_000)
    people.add_argument("--seed", type=int, default=5)
    for command in (lookalikes, febrl):
        command.add_argument("--json", type=Path, help="write the figures here")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 1 when a figure is not what it must be."""
    chosen, began = options(arguments), time.monotonic()
    run: Callable[[argparse.Namespace], int] = {
        "lookalikes": _lookalikes,
        "febrl": _febrl,
        "population": _population,
    }[chosen.command]
    code = run(chosen)
    print(f"In {time.monotonic() - began:.0f} s.")
    return code


def _lookalikes(chosen: argparse.Namespace) -> int:
    seed = secrets.randbelow(LARGEST_SEED) if chosen.seed is None else chosen.seed
    print(f"Seed {seed}.")
    parameters = _parameters(chosen.parameters)
    outcomes = measure(SETTINGS, questions=chosen.questions, seed=seed, parameters=parameters, tell=_tell)
    print("\n".join([*settings_table(outcomes), "", *origins_table(outcomes), ""]))
    faults = [f"{outcome.setting.name}: {fault}" for outcome in outcomes for fault in outcome.faults()]
    for outcome in outcomes:
        print(f"Taken for the child, {outcome.setting.name}: {wrong_line(outcome.whole)}")
    for fault in faults:
        print(f"MISSED {fault}")
    if chosen.json:
        figures = {
            outcome.setting.name: {
                "whole": outcome.whole.as_json(),
                "origins": {origin: one.as_json() for origin, one in outcome.origins.items()},
                "behind": outcome.behind(),
            }
            for outcome in outcomes
        }
        _write(chosen.json, {"seed": seed, "questions": chosen.questions, "settings": figures, "missed": faults})
    return 1 if faults else 0


def _febrl(chosen: argparse.Namespace) -> int:
    rows: list[Judged] = []
    for with_identifier in (True, False):
        for trained, tested in (SETS, SETS[::-1]):
            pair = read_febrl(trained), read_febrl(tested)
            for judge in [] if chosen.engine_only else [judge_by_ecm, judge_by_splink]:
                _tell(f"{judge.__name__}: {tested}, {'with' if with_identifier else 'without'} identifiers")
                rows.append(judge(*pair, with_identifier=with_identifier))
            _tell(f"engine: {tested}, {'with' if with_identifier else 'without'} identifiers")
            parameters = trained_on(pair[0], with_identifier=with_identifier)
            rows += judge_by_engine(*pair, parameters, with_identifier=with_identifier)
    print("\n".join(febrl_table(rows)))
    faults = list(_faults(rows))
    for fault in faults:
        print(f"MISSED {fault}")
    if chosen.json:
        _write(chosen.json, {"rows": [row.as_json() for row in rows], "missed": faults})
    return 1 if faults else 0


def _faults(rows: Sequence[Judged]) -> list[str]:
    faults = []
    for row in rows:
        where = f"{row.tested_on}, {'with' if row.with_identifier else 'without'} identifiers"
        if row.judge == "engine, by weight" and row.f1 < LEAST_F1[row.with_identifier]:
            faults.append(f"{where}: F1 {row.f1:.5f}, at least {LEAST_F1[row.with_identifier]}")
        if row.judge == "engine, same person" and row.precision < LEAST_PRECISION_OF_SAME:
            faults.append(f"{where}: precision of same {row.precision:.5f}, at least {LEAST_PRECISION_OF_SAME}")
    return faults


def _population(chosen: argparse.Namespace) -> int:
    count = write_population(chosen.file, seed=chosen.seed, families=chosen.families)
    print(f"Wrote {count:,} records of invented people.")
    return 0


def _parameters(path: Path | None) -> Parameters:
    return shipped() if path is None else read_parameters(path.read_text(encoding="utf-8"))


def _write(path: Path, figures: dict[str, object]) -> None:
    path.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2) + b"\n")


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
