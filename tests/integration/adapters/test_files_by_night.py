"""Files that are replaced by night: lying still, shrunk, stale, in several encodings, and large."""

import asyncio
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.files.encodings import encoding_of
from adapters.files.reader import FilesReader
from adapters.files.table import FileRefused, Refusal
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FilesSource
from adapters.kit.reader import FindingState, Found, Looking, Match

NOON = 1_795_000_000.0
HOUR = 3600.0
NAMES = ("Zoë", "Łucja", "Siân")


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


def described(folder: Path, **settings: object) -> FilesSource:
    records = {"file": "pupils.csv", "keys": {"upn": "UPN"}, "fields": {"upn": "UPN", "given_name": "Name"}}
    whole = {
        "kind": "files",
        "name": "Register",
        "folder": str(folder),
        "poll_seconds": 3600,
        "records": {"p": records},
    }
    return FilesSource.model_validate({**whole, **settings})


def reader_of(source: FilesSource, logged: CapturingLogger, clock: Clock) -> FilesReader:
    log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    return FilesReader(source, log, clock=clock)


def rows(number: int, name: str = "Amina") -> str:
    return "UPN,Name\n" + "".join(f"U{one},{name}\n" for one in range(1, number + 1))


def put(folder: Path, text: str, at: float, *, encoding: str = "utf-8") -> None:
    file = folder / "pupils.csv"
    file.write_bytes(text.encode(encoding))
    os.utime(file, (at, at))


async def find(reader: FilesReader, upn: str = "U1") -> Found:
    match = Match(looking=Looking.ANY, wanted=(("upn", upn),))
    return await reader.find("p", match, ("given_name",), asyncio.get_running_loop().time() + 5)


async def fault_of(reader: FilesReader) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await find(reader)
    return raised.value.kind


async def test_a_file_is_taken_only_once_it_lies_still(tmp_path: Path, logged: CapturingLogger, clock: Clock) -> None:
    reader = reader_of(described(tmp_path, still_seconds=2), logged, clock)
    put(tmp_path, rows(3, "Old"), NOON - HOUR)
    assert await reader.refresh()
    put(tmp_path, rows(1, "New"), NOON - 1)
    assert not await reader.refresh()
    assert list((await find(reader)).cells) == ["Old"]
    put(tmp_path, rows(3, "New"), NOON)
    clock.now += 1.5
    assert not await reader.refresh()
    clock.now += 0.5
    assert await reader.refresh()
    assert list((await find(reader, "U3")).cells) == ["New"]


async def test_a_file_dated_ahead_of_the_clock_is_taken_once_it_was_seen_lying_still(
    tmp_path: Path, logged: CapturingLogger, clock: Clock
) -> None:
    reader = reader_of(described(tmp_path, still_seconds=2), logged, clock)
    put(tmp_path, rows(1), NOON + HOUR)
    assert not await reader.refresh()
    clock.now -= 30
    assert not await reader.refresh()
    clock.now += 2
    assert await reader.refresh()
    assert list((await find(reader)).cells) == ["Amina"]


async def test_a_file_that_has_just_been_written_is_waited_for_at_the_start(
    tmp_path: Path, logged: CapturingLogger, clock: Clock
) -> None:
    reader = reader_of(described(tmp_path, still_seconds=0.05), logged, clock)
    put(tmp_path, rows(1), NOON)
    asyncio.get_running_loop().call_later(0.01, lambda: setattr(clock, "now", NOON + 1))
    await reader.open()
    await reader.close()
    assert "files_taken" in str(logged.calls)
    assert await fault_of(reader) is SourceFaultKind.UNREACHABLE


async def test_a_file_that_has_lost_most_of_its_rows_is_refused_once_and_a_second_such_file_is_believed(
    tmp_path: Path, logged: CapturingLogger, clock: Clock
) -> None:
    reader = reader_of(described(tmp_path), logged, clock)
    put(tmp_path, rows(100, "Old"), NOON - 9)
    await reader.refresh()
    put(tmp_path, rows(49, "Short"), NOON - 8)
    await reader.refresh()
    await reader.refresh()
    assert list((await find(reader, "U80")).cells) == ["Old"]
    assert str(logged.calls).count(Refusal.SHRUNK.value) == 1
    put(tmp_path, rows(51, "Again"), NOON - 7)
    await reader.refresh()
    assert list((await find(reader)).cells) == ["Again"]


@pytest.mark.parametrize(("before", "after", "settings"), [(100, 50, {}), (19, 0, {}), (100, 0, {"fewest_left": 0})])
async def test_fewer_rows_are_believed_where_that_says_nothing_or_the_manifest_allows_it(
    tmp_path: Path, logged: CapturingLogger, clock: Clock, before: int, after: int, settings: dict[str, object]
) -> None:
    reader = reader_of(described(tmp_path, **settings), logged, clock)
    put(tmp_path, rows(before), NOON - 9)
    await reader.refresh()
    put(tmp_path, rows(after), NOON - 8)
    await reader.refresh()
    assert not (await find(reader, f"U{before}")).cells


async def test_what_is_older_than_it_may_be_is_a_source_that_is_down_and_a_check_says_so(
    tmp_path: Path, logged: CapturingLogger, clock: Clock
) -> None:
    reader = reader_of(described(tmp_path, fresh_for="36h"), logged, clock)
    put(tmp_path, rows(1), NOON - 36 * HOUR)
    await reader.refresh()
    assert list((await find(reader)).record_dates) == ["2026-11-16"]
    assert not any(finding.state is FindingState.FAULT for finding in await reader.check())
    clock.now += 1
    assert await fault_of(reader) is SourceFaultKind.STALE
    stale = [finding for finding in await reader.check() if finding.state is FindingState.FAULT]
    assert [finding.what for finding in stale] == ["`pupils.csv` is stale: it is 36 hours old, and fresh for 36h"]
    put(tmp_path, rows(1, "New"), clock.now + 2 * HOUR)
    clock.now += 2 * HOUR + 1
    await reader.refresh()
    assert list((await find(reader)).cells) == ["New"]
    clock.now -= 2 * HOUR + 1
    assert "dated 2 hours ahead" in str(await reader.check())


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("detect", "utf-8"),
        ("detect", "utf-8-sig"),
        ("detect", "utf-16"),
    ],
)
async def test_names_come_out_as_they_were_written(
    tmp_path: Path, logged: CapturingLogger, clock: Clock, declared: str, written: str
) -> None:
    reader = reader_of(described(tmp_path, encoding=declared), logged, clock)
    put(
        tmp_path, "UPN,Name\n" + "".join(f"U{at},{name}\n" for at, name in enumerate(NAMES)), NOON - 9, encoding=written
    )
    await reader.refresh()
    assert [(await find(reader, f"U{at}")).cells[0] for at in range(len(NAMES))] == list(NAMES)


@pytest.mark.parametrize("declared", ["cp1252", "detect"])
async def test_western_text_of_windows_is_read_where_it_is_declared_or_found_out(
    tmp_path: Path, logged: CapturingLogger, clock: Clock, declared: str
) -> None:
    reader = reader_of(described(tmp_path, encoding=declared), logged, clock)
    put(tmp_path, "UPN,Name\nU1,Zoë O’Brien\n", NOON - 9, encoding="cp1252")
    await reader.refresh()
    assert list((await find(reader)).cells) == ["Zoë O’Brien"]


@pytest.mark.parametrize(
    ("declared", "spoilt"),
    [
        ("utf-8", "UPN,Name\nU1,Zoë\n".encode("cp1252")),
        ("utf-8", "UPN,Name\nU1,Zoë\n".encode("utf-16")),
        ("utf-16", "UPN,Name\nU1,Zoë\n".encode()),
        ("cp1252", b"UPN,Name\nU1,Zo\x81\n"),
        ("detect", b"UPN,Name\nU1,Zo\x81\n"),
        ("utf-16", "UPN,Name\nU1,Zoë\n".encode("utf-16")[:-1]),
    ],
)
async def test_text_that_is_not_in_its_encoding_is_refused(
    tmp_path: Path, logged: CapturingLogger, clock: Clock, declared: str, spoilt: bytes
) -> None:
    reader = reader_of(described(tmp_path, encoding=declared), logged, clock)
    (tmp_path / "pupils.csv").write_bytes(spoilt)
    os.utime(tmp_path / "pupils.csv", (NOON - 9, NOON - 9))
    await reader.refresh()
    assert await fault_of(reader) is SourceFaultKind.UNREACHABLE
    assert Refusal.NOT_TEXT.value in str(logged.calls)


def test_a_file_of_two_encodings_is_refused_where_the_encoding_is_to_be_found_out(tmp_path: Path) -> None:
    file = tmp_path / "joined.csv"
    file.write_bytes("UPN,Name\nU1,Zoë\n".encode() + "U2,Siân\n".encode("cp1252"))
    with pytest.raises(FileRefused) as raised:
        encoding_of(file)
    assert raised.value.refusal is Refusal.NOT_TEXT


@pytest.mark.parametrize("cut", [lambda whole: whole[:-1], lambda whole: whole[: len(whole) // 2]])
async def test_a_large_file_that_ends_in_the_middle_is_refused_wherever_it_ends(
    tmp_path: Path, logged: CapturingLogger, clock: Clock, cut: Callable[[str], str]
) -> None:
    reader = reader_of(described(tmp_path, fewest_left=0), logged, clock)
    put(tmp_path, rows(50, "Old"), NOON - 9)
    await reader.refresh()
    put(tmp_path, cut(rows(4000, "New")), NOON - 8)
    await reader.refresh()
    assert list((await find(reader)).cells) == ["Old"]


@pytest.mark.slow
async def test_of_a_hundred_thousand_rows_only_what_is_mapped_is_kept_in_memory(
    tmp_path: Path, logged: CapturingLogger, clock: Clock
) -> None:
    unmapped = ",".join(f"Note{number}" for number in range(20))
    line = ",".join(["some words that nobody asked for"] * 20)
    with (tmp_path / "pupils.csv").open("w", encoding="utf-8") as file:
        file.write(f"UPN,Name,{unmapped}\n")
        file.writelines(f"U{number},Amina,{line}\n" for number in range(100_000))
    os.utime(tmp_path / "pupils.csv", (NOON - 9, NOON - 9))
    assert (tmp_path / "pupils.csv").stat().st_size > 60_000_000
    reader = reader_of(described(tmp_path), logged, clock)
    tracemalloc.start()
    try:
        await reader.refresh()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert list((await find(reader, "U99999")).cells) == ["Amina"]
    assert peak < 80_000_000, f"{peak / 1e6:.0f} MB"
