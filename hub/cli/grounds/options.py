"""The options of these commands: what was put to officers, and the codes that may be given."""

from enum import StrEnum
from typing import Annotated

import typer

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
