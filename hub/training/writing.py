"""Write estimated parameters down in the form that the engine reads."""

from collections.abc import Mapping
from typing import Any

import orjson

from hub.linkage.parameters import VERSION, Level, Parameters, read_parameters
from hub.model.matching import Likeness
from hub.training.estimating import Estimated

# More would be an accuracy that no estimate has.
_DIGITS = 6


def written(found: Estimated, *, trained_on: str, same: float, possibly: float) -> str:
    """Return the text of a file of parameters; what the engine would not read is never written."""
    document = {
        "version": VERSION,
        "trained_on": trained_on,
        "prior": _rounded(found.prior),
        "comparisons": [
            {"field": field, "levels": [_level(likeness, level) for likeness, level in levels.items()]}
            for field, levels in found.levels.items()
        ],
        "frequencies": {
            field: {name: _rounded(share) for name, share in counted.items()}
            for field, counted in found.frequencies.items()
        },
        "thresholds": {"same": same, "possibly": possibly},
    }
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
    read_parameters(text)
    return text


def as_parameters(found: Estimated, *, same: float, possibly: float) -> Parameters:
    """Return estimated parameters as the engine would read them."""
    return read_parameters(written(found, trained_on="nothing that is kept", same=same, possibly=possibly))


def _level(likeness: Likeness, level: Level) -> Mapping[str, Any]:
    chances = {"likeness": likeness.value, "m": _rounded(level.m), "u": _rounded(level.u)}
    return chances | {"frequency": True} if level.frequency else chances


def _rounded(share: float) -> float:
    return float(f"{share:.{_DIGITS}g}")
