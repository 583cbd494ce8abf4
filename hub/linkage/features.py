"""Features: what of a record is compared, brought into one form once; what stands for nothing is left out."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from anyascii import anyascii

from hub.linkage.forms import COMMON_PARTS, FORMS, NO_FORMS, NO_NAME_YET, NO_NAMES, Forms
from hub.linkage.parameters import FIELDS
from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.person import PersonKeys
from hub.model.records import Records

_LETTERS = re.compile(r"[a-z]+")
_FIGURE = re.compile(r"[0-9]")
_WORDS = re.compile(r"[a-z]+|[0-9]+[a-z]?")
_NOT_WORD = re.compile(r"[^A-Z0-9]")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
# Dates that systems put where none is known.
_NO_DATES = frozenset({"1900-01-01", "1900", "1901-01-01", "1800-01-01", "9999-12-31", "1111-11-11", "0001-01-01"})
# Of no fixed abode, and other postcodes that no post reaches.
_NO_POSTCODES = "ZZ99"
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{2})?")
_POSTCODE_WITHIN = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b")
_KINDS = len(STRONG_IDENTIFIERS)
_NO_NUMBER = ("", "")
_NO_NUMBERS = ("",) * _KINDS
_GENDERS = {"f": "female", "female": "female", "m": "male", "male": "male", "other": "other"}
_ABBREVIATED = {
    "st": "street",
    "str": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "ct": "court",
    "crt": "court",
    "cres": "crescent",
    "cresc": "crescent",
    "dr": "drive",
    "drv": "drive",
    "gdns": "gardens",
    "gdn": "garden",
    "gr": "grove",
    "grv": "grove",
    "hse": "house",
    "ho": "house",
    "pl": "place",
    "pk": "park",
    "sq": "square",
    "ter": "terrace",
    "terr": "terrace",
    "tce": "terrace",
    "bldgs": "buildings",
    "mt": "mount",
    "apt": "flat",
    "apartment": "flat",
    "nth": "north",
    "sth": "south",
}
# Nobody's name or address is longer, and comparing takes longer with the square of them.
LONGEST_NAME, LONGEST_ADDRESS = 100, 300
LONGEST_OTHER = 40
_SAYS_LITTLE = frozenset({"the", "no", "number", "uk", "england", "united", "kingdom", "gb"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Name:
    """A name as it is compared; two are the same object when they are read from one spelling.

    `spelled` has its letters only, `parts` what was apart, `core` the parts that say something, and `forms` the names
    for which it may stand.
    """

    written: str
    spelled: str
    parts: tuple[str, ...]
    core: tuple[str, ...]
    forms: Forms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Address:
    """An address as it is compared: as written, its words, and its figures."""

    written: str
    words: tuple[str, ...]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Features:
    """What of one record is compared.

    `written` is all of it as it came. `numbers` are its valid strong identifiers and `typed` those that cannot be
    right, each in the order of STRONG_IDENTIFIERS and empty where there is none.
    """

    written: tuple[str, ...]
    numbers: tuple[str, ...]
    typed: tuple[str, ...]
    given: Name | None
    family: Name | None
    born: str
    postcode: str
    address: Address | None
    gender: str


K = TypeVar("K")
V = TypeVar("V")


class _Once(dict[K, V]):
    """Holds what each value is read as; one that comes again is not read again."""

    def __init__(self, read: Callable[[K], V]) -> None:
        """Take what reads a value that has not been seen."""
        super().__init__()
        self._read = read

    def __missing__(self, written: K) -> V:
        """Read a value for the first time."""
        found = self[written] = self._read(written)
        return found


class Reading:
    """Reads records, and each value that comes again only once; it is dropped with the answer that it is for."""

    __slots__ = ("_addresses", "_dates", "_genders", "_names", "_numbers", "_postcodes", "_rows")

    def __init__(self) -> None:
        """Begin without having read anything."""
        self._rows: _Once[tuple[str, ...], Features] = _Once(self._row)
        self._names: _Once[str, Name | None] = _Once(_name)
        self._addresses: _Once[str, Address | None] = _Once(_address)
        self._dates: _Once[str, str] = _Once(_born)
        self._postcodes: _Once[str, str] = _Once(_postcode)
        self._genders: _Once[str, str] = _Once(_gender)
        self._numbers: _Once[tuple[str, str], tuple[str, str]] = _Once(_number)

    def records(self, records: Records) -> list[Features]:
        """Read each row of a table; rows that say the same of who they are about give the same object."""
        # One more cell than a row has, for columns that are not there.
        return [self._rows[tuple([cells[place] for place in places])] for cells, places in self._cells(records)]

    def _cells(self, records: Records) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        width = len(records.columns)
        places = [records.columns.index(name) if name in records.columns else width for name in FIELDS]
        return (((*row, ""), places) for row in records.rows())

    def asked(self, keys: PersonKeys) -> Features:
        """Read what was asked; numbers that one agency gives are not compared."""
        return self._rows[tuple([getattr(keys, name) for name in FIELDS])]

    def _row(self, row: tuple[str, ...]) -> Features:
        given, family, born, postcode, address, gender = row[_KINDS:]
        valid, typed = self._read_numbers(row) if any(row[:_KINDS]) else (_NO_NUMBERS, _NO_NUMBERS)
        return Features(
            written=row,
            numbers=valid,
            typed=typed,
            given=self._names[given],
            family=self._names[family],
            born=self._dates[born],
            postcode=self._postcodes[postcode],
            address=self._addresses[address],
            gender=self._genders[gender],
        )

    def _read_numbers(self, row: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        numbers = [
            self._numbers[held] if held[1] else _NO_NUMBER for held in zip(STRONG_IDENTIFIERS, row, strict=False)
        ]
        return tuple([valid for valid, _ in numbers]), tuple([typed for _, typed in numbers])


def features_of(records: Records) -> list[Features]:
    """Read each row of a table."""
    return Reading().records(records)


def features_asked(keys: PersonKeys) -> Features:
    """Read what was asked."""
    return Reading().asked(keys)


def _number(held: tuple[str, str]) -> tuple[str, str]:
    """Return a number as valid or as typed; one that stands for nobody is neither."""
    kind, written = held
    if len(written) > LONGEST_OTHER:
        return _NO_NUMBER
    number = written.replace(" ", "").replace("-", "").upper()
    if is_valid(kind, number):
        return (number, "")
    is_filler = not number.isascii() or len(set(number)) <= 1
    return ("", "" if is_filler else number)


def _name(written: str) -> Name | None:
    """Read a name; None for what is none, or only stands where one will be."""
    if len(written) > LONGEST_NAME:
        return None
    folded = written.casefold()
    if folded.isascii() and folded.isalpha():
        parts: tuple[str, ...] = (folded,)
        spelled = folded
    else:
        if not folded.isascii():
            folded = anyascii(unicodedata.normalize("NFKC", written)).casefold()
        if _FIGURE.search(folded):
            # With its figures away, Twin 1 would be Twin 2, and Boy 1 would be Boy 2.
            return None
        parts = tuple(_LETTERS.findall(folded.replace("'", "").replace("`", "")))
        spelled = "".join(parts)
    if not spelled or spelled in NO_NAMES or not NO_NAME_YET.isdisjoint(parts):
        return None
    core = parts if len(parts) == 1 else tuple([part for part in parts if part not in COMMON_PARTS]) or parts
    forms = FORMS.get(spelled if core is parts else "".join(core), NO_FORMS)
    return Name(written=written, spelled=spelled, parts=parts, core=core, forms=forms)


def _address(written: str) -> Address | None:
    if not written or len(written) > LONGEST_ADDRESS:
        return None
    plain = written if written.isascii() else anyascii(unicodedata.normalize("NFKC", written))
    folded = _POSTCODE_WITHIN.sub(" ", plain.casefold().replace("'", ""))
    words = [_ABBREVIATED.get(word, word) for word in _WORDS.findall(folded)]
    kept = tuple([word for word in words if word not in _SAYS_LITTLE])
    if not kept:
        return None
    return Address(written=written, words=kept, figures=frozenset([word for word in kept if word[0].isdigit()]))


def _born(written: str) -> str:
    return written if _DATE.fullmatch(written) and written not in _NO_DATES else ""


def _postcode(written: str) -> str:
    """Return a postcode in capitals without its space, whole or its first half; whatever is neither is left out."""
    if len(written) > LONGEST_OTHER:
        return ""
    if not written:
        return ""
    postcode = _NOT_WORD.sub("", unicodedata.normalize("NFKC", written).upper())
    return postcode if _POSTCODE.fullmatch(postcode) and not postcode.startswith(_NO_POSTCODES) else ""


def _gender(written: str) -> str:
    return _GENDERS.get(written.strip().casefold(), "") if len(written) <= LONGEST_OTHER else ""
