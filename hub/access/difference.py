"""The difference between two policies: who gains, who loses, whose records are opened, and what else has changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.access.allowances import Allowance, Shown, Way, grouped
from hub.access.looser import is_looser, loosened_for
from hub.access.matrix import Matrix
from hub.access.others import Changed, changed_places, spelt
from hub.access.policy import Policy
from hub.access.spans import without
from hub.access.telling import told
from hub.access.written import WrittenPolicy

# Places whose meaning for who may see what is told by gains and losses, and nothing else.
_WEIGHED = {
    "levels": {"agency", "kind", "inherits", "grants", "denials"},
    "agreements": {"parties", "purposes", "classes", "starts", "ends"},
    "agencies": {"areas"},
    "questions": {"agencies", "fields", "purposes"},
    "fields": {"field_class", "identity"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Cells of the matrix that are gained or lost, and the sentence that says so."""

    allowance: Allowance
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """One place, as a dotted path, that says something else than before; None where nothing stands.

    `is_weighed` says that gains and losses tell what it means for who may see what. `is_looser` says that it lets
    something through that was stopped before, in ways that they do not tell; None where that cannot be said.
    """

    path: str
    old: str | None
    new: str | None
    is_weighed: bool
    is_looser: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a new policy changes, from an instant on; empty exactly if both have one version.

    `opens` names the agencies whose records somebody may see who could not, or for longer; their own people count, for
    it is the agency that answers for what its records are used for. `loosens` names those whose records lose a
    protection that is not in the matrix.
    """

    old: str
    new: str
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]
    others: tuple[Other, ...]
    opens: frozenset[str]
    loosens: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes at all."""
        return not (self.gains or self.losses or self.others)


def difference(old: WrittenPolicy, new: WrittenPolicy, at: datetime) -> Difference:
    """Compare two policies over all time from an instant on: cell by cell, and then word by word."""
    before, after = Matrix(old, at), Matrix(new, at)
    gains: list[Change] = []
    losses: list[Change] = []
    for level in dict.fromkeys((*old.levels, *new.levels)):
        was, will = before.ways(level), after.ways(level)
        gains += _changes(_more(will, was), new, at, may="may")
        losses += _changes(_more(was, will), old, at, may="may no longer")
    places = [(changed, is_looser(changed, old, new)) for changed in changed_places(old, new)]
    return Difference(
        old=old.version,
        new=new.version,
        gains=tuple(gains),
        losses=tuple(losses),
        others=tuple(_other(changed, looser) for changed, looser in places),
        opens=frozenset(gain.allowance.source for gain in gains),
        loosens=frozenset(agency for changed, looser in places if looser for agency in loosened_for(changed, new)),
    )


def _other(changed: Changed, looser: bool | None) -> Other:  # noqa: FBT001  # a verdict, not a switch
    return Other(
        path=".".join(changed.path),
        old=spelt(changed.old),
        new=spelt(changed.new),
        is_weighed=_is_weighed(changed.path),
        is_looser=looser,
    )


def _more(these: Mapping[Way, Shown], those: Mapping[Way, Shown]) -> Mapping[Way, Shown]:
    """Return what is in the first matrix and not in the second."""
    more: dict[Way, Shown] = {}
    for way, shown in these.items():
        other = those.get(way, {})
        if shown != other:
            left = {field: without(spans, other.get(field, ())) for field, spans in shown.items()}
            more[way] = {field: spans for field, spans in left.items() if spans}
    return more


def _changes(ways: Mapping[Way, Shown], policy: Policy, at: datetime, *, may: str) -> Iterator[Change]:
    for allowance in grouped(ways, policy):
        yield Change(allowance=allowance, sentence=told(allowance, policy, at, may=may))


def _is_weighed(path: tuple[str, ...]) -> bool:
    """Tell whether the matrix says what a place means; of something that is new or gone altogether it does."""
    match path:
        case (section, _, place):
            return place in _WEIGHED.get(section, ())
        case (_, _):
            return True
        case _:
            return False
