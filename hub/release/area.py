"""Areas: a record that belongs elsewhere is no record to somebody whose office is not there."""

from hub.model.records import Records


def within_areas(records: Records, areas: frozenset[str]) -> Records:
    """Drop rows of which the source says that they belong to other areas only; of others it says nothing."""
    if not records.terms:
        return records
    return records.only([not said.areas or not areas.isdisjoint(said.areas) for said in records.terms])
