"""Paths as a manifest writes them: relative to its own folder."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo


def resolve(path: Path, context: ValidationInfo) -> Path:
    """Put a path into the manifest's folder, unless it is absolute."""
    folder = (context.context or {}).get("folder", Path())
    return Path(folder) / path


LocalPath = Annotated[Path, AfterValidator(resolve)]
