"""What the commands of second factors do."""

from typing import Final

from sharing.v1 import accounts_pb2

from hub.cli import typed
from hub.cli.calling import with_hub
from hub.cli.place import Place, open_console
from hub.cli.signing import screens
from hub.client import account_documents
from hub.client.client import HubClient

_CODES: Final = "totp"
"""What the contract calls the factor whose codes change with time."""


def list_factors(place: Place) -> None:
    """Show the second factors."""
    factors = with_hub(place, lambda hub: hub.credentials.factors())
    place.show(account_documents.factors_document(factors), lambda console: screens.show_factors(console, factors))


def add(place: Place) -> None:
    """Show a new seed; on a terminal, go straight on to its first code."""

    async def enrol(hub: HubClient) -> tuple[accounts_pb2.BeginTotpResponse, bool]:
        begun = await hub.credentials.begin_totp()
        if place.as_json or not typed.on_terminal():
            return begun, False
        screens.show_seed(open_console(), begun)
        code = typed.shown("The code that it shows now (Enter to confirm later)")
        if code:
            await hub.credentials.confirm_totp(code)
        return begun, bool(code)

    begun, is_confirmed = with_hub(place, enrol)
    if is_confirmed:
        screens.show_confirmed(open_console())
    elif place.as_json or not typed.on_terminal():
        place.show(account_documents.seed_document(begun), lambda console: screens.show_seed(console, begun))


def confirm(place: Place, code: str) -> None:
    """Take a seed into use, and show what counts now."""

    async def take(hub: HubClient) -> tuple[accounts_pb2.Factor, ...]:
        await hub.credentials.confirm_totp(code)
        return await hub.credentials.factors()

    factors = with_hub(place, take)
    place.show(account_documents.factors_document(factors), screens.show_confirmed)


def remove(place: Place, factor_id: str, password_file: str | None, code_file: str | None) -> None:
    """Remove a factor, and show what is left; whoever gives their codes up shows one, and the password."""
    password = code = ""
    if factor_id == _CODES:
        password = typed.secret("Your password", password_file, "--password-file", "password")
        code = typed.secret("Code of your second factor", code_file, "--code-file", "code").strip()

    async def take_away(hub: HubClient) -> tuple[accounts_pb2.Factor, ...]:
        await hub.credentials.remove_factor(factor_id, password=password, code=code)
        return await hub.credentials.factors()

    factors = with_hub(place, take_away)
    place.show(account_documents.factors_document(factors), lambda console: screens.show_factors(console, factors))
