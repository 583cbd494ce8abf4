"""Small forms of text that several parts of a manifest have: addresses, and spans of time."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

from adapters.kit.local_paths import resolved

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _resolve_unless_http(place: str, context: ValidationInfo) -> str:
    return place if place.startswith(("http://", "https://")) else str(resolved(Path(place), context))


WholeUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+/[^#]*$")]
PathOrUrl = Annotated[str, StringConstraints(min_length=1), AfterValidator(_resolve_unless_http)]
Span = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}[mhd]$")]


def span_of(span: str) -> timedelta:
    """Read a span of time as a manifest writes it: `90m`, `36h`, `2d`."""
    return timedelta(**{UNITS[span[-1]]: int(span[:-1])})
