"""Which keys together name few enough people to ask about one: each key has points, and a question needs so many.

A point stands for about a tenth of the people who are left. Four hundred thousand people live in a large borough, so
that six points leave hardly anybody but the one who is meant, and some members of one household.
"""

from hub.errors import InvalidRequest
from hub.model.text import plain

ENOUGH = 6
FAMILY_NAME, GIVEN_NAME = 3, 2
# By how much of it is known: its year, its month, its day.
BORN = {4: 2, 7: 3, 10: 5}
# Everybody at an address has its postcode: the two are worth little more together than one of them.
ONE_PLACE, BOTH_PLACES = 4, 5
INITIAL = 1


def points(*, family_name: str, given_name: str, date_of_birth: str, address: str, postcode: str) -> int:
    """Count what keys are worth; gender leaves half of all people and counts nothing."""
    places = (0, ONE_PLACE, BOTH_PLACES)[bool(address) + bool(postcode)]
    born = BORN.get(len(date_of_birth), 0)
    return _of_name(family_name, FAMILY_NAME) + _of_name(given_name, GIVEN_NAME) + born + places


def require_enough(*, family_name: str, given_name: str, date_of_birth: str, address: str, postcode: str) -> None:
    """Raise InvalidRequest, with what to add, where keys without any number name too many people, or nobody."""
    given = points(
        family_name=family_name,
        given_name=given_name,
        date_of_birth=date_of_birth,
        address=address,
        postcode=postcode,
    )
    if given >= ENOUGH:
        return
    if not given:
        raise InvalidRequest(
            "PERSON_MISSING",
            "The question does not say whom it is about.",
            mend="Give an NHS number, a UPN or a ULN, or a name with a date of birth, a postcode or an address.",
            field="person",
        )
    raise InvalidRequest(
        "PERSON_TOO_VAGUE",
        "What the question says fits too many people.",
        mend=f"Add {_advice(family_name=family_name, given_name=given_name, born=date_of_birth, place=postcode)}.",
        field="person",
    )


def _advice(*, family_name: str, given_name: str, born: str, place: str) -> str:
    """Name what would help most, of what is not given yet."""
    missing = [
        words
        for is_given, words in (
            (len(born) == max(BORN), "the date of birth" if not born else "the day of birth"),
            (bool(family_name), "the family name"),
            (bool(place), "the postcode"),
            (bool(given_name), "the given name"),
        )
        if not is_given
    ]
    return f"{' or '.join(missing[:3])}, or give a number such as an NHS number" if missing else "a number"


def _of_name(name: str, worth: int) -> int:
    letters = len(plain(name))
    return worth if letters > 1 else min(letters, INITIAL)
