"""Strong identifiers: numbers that belong to one person, and whether a number is well formed.

A valid check digit says that a number was typed right, never whose it is.
"""

from stdnum.gb import nhs, upn

NHS_NUMBER = "nhs_number"
NHS_NUMBER_LENGTH = 10
UPN = "upn"
UPN_LENGTH = 13
STRONG_IDENTIFIERS = (NHS_NUMBER, UPN)

_UPN_LETTERS = frozenset("ABCDEFGHJKLMNPQRTUVWXYZ")


def is_valid_nhs_number(number: str) -> bool:
    """Tell whether ten ASCII digits, not all alike, end in the right check digit (modulus 11)."""
    # The library's own check accepts 0000000000 and full-width digits; neither is anybody's number.
    return (
        len(number) == NHS_NUMBER_LENGTH
        and number.isascii()
        and number.isdigit()
        and len(set(number)) > 1
        and nhs.checksum(number) == 0
    )


def is_valid_upn(number: str) -> bool:
    """Tell whether thirteen characters form a unique pupil number with the right check letter.

    The library's own list of local authorities dates from 2011 and refuses genuine numbers, so only its check
    letter is used. A temporary number ends in a letter.
    """
    if len(number) != UPN_LENGTH or not number.isascii() or number[0] not in _UPN_LETTERS or not number[1:12].isdigit():
        return False
    if not (number[12].isdigit() or number[12] in _UPN_LETTERS):
        return False
    return str(upn.calc_check_digit(number[1:])) == number[0]


def is_valid(identifier: str, number: str) -> bool:
    """Tell whether a number is well formed for the identifier that a catalogue field names."""
    return is_valid_nhs_number(number) if identifier == NHS_NUMBER else is_valid_upn(number)
