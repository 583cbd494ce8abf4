"""Reads whom a search is about from standard input: what is typed after a command stays in a shell's history."""

import json
import sys
from collections.abc import Mapping
from datetime import date

import typer

from adapters.kit.own_people import KEYS

LONGEST = 10_000
HERE = "standard input"


def read_person() -> Mapping[str, str]:
    """Ask for each key at a terminal; otherwise read a JSON object, or one `name: value` on each line."""
    given = _asked() if sys.stdin.isatty() else _piped(sys.stdin.read(LONGEST))
    person = {name: _tidied(name, value) for name, value in given.items() if value.strip()}
    if not person:
        raise typer.BadParameter("nothing was said of whom to look for", param_hint=HERE)
    return person


def _asked() -> dict[str, str]:
    typer.echo("Whom to look for; leave out what you do not know.", err=True)
    return {name: typer.prompt(name, default="", show_default=False, err=True) for name in KEYS}


def _piped(text: str) -> dict[str, str]:
    given = _document(text) if text.lstrip().startswith("{") else _lines(text)
    if not given.keys() <= set(KEYS):
        raise typer.BadParameter(f"write only {', '.join(KEYS)}", param_hint=HERE)
    return given


def _document(text: str) -> dict[str, str]:
    try:
        said = json.loads(text)
    except ValueError:
        raise typer.BadParameter("it is not JSON", param_hint=HERE) from None
    return {str(name): str(value) for name, value in said.items() if value is not None}


def _lines(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip(): value for name, _, value in pairs}


def _tidied(name: str, value: str) -> str:
    """Write a key as the catalogue does; raise BadParameter for a day that is none, by which nobody would be found."""
    value = value.strip()
    if name == "nhs_number":
        return value.replace(" ", "").replace("-", "")
    if name == "upn":
        return value.upper()
    if name == "date_of_birth":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise typer.BadParameter("write date_of_birth as in 2012-03-07", param_hint=HERE) from None
    return value
