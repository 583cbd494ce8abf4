"""Excel files: sheets that are joined, cells as text, errors that stay doubts, and files that are not whole."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import structlog
from openpyxl.styles import PatternFill
from structlog.testing import CapturingLogger

from adapters.files import workbook
from adapters.files.reader import FilesReader
from adapters.files.table import Refusal
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FilesSource
from adapters.kit.reader import FindingState, Found, Looking, Match

BY_UPN = Match(looking=Looking.ANY, wanted=(("upn", "H801200001001"),))
PUPILS: Sequence[Sequence[object]] = (
    ("UPN", "Surname", "Forename", "Born", "NHS", "Notes", "Shield"),
    ("H801200001001", "Khan", "Amina", date(2012, 3, 7), 9434765919, time(9, 30), None),
    ("Z801200001009", "Smith", "Bo", datetime(2010, 1, 1, 12, 30), 943.5, True, "Y"),  # noqa: DTZ001  Excel has no zones
)
CLASSES: Sequence[Sequence[object]] = (("Pupil", "Class"), ("H801200001001", "7A"), ("H801200001001", "Choir"))


def save(file: Path, **sheets: Sequence[Sequence[object]]) -> None:
    """Put a workbook in place as an export does: written aside, dated, then renamed."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    aside = file.with_suffix(".part")
    book.save(aside)
    os.utime(aside, (1_780_000_000, 1_780_000_000))
    aside.rename(file)


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


@pytest.fixture
def source(tmp_path: Path) -> FilesSource:
    save(tmp_path / "school.xlsx", Cover=[["Export of the register"]], Pupils=PUPILS, Classes=CLASSES)
    pupil = {
        "file": "school.xlsx",
        "sheet": "Pupils",
        "keys": {"upn": "UPN", "family_name": "Surname", "given_name": "Forename", "date_of_birth": "Born"},
        "terms": {"shield": {"column": "Shield", "values": {"Y": "person", "N": "none"}}},
        "fields": {
            "upn": "UPN",
            "given_name": "Forename",
            "date_of_birth": "Born",
            "nhs_number": "NHS",
            "notes": "Notes",
        },
    }
    join = {"file": "school.xlsx", "sheet": "Classes", "as": "class", "on": {"UPN": "Pupil"}}
    classes = {**pupil, "joins": [join], "fields": {"upn": "UPN", "class": "class.Class"}}
    return FilesSource.model_validate(
        {
            "kind": "files",
            "name": "Register",
            "folder": str(tmp_path),
            "poll_seconds": 3600,
            "records": {"pupil": pupil, "classes": classes},
        }
    )


@pytest.fixture
async def reader(source: FilesSource, logged: CapturingLogger) -> AsyncIterator[FilesReader]:
    made = FilesReader(source, structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()]))
    await made.open()
    yield made
    await made.close()


async def find(reader: FilesReader, match: Match, *fields: str, records: str = "pupil") -> Found:
    return await reader.find(records, match, fields, asyncio.get_running_loop().time() + 5)


async def test_cells_are_read_as_a_person_reads_them(reader: FilesReader) -> None:
    found = await find(reader, BY_UPN, "given_name", "date_of_birth", "nhs_number", "notes")
    assert list(found.cells) == ["Amina", "2012-03-07", "9434765919", "09:30:00"]
    by_names = (("family_name", "khan"), ("given_name", "amina"), ("date_of_birth", "2012-03-07"))
    found = await find(reader, Match(looking=Looking.ALL, wanted=by_names), "upn")
    assert list(found.cells) == ["H801200001001"]


async def test_sheets_are_joined_as_files_are(reader: FilesReader) -> None:
    assert list((await find(reader, BY_UPN, "class", records="classes")).cells) == ["7A", "Choir"]


@pytest.mark.parametrize("said", ["#REF!", "=A1", "=1/0"])
async def test_an_error_or_a_formula_not_worked_out_where_a_shield_stands_is_no_empty_cell(
    reader: FilesReader, tmp_path: Path, said: str
) -> None:
    assert (await find(reader, BY_UPN, "upn")).cells
    shielded = [PUPILS[0], (*PUPILS[1][:-1], said)]
    save(tmp_path / "school.xlsx", Pupils=[["", ""], [], *([None, *row] for row in shielded)], Classes=CLASSES)
    await reader.refresh()
    found = await find(reader, BY_UPN, "upn")
    assert not found.cells
    assert len(found.shielded) == 1


async def test_a_workbook_that_is_not_whole_is_refused_and_the_old_one_stays(
    reader: FilesReader, tmp_path: Path, logged: CapturingLogger
) -> None:
    file = tmp_path / "school.xlsx"
    save(
        tmp_path / "next.xlsx",
        Pupils=[*PUPILS[:1], ("H801200001001", "Khan", "Nobody", "", "", "", "")],
        Classes=CLASSES,
    )
    whole = (tmp_path / "next.xlsx").read_bytes()
    flipped = bytes([*whole[: len(whole) // 3], whole[len(whole) // 3] ^ 0xFF, *whole[len(whole) // 3 + 1 :]])
    for spoilt in (b"", whole[:100], whole[: len(whole) // 2], whole[:-10], flipped, b"UPN,Surname\n"):
        file.write_bytes(spoilt)
        os.utime(file, (1_780_000_001, 1_780_000_001))
        await reader.refresh()
        assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Amina"]
    assert Refusal.NO_WORKBOOK.value in str(logged.calls)
    assert "Khan" not in str(logged.calls)


async def test_a_sheet_with_a_cell_far_away_is_refused_before_a_place_is_made_for_each_between(
    reader: FilesReader, tmp_path: Path, logged: CapturingLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library would ask for 512 GiB, and end the whole adapter.
    monkeypatch.setattr(workbook, "MOST_PLACES", 25 * 2000)
    file = tmp_path / "school.xlsx"
    for place, is_taken in (("Z1999", False), ("Y2000", True), ("AA1", True), ("A7142", True), ("A7143", False)):
        book = openpyxl.load_workbook(file)
        book["Pupils"]["C2"] = place
        book["Pupils"][place] = "?"
        # A place that is only coloured holds nothing.
        book["Pupils"]["XFD1048576"].fill = PatternFill("solid", fgColor="FF0000")
        book.save(file)
        os.utime(file, (1_780_000_001, 1_780_000_001))
        logged.calls.clear()
        await reader.refresh()
        assert (Refusal.TOO_LARGE.value in str(logged.calls)) is not is_taken
        assert (list((await find(reader, BY_UPN, "given_name")).cells) == [place]) is is_taken
        save(file, Pupils=PUPILS, Classes=CLASSES)


async def test_what_is_too_large_unpacked_is_never_given_to_the_library(
    source: FilesSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_FILE", 1000)
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)
    what = {finding.what for finding in await FilesReader(source, structlog.get_logger()).check()}
    assert f"`school.xlsx, sheet Pupils` is refused: {Refusal.TOO_LARGE}" in what


async def test_a_sheet_that_is_missing_or_empty_is_refused_and_a_check_says_which(
    reader: FilesReader, source: FilesSource, tmp_path: Path
) -> None:
    assert not any(finding.state is FindingState.FAULT for finding in await reader.check())
    save(tmp_path / "school.xlsx", Pupil=PUPILS, Classes=[])
    findings = {finding.what for finding in await reader.check() if finding.state is FindingState.FAULT}
    assert f"`school.xlsx, sheet Pupils` is refused: {Refusal.NO_SHEET}" in findings
    assert f"`school.xlsx, sheet Classes` is refused: {Refusal.NO_HEADER}" in findings
    fresh = FilesReader(source, structlog.get_logger())
    await fresh.refresh()
    with pytest.raises(SourceFault) as raised:
        await find(fresh, BY_UPN, "upn")
    assert raised.value.kind is SourceFaultKind.UNREACHABLE


async def test_a_check_names_the_column_that_was_meant(reader: FilesReader, tmp_path: Path) -> None:
    save(tmp_path / "school.xlsx", Pupils=[("UPN", "Surname", "Forname", *PUPILS[0][3:])], Classes=CLASSES)
    mends = {finding.mend for finding in await reader.check() if finding.state is FindingState.FAULT}
    assert mends == {"Did you mean `Forname`?"}


async def test_without_its_library_an_excel_file_is_refused_and_a_check_says_what_to_install(
    source: FilesSource, logged: CapturingLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "adapters.files.workbook", raising=False)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    reader = FilesReader(source, structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()]))
    assert await reader.refresh()
    assert Refusal.NO_LIBRARY.value in str(logged.calls)
    assert "pip install 'sharing-hub[excel]'" in str(await reader.check())
