"""Where a command works and for whom it prints: a folder, and people or programs."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hub.cli.errors import CommandError

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The options that stand before the command."""

    at: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder that a command works in, and whether a program reads what it prints."""

    folder: Path
    as_json: bool

    def show(self, document: Mapping[str, object], paint: Callable[["Console"], None]) -> None:
        """Print the document for a program, or paint it for a person."""
        if self.as_json:
            print_document(document)
        else:
            paint(open_console())


def usual_folder() -> Path:
    """Name the folder that is used where none is given; a user without a home has none."""
    try:
        return Path("~/.config/hub").expanduser()
    except RuntimeError:
        raise CommandError(
            "NO_FOLDER", "You have no home folder.", mend="Name the hub's folder with --at DIR."
        ) from None


def print_document(document: Mapping[str, object]) -> None:
    """Print one JSON document; everything but plain ASCII is escaped, so that it steers no terminal."""
    sys.stdout.write(json.dumps(document, ensure_ascii=True, indent=2) + "\n")
    sys.stdout.flush()


def open_console() -> "Console":
    """Make a console that colours for terminals only, honours NO_COLOR, and takes no text for markup."""
    from rich.console import Console  # noqa: PLC0415 - slow to import; programs and --help do without

    return Console(markup=False, highlight=False, emoji=False)
