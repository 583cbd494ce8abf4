"""What a number of measurements come to."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], per_cent: float) -> float:
    """Return the smallest value that so many per cent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * per_cent / 100) - 1)]
