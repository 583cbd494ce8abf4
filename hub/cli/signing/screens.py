"""What the commands of the sign-in show to people."""

import io
from collections.abc import Sequence

import segno
from rich.console import Console
from sharing.v1 import accounts_pb2, sessions_pb2

from hub.cli.screens import dropped_words, show_notices
from hub.cli.tables import cell, make_table, sentence
from hub.client.moments import spell_for_people


def show_session(console: Console, session: sessions_pb2.SignInResponse, *, is_remembered: bool) -> None:
    """Paint who signed in, until when, and what would tell them of somebody else on their account."""
    sentence(console, f"Signed in as {session.display_name}: {session.access_level_title} ({session.agency}).")
    sentence(
        console,
        f"The session ends after {minutes(session.idle_seconds)} without a request, "
        f"and at {spell_for_people(session.expires_at_ms)} at the latest.",
    )
    if session.last_signed_in_ms > 0:
        last = spell_for_people(session.last_signed_in_ms)
        sentence(console, f"You signed in before at {last} (UTC). If that was not you, change your password now.")
    else:
        sentence(console, "Nobody has signed in to this account before. If you have, tell your administrator now.")
    if not is_remembered:
        sentence(
            console,
            "The hub does not know this folder: while somebody guesses at your password, you may have to wait.",
            "yellow",
        )
    show_notices(console, session.notices)


def show_stepped_up(console: Console, seconds: int) -> None:
    """Paint for how long a second factor counts."""
    sentence(console, f"Your second factor counts as just given for {minutes(seconds)}.")


def show_signed_out(console: Console, dropped: int, *, everywhere: bool) -> None:
    """Paint that nothing is held any more."""
    sentence(console, f"Signed out{' everywhere' if everywhere else ''}. {dropped_words(dropped)}")


def show_password_changed(console: Console, ended: int) -> None:
    """Paint what else ended."""
    others = {0: "No other session was open.", 1: "Your other session has ended."}
    sentence(console, f"The password is changed. {others.get(ended, f'Your {ended} other sessions have ended.')}")


def show_accepted(console: Console, user_name: str) -> None:
    """Paint whose password was set."""
    sentence(console, f"The password of {user_name} is set. Sign in with: hub signin {user_name}")


def show_issuers(console: Console, issuers: Sequence[sessions_pb2.Issuer]) -> None:
    """Paint the providers through which one may sign in."""
    if not issuers:
        sentence(console, "This hub knows no provider. Sign in with: hub signin USER")
        return
    table = make_table(("Issuer", "What it is"))
    for issuer in issuers:
        table.add_row(cell(issuer.id), cell(issuer.title))
    console.print(table)
    console.print()
    sentence(console, f"Sign in with, for example: hub signin --with {issuers[0].id}")


def show_factors(console: Console, factors: Sequence[accounts_pb2.Factor]) -> None:
    """Paint the second factors."""
    if not factors:
        sentence(console, "Your account has no second factor. Add one with: hub factor add")
        return
    table = make_table(("Factor", "What you call it", "Added at (UTC)"))
    table.columns[0].no_wrap = True  # it is there to be copied
    for factor in factors:
        table.add_row(cell(factor.id), cell(factor.label), cell(spell_for_people(factor.added_at_ms)))
    console.print(table)


def show_seed(console: Console, begun: accounts_pb2.BeginTotpResponse) -> None:
    """Paint a seed for an authenticator: as a picture to scan, as an address, and for typing it in."""
    sentence(console, "Scan this with your authenticator, or type the seed in. Both are shown once.")
    picture = io.StringIO()
    segno.make(begun.uri, error="L").terminal(out=picture, compact=True, border=2)
    # Blocks and colours of our own making: nothing of the address can stand among them.
    console.file.write(picture.getvalue())
    console.print(cell(begun.uri), soft_wrap=True)
    console.print(cell(f"Seed: {begun.seed}"), soft_wrap=True)
    sentence(console, "It counts once a code of it has been confirmed: hub factor confirm CODE")


def show_confirmed(console: Console) -> None:
    """Paint that codes are asked for from now on."""
    sentence(console, "Your authenticator counts from now on: each sign-in asks for its code.")


def minutes(seconds: int) -> str:
    """Spell a time in minutes, or in seconds where it is shorter."""
    whole = seconds // 60
    if not whole:
        return f"{seconds} seconds"
    return "1 minute" if whole == 1 else f"{whole} minutes"
