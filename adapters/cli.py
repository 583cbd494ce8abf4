"""The commands that an agency runs: `adapter run`, `adapter check` and `adapter log`; others are in `commands`."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, assert_never

import typer
import uvloop
from structlog.typing import FilteringBoundLogger

from adapters import VERSION
from adapters.commands.conformance import conformance
from adapters.commands.enrol import enrol
from adapters.commands.journal import journal
from adapters.commands.new import new
from adapters.commands.opening import FAULTS, OK, AsJson, ManifestPath, moment, open_manifest, print_json
from adapters.commands.schema import schema
from adapters.commands.status import status
from adapters.commands.stopping import resume_answers, stop_answers
from adapters.kit import trusting
from adapters.kit.answering import wall_clock_ms
from adapters.kit.checking import Step, check_all
from adapters.kit.dialling import BackOff
from adapters.kit.errors import JournalFault
from adapters.kit.left_out import LeftOut, left_out
from adapters.kit.logs import quiet_loop, set_up_logs
from adapters.kit.manifest import (
    FhirSource,
    FilesSource,
    Limits,
    Manifest,
    RestSource,
    RestWriteBack,
    Source,
    SqlSource,
    SqlWorkQueue,
    SqlWriteBack,
)
from adapters.kit.oneroster_mapping import RosterSource
from adapters.kit.python_mapping import PythonSource
from adapters.kit.reader import FindingState, Reader
from adapters.kit.receipts import Standing
from adapters.kit.running import Adapter
from adapters.kit.sharing_events import Writer
from adapters.kit.soap_mapping import SoapSource
from adapters.kit.supervised import Supervisor
from adapters.kit.trusting import OpenRefusal
from adapters.kit.unmade import Unmade
from adapters.kit.verifying import Distrusted
from adapters.kit.witnessing import Why

WritePlace = SqlWriteBack | SqlWorkQueue | RestWriteBack | None
SIGNS = {FindingState.OK: "ok   ", FindingState.NOTE: "note ", FindingState.FAULT: "FAULT"}

app = typer.Typer(
    name="adapter",
    help="Connects an agency's back-office system to the hub. Says in exit codes: 0 done, 1 faults, 2 wrong usage.",
    add_completion=False,
    no_args_is_help=True,
    # A traceback with local variables would show case data.
    pretty_exceptions_enable=False,
)
app.command()(new)
app.command()(schema)
app.command()(enrol)
app.command()(conformance)
app.command()(status)
app.command()(stop_answers)
app.command()(resume_answers)


@app.command()
def run(manifest: ManifestPath) -> None:
    """Connect to the hub and answer until SIGTERM or Ctrl-C."""
    described = open_manifest(manifest, as_json=False)
    log = set_up_logs(described.agency)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(described, log))
    except JournalFault as fault:
        log.critical("journal_failed", type=str(fault))
        raise typer.Exit(FAULTS) from None
    except Exception as fault:  # noqa: BLE001  last resort: a traceback may hold case data, so only the type is told
        log.critical("adapter_failed", type=type(fault).__name__)
        raise typer.Exit(FAULTS) from None


@app.command()
def check(
    manifest: ManifestPath,
    *,
    as_json: AsJson = False,
) -> None:
    """Say step by step what is right and what is wrong with a manifest and what it names; changes nothing."""
    described = open_manifest(manifest, as_json=as_json)
    log = set_up_logs(described.agency)
    steps = asyncio.run(_check(described, manifest.parent, log))
    passed = all(step.passed for step in steps)
    if as_json:
        print_json({"manifest": str(manifest), "passed": passed, "steps": [_told(step) for step in steps]})
    else:
        _print_steps(steps)
    raise typer.Exit(OK if passed else FAULTS)


@app.command()
def log(
    manifest: ManifestPath,
    *,
    settle: Annotated[bool, typer.Option("--settle", help="Say that what was refused has been looked into.")] = False,
    anew: Annotated[
        bool, typer.Option("--trust-anew", help="Witness this log no longer, and trust the next one that is shown.")
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="EXPORT", help="Look whether receipts were left out of what the hub exported."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how far the journal has come with the hub's log, and what of that log it refused or was not told."""
    described = open_manifest(manifest, as_json=as_json)
    journal = described.journal
    try:
        if settle:
            trusting.settle(journal, wall_clock_ms())
        if anew:
            trusting.trust_anew(journal, wall_clock_ms())
        standing, refusals = trusting.read_log(journal)
        compared = None if against is None else left_out(journal, described.agency, against)
    except JournalFault as fault:
        typer.echo(f"The journal cannot be read: {fault}.", err=True)
        raise typer.Exit(FAULTS) from None
    except (Distrusted, OSError) as fault:
        why = fault if isinstance(fault, Distrusted) else f"it cannot be read ({type(fault).__name__})"
        typer.echo(f"The export is of no use: {why}.", err=True)
        raise typer.Exit(FAULTS) from None
    if as_json:
        print_json(_told_log(standing, refusals, compared))
    else:
        _print_log(standing, refusals)
        _print_compared(compared)
    raise typer.Exit(FAULTS if refusals or (compared is not None and compared.positions) else OK)


@app.command()
def version() -> None:
    """Print the version of the adapter kit."""
    typer.echo(VERSION)


async def _run(manifest: Manifest, log: FilteringBoundLogger) -> None:
    quiet_loop(log)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    log.info("adapter_started", version=VERSION, questions=len(manifest.questions))
    adapter = Adapter(
        manifest=manifest,
        readers=_readers(manifest, log),
        writers=make_writers(manifest),
        queues=make_queues(manifest),
        log=log,
        back_off=BackOff(),
        supervisor=Supervisor.of(os.environ, os.getpid()),
    )
    await adapter.run(stop)
    log.info("adapter_stopped")


async def _check(manifest: Manifest, folder: Path, log: FilteringBoundLogger) -> list[Step]:
    quiet_loop(log)
    readers = {name: _reader_to_check(source, manifest.limits, log) for name, source in manifest.sources.items()}
    writers, queues = make_writers(manifest), make_queues(manifest)
    return await check_all(manifest, folder, readers, writers, datetime.now(UTC), queues=queues)


def _reader_to_check(source: Source, limits: Limits, log: FilteringBoundLogger) -> Reader:
    try:
        return make_reader(source, limits, log)
    except Exception as fault:  # noqa: BLE001  whatever a driver raises when it is looked for is a finding of the check
        return Unmade(fault)


def _readers(manifest: Manifest, log: FilteringBoundLogger) -> Mapping[str, Reader]:
    return {name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()}


def make_reader(source: Source, limits: Limits, log: FilteringBoundLogger) -> Reader:  # noqa: PLR0911  one for each kind
    """Make the reader of a source; a technology is imported when a manifest names it, since each is an extra."""
    match source:
        case SqlSource():
            from adapters.sql.reader import SqlReader  # noqa: PLC0415  see above

            return SqlReader(source, limits)
        case RestSource():
            from adapters.rest.reader import RestReader  # noqa: PLC0415  see above

            return RestReader(source)
        case FhirSource():
            from adapters.fhir.reader import FhirReader  # noqa: PLC0415  see above

            return FhirReader(source)
        case FilesSource():
            from adapters.files.reader import FilesReader  # noqa: PLC0415  see above

            return FilesReader(source, log)
        case PythonSource():
            from adapters.python.reader import PythonReader  # noqa: PLC0415  see above

            return PythonReader(source, log)
        case RosterSource():
            from adapters.oneroster.reader import RosterReader  # noqa: PLC0415  see above

            return RosterReader(source)
        case SoapSource():
            from adapters.soap.reader import SoapReader  # noqa: PLC0415  see above

            return SoapReader(source)
        case _:
            assert_never(source)


def make_writers(manifest: Manifest) -> Mapping[str, Writer]:
    """Make what writes back to each source that says so; all others are only ever read."""
    writers = {name: _make_writer(source, _write_back(source)) for name, source in manifest.sources.items()}
    return {name: writer for name, writer in writers.items() if writer is not None}


def make_queues(manifest: Manifest) -> Mapping[str, Writer]:
    """Make what puts work into the queue of each source that has one."""
    writers = {name: _make_writer(source, _work_queue(source)) for name, source in manifest.sources.items()}
    return {name: writer for name, writer in writers.items() if writer is not None}


def _write_back(source: Source) -> WritePlace:
    return source.write_back if isinstance(source, SqlSource | RestSource) else None


def _work_queue(source: Source) -> WritePlace:
    return source.work_queue if isinstance(source, SqlSource | RestSource) else None


def _make_writer(source: Source, place: WritePlace) -> Writer | None:
    match source, place:
        case SqlSource(), SqlWriteBack() | SqlWorkQueue():
            from adapters.sql.writer import SqlWriter  # noqa: PLC0415  as for readers

            return SqlWriter(place, source.db_schema)
        case RestSource(), RestWriteBack():
            from adapters.rest.writer import RestWriter  # noqa: PLC0415  as for readers

            return RestWriter(source, place)
        case _:
            return None


def _told(step: Step) -> dict[str, object]:
    findings = [
        {"state": found.state.value, "what": found.what, "mend": found.mend, "about": found.about or step.name}
        for found in step.findings
    ]
    return {"name": step.name, "passed": step.passed, "findings": findings}


def _told_log(standing: Standing, refusals: Sequence[OpenRefusal], compared: LeftOut | None) -> dict[str, object]:
    told = {} if compared is None else {"named": compared.named, "left_out": list(compared.positions)}
    return told | {
        "origin": standing.origin,
        "key": standing.key.hex(),
        "size": standing.size,
        "root": standing.root.hex(),
        "last_receipt": standing.last_receipt,
        "refusals": [{"at": moment(one.refused_at_ms), "hub": one.hub, "why": one.why} for one in refusals],
    }


def _print_log(standing: Standing, refusals: Sequence[OpenRefusal]) -> None:
    if standing.origin:
        typer.echo(f"Witnesses {standing.origin}, key {standing.key.hex()}.")
        typer.echo(f"Holds its state of {standing.size} entries, and {standing.last_receipt} receipts without a gap.")
    else:
        typer.echo("Witnesses no log yet; the first that a hub shows is trusted.")
    for one in refusals:
        typer.echo(f"REFUSED {moment(one.refused_at_ms)} from {one.hub}: {Why[one.why.upper()].value}.")


def _print_compared(compared: LeftOut | None) -> None:
    if compared is None:
        return
    typer.echo(
        f"Of what the journal has come to, {compared.named} entries concern this agency; {compared.later} are newer."
    )
    for position in compared.positions:
        typer.echo(f"LEFT OUT: the hub never gave a receipt of the entry at position {position} of its log.")


def _print_steps(steps: list[Step]) -> None:
    typer.echo("ok    manifest")
    for step in steps:
        for found in step.findings:
            typer.echo(f"{SIGNS[found.state]} {step.name}: {found.what}. {found.mend}".rstrip())


app.add_typer(journal, name="journal", context_settings={"obj": make_reader})


def main() -> None:
    """Run the command that was typed."""
    app()
