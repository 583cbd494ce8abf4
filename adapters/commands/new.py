"""`adapter new`: a folder to begin with."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters.kit.errors import ScaffoldRefused
from adapters.kit.scaffolding import Beginning, kinds, write_folder
from adapters.kit.suggesting import did_you_mean

WRONG_USAGE = 2
WHAT_IS_WHAT = {
    ".yaml": "the manifest, to fill in; an editor explains each setting",
    ".sample": "credentials and whatever differs between machines: copy it to .env",
    "people.yaml": "invented people of a test system, for trying the adapter out",
    ".service": "the unit for systemd, when it is to run for good",
    ".json": "what the editor knows of manifests",
    ".gitignore": "keeps credentials and the journal out of git",
}


def _kind(given: str) -> str:
    """Take one of the kinds that a folder can be written for."""
    if given not in kinds():
        raise typer.BadParameter(did_you_mean(given, kinds(), f"There are: {', '.join(kinds())}."))
    return given


def new(
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id, as the hub has it.")],
    *,
    kind: Annotated[
        str,
        typer.Option("--kind", parser=_kind, metavar="|".join(kinds()), help="How the back-office system is reached."),
    ],
    at: Annotated[
        Path | None, typer.Option("--at", metavar="DIR", help="The folder to write; otherwise one named AGENCY.")
    ] = None,
) -> None:
    """Write a folder to begin with: manifest, credentials, people to try it with, service. Overwrites nothing."""
    beginning = Beginning(agency=agency, kind=kind, folder=at or Path(agency), program=_program())
    try:
        written = write_folder(beginning)
    except ScaffoldRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    for file in written:
        typer.echo(f"{file}: {_what_it_is(file)}")
    manifest, folder = beginning.manifest, beginning.folder
    typer.echo(f"\nNext: cp {folder}/.env.sample {folder}/.env && chmod 600 {folder}/.env, and fill in both it and")
    typer.echo(f"{manifest}. After each change: adapter check {manifest}")
    typer.echo(f"Then: adapter enrol {manifest}, adapter conformance {manifest} --people {folder}/people.yaml,")
    typer.echo(f"and adapter run {manifest}.")


def _what_it_is(file: Path) -> str:
    return next(said for ending, said in reversed(WHAT_IS_WHAT.items()) if file.name.endswith(ending))


def _program() -> str:
    """Spell how this very adapter is started, for a service, which looks for nothing on a path."""
    beside = Path(sys.executable).with_name("adapter")
    found = str(beside) if beside.is_file() else shutil.which("adapter")
    return found or f"{sys.executable} -m adapters"
