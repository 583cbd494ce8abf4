"""The options by which secrets come from files, for commands that nobody sits at."""

from typing import Annotated

import typer

PasswordFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Read the password from FILE; '-' reads it from stdin.")
]
Code = Annotated[str, typer.Option(metavar="CODE", help="Code of your second factor; it works once.")]
CodeFile = Annotated[str | None, typer.Option(metavar="FILE", help="Read the code from FILE; '-' reads it from stdin.")]
