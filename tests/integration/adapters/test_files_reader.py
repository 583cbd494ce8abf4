"""The files reader against real files that are replaced, half-written and mended."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.files.reader import FilesReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FilesSource
from adapters.kit.reader import FindingState, Found, Looking, Match

BY_UPN = Match(looking=Looking.ANY, wanted=(("upn", "h801200001001"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "khan"), ("given_name", "amina"), ("date_of_birth", "2012-03-07"))
)
CLIENTS = (
    "Ref,UPN,Surname,Forename,DOB,OptOut\r\n"
    "c1,H801200001001,Khan,Amina,07/03/2012,N\r\n"
    'c2,Z801200001009,"Smith, Jr",Bo,01/01/2010,Y\r\n'
    "\r\n"
    "c3,,KHAN,AMINA,07/03/2012,\r\n"
)
WORK = "Ref,Code,Since\nc1,210,01/09/2025\nc1,320,01/02/2026\nc9,210,01/09/2025\n"
FOURTH_OF_JUNE_NS = 1_780_574_400 * 10**9


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "clients.csv", CLIENTS)
    put(tmp_path / "work.csv", WORK)
    os.utime(tmp_path / "clients.csv", ns=(FOURTH_OF_JUNE_NS, FOURTH_OF_JUNE_NS))
    return tmp_path


@pytest.fixture
def source(folder: Path) -> FilesSource:
    keys = {
        "upn": "UPN",
        "family_name": "Surname",
        "given_name": "Forename",
        "date_of_birth": {"column": "DOB", "date": "%d/%m/%Y"},
    }
    fields = {"upn": "UPN", "family_name": "Surname", "given_name": "Forename"}
    client = {"file": "clients.csv", "keys": keys, "record_id": "Ref", "withhold_when": {"OptOut": ["Y"]}}
    join = {"file": "work.csv", "as": "work", "on": {"Ref": "Ref"}}
    activity = {"column": "work.Code", "values": {"210": "education"}, "otherwise": "other"}
    return FilesSource.model_validate(
        {
            "kind": "files",
            "name": "Caseload",
            "folder": str(folder),
            "poll_seconds": 3600,
            "still_seconds": 0,
            "records": {
                "client": {**client, "fields": fields},
                "work": {
                    **client,
                    "joins": [join],
                    "record_date": {"column": "work.Since", "date": "%d/%m/%Y"},
                    "fields": {"upn": "UPN", "activity": activity},
                },
            },
        }
    )


@pytest.fixture
async def reader(source: FilesSource, logged: CapturingLogger) -> AsyncIterator[FilesReader]:
    made = FilesReader(source, structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()]))
    await made.open()
    yield made
    await made.close()


def put(file: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Put a file in place as an export does: written aside, then renamed."""
    aside = file.with_suffix(".part")
    aside.write_text(text, encoding=encoding, newline="")
    aside.rename(file)


async def find(reader: FilesReader, match: Match, *fields: str, records: str = "client") -> Found:
    return await reader.find(records, match, fields, asyncio.get_running_loop().time() + 5)


async def test_a_person_is_found_by_identifier_or_by_names_whatever_the_capitals(reader: FilesReader) -> None:
    found = await find(reader, BY_UPN, "family_name", "given_name")
    assert list(found.cells) == ["Khan", "Amina"]
    found = await find(reader, BY_NAMES, "given_name")
    assert list(found.references) == ["c1", "c3"]
    assert list(found.record_dates) == ["2026-06-04", "2026-06-04"]


async def test_an_empty_identifier_finds_nobody_and_an_opt_out_is_withheld(reader: FilesReader) -> None:
    opted_out = Match(looking=Looking.ANY, wanted=(("upn", "Z801200001009"),))
    assert (await find(reader, opted_out, "upn")).withheld == 1
    unknown = Match(looking=Looking.ANY, wanted=(("upn", "A123"),))
    assert not (await find(reader, unknown, "upn")).cells


async def test_joined_files_make_a_row_each_with_the_date_that_a_column_says(reader: FilesReader) -> None:
    found = await find(reader, BY_UPN, "activity", records="work")
    assert list(found.cells) == ["education", "other"]
    assert list(found.record_dates) == ["2025-09-01", "2026-02-01"]
    assert not (await find(reader, BY_NAMES, "activity", records="work")).references[2:]


async def test_a_new_file_is_swapped_in(reader: FilesReader, folder: Path) -> None:
    put(folder / "clients.csv", CLIENTS.replace("Amina", "Aminah"))
    assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Amina"]
    await reader.refresh()
    assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Aminah"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1].removesuffix("\r"),
        lambda text: text[: text.index("Bo,")] + "\r\n",
        lambda text: text.replace("c3,,", "c3,,,"),
        lambda text: text.replace('"Smith, Jr"', '"Smith, Jr'),
        lambda text: text.replace("Forename", "Firstname"),
        lambda text: text.replace("Surname", "UPN"),
        lambda _: "",
        lambda _: "\r\n\r\n",
    ],
)
async def test_a_half_written_or_malformed_file_is_refused_and_the_old_one_stays(
    reader: FilesReader, folder: Path, logged: CapturingLogger, spoil: Callable[[str], str]
) -> None:
    put(folder / "clients.csv", spoil(CLIENTS.replace("Amina", "Nobody")))
    await reader.refresh()
    await reader.refresh()
    assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Amina"]
    assert str(logged.calls).count("files_refused") == 1
    assert "Khan" not in str(logged.calls)
    put(folder / "clients.csv", CLIENTS.replace("Amina", "Mended"))
    await reader.refresh()
    assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Mended"]


async def test_text_in_another_encoding_is_refused(reader: FilesReader, folder: Path) -> None:
    put(folder / "clients.csv", CLIENTS.replace("Amina", "Zoë"), encoding="cp1252")
    await reader.refresh()
    assert list((await find(reader, BY_UPN, "given_name")).cells) == ["Amina"]


async def test_without_a_good_file_the_source_is_down_until_there_is_one(
    reader: FilesReader, source: FilesSource, folder: Path
) -> None:
    (folder / "work.csv").unlink()
    fresh = FilesReader(source, structlog.get_logger())
    await fresh.refresh()
    with pytest.raises(SourceFault) as raised:
        await find(fresh, BY_UPN, "upn")
    assert raised.value.kind is SourceFaultKind.UNREACHABLE
    await reader.refresh()
    assert list((await find(reader, BY_UPN, "upn")).cells) == ["H801200001001"]


async def test_a_check_names_the_missing_columns_with_what_was_meant(reader: FilesReader, folder: Path) -> None:
    assert not [finding for finding in await reader.check() if finding.state is FindingState.FAULT]
    put(folder / "clients.csv", CLIENTS.replace("Surname", "Sur_name").replace("Ref,", "Reff,"))
    mends = {finding.mend for finding in await reader.check() if finding.state is FindingState.FAULT}
    assert {"Did you mean `Sur_name`?", "Did you mean `Reff`?"} <= mends


async def test_a_check_says_where_anybody_could_change_what_is_told(reader: FilesReader, folder: Path) -> None:
    (folder / "clients.csv").chmod(0o666)
    (finding,) = (one for one in await reader.check() if one.about == "read-only")
    assert (finding.state, finding.mend) == (FindingState.NOTE, f"Run: chmod o-w {folder / 'clients.csv'}")
    (folder / "clients.csv").chmod(0o664)
    assert [one.state for one in await reader.check() if one.about == "read-only"] == [FindingState.OK]


async def test_a_check_compares_the_values_of_files_with_the_mapping(reader: FilesReader, folder: Path) -> None:
    put(folder / "clients.csv", CLIENTS.replace("07/03/2012", "2012-03-07").replace("01/01/2010", "2010-01-01"))
    found = [one for one in await reader.check() if one.state is FindingState.FAULT]
    assert {one.about for one in found} == {"types"}
    assert found[0].mend == "Take `date` away under `keys`, or say `%Y-%m-%d` if it is a column of text."
    assert "2012" not in str(found)
