"""`adapter check` of a database on a school's own tables: each fault has its mend, and no value is told."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from adapters.kit.findings import About
from adapters.kit.manifest import Limits, SqlSource
from adapters.kit.reader import Finding, FindingState
from adapters.sql import sqlite_file
from adapters.sql.reader import SqlReader

SCHEMA = """
CREATE TABLE stu_basic (stu_ref INTEGER PRIMARY KEY, upn TEXT, legal_surname TEXT, legal_forename TEXT,
                        date_of_birth TEXT, sex_cd TEXT);
CREATE TABLE guard_note (stu_ref INTEGER, objection TEXT);
CREATE INDEX stu_by_upn ON stu_basic (upn);
INSERT INTO stu_basic VALUES (1, 'N350218000017', 'CANARY', 'Amara', '07/03/2012', 'F');
INSERT INTO guard_note VALUES (1, 'N'), (2, 'Q')
"""
KEYS = {
    "upn": "upn",
    "family_name": "legal_surname",
    "given_name": "legal_forename",
    "date_of_birth": {"column": "date_of_birth", "date": "%d/%m/%Y"},
}
GOOD = {
    "table": "stu_basic",
    "keys": KEYS,
    "record_id": "stu_ref",
    "fields": {"upn": "upn", "date_of_birth": {"column": "date_of_birth", "date": "%d/%m/%Y"}},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mis.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.close()
    return path


async def findings(file: Path, **changes: object) -> list[Finding]:
    described = {"kind": "sql", "name": "MIS", "url": f"sqlite:///{file}", "records": {"pupil": {**GOOD, **changes}}}
    reader = SqlReader(SqlSource.model_validate(described), Limits())
    await reader.open()
    try:
        found = list(await reader.check())
    finally:
        await reader.close()
    assert "CANARY" not in str(found)
    return found


def said(found: list[Finding], about: About, state: FindingState) -> list[tuple[str, str]]:
    return [(one.what, one.mend) for one in found if (one.about, one.state) == (about, state)]


async def test_every_step_is_taken_in_its_order(file: Path) -> None:
    found = await findings(file)
    steps = list(dict.fromkeys(one.about for one in found))
    assert steps == ["connection", "read-only", "mapping", "types", "identifiers", "plan"]
    assert not [one for one in found if one.state is FindingState.FAULT]


async def test_a_write_is_tried_and_refused(file: Path) -> None:
    before = await asyncio.to_thread(file.read_bytes)
    (proof,) = said(await findings(file), About.READ_ONLY, FindingState.OK)
    assert proof[0] == "a write was tried, and this connection refused it as read-only"
    assert await asyncio.to_thread(file.read_bytes) == before


async def test_a_connection_that_lets_a_write_pass_is_a_fault_and_nothing_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "connect_read_only", lambda path: sqlite3.connect(path, isolation_level=None))
    assert said(await findings(file), About.READ_ONLY, FindingState.FAULT)
    there = sqlite3.connect(file).execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'adapter%'").fetchone()
    assert there == (0,)


async def test_a_table_is_suggested_out_of_all_that_there_are(file: Path) -> None:
    faults = said(await findings(file, table="stubasic"), About.MAPPING, FindingState.FAULT)
    assert faults == [("pupil: there is no table `stubasic`", "Did you mean `stu_basic`?")]
    (fault,) = said(await findings(file, table="register"), About.MAPPING, FindingState.FAULT)
    assert fault[1] == "There are `guard_note`, `stu_basic`."


async def test_a_column_is_suggested_by_what_it_is_short_for(file: Path) -> None:
    fields = {"upn": "upn", "date_of_birth": "dob", "gender": "gender"}
    faults = said(await findings(file, fields=fields), About.MAPPING, FindingState.FAULT)
    assert faults == [
        ("pupil: `stu_basic` has no column `dob`", "Did you mean `date_of_birth`?"),
        ("pupil: `stu_basic` has no column `gender`", "Did you mean `sex_cd`?"),
    ]


async def test_a_day_that_is_written_otherwise_is_a_fault_of_its_type(file: Path) -> None:
    fields = {"upn": "upn", "date_of_birth": "date_of_birth"}
    (fault,) = said(await findings(file, fields=fields), About.TYPES, FindingState.FAULT)
    assert fault[1] == 'They fit `date: "%d/%m/%Y"`.'


async def test_codes_of_the_terms_are_named(file: Path) -> None:
    joins = [{"table": "guard_note", "on": {"stu_ref": "stu_ref"}, "optional": "true"}]
    terms = {"opt_out": {"column": "guard_note.objection", "values": {"N": "none"}}}
    found = await findings(file, joins=joins, terms=terms)
    assert [one.what for one in found if "does not list" in one.what] == ["pupil: `terms.opt_out` does not list `Q`"]


async def test_a_missing_index_is_named_with_the_statement_that_makes_it(file: Path) -> None:
    joins = [{"table": "guard_note", "as": "note", "on": {"stu_ref": "stu_ref"}, "optional": "true"}]
    fields = {"upn": "upn", "service": "note.objection"}
    notes = dict(said(await findings(file, joins=joins, fields=fields), About.PLAN, FindingState.NOTE))
    by_upn = [mend for what, mend in notes.items() if "by `upn`" in what]
    by_name = [mend for what, mend in notes.items() if "by `family_name`" in what]
    assert by_upn == ["An index would do: CREATE INDEX guard_note_stu_ref ON guard_note (stu_ref);"]
    assert "CREATE INDEX stu_basic_date_of_birth ON stu_basic (date_of_birth);" in by_name[0]
    connection = sqlite3.connect(file)
    for mend in (by_upn[0], by_name[0]):
        for statement in mend.partition(": ")[2].replace("INDEX", "INDEX IF NOT EXISTS").split("; "):
            connection.execute(statement)
    connection.close()
    assert not said(await findings(file, joins=joins, fields=fields), About.PLAN, FindingState.NOTE)


async def test_what_a_view_reads_whole_is_named_and_left_to_whoever_keeps_the_database(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE VIEW pupils AS SELECT * FROM stu_basic")
    connection.close()
    notes = said(await findings(file, table="pupils"), About.PLAN, FindingState.NOTE)
    assert [mend for what, mend in notes if "`stu_basic`" in what and "by `family_name`" in what] == [
        "Have whoever keeps the database look for an index on what it is looked for by."
    ]


async def test_a_database_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    found = await findings(tmp_path / "none.sqlite")
    assert [(one.about, one.state) for one in found] == [(About.CONNECTION, FindingState.FAULT)]
