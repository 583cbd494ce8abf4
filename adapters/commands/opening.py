"""What the commands share: a manifest is opened, or its faults are told, and one JSON document is printed."""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer

from adapters.kit.errors import ManifestError
from adapters.kit.manifest import Manifest
from adapters.kit.manifest_file import load_manifest, place_of

OK, FAULTS = 0, 1

ManifestPath = Annotated[Path, typer.Argument(metavar="MANIFEST", help="The agency's manifest, a YAML file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

Opened = TypeVar("Opened")


def open_manifest(file: Path, *, as_json: bool) -> Manifest:
    """Load a manifest, or tell every fault of it and end with exit code 1."""
    return _opened(file, lambda: load_manifest(file, os.environ), as_json=as_json)


def find_journal(file: Path, *, as_json: bool) -> Path:
    """Find only the journal of a manifest, or tell why that cannot be done and end with exit code 1."""
    return _opened(file, lambda: place_of(file, os.environ, "journal"), as_json=as_json)


def find_health(file: Path, *, as_json: bool) -> Path:
    """Find only the health file of a manifest, or tell why that cannot be done and end with exit code 1."""
    return _opened(file, lambda: place_of(file, os.environ, "health"), as_json=as_json)


def _opened(file: Path, opening: Callable[[], Opened], *, as_json: bool) -> Opened:
    try:
        return opening()
    except ManifestError as wrong:
        if as_json:
            faults = [{"line": fault.line, "what": fault.what, "mend": fault.mend} for fault in wrong.faults]
            steps = [{"name": "manifest", "passed": False, "faults": faults}]
            print_json({"manifest": str(file), "passed": False, "steps": steps})
        else:
            typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTS) from None


def print_json(document: Mapping[str, object]) -> None:
    """Print one JSON document."""
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")


def moment(at_ms: int) -> str:
    """Spell a moment as people read it, in UTC."""
    return datetime.fromtimestamp(at_ms / 1_000, UTC).isoformat(timespec="seconds")
