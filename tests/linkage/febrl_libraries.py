"""The same pairs judged by recordlinkage's ECM classifier and by Splink, each as its own pages show it."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import recordlinkage
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.linkage.febrl import Judged, judged
from tests.linkage.febrl_people import Febrl, best_threshold

_NAMES, _TEXTS, _CODES = ("given_name", "surname"), ("address_1", "address_2", "suburb"), ("date_of_birth", "postcode")


def judge_by_ecm(trained: Febrl, tested: Febrl, *, with_identifier: bool) -> Judged:
    """Judge by the unsupervised classifier of recordlinkage."""
    classifier = recordlinkage.ECMClassifier()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classifier.fit(_alike(trained, with_identifier=with_identifier))
        found = set(classifier.predict(_alike(tested, with_identifier=with_identifier)))
    links = [pair in found for pair in tested.pairs]
    return judged("recordlinkage, ECM", trained, tested, links, with_identifier=with_identifier)


def judge_by_splink(trained: Febrl, tested: Febrl, *, with_identifier: bool) -> Judged:
    """Judge by Splink's weights, from the one on that was best where it was trained."""
    with _quietly():
        first = _linker(trained, with_identifier=with_identifier)
        first.training.estimate_probability_two_random_records_match(
            [block_on("given_name", "surname", "date_of_birth"), block_on("surname", "address_1", "postcode")],
            recall=0.7,
        )
        first.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        for columns in (["date_of_birth"], ["given_name", "surname"]):
            first.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
        threshold = best_threshold(_weights(first, trained), trained.truth)
        model = first.misc.save_model_to_json()
        weights = _weights(_linker(tested, with_identifier=with_identifier, model=model), tested)
    links = [weight >= threshold for weight in weights]
    return judged("Splink", trained, tested, links, with_identifier=with_identifier)


def _alike(febrl: Febrl, *, with_identifier: bool) -> pd.DataFrame:
    compare = recordlinkage.Compare()
    for column in (*_NAMES, *_TEXTS):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in (*_CODES, "state", *(["soc_sec_id"] if with_identifier else [])):
        compare.exact(column, column, label=column)
    return compare.compute(pd.MultiIndex.from_tuples(febrl.pairs), febrl.table.replace("", np.nan))


def _linker(febrl: Febrl, *, with_identifier: bool, model: dict[str, object] | None = None) -> Linker:
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
        cl.JaroWinklerAtThresholds("suburb", [0.9]),
        cl.LevenshteinAtThresholds("postcode", [1]),
        cl.ExactMatch("street_number"),
        cl.ExactMatch("state"),
        *([cl.LevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_identifier else []),
    ]
    settings = model or SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, retain_intermediate_calculation_columns=False
    )
    table = febrl.table.replace("", None).assign(unique_id=range(len(febrl.table)))
    api = DuckDBAPI()
    linker = Linker(api.register(table, table_name="records"), settings, log_level=logging.ERROR)
    pairs = pd.DataFrame(febrl.pairs, columns=["join_key_l", "join_key_r"]).assign(match_key=0)
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs, table_name="pairs"))
    return linker


def _weights(linker: Linker, febrl: Febrl) -> list[float]:
    found = linker.inference.predict().as_pandas_dataframe()
    by_pair = dict(
        zip(zip(found["unique_id_l"], found["unique_id_r"], strict=True), found["match_weight"], strict=True)
    )
    return [by_pair[pair] for pair in febrl.pairs]


@contextmanager
def _quietly() -> Iterator[None]:
    logger = logging.getLogger("splink")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before
