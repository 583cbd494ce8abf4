"""Secrets that are typed on a terminal or read from a file, and never given as words of a command."""

import getpass
import sys
from pathlib import Path

from hub.cli.errors import CommandError


def on_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty()


def secret(prompt: str, file: str | None, option: str, what: str) -> str:
    """Read a secret: its file's first line ('-' is standard input), or typed without being shown.

    `what` is what people call it, such as "password"; `option` is the option that names the file.
    """
    if file is not None:
        found = first_line(file, option, what)
    elif on_terminal():
        found = getpass.getpass(f"{prompt}: ")
    else:
        raise CommandError(
            _reason(what),
            f"There is no terminal to type the {what} on.",
            mend=f"Give {option} FILE, or '-' to read it from standard input.",
        )
    if not found:
        raise CommandError(_reason(what), f"The {what} is empty.", mend="Type it again, or look at the file.")
    return found


def twice(prompt: str, file: str | None, option: str) -> str:
    """Read a new password; whoever types it, types it twice, since nobody sees it."""
    found = secret(prompt, file, option, "password")
    if file is None and getpass.getpass("The same once more: ") != found:
        raise CommandError("PASSWORDS_DIFFER", "The two passwords are not the same.", mend="Begin again.")
    return found


def shown(prompt: str) -> str:
    """Ask on the terminal for something that may be seen, such as a code that works once; empty if it is left out."""
    sys.stderr.write(f"{prompt}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def first_line(file: str, option: str, what: str) -> str:
    """Read the first line of a file, or of standard input for '-'."""
    try:
        if file == "-":
            return sys.stdin.readline().rstrip("\r\n")
        with Path(file).open(encoding="utf-8") as opened:
            return opened.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise CommandError(
            _reason(what), f"The file with the {what} cannot be read.", mend=f"Look at {option} again."
        ) from None


def _reason(what: str) -> str:
    return f"NO_{what.upper()}"
