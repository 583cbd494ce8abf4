"""The options by which asks are picked out of an agency's journal, the same for every command that takes them."""

import asyncio
import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from structlog.typing import FilteringBoundLogger

from adapters.commands.opening import FAULTS, AsJson, ManifestPath, open_manifest
from adapters.commands.person_keys import read_person
from adapters.commands.spans import moment_of
from adapters.kit.journal import AskOutcome
from adapters.kit.journal_search import Search
from adapters.kit.logs import quiet_loop, set_up_logs
from adapters.kit.manifest import Limits, Manifest, Source
from adapters.kit.own_people import own_records, past_protection
from adapters.kit.reader import Reader
from adapters.kit.unmade import Unmade

LOOK_SECONDS = 30.0

MakeReader = Callable[[Source, Limits, FilteringBoundLogger], Reader]

ByPerson = Annotated[bool, typer.Option("--person", help="By a person: say whom on standard input, never here.")]
ByReference = Annotated[str, typer.Option("--reference", help="By your own reference of a record.")]
ByRequest = Annotated[str, typer.Option("--request", help="By the hub's name of a request.")]
ByQuestion = Annotated[str, typer.Option("--question")]
ByAgency = Annotated[str, typer.Option("--agency", help="By the requester's agency.")]
ByRequester = Annotated[str, typer.Option("--requester", help="By the requester's user name.")]
ByPurpose = Annotated[str, typer.Option("--purpose")]
ByOutcome = Annotated[AskOutcome | None, typer.Option("--outcome")]
Since = Annotated[str, typer.Option("--since", help="A day as in 2026-11-24, or a span as in 7d. UTC.")]
Until = Annotated[str, typer.Option("--until", help="A day, or a span; what is of that moment or later is left out.")]


def picking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `_pick`, and hand it as `wanted` the search that they make."""
    own, options = inspect.signature(command).parameters, inspect.signature(_pick).parameters
    passed = [name for name in own if name != "wanted"]

    @functools.wraps(command)
    def picked(**given: object) -> None:
        wanted = _pick(**{name: given[name] for name in options})  # type: ignore[arg-type]  # typer converted each by its annotation
        command(wanted=wanted, **{name: given[name] for name in passed})

    # What typer reads to know which options there are, those of picking first; it hands all over by name.
    there = {**{name: options[name] for name in options if name not in passed}, **{name: own[name] for name in passed}}
    by_name = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in there.values()]
    picked.__signature__ = inspect.Signature(by_name)  # type: ignore[attr-defined]  # any function may have one
    picked.__annotations__ = {parameter.name: parameter.annotation for parameter in by_name}
    return picked


def _pick(  # noqa: PLR0913  one option for each thing that one may search by
    *,
    context: typer.Context,
    manifest: ManifestPath,
    person: ByPerson = False,
    reference: ByReference = "",
    request: ByRequest = "",
    question: ByQuestion = "",
    agency: ByAgency = "",
    requester: ByRequester = "",
    purpose: ByPurpose = "",
    outcome: ByOutcome = None,
    since: Since = "",
    until: Until = "",
    as_json: AsJson = False,
) -> Search:
    """Make the search; whom it is about is read from standard input and looked up in the agency's own source."""
    return Search(
        own=_own(context, manifest, as_json=as_json) if person else None,
        reference=reference,
        request=request,
        question=question,
        agency=agency,
        requester=requester,
        purpose=purpose,
        outcome=outcome or "",
        since_ms=_moment(since, "--since"),
        until_ms=_moment(until, "--until"),
    )


def _moment(text: str, option: str) -> int | None:
    return moment_of(datetime.now(UTC), text, option) if text else None


def _own(context: typer.Context, file: Path, *, as_json: bool) -> list[tuple[str, str]]:
    """Find the own records of the person whom standard input names; says which sources did not answer."""
    described = past_protection(open_manifest(file, as_json=as_json))
    person = read_person()
    own, silent = asyncio.run(_look(context.obj, described, person))
    for question in silent:
        typer.echo(f"NOT LOOKED IN: the source of {question} did not answer.", err=True)
    if silent and not own:
        raise typer.Exit(FAULTS)
    return own


async def _look(
    make_reader: MakeReader, manifest: Manifest, person: Mapping[str, str]
) -> tuple[list[tuple[str, str]], list[str]]:
    log = set_up_logs(manifest.agency)
    quiet_loop(log)
    readers = {name: _made(make_reader, source, manifest.limits, log) for name, source in manifest.sources.items()}
    try:
        # One that cannot be opened is one that does not answer.
        await asyncio.gather(*(reader.open() for reader in readers.values()), return_exceptions=True)
        return await own_records(manifest, readers, person, LOOK_SECONDS)
    finally:
        await asyncio.gather(*(reader.close() for reader in readers.values()), return_exceptions=True)


def _made(make_reader: MakeReader, source: Source, limits: Limits, log: FilteringBoundLogger) -> Reader:
    try:
        return make_reader(source, limits, log)
    except Exception as fault:  # noqa: BLE001  a source whose driver is missing is one that does not answer
        return Unmade(fault)
