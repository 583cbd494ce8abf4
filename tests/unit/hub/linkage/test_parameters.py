import json
import math
from typing import Any

import pytest

from hub.errors import ParametersError
from hub.linkage.comparing import per_mille
from hub.linkage.parameters import FIELDS, read_parameters, shipped
from hub.model.matching import Likeness


def written(**changes: Any) -> str:
    levels = [{"likeness": "equal", "m": 0.9, "u": 0.01}, {"likeness": "different", "m": 0.1, "u": 0.99}]
    counted = [{**levels[0], "frequency": True}, levels[1]]
    return json.dumps(
        {
            "version": 1,
            "trained_on": "Invented people.",
            "prior": 0.001,
            "comparisons": [
                {"field": "given_name", "levels": counted},
                {"field": "family_name", "levels": levels},
                {"field": "date_of_birth", "levels": levels},
            ],
            "frequencies": {"given_name": {"ann": 0.02, "zoe": 0.001}},
            "thresholds": {"same": 8.0, "possibly": -2.0},
        }
        | changes
    )


def test_a_weight_is_the_logarithm_of_how_much_oftener_a_likeness_is_found_with_one_person() -> None:
    parameters = read_parameters(written())
    assert parameters.weight("family_name", Likeness.EQUAL) == math.log2(0.9 / 0.01)
    assert parameters.weight("family_name", Likeness.SLIP) == parameters.weight("address", Likeness.EQUAL) == 0


def test_a_rare_name_says_more_than_a_common_one_and_the_commoner_of_two_counts() -> None:
    parameters = read_parameters(written())
    assert parameters.weight("given_name", Likeness.EQUAL, ("zoe", "zoe")) == math.log2(0.9 / 0.001)
    assert parameters.weight("given_name", Likeness.EQUAL, ("zoe", "ann")) == math.log2(0.9 / 0.02)
    assert parameters.weight("given_name", Likeness.EQUAL, ("max", "max")) == math.log2(0.9 / 0.01)


def test_a_weight_is_told_in_parts_of_a_thousand() -> None:
    assert [per_mille(weight) for weight in (-math.inf, -5000, -1, 0, 1, 5000, math.inf)] == [
        0,
        0,
        333,
        500,
        667,
        1000,
        1000,
    ]


def test_the_parameters_that_come_with_the_program_can_be_read_and_know_every_field() -> None:
    parameters = shipped()
    assert set(FIELDS) <= set(parameters.levels)
    assert parameters.possibly < parameters.same
    for field, levels in parameters.levels.items():
        worst = Likeness.CONTRADICTS if Likeness.CONTRADICTS in levels else Likeness.DIFFERENT
        assert parameters.weight(field, Likeness.EQUAL) > 0 > parameters.weight(field, worst)


LEVEL = {"likeness": "equal", "m": 0.9, "u": 0.01}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "The version is not 1"),
        ({"trained_on": ""}, "It is not said on what they were trained"),
        ({"prior": 1.0}, "The prior is not a chance"),
        ({"prior": True}, "The prior is not a chance"),
        ({"comparisons": {}}, "The comparisons are not a list"),
        ({"comparisons": []}, "The field 'given_name' is missing"),
        ({"comparisons": [{"field": "shoe", "levels": [LEVEL]}]}, "The field 'shoe' is never compared"),
        ({"comparisons": [{"field": "gender", "levels": [LEVEL]}] * 2}, "The field 'gender' is there twice"),
        ({"comparisons": [{"field": "gender", "levels": []}]}, "The field 'gender' has no levels"),
        ({"comparisons": [{"field": "gender", "levels": [{**LEVEL, "m": 0}]}]}, "'equal' of 'gender' has no chances"),
        (
            {"comparisons": [{"field": "gender", "levels": [LEVEL] * 2}]},
            "'equal' of 'gender' is unknown or there twice",
        ),
        ({"comparisons": [{"field": "gender", "levels": [{**LEVEL, "frequency": True}]}]}, "'gender' are not counted"),
        ({"comparisons": [{"field": "gender", "levels": [{**LEVEL, "frequency": 1}]}]}, "has no plain frequency"),
        ({"frequencies": []}, "The frequencies are not lists of values"),
        ({"frequencies": {"gender": {}}}, "The values of 'gender' need no frequencies"),
        ({"frequencies": {"given_name": {"ann": 2.0}}}, "Some frequency of 'given_name' is no share"),
        ({"thresholds": {"same": 1.0, "possibly": 2.0}}, "The thresholds are not two weights"),
        ({"thresholds": None}, "The thresholds are not two weights"),
    ],
)
def test_whatever_is_wrong_is_said_with_its_place_and_its_mend(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ParametersError) as refused:
        read_parameters(written(**changes))
    assert said in str(refused.value)
    assert all(fault.mend and fault.line >= 1 for fault in refused.value.faults)


def test_what_is_not_json_is_refused_at_its_line() -> None:
    with pytest.raises(ParametersError) as refused:
        read_parameters('{\n"version": 1,\n')
    assert refused.value.faults[0].line == 3
