"""The options that say whom and when, as several commands of `hub audit` take them."""

from typing import Annotated

import typer

NhsNumber = Annotated[str, typer.Option(metavar="NUMBER", help="Ten digits.")]
Upn = Annotated[str, typer.Option(metavar="UPN", help="Unique pupil number.")]
Name = Annotated[str, typer.Option(metavar="NAME", help="Given and family name; the last word is the latter.")]
GivenName = Annotated[str, typer.Option(metavar="NAME", help="Given name, instead of --name.")]
FamilyName = Annotated[str, typer.Option(metavar="NAME", help="Family name, instead of --name.")]
Born = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Date of birth.")]
From = Annotated[
    str, typer.Option("--from", metavar="DAY", help="From this day (UTC) on: 2027-01-31, or a moment with its zone.")
]
Until = Annotated[
    str, typer.Option("--until", metavar="DAY", help="To the end of this day (UTC); or before a moment with its zone.")
]
