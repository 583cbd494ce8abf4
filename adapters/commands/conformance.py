"""`adapter conformance`: judges an adapter over the wire, and says which level it reaches."""

import asyncio
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from adapters.conformance.listing import rules
from adapters.conformance.people import People, load_people
from adapters.conformance.report import Report, as_document, as_junit, closing, progress
from adapters.conformance.rewriting import rewritten, secrets_named
from adapters.conformance.rules import Level, State, Verdict
from adapters.conformance.running import Candidate, prepared, try_all, without_a_rule
from adapters.conformance.sample import SAMPLE
from adapters.kit.dot_env import read_dot_env
from adapters.kit.errors import Fault, ManifestError

OK, FAULTS, WRONG_USAGE = 0, 1, 2
COLOURS = {State.KEPT: "green", State.BROKEN: "bold red", State.NOT_TRIED: "yellow", State.EXEMPT: "cyan"}


def conformance(  # noqa: PLR0913  one argument for each option
    manifest: Annotated[
        Path | None, typer.Argument(metavar="[MANIFEST]", help="The manifest of the adapter to try, a YAML file.")
    ] = None,
    *,
    people: Annotated[Path | None, typer.Option("--people", help="Who is who in the agency's test system.")] = None,
    command: Annotated[
        str | None, typer.Option("--command", help="Try this program instead; it finds the hub by its environment.")
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="The level that is wanted.")] = Level.SILVER,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Write the report as JUnit's XML.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Print a commented people file.")] = False,
) -> None:
    """Try an adapter, in any language, against a hub of this command's own; 0 if the wanted level is reached."""
    if sample:
        sys.stdout.write(SAMPLE)
        raise typer.Exit(OK)
    if people is None or (manifest is None) == (command is None):
        typer.echo("Give --people FILE, and either a manifest or --command. --sample prints a people file.", err=True)
        raise typer.Exit(WRONG_USAGE)
    try:
        known = _people(people)
        with tempfile.TemporaryDirectory(prefix="adapter-conformance-") as folder:
            candidate = _candidate(known, manifest, command, Path(folder))
            report = asyncio.run(_run(candidate, known, level, Path(folder)))
    except ManifestError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTS) from None
    typer.echo(closing(report))
    if json_file is not None:
        json_file.write_bytes(orjson.dumps(as_document(report), option=orjson.OPT_INDENT_2) + b"\n")
    if junit_file is not None:
        junit_file.write_bytes(as_junit(report))
    raise typer.Exit(OK if report.has_passed else FAULTS)


def _people(file: Path) -> People:
    people = load_people(file)
    if strangers := without_a_rule(people, rules()):
        what = f"`exempt` names no rule of the suite: {', '.join(strangers)}"
        raise ManifestError([Fault(file=file, line=1, what=what, mend="Spell the rules as the report does.")])
    return people


def _candidate(people: People, manifest: Path | None, command: str | None, folder: Path) -> Candidate:
    # What lies beside the manifest is not beside its copy.
    environment = os.environ if manifest is None else {**read_dot_env(manifest.parent)[0], **os.environ}
    secrets = [environment.get(name, "") for name in people.secrets]
    if manifest is None:
        if people.agency is None:
            typer.echo("With --command the people file must name the `agency`.", err=True)
            raise typer.Exit(WRONG_USAGE)
        return Candidate(
            agency=people.agency, command=shlex.split(command or ""), environment=environment, secrets=secrets
        )
    described, text = rewritten(manifest, environment)
    copy = folder / "manifest.yaml"
    copy.write_text(text, encoding="utf-8")
    secrets += [environment.get(name, "") for name in secrets_named(manifest)]
    own = (sys.executable, "-m", "adapters", "run", str(copy))
    return Candidate(agency=described.agency, command=own, environment=environment, secrets=secrets)


async def _run(candidate: Candidate, people: People, level: Level, folder: Path) -> Report:
    console = Console(highlight=False, soft_wrap=True)

    def tell(verdict: Verdict) -> None:
        console.print(progress(verdict), style=COLOURS[verdict.state], markup=False)

    async with prepared(candidate, people, folder) as bench:
        verdicts = await try_all(bench, rules(), level, tell)
        hello = bench.hub.links[0].hello.program if bench.hub.links else ""
    return Report(agency=candidate.agency, program=hello, wanted=level, verdicts=verdicts)
