"""What Splink counts and weighs is what the engine compares and weighs, pair by pair."""

import json
import random
from collections.abc import Sequence
from importlib import resources

import duckdb
import pandas as pd
import pytest

from hub.linkage.comparing import compare
from hub.linkage.features import Features, features_of
from hub.linkage.parameters import FIELDS, Parameters, read_parameters, shipped
from hub.model.matching import Likeness
from hub.training.errors import CannotTrain
from hub.training.estimating import estimate, make_linker
from hub.training.levels import Levels, likeness_of
from hub.training.writing import as_parameters
from tests.lib.lookalikes.population import population
from tests.lib.lookalikes.questions import SETTINGS, Generator

Pair = tuple[int, int]


def family_pairs(seed: int, questions: int) -> tuple[list[Features], list[Pair]]:
    """Return records of children and their look-alikes, and within each question every pair."""
    records: list[Features] = []
    pairs: list[Pair] = []
    for question in Generator(seed=seed, setting=SETTINGS[2]).questions(questions):
        first = len(records)
        records += [one for table in question.tables for one in features_of(table)]
        pairs += [(one, other) for other in range(first, len(records)) for one in range(first, other)]
    return records, pairs


def scored_by_splink(records: Sequence[Features], pairs: Sequence[Pair], parameters: Parameters) -> pd.DataFrame:
    with duckdb.connect() as database:
        linker = make_linker(database, records, parameters, parameters.frequencies, scored=True)
        wanted = pd.DataFrame(pairs, columns=["join_key_l", "join_key_r"]).assign(match_key=0)
        registered = linker._db_api.register(wanted, table_name="pairs")
        linker.table_management.register_blocked_pairs_for_predict(registered)
        return linker.inference.predict().as_pandas_dataframe()


def differing(records: Sequence[Features], scored: pd.DataFrame, parameters: Parameters) -> tuple[int, float]:
    """Return how many levels differ, and the largest difference of a weight."""
    levels, weight = 0, 0.0
    for row in scored.to_dict("records"):
        found = compare(records[row["unique_id_l"]], records[row["unique_id_r"]], parameters)
        for field in FIELDS:
            if f"gamma_{field}" in row:
                known = list(parameters.levels[field])
                place = row[f"gamma_{field}"]
                levels += found.levels.get(field) != (None if place < 0 else known[len(known) - 1 - place])
        weight = max(weight, abs(found.weight - row["match_weight"]))
    return levels, weight


def test_splink_counts_the_same_levels_and_weighs_the_same_as_the_engine() -> None:
    records, pairs = family_pairs(seed=random.randrange(1_000_000), questions=40)
    scored = scored_by_splink(records, pairs, shipped())
    levels, weight = differing(records, scored, shipped())
    assert (len(scored), levels) == (len(pairs), 0)
    assert weight < 1e-9


@pytest.mark.slow
def test_of_twenty_thousand_pairs_no_level_differs_and_no_weight_whatever_the_parameters_were_trained_on() -> None:
    trained = as_parameters(estimate(population(seed=11, families=600), shipped(), pairs=50_000), same=5, possibly=-4)
    for parameters in (shipped(), trained):
        records, pairs = family_pairs(seed=random.randrange(1_000_000), questions=450)
        levels, weight = differing(records, scored_by_splink(records, pairs, parameters), parameters)
        assert len(pairs) >= 20_000
        assert levels == 0
        assert weight < 1e-9


def test_what_two_records_both_lack_is_never_alike() -> None:
    records, _ = family_pairs(seed=1, questions=12)
    lacking = [place for place, one in enumerate(records) if not any(one.numbers) and not any(one.typed)]
    packed = Levels(records, shipped()).of_pair(*lacking[:2])
    assert likeness_of("nhs_number", packed) is None
    assert likeness_of("family_name", packed) is not None


def test_a_likeness_of_which_the_parameters_know_nothing_is_refused() -> None:
    text = shipped_without("family_name", Likeness.DIFFERENT)
    records, pairs = family_pairs(seed=2, questions=12)
    levels = Levels(records, read_parameters(text))
    with pytest.raises(CannotTrain, match="family_name as different"):
        _ = [levels.of_pair(*pair) for pair in pairs]


def shipped_without(field: str, likeness: Likeness) -> str:

    document = json.loads(resources.files("hub.linkage").joinpath("parameters.json").read_text(encoding="utf-8"))
    for comparison in document["comparisons"]:
        if comparison["field"] == field:
            comparison["levels"] = [one for one in comparison["levels"] if one["likeness"] != likeness]
    return json.dumps(document)
