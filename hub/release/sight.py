"""Sight: how much of a row is shown, and what an answer shows if of some rows it is not all."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum

from hub.model.answer import AgencyAnswer
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records
from hub.model.terms import Consent

# What tells one person from another, and no more: of the postcode only the first half.
TELLING_APART = ("given_name", "family_name", "date_of_birth", "postcode")
_POSTCODE = "postcode"
# The second half of a postcode, with which some systems write it in one.
_INWARD_LETTERS = 3
_SHORTEST_POSTCODE = 5


class Sight(StrEnum):
    """Is how much of a row is shown: nothing, what tells one person from another, or all that may be."""

    NOTHING = "nothing"
    APART = "apart"
    WHOLE = "whole"


def seen(whole: AgencyAnswer, sights: Sequence[Sight]) -> AgencyAnswer:
    """Return what an answer shows, with one sight for each of its rows.

    Of a row that is not whole neither the day of the record is shown nor how consent stands, nor that something of it
    is kept back. `holds_until` and `instance` stay: by them what is behind is taken back as well.
    """
    if whole.records is None or all(sight is Sight.WHOLE for sight in sights):
        return whole
    consents, consent_of_row = _consents(whole, sights)
    return replace(
        whole,
        records=_table(whole.records, sights),
        withheld=_withheld(whole, sights),
        withheld_rows=(),
        consents=consents,
        consent_of_row=consent_of_row,
    )


def without_rows(whole: AgencyAnswer, kept: Sequence[bool]) -> AgencyAnswer:
    """Return an answer with those rows only for which `kept` says so; without any, nothing is held of the person."""
    if whole.records is None or all(kept):
        return whole
    if not any(kept):
        return AgencyAnswer(agency=whole.agency, outcome=Outcome.NOTHING_HELD, elapsed_ms=whole.elapsed_ms)
    chosen = seen(whole, [Sight.WHOLE if is_kept else Sight.NOTHING for is_kept in kept])
    new_row = {row: number for number, row in enumerate(row for row, is_kept in enumerate(kept) if is_kept)}
    rows = (tuple(new_row[row] for row in found if kept[row]) for found in whole.withheld_rows)
    return replace(chosen, withheld_rows=tuple(found for found in rows if found))


def _table(records: Records, sights: Sequence[Sight]) -> Records | None:
    table = records.only([sight is not Sight.NOTHING for sight in sights])
    left = [sight for sight in sights if sight is not Sight.NOTHING]
    apart = [row for row, sight in enumerate(left) if sight is Sight.APART]
    if not left or not apart:
        return table if left else None
    hidden = set(table.columns).difference(TELLING_APART)
    table = table.without(hidden) if len(apart) == len(left) else table.emptied(apart, hidden)
    return replace(
        _with_half_postcodes(table, apart),
        record_dates=tuple(
            "" if sight is Sight.APART else day for day, sight in zip(table.record_dates, left, strict=True)
        ),
        terms=(),
    )


def _with_half_postcodes(table: Records, rows: Collection[int]) -> Records:
    if _POSTCODE not in table.columns:
        return table
    width, place, cells = len(table.columns), table.columns.index(_POSTCODE), list(table.cells)
    for row in rows:
        cells[row * width + place] = first_half(cells[row * width + place])
    return replace(table, cells=tuple(cells))


def first_half(postcode: str) -> str:
    """Return the part of a postcode that many streets share.

    >>> first_half("BL1 4QQ"), first_half("bl14qq"), first_half("BL1")
    ('BL1', 'bl1', 'BL1')
    """
    parts = postcode.split()
    if len(parts) == 1 and len(postcode.strip()) >= _SHORTEST_POSTCODE:
        return parts[0][:-_INWARD_LETTERS]
    return parts[0] if parts else ""


def _withheld(whole: AgencyAnswer, sights: Sequence[Sight]) -> tuple[tuple[str, Reason], ...]:
    """Say what is kept back of those rows of which all is shown that may be."""
    return tuple(
        kept
        for kept, rows in zip(whole.withheld, whole.withheld_rows, strict=True)
        if any(sights[row] is Sight.WHOLE for row in rows)
    )


def _consents(whole: AgencyAnswer, sights: Sequence[Sight]) -> tuple[tuple[Consent, ...], tuple[int, ...]]:
    of_rows = whole.consent_of_row or (0,) * len(sights)
    places = [
        place if sight is Sight.WHOLE else 0
        for place, sight in zip(of_rows, sights, strict=True)
        if sight is not Sight.NOTHING
    ]
    told = [place for place in dict.fromkeys(places) if place]
    if not told:
        return (), ()
    new_place = {place: number for number, place in enumerate(told, start=1)}
    return tuple(whole.consents[place - 1] for place in told), tuple(new_place.get(place, 0) for place in places)
