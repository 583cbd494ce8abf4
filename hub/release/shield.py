"""Shielding: somebody whom a source protects is, to whoever is not entitled, somebody of whom it holds nothing."""

from collections.abc import Collection

from hub.model.records import Records
from hub.model.terms import Shield

_WHOLE_ROWS = frozenset({Shield.PERSON, Shield.ABSOLUTE})


def without_shielded(records: Records, locating: Collection[str], *, is_entitled: bool) -> Records:
    """Drop protected rows, and empty what locates somebody whose address is protected; none of it can be told after.

    What is shielded absolutely is dropped for everybody.
    """
    if not records.terms:
        return records
    hidden = frozenset({Shield.ABSOLUTE}) if is_entitled else _WHOLE_ROWS
    known = records.only([said.shield not in hidden for said in records.terms])
    addresses = [] if is_entitled else [row for row, said in enumerate(known.terms) if said.shield is Shield.ADDRESS]
    return known.emptied(addresses, locating) if addresses else known


def without_given_away(records: Records) -> Records:
    """Drop whoever has a protected address: to be found by where somebody lives or can be met would tell it."""
    return records.only([said.shield is not Shield.ADDRESS for said in records.terms_of_rows()])
