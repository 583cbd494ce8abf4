"""The commands about match cards: seeing more of somebody, and saying whether it is the person asked about."""

from enum import StrEnum
from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import At, Json, settle
from hub.cli.typed import on_terminal, shown

# As in hub.cli.commands, what brings gRPC is imported when a command runs.

RequestId = Annotated[str, typer.Argument(metavar="REQUEST_ID", help="As `hub ask` and `hub view` show it.")]
Card = Annotated[int, typer.Argument(metavar="CARD", min=1, help="The card's number, as the answer shows it.")]
_YES = frozenset({"y", "yes"})


class CardWord(StrEnum):
    """Is what can be said of somebody in an answer."""

    SAME = "same"
    NOT_SAME = "not-same"


def details(
    ctx: typer.Context,
    request_id: RequestId,
    card: Card,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="You need to see more of this person; ask nothing.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show all of somebody who is only possibly the person asked about; it is recorded that you needed it."""
    place = settle(ctx, at, as_json=as_json)
    if not yes:
        _confirm()
    from hub.cli import journeys  # noqa: PLC0415 - see above

    journeys.details(place, request_id, card)


def judge(
    ctx: typer.Context,
    request_id: RequestId,
    card: Card,
    word: Annotated[CardWord, typer.Argument(metavar="same|not-same", help="Whether it is the person asked about.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say whether a card is the person asked about: for this case only; it is recorded, and the agencies are told."""
    place = settle(ctx, at, as_json=as_json)
    from sharing.v1 import questions_pb2  # noqa: PLC0415 - see above

    from hub.cli import journeys  # noqa: PLC0415 - see above

    words = {
        CardWord.SAME: questions_pb2.REQUESTER_WORD_SAME,
        CardWord.NOT_SAME: questions_pb2.REQUESTER_WORD_NOT_SAME,
    }
    journeys.judge(place, request_id, card, words[word])


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (details, judge):
        app.command()(command)


def _confirm() -> None:
    """Have it confirmed on the terminal that more is needed of somebody who may be a stranger to the case."""
    if not on_terminal():
        raise CommandError(
            "NOT_CONFIRMED",
            "This may be somebody else's life, and nobody has confirmed that you need to see it.",
            mend="Give --yes if you do. If you only want to say who it is: hub judge.",
        )
    said = shown("This may be somebody else. Do you need to see more to tell? It will be recorded. yes/no")
    if said.lower() not in _YES:
        raise CommandError("NOT_CONFIRMED", "Nothing more was shown.", mend="Answer yes if you need to see more.")
