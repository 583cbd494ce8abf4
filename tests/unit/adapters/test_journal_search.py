"""What an agency's own people find in its journal, and what they take out of it."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
import typer
from sharing.v1.links_pb2 import Welcome
from structlog.testing import CapturingLogger
from typer.testing import CliRunner

from adapters.cli import app
from adapters.commands.spans import moment_before, moment_of
from adapters.kit.journal import AskOutcome, Journal, open_journal_to_read
from adapters.kit.journal_search import Search, count_asks, find_asks, receipts_of
from adapters.kit.journal_summary import summarise
from adapters.kit.switch import Turn
from adapters.kit.witnessing import Witnessing
from tests.lib.signed_log import SignedLog
from tests.unit.adapters.test_journal_asks import answered

LOG = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR_MS = 3_600_000
NOW_MS = int(NOW.timestamp() * 1_000)

ASKS = (
    {"request_id": "r1", "question": "child_basics", "requester_agency": "health", "own_references": ("7",)},
    {"request_id": "r2", "question": "child_basics", "requester_agency": "connexions", "own_references": ("8", "7")},
    {"request_id": "r3", "question": "child_health", "requester_agency": "health", "own_references": ("7",)},
    {"request_id": "r4", "requester": "n.okafor", "outcome": AskOutcome.REFUSED, "vetoes": ("stopped",)},
    {"request_id": "r5", "purpose": "enquiry", "outcome": AskOutcome.WITHHELD, "vetoes": ("sealed", "other")},
)


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    """Fill a journal: an ask in each of the last five hours, the newest last, and a receipt of the first."""
    file = tmp_path / "journal.sqlite"
    journal, log = Journal(file), SignedLog()
    await journal.open()
    plain = replace(answered(), own_references=(), fields=("upn", "address"))
    for number, said in enumerate(ASKS):
        at = NOW_MS - (len(ASKS) - number) * HOUR_MS
        await journal.put(replace(plain, asked_at_ms=at, journalled_at_ms=at, **said))
    log.disclose("schools", "r1")
    witness = Witnessing(agency="schools", hub="localhost:1", journal=journal, wall_ms=lambda: 7, log=LOG)
    await witness.begin(Welcome(agency="schools", log_origin=log.signer.origin, log_key=log.signer.public_key))
    await witness.take(log.receipts("schools"), log.checkpoint())
    yield file
    await journal.close()


@pytest.fixture
def manifest(file: Path) -> Path:
    manifest = file.with_name("agency.yaml")
    manifest.write_text("manifest: 1\njournal: journal.sqlite\npassword: ${NOT_SET_HERE}\n", encoding="utf-8")
    return manifest


def adapter(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def adapter_json(*arguments: object) -> Any:
    code, said = adapter(*arguments, "--json")
    assert code == 0, said
    return json.loads(said)


SEARCHES: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ["r1", "r2", "r3", "r4", "r5"]),
    ({"reference": "7"}, ["r1", "r2", "r3"]),
    ({"reference": "9"}, []),
    ({"own": [("child_basics", "7")]}, ["r1", "r2"]),
    ({"own": [("child_basics", "8"), ("child_health", "7")]}, ["r2", "r3"]),
    ({"own": []}, []),
    ({"request": "r2"}, ["r2"]),
    ({"question": "child_health"}, ["r3"]),
    ({"agency": "health"}, ["r1", "r3"]),
    ({"agency": "health", "question": "child_basics"}, ["r1"]),
    ({"requester": "n.okafor"}, ["r4"]),
    ({"purpose": "enquiry"}, ["r5"]),
    ({"outcome": "refused"}, ["r4"]),
    ({"since_ms": NOW_MS - 2 * HOUR_MS}, ["r4", "r5"]),
    ({"until_ms": NOW_MS - 4 * HOUR_MS}, ["r1"]),
)


@pytest.mark.parametrize(("said", "found"), SEARCHES, ids=[str(said) for said, _ in SEARCHES])
async def test_a_search_finds_what_fits_in_every_part(file: Path, said: dict[str, Any], found: list[str]) -> None:
    wanted = Search(**said)
    with closing(open_journal_to_read(file)) as connection:
        assert [ask["request_id"] for ask in find_asks(connection, wanted)] == found
        assert count_asks(connection, wanted) == len(found)


async def test_a_receipt_stands_beside_its_ask(file: Path) -> None:
    with closing(open_journal_to_read(file)) as connection:
        (receipt,) = receipts_of(connection, "r1")
        assert (receipt["number"], receipt["kind"], receipt["audit_position"]) == (1, "disclosure", 0)
        assert receipts_of(connection, "r2") == []


async def test_a_summary_counts_who_asked_what_and_what_became_of_it(file: Path) -> None:
    with closing(open_journal_to_read(file)) as connection:
        found = summarise(connection, NOW_MS - 3 * HOUR_MS)
    assert dict(found.outcomes) == {"answered": 1, "refused": 1, "withheld": 1}
    assert dict(found.vetoes) == {"stopped": 1, "sealed": 1, "other": 1}
    assert [(line.question, line.requester_agency, line.count) for line in found.asked][-1] == (
        "child_health",
        "health",
        1,
    )
    assert (found.numbers.newest, found.numbers.missing, found.standing.last_receipt) == (5, 0, 1)


async def test_the_commands_need_nothing_of_the_manifest_but_where_the_journal_is(manifest: Path) -> None:
    code, said = adapter("journal", "search", manifest, "--agency", "health")
    assert code == 0
    assert said.splitlines()[-1] == "2 asks."
    assert [line.split()[1] for line in said.splitlines()[1:-1]] == ["r3", "r1"]
    assert adapter("journal", "search", manifest, "--most", 2)[1].splitlines()[-1] == "2 of 5 asks."
    found = adapter_json(
        "journal", "search", manifest, "--reference", 7, "--outcome", "answered", "--since", "2000-01-01"
    )
    assert (found["found"], [ask["request_id"] for ask in found["asks"]]) == (3, ["r3", "r2", "r1"])
    assert [receipt["number"] for receipt in found["asks"][2]["receipts"]] == [1]


async def test_one_request_is_shown_with_all_that_belongs_to_it(manifest: Path) -> None:
    code, said = adapter("journal", "show", manifest, "r1")
    assert code == 0
    for line in ("Asked", "  fields: upn, address", "Receipt 1", "  kind: disclosure", "  audit position: 0"):
        assert line in said.splitlines()
    assert adapter_json("journal", "show", manifest, "r5")["asks"][0]["vetoes"] == ["other", "sealed"]
    assert adapter("journal", "show", manifest, "absent")[0] == 1


async def test_a_summary_says_that_answers_are_stopped_and_that_asks_are_missing(manifest: Path, file: Path) -> None:
    since = ("--since", "2000-01-01")
    code, said = adapter("journal", "summary", manifest, *since)
    assert (code, "the asks 1 to 5, without a gap." in said) == (0, True)
    with closing(sqlite3.connect(file)) as connection, connection:
        Turn(is_stopped=True, turned_at_ms=0, turned_by="m.hughes", reason="A breach").keep(connection)
        connection.execute("DELETE FROM asks WHERE entry = 3")
    code, said = adapter("journal", "summary", manifest, *since)
    assert code == 1
    assert said.startswith("ALL ANSWERS ARE STOPPED since 1970-01-01T00:00:00+00:00 by m.hughes: A breach")
    assert "MISSING: 1 of the asks 1 to 5 are not there." in said
    code, said = adapter("journal", "summary", manifest, *since, "--json")
    document = json.loads(said)
    assert (code, document["answers"]["are_stopped"], document["numbers"]["missing"]) == (1, True, 1)


async def test_what_others_wrote_does_not_move_the_cursor_of_a_terminal(manifest: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE asks SET requester = 'a\x1b[2J\u202eb' WHERE entry = 1")
    code, said = adapter("journal", "search", manifest, "--request", "r1")
    assert code == 0
    assert "\x1b" not in said
    assert "\u202e" not in said


async def test_an_export_has_every_file_with_its_hash_and_only_its_owner_reads_it(
    manifest: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    told = adapter_json("journal", "export", manifest, "--to", folder)
    listing = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    assert told["sha256"] == hashlib.sha256((folder / "export.json").read_bytes()).hexdigest()
    assert {file.name for file in folder.iterdir()} == {*listing["files"], "export.json"}
    for name, file in listing["files"].items():
        content = (folder / name).read_bytes()
        assert (file["sha256"], file["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert (folder / name).stat().st_mode & 0o077 == 0
    assert (folder.stat().st_mode & 0o077, listing["searched"]) == (0, {})
    asks = json.loads((folder / "asks.json").read_text(encoding="utf-8"))
    assert len(asks) == told["rows"]["asks.json"] == 5
    with (folder / "asks.csv").open(encoding="utf-8", newline="") as opened:
        table = list(csv.DictReader(opened))
    assert [row["request_id"] for row in table] == [ask["request_id"] for ask in asks]
    (evidence,) = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    leaf = hashlib.sha256(b"\0" + evidence["entry"].encode()).hexdigest().upper()
    assert (evidence["leaf_hash"], evidence["proof"]) == (leaf, [])
    assert listing["log"]["last_receipt"] == 1


async def test_an_export_of_a_part_has_the_receipts_of_that_part(manifest: Path, tmp_path: Path) -> None:
    told = adapter_json("journal", "export", manifest, "--to", tmp_path / "one", "--agency", "health")
    assert (told["rows"]["asks.json"], told["rows"]["receipts.json"]) == (2, 1)
    other = adapter_json("journal", "export", manifest, "--to", tmp_path / "two", "--agency", "connexions")
    assert (other["rows"]["receipts.json"], other["rows"]["receipts.csv"], "evidence.json" in other["rows"]) == (
        0,
        0,
        False,
    )


async def test_an_export_overwrites_nothing(manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    code, said = adapter("journal", "export", manifest, "--to", tmp_path / "there")
    assert (code, "Nothing was exported" in said) == (1, True)
    assert not list((tmp_path / "there").iterdir())


@pytest.mark.parametrize("formula", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "\t=1"])
async def test_a_spreadsheet_runs_nothing_of_what_others_wrote(
    manifest: Path, file: Path, tmp_path: Path, formula: str
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE asks SET case_reference = ? WHERE entry = 1", (formula,))
    adapter_json("journal", "export", manifest, "--to", tmp_path / "out", "--request", "r1")
    with (tmp_path / "out" / "asks.csv").open(encoding="utf-8", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["case_reference"] == f"'{formula}"
    (ask,) = json.loads((tmp_path / "out" / "asks.json").read_text(encoding="utf-8"))
    assert ask["case_reference"] == formula


async def test_keeping_says_what_it_would_remove_and_removes_it_only_when_told_to(manifest: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE asks SET journalled_at_ms = 1000 WHERE entry < 3")
    look = adapter_json("journal", "keep", manifest, "--for", "7y", "--dry-run")
    assert (look["asks"], look["receipts"], look["removed"]) == (2, 1, False)
    assert adapter("journal", "keep", manifest, "--for", "7y")[0] == 1
    assert adapter_json("journal", "search", manifest)["found"] == 5
    code, said = adapter("journal", "keep", manifest, "--for", "7y", "--yes")
    assert (code, "was removed: 2 asks, up to number 2; what 1 receipts say; 0 contacts." in said) == (0, True)
    assert adapter_json("journal", "search", manifest)["found"] == 3
    assert "Nothing is older" in adapter("journal", "keep", manifest, "--for", "7y")[1]


async def test_a_journal_of_an_older_version_is_read_too(manifest: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("ask_vetoes", "switchings", "removals"):
            connection.execute(f"DROP TABLE {table}")
    assert adapter_json("journal", "search", manifest)["found"] == 5
    assert adapter_json("journal", "summary", manifest, "--since", "2000-01-01")["numbers"]["missing"] == 0


def test_without_a_journal_each_command_says_so(manifest: Path) -> None:
    manifest.write_text("journal: absent.sqlite\n", encoding="utf-8")
    for command in (("search",), ("summary",), ("keep", "--for", "7y"), ("export", "--to", "x")):
        code, said = adapter("journal", command[0], manifest, *command[1:])
        assert (code, said) == (1, "There is no journal yet.\n")
    manifest.write_text("title: x\n", encoding="utf-8")
    assert "`journal` is missing" in adapter("journal", "summary", manifest)[1]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("1d", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ("2w", datetime(2026, 11, 10, 12, 0, tzinfo=UTC)),
        ("12m", datetime(2025, 11, 24, 12, 0, tzinfo=UTC)),
        ("7Y", datetime(2019, 11, 24, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_span_is_read_as_people_write_it(span: str, expected: datetime) -> None:
    assert moment_before(NOW, span, "--for") == expected


def test_a_month_that_has_no_such_day_gives_its_last() -> None:
    assert moment_before(datetime(2024, 3, 31, tzinfo=UTC), "1m", "--for") == datetime(2024, 2, 29, tzinfo=UTC)
    assert moment_before(datetime(2024, 2, 29, tzinfo=UTC), "1y", "--for") == datetime(2023, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize("span", ["", "7", "y", "0y", "7 years", "-7y", "99999y"])
def test_what_is_no_span_is_wrong_usage(span: str) -> None:
    with pytest.raises(typer.BadParameter):
        moment_before(NOW, span, "--for")


def test_a_moment_is_a_day_or_more_in_utc_or_a_span() -> None:
    assert moment_of(NOW, "2026-11-24", "--since") == NOW_MS - 12 * HOUR_MS
    assert moment_of(NOW, "2026-11-24T12:00", "--since") == NOW_MS
    assert moment_of(NOW, "2026-11-24T13:00+01:00", "--since") == NOW_MS
    assert moment_of(NOW, "1d", "--since") == NOW_MS - 24 * HOUR_MS
    with pytest.raises(typer.BadParameter):
        moment_of(NOW, "yesterday", "--since")
