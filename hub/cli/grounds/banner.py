"""The red banner: nobody forgets that break-glass access is open, or that it is looked at afterwards."""

from rich.console import Console

from hub.cli.tables import cell
from hub.client.moments import spell_for_people

STYLE = "bold white on red"
# How the hub begins a notice of what is open.
OPEN = "BREAK-GLASS IS OPEN"


def show_banner(console: Console, until_ms: int, access: str = "") -> None:
    """Paint that break-glass access is open; nothing where there is none."""
    if until_ms:
        until = spell_for_people(until_ms)
        close = f" End it with: hub break-glass close {access}".rstrip()
        console.print(cell(f" {OPEN} until {until} (UTC). Everything is reviewed.{close} ", STYLE), overflow="fold")


def style_of(notice: str) -> str:
    """Choose how a notice is painted: what is open now stands out of all others."""
    return STYLE if notice.startswith(OPEN) else "bold yellow"
