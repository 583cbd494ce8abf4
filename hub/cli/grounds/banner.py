"""The red banner: nobody forgets that break-glass access is open, or that it is looked at afterwards."""

from rich.console import Console

from hub.cli.tables import cell

STYLE = "bold white on red"
# How the hub begins a notice of what is open.
OPEN = "BREAK-GLASS IS OPEN"


def show_banner(console: Console, until: str, access: str = "") -> None:
    """Paint that break-glass access is open until a moment, as people read it."""
    close = f"End it with: hub break-glass close {access}".rstrip()
    text = f" {OPEN} until {until} (UTC). Everything is reviewed, and the agencies know. {close} "
    console.print(cell(text, STYLE), overflow="fold")


def style_of(notice: str) -> str:
    """Choose how a notice is painted: what is open now stands out of all others."""
    return STYLE if notice.startswith(OPEN) else "bold yellow"
