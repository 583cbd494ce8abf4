"""How common names are, of which only those leave that enough people bear."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from hub.linkage.features import Features
from hub.linkage.parameters import FAMILY_NAME, GIVEN_NAME

# A name that fewer people bear could tell that one of them is in the records.
FEWEST_PEOPLE = 6


def frequencies(records: Sequence[Features], *, fewest: int = FEWEST_PEOPLE) -> Mapping[str, Mapping[str, float]]:
    """Return the share of each name, as it is spelled for comparing, that at least so many people bear.

    Records of one person are told by a name with one date of birth, so that a much recorded child does not make a
    name common; the share is of records, as a pair of records is what is compared.
    """
    return {
        GIVEN_NAME: _shares([(one.given.spelled, _who(one)) for one in records if one.given], fewest),
        FAMILY_NAME: _shares([(one.family.spelled, _who(one)) for one in records if one.family], fewest),
    }


def _shares(borne: Sequence[tuple[str, tuple[str, ...]]], fewest: int) -> dict[str, float]:
    counted = Counter(name for name, _ in borne)
    people: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, who in borne:
        people[name].add(who)
    return {name: count / len(borne) for name, count in sorted(counted.items()) if len(people[name]) >= fewest}


def _who(one: Features) -> tuple[str, ...]:
    """Tell people apart, rather taking two for one than one for two: nobody is counted who may not be there."""
    return (one.born,)
