"""How `adapter journal` says what it found: tables for people, documents for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import typer

from adapters.commands.opening import moment
from adapters.kit.journal_export import Exported
from adapters.kit.journal_keeping import Older
from adapters.kit.journal_search import Particulars
from adapters.kit.journal_summary import Numbers, Summary

WIDEST = 48
UNSEEN = "\N{REPLACEMENT CHARACTER}"


def printable(value: object) -> str:
    """Write a value for a terminal: what others wrote must not move its cursor."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else UNSEEN for letter in text)


def print_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their names, each column as wide as it must be."""
    lines = [names, *([printable(value) for value in row] for row in rows)]
    cut = [[text if len(text) <= WIDEST else text[: WIDEST - 1] + "…" for text in line] for line in lines]
    widths = [max(len(line[place]) for line in cut) for place in range(len(names))]
    for line in cut:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def print_asks(asks: Sequence[Particulars], there: int) -> None:
    """Print one line for each ask, with what was disclosed of it."""
    names = ("WHEN", "REQUEST", "QUESTION", "REQUESTER", "AGENCY", "LEVEL", "PURPOSE", "OUTCOME", "DISCLOSED")
    print_table(names, (_ask_line(ask) for ask in asks))
    typer.echo(f"{len(asks)} of {there} asks." if len(asks) < there else f"{there} asks.")


def _ask_line(ask: Particulars) -> tuple[object, ...]:
    vetoes = printable(ask["vetoes"])
    outcome = f"{ask['outcome']} ({vetoes})" if vetoes else ask["outcome"]
    return (
        moment(int(str(ask["asked_at_ms"]))),
        *(ask[name] for name in ("request_id", "question", "requester", "requester_agency", "access_level", "purpose")),
        outcome,
        _disclosed(ask["receipts"]),
    )


def _disclosed(receipts: object) -> str:
    """Say which fields the hub has recorded as disclosed."""
    of_receipts = receipts if isinstance(receipts, list) else []
    fields = [field for receipt in of_receipts if receipt["kind"] == "disclosure" for field in receipt["fields"]]
    return ", ".join(dict.fromkeys(fields))


def print_request(asks: Sequence[Particulars], receipts: Sequence[Particulars]) -> None:
    """Print everything about one request."""
    if not asks and not receipts:
        typer.echo("The journal has nothing of this request.")
    for number, particulars in enumerate((*asks, *receipts)):
        if number:
            typer.echo()
        typer.echo("Asked" if number < len(asks) else f"Receipt {particulars['number']}")
        for name, value in particulars.items():
            shown = moment(int(str(value))) if name.endswith("_ms") else printable(value)
            if shown:
                typer.echo(f"  {name.removesuffix('_ms').replace('_', ' ')}: {shown}")


def told_summary(found: Summary, since_ms: int) -> Mapping[str, object]:
    """Spell a summary as a document."""
    numbers, standing, switch = found.numbers, found.standing, found.switch
    return {
        "since": moment(since_ms),
        "asked": [asdict(line) for line in found.asked],
        "outcomes": dict(found.outcomes),
        "vetoes": dict(found.vetoes),
        "receipts": dict(found.receipts),
        "contacts": found.contacts,
        "numbers": asdict(numbers),
        "log": {
            "origin": standing.origin,
            "size": standing.size,
            "last_receipt": standing.last_receipt,
            "has_refused": standing.has_refused,
        },
        "answers": {
            "are_stopped": switch.is_stopped,
            "turned_at": moment(switch.turned_at_ms) if switch.turned_by else "",
            "turned_by": switch.turned_by,
            "reason": switch.reason,
        },
    }


def print_summary(found: Summary, since_ms: int) -> None:
    """Print a summary."""
    if found.switch.is_stopped:
        who, why = printable(found.switch.turned_by), printable(found.switch.reason)
        typer.echo(f"ALL ANSWERS ARE STOPPED since {moment(found.switch.turned_at_ms)} by {who}: {why}\n")
    typer.echo(f"Since {moment(since_ms)}: {_counted(found.outcomes) or 'nothing was asked'}.")
    if found.asked:
        names = ("QUESTION", "AGENCY", "LEVEL", "PURPOSE", "OUTCOME", "ASKS")
        print_table(names, (tuple(asdict(line).values()) for line in found.asked))
    for what, counts in (("Held back by your own rules", found.vetoes), ("Receipts of the hub", found.receipts)):
        if counts:
            typer.echo(f"{what}: {_counted(counts)}.")
    if found.contacts:
        typer.echo(f"Requests to get in touch: {found.contacts}.")
    _print_numbers(found.numbers)
    if found.standing.has_refused:
        typer.echo("REFUSED: something of the hub's log was not accepted; see `adapter log`.")


def _print_numbers(numbers: Numbers) -> None:
    span = f"the asks {numbers.removed_to + 1} to {numbers.newest}"
    if numbers.missing:
        typer.echo(f"MISSING: {numbers.missing} of {span} are not there.")
    elif numbers.oldest_at_ms is not None:
        typer.echo(f"Kept since {moment(numbers.oldest_at_ms)}: {span}, without a gap.")


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{printable(name)} {count}" for name, count in counts)


def told_exported(written: Exported) -> Mapping[str, object]:
    """Spell an export as a document."""
    return {"folder": str(written.folder), "rows": dict(written.rows), "sha256": written.listing_hash}


def print_exported(written: Exported) -> None:
    """Print what was exported."""
    for name, rows in written.rows.items():
        typer.echo(f"{rows:>8} rows  {written.folder / name}")
    typer.echo(f"The hash of export.json, which lists those of all others, is\n{written.listing_hash}")


def told_older(found: Older, *, removed: bool) -> Mapping[str, object]:
    """Spell what is older, or was removed, as a document."""
    return {**asdict(found), "before": moment(found.before_ms), "removed": removed}


def print_older(found: Older, *, removed: bool) -> None:
    """Print what is older, or was removed."""
    said = "was removed" if removed else "is older"
    if found.is_nothing:
        typer.echo(f"Nothing is older than {moment(found.before_ms)}.")
    else:
        asks = f"{found.asks} asks, up to number {found.last_ask}"
        what = f"{asks}; what {found.receipts} receipts say; {found.contacts} contacts"
        what += f"; {found.notices} notices" if found.notices else ""
        typer.echo(f"Of before {moment(found.before_ms)} {said}: {what}.")
