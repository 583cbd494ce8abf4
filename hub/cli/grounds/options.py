"""The options of these commands: whom something is about and why, and the codes that may be given."""

from enum import StrEnum
from typing import Annotated

import typer

NhsNumber = Annotated[str, typer.Option(metavar="NUMBER", help="Ten digits.")]
Upn = Annotated[str, typer.Option(metavar="UPN", help="Unique pupil number.")]
Name = Annotated[str, typer.Option(metavar="NAME", help="Given and family name; the last word is the latter.")]
GivenName = Annotated[str, typer.Option(metavar="NAME", help="Given name, instead of --name.")]
FamilyName = Annotated[str, typer.Option(metavar="NAME", help="Family name, instead of --name.")]
Born = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Date of birth.")]
Purpose = Annotated[str, typer.Option(metavar="PURPOSE", help="What for: a purpose of `hub menu`.")]
Case = Annotated[str, typer.Option(metavar="REFERENCE", help="Your own case reference; never a name.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="A question of `hub menu`.")]
Confirmation = Annotated[str, typer.Argument(metavar="CONFIRMATION", help="As `hub officer queue` shows it.")]
Everything = Annotated[bool, typer.Option("--all", help="That too which is done with.")]


class Verdict(StrEnum):
    """Is what an officer decides."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Why(StrEnum):
    """Is why an officer decides so."""

    LAW_REQUIRES = "law_requires"
    RISK_OUTWEIGHS = "risk_outweighs"
    CONSENT_UNSAFE = "consent_unsafe"
    CONSENT_IMPRACTICABLE = "consent_impracticable"
    PUBLIC_INTEREST_OUTWEIGHS = "public_interest_outweighs"
    GROUND_NOT_MADE_OUT = "ground_not_made_out"
    ANOTHER_GROUND = "another_ground"
    LESS_WOULD_DO = "less_would_do"
    CONSENT_CAN_BE_SOUGHT = "consent_can_be_sought"
    MORE_DETRIMENTAL = "more_detrimental"
    NOT_ENOUGH_KNOWN = "not_enough_known"


class Emergency(StrEnum):
    """Is why break-glass access is opened."""

    LIFE_AT_RISK = "life_at_risk"
    SERIOUS_HARM = "serious_harm"
    CHILD_MISSING = "child_missing"
    CANNOT_SPEAK = "cannot_speak"


class Finding(StrEnum):
    """Is what a use of break-glass access is found to have been."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    TRAINING = "training"
    REFERRED = "referred"
