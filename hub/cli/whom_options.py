"""The options that say whom something is about and what for, as several commands take them."""

from typing import Annotated

import typer

NhsNumber = Annotated[str, typer.Option(metavar="NUMBER", help="Ten digits.")]
Upn = Annotated[str, typer.Option(metavar="UPN", help="Unique pupil number.")]
Uln = Annotated[str, typer.Option(metavar="ULN", help="Unique learner number.")]
Local = Annotated[
    list[str] | None,
    typer.Option(metavar="AGENCY=NUMBER", help="An agency's own number, told only to that agency; repeatable."),
]
Name = Annotated[str, typer.Option(metavar="NAME", help="Given and family name; the last word is the latter.")]
GivenName = Annotated[str, typer.Option(metavar="NAME", help="Given name, instead of --name.")]
FamilyName = Annotated[str, typer.Option(metavar="NAME", help="Family name, instead of --name.")]
Born = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Date of birth; YYYY-MM or YYYY where no more is known.")]
WholeAddress = Annotated[str, typer.Option("--address", metavar="ADDRESS", help="Address, in one line.")]
Postcode = Annotated[str, typer.Option(metavar="POSTCODE", help="Whole postcode.")]
Gender = Annotated[str, typer.Option(metavar="GENDER", help="female, male or other; says little by itself.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="A question of `hub menu`.")]
Purpose = Annotated[str, typer.Option(metavar="PURPOSE", help="What for: a purpose of `hub menu`.")]
Case = Annotated[str, typer.Option(metavar="REFERENCE", help="Your own case reference; never a name.")]
