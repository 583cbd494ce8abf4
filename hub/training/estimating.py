"""Estimate by Splink, in a database in memory, how often each likeness is found with one person and with two."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pandas as pd  # type: ignore[import-untyped] # comes without types
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from hub.linkage.features import Features, features_of
from hub.linkage.parameters import DATE_OF_BIRTH, FAMILY_NAME, FIELDS, GIVEN_NAME, Level, Parameters
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.matching import Likeness
from hub.model.records import Records
from hub.training.errors import CannotTrain
from hub.training.frequencies import frequencies
from hub.training.levels import BY_FREQUENCY, COUNTED, Levels, comparisons

# Pairs that are drawn to see how alike two people are by chance.
PAIRS: Final = 500_000
SEED: Final = 6
# Of the pairs that are surely one person's, the rules below find about so many.
_RECALL: Final = 0.8
# A likeness that was never seen is taken for as rare as half a pair.
_UNSEEN: Final = 0.5
_LEAST_LEFT: Final = 0.05

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """What was estimated; `kept` names the fields of which the records said nothing."""

    prior: float
    levels: Mapping[str, Mapping[Likeness, Level]]
    frequencies: Mapping[str, Mapping[str, float]]
    kept: tuple[str, ...]
    rows: int


def estimate(records: Records, start: Parameters, *, pairs: int = PAIRS, tell: Tell = lambda _: None) -> Estimated:
    """Estimate everything; `start` says which likenesses there are, and stands where the records say nothing."""
    read = features_of(records)
    counted = frequencies(read)
    with duckdb.connect() as database:
        linker = make_linker(database, read, start, counted)
        with _quietly():
            _run(linker, pairs, tell, numbers=[kind for kind in STRONG_IDENTIFIERS if _is_held(read, kind)])
        settings = linker.misc.save_model_to_json()
        prior = settings["probability_two_random_records_match"]
        levels = {
            comparison["output_column_name"]: _levels(comparison, start, prior, pairs)
            for comparison in settings["comparisons"]
        }
    kept = tuple(field for field in start.levels if field not in levels)
    return Estimated(
        prior=prior,
        levels={field: levels.get(field, start.levels[field]) for field in start.levels},
        frequencies=counted,
        kept=kept,
        rows=len(records),
    )


def make_linker(
    database: duckdb.DuckDBPyConnection,
    records: Sequence[Features],
    parameters: Parameters,
    counted: Mapping[str, Mapping[str, float]],
    *,
    scored: bool = False,
) -> Linker:
    """Put records into a database and Splink before it; only fields that some record holds are compared.

    With `scored` Splink weighs by the parameters from the start; else it is to estimate them.
    """
    rows = [_row(place, one) for place, one in enumerate(records)]
    table = pd.DataFrame(rows, columns=["unique_id", "place", *FIELDS])
    fields = [field for field in FIELDS if field in parameters.levels and table[field].notna().any()]
    for field in (GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH):
        if field not in fields:
            raise CannotTrain(f"No record holds a {field}.", mend="Map the column that holds it.")
    Levels(records, parameters).add_to(database)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons(fields, parameters, scored=scored)),
        probability_two_random_records_match=parameters.prior,
        additional_columns_to_retain=["place"],
        retain_intermediate_calculation_columns=True,
    )
    api = DuckDBAPI(connection=database)
    linker = Linker(api.register(table, table_name="records"), settings, log_level=logging.ERROR)
    for field in COUNTED:
        lookup = pd.DataFrame(list(counted.get(field, {}).items()), columns=[field, f"tf_{field}"])
        # Term frequencies are no part of Splink's model: without this it would count every name there is.
        frequencies_of = api.register(lookup, table_name=f"counted_{field}")
        linker.table_management.register_term_frequency_lookup(frequencies_of, field)
    return linker


def _row(place: int, one: Features) -> tuple[object, ...]:
    numbers = [valid or typed or None for valid, typed in zip(one.numbers, one.typed, strict=True)]
    names = [name.spelled if name else None for name in (one.given, one.family)]
    address = one.address.written if one.address else None
    return (place, place, *numbers, *names, one.born or None, one.postcode or None, address, one.gender or None)


def _is_held(records: Sequence[Features], kind: str) -> bool:
    place = STRONG_IDENTIFIERS.index(kind)
    return any(one.numbers[place] for one in records)


def _run(linker: Linker, pairs: int, tell: Tell, *, numbers: Sequence[str]) -> None:
    sure = [[number] for number in numbers] + [[GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH]]
    tell("Counting who is surely one person…")
    rules: list[Any] = [block_on(*columns) for columns in sure]
    linker.training.estimate_probability_two_random_records_match(rules, recall=_RECALL)
    tell(f"Comparing {pairs:,} pairs drawn by chance…")
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=SEED, min_count_per_level=None)
    # Not by address: the likeliest two records of one address are a brother's and a sister's.
    for columns in ([DATE_OF_BIRTH], [GIVEN_NAME, FAMILY_NAME], *([number] for number in numbers)):
        tell(f"Estimating among records that agree on {' and '.join(columns)}…")
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))


def _levels(comparison: Mapping[str, Any], start: Parameters, prior: float, pairs: int) -> dict[Likeness, Level]:
    field = comparison["output_column_name"]
    found = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    levels = {}
    for (likeness, known), level in zip(start.levels[field].items(), found, strict=True):
        m = _chance(level.get("m_probability", 0.0), pairs)
        # Two people have one number by somebody's mistake only, which no draw of pairs shows: what is known stands.
        u = known.u if field in STRONG_IDENTIFIERS else _of_two_people(level.get("u_probability", 0.0), m, prior, pairs)
        levels[likeness] = Level(m=m, u=u, frequency=field in COUNTED and likeness in BY_FREQUENCY)
    return levels


def _of_two_people(seen: float, m: float, prior: float, pairs: int) -> float:
    """Take out of what was seen with pairs drawn by chance those pairs that are one person's after all.

    The prior is an estimate itself, so never all that was seen is taken for theirs.
    """
    return _chance(max((seen - prior * m) / (1 - prior), seen * _LEAST_LEFT), pairs)


def _chance(found: float, pairs: int) -> float:
    unseen = _UNSEEN / pairs
    return min(max(found, unseen), 1 - unseen)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the library's advice off the terminal: what matters of it stands in the answer."""
    logger = logging.getLogger("splink")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before
