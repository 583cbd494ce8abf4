"""Where things are and how long they last: the small forms of text that several parts of a manifest have."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def resolve(path: Path, context: ValidationInfo) -> Path:
    """Find a path that is relative to the manifest's own folder."""
    folder = (context.context or {}).get("folder", Path())
    return Path(folder) / path


def _resolve_unless_http(place: str, context: ValidationInfo) -> str:
    return place if place.startswith(("http://", "https://")) else str(resolve(Path(place), context))


LocalPath = Annotated[Path, AfterValidator(resolve)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+/(?:[^?#]*/)?$")]
WholeUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+/[^#]*$")]
PathOrUrl = Annotated[str, StringConstraints(min_length=1), AfterValidator(_resolve_unless_http)]
Span = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}[mhd]$")]


def span_of(span: str) -> timedelta:
    """Read a span of time as a manifest writes it: `90m`, `36h`, `2d`."""
    return timedelta(**{UNITS[span[-1]]: int(span[:-1])})
