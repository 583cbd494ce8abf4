"""Accounts from a CSV file: all of them, or every fault at once."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.errors import ConfigurationError, Fault
from hub.model.account import LONGEST_DISPLAY_NAME, USER_NAME, NewAccount

COLUMNS = ("user_name", "display_name", "agency", "access_level", "areas")
AREA_SEPARATOR = ";"
MOST_BYTES = 5_000_000
# What a spreadsheet would run as a formula, should the file ever be opened in one again.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """What can be allocated: agencies, access levels with the agency that each is for (None: any), and areas."""

    agencies: Collection[str]
    levels: Mapping[str, str | None]
    areas: Collection[str]


@dataclass(frozen=True, slots=True)
class _Complaint:
    what: str
    mend: str


def decoded(content: bytes, file: Path) -> str:
    """Return a file's text; raise ConfigurationError unless it is UTF-8 and not too large."""
    if len(content) > MOST_BYTES:
        raise ConfigurationError([_fault(file, 1, f"it has more than {MOST_BYTES:,} bytes", "Split it.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigurationError([_fault(file, line, "it is not UTF-8", "Save it as “CSV UTF-8”.")]) from None


def read_accounts(
    text: str, offices: Offices, *, file: Path = Path("accounts.csv"), taken: Collection[str] = ()
) -> tuple[NewAccount, ...]:
    """Read new accounts; raise ConfigurationError with every fault, each with its line. `taken` names those there are.

    Without an access level an account is made to which none is allocated yet; areas are separated by semicolons.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: list[NewAccount] = []
    faults: list[Fault] = []
    lines_of_names: dict[str, int] = {}
    try:
        _check_header(next(rows, []), file)
        for cells in filter(None, rows):
            complaints = list(_complaints(cells, offices, taken, lines_of_names))
            faults += [_fault(file, rows.line_num, one.what, one.mend) for one in complaints]
            found += [] if complaints else [_account(cells)]
            lines_of_names.setdefault(cells[0], rows.line_num)
    except csv.Error:
        mend = "Put quotation marks around whole cells, and double those inside."
        faults.append(_fault(file, rows.line_num, "its quotation marks do not fit, or a cell has no end", mend))
    if not found and not faults:
        faults.append(_fault(file, 1, "there is nobody in it", "Write one line for each account below the columns."))
    if faults:
        raise ConfigurationError(faults)
    return tuple(found)


def _check_header(header: list[str], file: Path) -> None:
    if tuple(header) != COLUMNS:
        raise ConfigurationError(
            [_fault(file, 1, "its columns are not the right ones", f"Let the first line be: {','.join(COLUMNS)}")]
        )


def _complaints(
    cells: list[str], offices: Offices, taken: Collection[str], lines_of_names: Mapping[str, int]
) -> Iterator[_Complaint]:
    """Yield what is wrong with one line; a cell is only looked at further when it is text as it should be."""
    if len(cells) != len(COLUMNS):
        yield _Complaint(f"it has {len(cells)} cells", f"Write {len(COLUMNS)}, empty ones too.")
        return
    unfit = [
        _Complaint(f"{column} {what}", mend)
        for column, cell in zip(COLUMNS, cells, strict=True)
        for what, mend in _unfit(cell)
    ]
    if unfit:
        yield from unfit
        return
    user_name, display_name, agency, level, areas = cells
    yield from _wrong_names(user_name, display_name)
    if user_name in taken:
        yield _Complaint("there is an account of this user_name already", "User names are unique: choose another.")
    if user_name and user_name in lines_of_names:
        yield _Complaint(f"user_name stands on line {lines_of_names[user_name]} already", "User names are unique.")
    yield from _wrong_office(agency, level, offices)
    yield from _wrong_areas(areas, offices)


def _unfit(cell: str) -> Iterator[tuple[str, str]]:
    if not cell.isprintable() or "\ufffd" in cell:
        yield (
            "holds characters that cannot be seen, or were lost in conversion",
            "Type the cell anew, and save as UTF-8.",
        )
    if cell.startswith(_FORMULA):
        yield "begins like a formula", "Begin it with a letter or a digit."
    if cell != cell.strip():
        yield "has spaces at its ends", "Remove them."


def _wrong_names(user_name: str, display_name: str) -> Iterator[_Complaint]:
    if not USER_NAME.fullmatch(user_name):
        yield _Complaint("user_name cannot be one", "Take 2 to 64 small letters, digits, '.' or '-', a letter first.")
    if not 0 < len(display_name) <= LONGEST_DISPLAY_NAME:
        mend = f"Write the name that colleagues see, in 1 to {LONGEST_DISPLAY_NAME} characters."
        yield _Complaint("display_name is missing or too long", mend)


def _wrong_office(agency: str, level: str, offices: Offices) -> Iterator[_Complaint]:
    if agency not in offices.agencies:
        yield _Complaint("there is no such agency", f"There are: {', '.join(offices.agencies)}.")
    if level and level not in offices.levels:
        yield _Complaint("nobody can hold such an access_level", f"There are: {', '.join(offices.levels)}.")
    elif level and offices.levels[level] not in (None, agency):
        yield _Complaint("access_level is not for this agency", f"It is for {offices.levels[level]}.")


def _wrong_areas(areas: str, offices: Offices) -> Iterator[_Complaint]:
    named = areas.split(AREA_SEPARATOR) if areas else []
    if any(area not in offices.areas for area in named):
        known = ", ".join(offices.areas) or "none"
        yield _Complaint("there is no such area", f"Separate areas by '{AREA_SEPARATOR}'. There are: {known}.")
    if len(set(named)) != len(named):
        yield _Complaint("an area stands there twice", "Name each once.")


def _account(cells: list[str]) -> NewAccount:
    user_name, display_name, agency, level, areas = cells
    named = tuple(areas.split(AREA_SEPARATOR)) if areas else ()
    return NewAccount(user_name=user_name, display_name=display_name, agency=agency, access_level=level, areas=named)


def _fault(file: Path, line: int, what: str, mend: str) -> Fault:
    return Fault(file=file, line=line, what=what, mend=mend)
