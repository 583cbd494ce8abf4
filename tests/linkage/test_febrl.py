"""FEBRL: the strict rule is never wrong on it, and weights that were trained on one set part the other."""

import warnings

import pytest

from hub.linkage.parameters import shipped
from hub.model.identifiers import is_valid_nhs_number
from tests.linkage.febrl import judge_by_engine, judged, trained_on, weigh

with warnings.catch_warnings():
    # The package is from before the Python that runs it, and says so at import.
    warnings.simplefilter("ignore")
    from tests.linkage.febrl_people import Febrl, as_nhs_number, as_postcode, best_threshold, read_febrl


def part_of(febrl: Febrl, every: int) -> Febrl:
    pairs = febrl.pairs[::every]
    return Febrl(name=febrl.name, table=febrl.table, pairs=pairs, true=febrl.true & set(pairs))


@pytest.mark.parametrize("with_identifier", [True, False])
def test_on_a_part_of_it_the_strict_rule_links_nobody_wrongly(*, with_identifier: bool) -> None:
    febrl = part_of(read_febrl("febrl3"), 20)
    _, same = weigh(febrl, shipped(), with_identifier=with_identifier)
    found = judged("engine", febrl, febrl, same, with_identifier=with_identifier)
    assert found.precision >= 0.9995
    assert found.recall >= (0.75 if with_identifier else 0.45)


@pytest.mark.slow
@pytest.mark.parametrize(("with_identifier", "least"), [(True, 0.997), (False, 0.98)])
def test_trained_on_the_one_the_other_is_parted(*, with_identifier: bool, least: float) -> None:
    trained, tested = read_febrl("febrl4"), read_febrl("febrl3")
    parameters = trained_on(trained, with_identifier=with_identifier)
    by_weight, same = judge_by_engine(trained, tested, parameters, with_identifier=with_identifier)
    assert by_weight.f1 >= least
    assert same.precision >= 0.9995


def test_each_number_of_the_set_becomes_one_valid_nhs_number_and_no_two_become_one() -> None:
    numbers = sorted({number for name in ("febrl3", "febrl4") for number in read_febrl(name).table["soc_sec_id"]})
    mapped = [as_nhs_number(number) for number in numbers]
    assert len(set(mapped)) == len(numbers)
    assert all(map(is_valid_nhs_number, mapped))
    assert [number[:7] for number in mapped] == numbers


def test_each_postcode_of_the_set_becomes_one_of_british_form_and_a_slip_stays_a_slip() -> None:
    mapped = {as_postcode(f"{four:04d}") for four in range(10_000)}
    assert len(mapped) == 10_000
    one, other = as_postcode("2119"), as_postcode("2117")
    assert sum(mine != theirs for mine, theirs in zip(one, other, strict=True)) == 1


def test_nearly_all_true_pairs_are_judged_and_those_that_are_not_count_as_missed() -> None:
    febrl = read_febrl("febrl3")
    assert febrl.out_of_reach <= 5
    found = judged("everybody", febrl, febrl, [True] * len(febrl.pairs), with_identifier=False)
    assert found.true - found.right == febrl.out_of_reach


def test_the_best_threshold_lies_between_what_is_true_and_what_is_not() -> None:
    assert best_threshold([9.0, 5.0, 4.0, 1.0], [True, True, False, False]) == 4.5
