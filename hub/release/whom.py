"""Whom rows are about: which of them may be about the person asked about, and which an agency should not have sent.

An agency that is asked by names looks for candidates, and whether one of them is the person is for the hub to judge: a
candidate who is not goes without a trace. Whoever cannot have been found by what was asked was sent too much.
"""

from collections.abc import Callable, Sequence

from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.matching import MOST_CANDIDATES, Standing
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.text import plain

_NAMES = ("given_name", "family_name")
_PLACES = ("postcode", "address")

# How each row of a table stands to the person asked about.
Standings = Callable[[Records, PersonKeys], Sequence[Standing]]


def only_asked(records: Records, asked: PersonKeys, agency: str, standings: Standings) -> tuple[Records, int]:
    """Return the rows that are, or possibly are, about the person asked about, and count those not to have been sent.

    Of an agency that sends more people than it may nobody is shown who is only possibly that person.
    """
    found = standings(records, asked)
    if len(records) > MOST_CANDIDATES and len(set(_people(records))) > MOST_CANDIDATES:
        kept = [standing is Standing.SAME for standing in found]
        return records.only(kept), kept.count(False)
    # Of somebody without a name nothing would be shown by which to tell who it is.
    kept = [
        standing is Standing.SAME or (standing is Standing.POSSIBLY and is_named)
        for standing, is_named in zip(found, _named(records), strict=True)
    ]
    if all(kept):
        return records, 0
    if any(given == agency for given, _ in asked.local_numbers):
        # The agency has looked by a number of its own, which is not among what it sends; of somebody else's numbers it
        # knows all the same that they are not those that were asked for.
        held_by_others = _of_others(records, asked)
        return records.only([not is_other for is_other in held_by_others]), sum(held_by_others)
    others = records.only([not is_kept for is_kept in kept])
    return records.only(kept), sum(not is_candidate for is_candidate in _candidates(others, asked))


def _of_others(records: Records, asked: PersonKeys) -> list[bool]:
    """Tell for each row whether it has another valid number of a kind that was asked for."""
    found = [False] * len(records)
    for kind in STRONG_IDENTIFIERS:
        if wanted := getattr(asked, kind):
            held = records.column(kind) or ("",) * len(records)
            found = [
                before or (bool(number) and number != wanted and is_valid(kind, number))
                for before, number in zip(found, held, strict=True)
            ]
    return found


def _named(records: Records) -> list[bool]:
    absent = ("",) * len(records)
    names = [records.column(name) or absent for name in _NAMES]
    return [any(map(plain, each)) for each in zip(*names, strict=True)]


def _people(records: Records) -> list[tuple[str, ...]]:
    """Say for each row who it says it is about: by an identifier, or else by names and date of birth."""
    absent = ("",) * len(records)
    numbers = [records.column(kind) or absent for kind in STRONG_IDENTIFIERS]
    names = [records.column(name) or absent for name in (*_NAMES, "date_of_birth")]
    return [
        next(((number,) for number in held if number), tuple(map(plain, called)))
        for held, called in zip(zip(*numbers, strict=True), zip(*names, strict=True), strict=True)
    ]


def _candidates(records: Records, asked: PersonKeys) -> list[bool]:
    """Tell for each row whether looking by names, by a day of birth or by a place can have found it.

    It has a name, the day or the place in common with what was asked, or the first letters of both names.
    """
    absent = ("",) * len(records)
    called = [[plain(name) for name in records.column(key) or absent] for key in _NAMES]
    wanted = [plain(getattr(asked, key)) for key in _NAMES]
    born = records.column("date_of_birth") or absent
    found = [bool(asked.date_of_birth) and day.startswith(asked.date_of_birth) for day in born]
    for row, names in enumerate(zip(*called, strict=True)):
        shared = {name for name in names if name} & {name for name in wanted if name}
        initials = all(wanted) and [name[:1] for name in names] == [name[:1] for name in wanted]
        found[row] = found[row] or bool(shared) or initials
    for key in _PLACES:
        if place := plain(getattr(asked, key)):
            held = records.column(key) or absent
            found = [before or plain(cell) == place for before, cell in zip(found, held, strict=True)]
    return found
