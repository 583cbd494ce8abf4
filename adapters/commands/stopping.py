"""`adapter stop-answers` and `adapter resume-answers`: the switch that needs neither the hub nor a running adapter."""

import sqlite3
from typing import Annotated

import typer

from adapters.commands.opening import FAULTS, AsJson, ManifestPath, find_journal, moment, print_json
from adapters.kit.answering import wall_clock_ms
from adapters.kit.journal import open_journal
from adapters.kit.switch import Turn, last_turn, user_of_this_machine

LONGEST_REASON = 500

Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the journal.")]


def stop_answers(manifest: ManifestPath, *, reason: Reason, as_json: AsJson = False) -> None:
    """Stop all answers at once, and take back what the hub holds; asks are refused until they are resumed."""
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    turn = _turn(manifest, is_stopped=True, reason=reason, as_json=as_json)
    _tell(turn, "All answers are stopped", as_json=as_json)


def resume_answers(manifest: ManifestPath, *, reason: Reason = "", as_json: AsJson = False) -> None:
    """Let answers leave again."""
    turn = _turn(manifest, is_stopped=False, reason=reason, as_json=as_json)
    _tell(turn, "Answers leave again", as_json=as_json)


def _turn(manifest: ManifestPath, *, is_stopped: bool, reason: str, as_json: bool) -> Turn:
    """Write a turn of the switch into the journal, which is made if there is none yet; exit code 1 if that fails."""
    file = find_journal(manifest, as_json=as_json)
    turn = Turn(
        is_stopped=is_stopped,
        turned_at_ms=wall_clock_ms(),
        turned_by=user_of_this_machine(),
        reason=reason.strip()[:LONGEST_REASON],
    )
    try:
        connection = open_journal(file)
        try:
            turn.keep(connection)
            return last_turn(connection)
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as fault:
        typer.echo(f"NOTHING CHANGED: the journal cannot be written ({type(fault).__name__}).", err=True)
        typer.echo(
            "To stop answers all the same, end the adapter: within a minute the hub drops what it holds.", err=True
        )
        raise typer.Exit(FAULTS) from None


def _tell(turn: Turn, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "is_stopped": turn.is_stopped,
                "at": moment(turn.turned_at_ms),
                "by": turn.turned_by,
                "reason": turn.reason,
            }
        )
    else:
        typer.echo(f"{what}: turned by {turn.turned_by} at {moment(turn.turned_at_ms)}.")
