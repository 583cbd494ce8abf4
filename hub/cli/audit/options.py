"""The options that say when, as several commands of `hub audit` take them."""

from typing import Annotated

import typer

From = Annotated[
    str, typer.Option("--from", metavar="DAY", help="From this day (UTC) on: 2027-01-31, or a moment with its zone.")
]
Until = Annotated[
    str, typer.Option("--until", metavar="DAY", help="To the end of this day (UTC); or before a moment with its zone.")
]
