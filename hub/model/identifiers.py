"""Strong identifiers: numbers that belong to one person, and what is wrong with a number that cannot be one.

A valid check digit says that a number was typed right, never whose it is.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from stdnum.gb import nhs, upn

NHS_NUMBER = "nhs_number"
NHS_NUMBER_LENGTH = 10
UPN = "upn"
UPN_LENGTH = 13
ULN = "uln"
ULN_LENGTH = 10
STRONG_IDENTIFIERS = (NHS_NUMBER, UPN, ULN)

# Numbers that begin so are kept for tests: the NHS gives none of them to a patient.
TEST_NHS_NUMBERS = "999"
ULN_PLACEHOLDER = "9999999999"

_UPN_LETTERS = frozenset("ABCDEFGHJKLMNPQRTUVWXYZ")
_MODULUS = 11


class NumberFault(StrEnum):
    """Is why a number cannot be anybody's."""

    FORM = "form"
    OTHER_FIGURES = "other_figures"
    ALL_ALIKE = "all_alike"
    CHECK = "check"
    PLACEHOLDER = "placeholder"


def nhs_number_fault(number: str) -> NumberFault | None:
    """Say what is wrong with what should be ten ASCII digits, not all alike, with the right check digit (modulus 11).

    The library's own check accepts 0000000000 and full-width digits; neither is anybody's number.
    """
    if fault := _digits_fault(number, NHS_NUMBER_LENGTH):
        return fault
    return None if nhs.checksum(number) == 0 else NumberFault.CHECK


def upn_fault(number: str) -> NumberFault | None:
    """Say what is wrong with what should be a unique pupil number, in capitals, with the right check letter.

    The library's own list of local authorities dates from 2011 and refuses genuine numbers, so only its check
    letter is used. A temporary number ends in a letter.
    """
    if not number.isascii():
        return NumberFault.OTHER_FIGURES
    if len(number) != UPN_LENGTH or number[0] not in _UPN_LETTERS or not number[1:12].isdigit():
        return NumberFault.FORM
    if not (number[12].isdigit() or number[12] in _UPN_LETTERS):
        return NumberFault.FORM
    return None if str(upn.calc_check_digit(number[1:])) == number[0] else NumberFault.CHECK


def uln_fault(number: str) -> NumberFault | None:
    """Say what is wrong with what should be a unique learner number: ten digits, the last of which checks the others.

    9999999999 stands for learners who have none, and its check digit is right.
    """
    if number == ULN_PLACEHOLDER:
        return NumberFault.PLACEHOLDER
    if fault := _digits_fault(number, ULN_LENGTH):
        return fault
    if number[0] == "0":
        return NumberFault.FORM
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), number, strict=False)) % _MODULUS
    return None if rest and int(number[-1]) == ULN_LENGTH - rest else NumberFault.CHECK


_FAULTS: Final[Mapping[str, Callable[[str], NumberFault | None]]] = MappingProxyType(
    {NHS_NUMBER: nhs_number_fault, UPN: upn_fault, ULN: uln_fault}
)


def is_valid_nhs_number(number: str) -> bool:
    """Tell whether a number can be somebody's NHS number."""
    return nhs_number_fault(number) is None


def is_valid_upn(number: str) -> bool:
    """Tell whether a number can be somebody's unique pupil number."""
    return upn_fault(number) is None


def is_valid_uln(number: str) -> bool:
    """Tell whether a number can be somebody's unique learner number."""
    return uln_fault(number) is None


def is_valid(identifier: str, number: str) -> bool:
    """Tell whether a number is well formed for the identifier that a catalogue field names."""
    return _FAULTS[identifier](number) is None


def is_test_nhs_number(number: str) -> bool:
    """Tell whether an NHS number is one of those that are kept for tests."""
    return number.startswith(TEST_NHS_NUMBERS)


def is_temporary_upn(number: str) -> bool:
    """Tell whether a valid pupil number is temporary: a pupil who has one may be given another later."""
    return number[-1:].isalpha()


def _digits_fault(number: str, length: int) -> NumberFault | None:
    if not number.isascii() and number.isdecimal():
        return NumberFault.OTHER_FIGURES
    if len(number) != length or not number.isascii() or not number.isdigit():
        return NumberFault.FORM
    return NumberFault.ALL_ALIKE if len(set(number)) == 1 else None
