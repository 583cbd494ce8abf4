"""Likeness: how alike two values of one field are, and whether they can be one person's without more.

Every function here takes two values in either order and says the same.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hub.model.matching import Likeness


class Agreement(IntEnum):
    """Is how far two values can be one person's, as the strict rule has it; a larger one includes a smaller."""

    OPPOSES = 0
    NO = 1
    NEARLY = 2
    SURELY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How two values compare."""

    likeness: Likeness
    agreement: Agreement


def _compared(likeness: Likeness, agreement: Agreement) -> Compared:
    return Compared(likeness=likeness, agreement=agreement)


EQUAL: Final = _compared(Likeness.EQUAL, Agreement.SURELY)
# The same, but one that many have.
EQUAL_NEARLY: Final = _compared(Likeness.EQUAL, Agreement.NEARLY)
WRITTEN_DIFFERENTLY: Final = _compared(Likeness.WRITTEN_DIFFERENTLY, Agreement.SURELY)
# One name in two of the ways in which it is brought into Latin letters; several names may share a spelling.
WRITTEN_NEARLY: Final = _compared(Likeness.WRITTEN_DIFFERENTLY, Agreement.NEARLY)
SHORT_FORM: Final = _compared(Likeness.SHORT_FORM, Agreement.SURELY)
SHORT_FORM_NEARLY: Final = _compared(Likeness.SHORT_FORM, Agreement.NEARLY)
# A name of its own, though it may also stand for the other.
KIN: Final = _compared(Likeness.SHORT_FORM, Agreement.NO)
SLIP: Final = _compared(Likeness.SLIP, Agreement.NEARLY)
# A slip that may as well be another name or number.
DOUBTFUL_SLIP: Final = _compared(Likeness.SLIP, Agreement.NO)
OTHER_NAME_LIKE_A_SLIP: Final = _compared(Likeness.SLIP, Agreement.OPPOSES)
SOUNDS_ALIKE: Final = _compared(Likeness.SOUNDS_ALIKE, Agreement.NEARLY)
DOUBTFUL_SOUND: Final = _compared(Likeness.SOUNDS_ALIKE, Agreement.NO)
OTHER_NAME_OF_THAT_SOUND: Final = _compared(Likeness.SOUNDS_ALIKE, Agreement.OPPOSES)
SWAPPED: Final = _compared(Likeness.SWAPPED, Agreement.SURELY)
SWAPPED_PERHAPS: Final = _compared(Likeness.SWAPPED, Agreement.NO)
SWAPPED_NEARLY: Final = _compared(Likeness.SWAPPED, Agreement.NEARLY)
PARTLY: Final = _compared(Likeness.PARTLY, Agreement.NO)
PARTLY_NEARLY: Final = _compared(Likeness.PARTLY, Agreement.NEARLY)
# Too far apart for a slip, too near for another name beyond doubt.
DIFFERENT_PERHAPS: Final = _compared(Likeness.DIFFERENT, Agreement.NO)
DIFFERENT: Final = _compared(Likeness.DIFFERENT, Agreement.OPPOSES)
CONTRADICTS: Final = _compared(Likeness.CONTRADICTS, Agreement.OPPOSES)
