"""`adapter status`: how a running adapter is, as its health file says it."""

from dataclasses import asdict

import typer

from adapters.commands.opening import FAULTS, OK, AsJson, ManifestPath, find_health, moment, print_json
from adapters.kit.answering import wall_clock_ms
from adapters.kit.health import Health, is_well, read_health


def status(manifest: ManifestPath, *, as_json: AsJson = False) -> None:
    """Say how the adapter is that runs with this manifest; exit code 1 unless all is well."""
    health = read_health(find_health(manifest, as_json=as_json))
    wrong = {"no adapter has run here": "Start it."} if health is None else is_well(health, wall_clock_ms())
    if as_json:
        faults = [{"what": what, "mend": mend} for what, mend in wrong.items()]
        print_json({"well": not wrong, "faults": faults, "health": asdict(health) if health is not None else None})
    else:
        if health is not None:
            _print(health)
        for what, mend in wrong.items():
            typer.echo(f"FAULT {what}. {mend}")
    raise typer.Exit(FAULTS if wrong else OK)


def _print(health: Health) -> None:
    typer.echo(f"{health.agency}: {health.state.value} since {moment(health.since_ms)}, process {health.process}")
    for link in health.links:
        typer.echo(f"  {link.hub}: {'linked' if link.links else 'no link'}")
    asked = moment(health.last_ask_ms) if health.last_ask_ms else "never"
    held = f"{health.answers_held} answers may be held"
    typer.echo(f"  last asked {asked}; {held}; receipts up to number {health.last_receipt}")
