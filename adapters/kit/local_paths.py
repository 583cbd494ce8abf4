"""Paths of a manifest, which are relative to its own folder."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo


def resolved(path: Path, context: ValidationInfo) -> Path:
    """Read a path from the manifest's folder on."""
    folder = (context.context or {}).get("folder", Path())
    return Path(folder) / path


LocalPath = Annotated[Path, AfterValidator(resolved)]
