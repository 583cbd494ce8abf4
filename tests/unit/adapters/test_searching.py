"""The adapter's side of the register: who fits, who is absent, and how many may be told."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Ask, Looking
from sharing.v1.records_pb2 import Criteria

from adapters.files.reader import FilesReader
from adapters.kit.manifest import FilesSource, Limits, SqlSource
from adapters.kit.reader import Found
from adapters.kit.searching import FEW_PEOPLE, MOST_PEOPLE, NotSearched, Search, TooMany
from adapters.sql.reader import SqlReader
from adapters.sql.searching import escaped

FIELDS = ("nhs_number", "given_name", "family_name", "date_of_birth", "postcode", "school")
COLUMNS = ("id", "nhs", "first", "last", "born", "post_code", "school", "shield", "own_veto")
SARA = ("1", "9990000018", "Sara", "Smith", "2014-03-05", "BL1 2AB", "St Mary's", "", "")
SAM = ("2", "9990000026", "Sam", "Smithson", "2014-09-30", "bl11 2AB", "St Mary's", "", "")
ZOE = ("3", "9990000034", "Zoë", "O'Brien_Smith", "2010-01-01", "", "Hill School", "", "")
EVERYBODY = (SARA, SAM, ZOE)


def source(folder: Path, *rows: tuple[str, ...], born: str = "%Y-%m-%d") -> SqlReader:
    file = folder / "care.sqlite"
    with sqlite3.connect(file) as database:
        database.execute(f"CREATE TABLE child ({', '.join(COLUMNS)})")
        database.executemany("INSERT INTO child VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.close()
    made = SqlSource.model_validate(
        {
            "kind": "sql",
            "name": "Care",
            "url": f"sqlite:///{file}",
            "records": {"child": _record_set(born)},
        },
        context={"folder": folder},
    )
    return SqlReader(made, Limits())


def _record_set(born: str) -> dict[str, object]:
    day = {"column": "born", "date": born}
    return {
        "table": "child",
        "search": True,
        "keys": {"nhs_number": "nhs", "family_name": "last", "given_name": "first", "date_of_birth": day},
        "record_id": "id",
        "terms": {"shield": {"column": "shield", "values": {"P": "person", "A": "address", "X": "absolute"}}},
        "withhold_when": {"own_veto": ["Y"]},
        "fields": {
            "nhs_number": "nhs",
            "given_name": "first",
            "family_name": "last",
            "date_of_birth": day,
            "postcode": "post_code",
            "school": "school",
        },
    }


def search_for(
    most: int = FEW_PEOPLE, *, with_shielded: bool = False, fields: tuple[str, ...] = FIELDS, **wanted: str
) -> Search:
    ask = Ask(
        criteria=Criteria(**wanted), fields=fields, looking=Looking(most_people=most), with_shielded=with_shielded
    )
    search = Search.of(ask, frozenset(FIELDS))
    assert search is not None
    return search


async def found(reader: SqlReader, search: Search) -> Found:
    await reader.open()
    try:
        return await reader.search("child", search, asyncio.get_running_loop().time() + 5)
    finally:
        await reader.close()


async def references(reader: SqlReader, **wanted: str) -> set[str]:
    return set((await found(reader, search_for(**wanted))).references)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"family_name": "smith"}, {"1", "2"}),
        ({"family_name": "SMITHS"}, {"2"}),
        ({"given_name": "zoë"}, {"3"}),
        ({"given_name": "ZOË"}, {"3"}),
        ({"family_name": "o'b"}, {"3"}),
        ({"family_name": "o'brien_s"}, {"3"}),
        ({"family_name": "smith", "given_name": "sa"}, {"1", "2"}),
        ({"family_name": "sm", "postcode_area": "BL1"}, {"1"}),
        ({"family_name": "sm", "postcode_area": "BL11"}, {"2"}),
        ({"born_from": "2014-03-05", "born_to": "2014-03-05"}, {"1"}),
        ({"born_from": "2014-01-01", "born_to": "2014-12-31"}, {"1", "2"}),
        ({"given_name": "sa", "school": "mary"}, {"1", "2"}),
        ({"given_name": "sa", "school": "hill"}, set()),
    ],
)
@pytest.mark.parametrize("born", ["%Y-%m-%d", "%d/%m/%Y"])
async def test_whoever_fits_every_criterion_is_found(
    tmp_path: Path, wanted: dict[str, str], ids: set[str], born: str
) -> None:
    rows = EVERYBODY
    if born == "%d/%m/%Y":
        rows = tuple((*row[:4], "/".join(reversed(row[4].split("-"))), *row[5:]) for row in EVERYBODY)
    assert await references(source(tmp_path, *rows, born=born), **wanted) == ids


@pytest.mark.parametrize("wildcard", ["%%", "__", "s%", "sm_th", "!%"])
async def test_a_wildcard_finds_only_itself(tmp_path: Path, wildcard: str) -> None:
    assert await references(source(tmp_path, *EVERYBODY), family_name=wildcard) == set()
    assert escaped("a_%!") == "a!_!%!!"


@pytest.mark.parametrize(("shield", "veto"), [("P", ""), ("X", ""), ("", "Y"), ("unlisted", "")])
async def test_whoever_is_protected_is_absent_and_nobody_else(tmp_path: Path, shield: str, veto: str) -> None:
    sara = (*SARA[:7], shield, veto)
    assert await references(source(tmp_path, sara, SAM), family_name="smith") == {"2"}


async def test_another_record_of_the_same_person_is_absent_too(tmp_path: Path) -> None:
    hidden, other = (*SARA[:7], "P", ""), ("9", *SARA[1:])
    assert await references(source(tmp_path, hidden, other, SAM), family_name="smith") == {"2"}
    by_name = ("9", "", *SARA[2:])
    (tmp_path / "care.sqlite").unlink()
    assert await references(source(tmp_path, hidden, by_name, SAM), family_name="smith") == {"2"}


async def test_a_shielded_address_is_not_given_away_by_where_a_search_looks(tmp_path: Path) -> None:
    at_an_address = (*SARA[:7], "A", "")
    assert await references(source(tmp_path, at_an_address, SAM), family_name="smith") == {"1", "2"}
    (tmp_path / "care.sqlite").unlink()
    assert await references(source(tmp_path, at_an_address, SAM), family_name="smith", school="mary") == {"2"}
    (tmp_path / "care.sqlite").unlink()
    entitled = search_for(with_shielded=True, family_name="smith", school="mary")
    assert set((await found(source(tmp_path, at_an_address, SAM), entitled)).references) == {"1", "2"}


async def test_too_many_people_are_told_of_not_at_all_and_the_protected_do_not_count(tmp_path: Path) -> None:
    many = [(f"m{number}", "", f"Ann{number}", "Smith", "2014-01-01", "", "", "", "") for number in range(FEW_PEOPLE)]
    hidden = [(f"h{number}", "", f"Eve{number}", "Smith", "2014-01-01", "", "", "P", "") for number in range(5)]
    assert len(await references(source(tmp_path, *many, *hidden), family_name="smith")) == FEW_PEOPLE
    (tmp_path / "care.sqlite").unlink()
    with pytest.raises(TooMany):
        await references(source(tmp_path, *many, SARA), family_name="smith")


async def test_only_asked_fields_are_told_whatever_was_compared(tmp_path: Path) -> None:
    asked = search_for(fields=("given_name",), family_name="smith", postcode_area="BL1")
    told = await found(source(tmp_path, *EVERYBODY), asked)
    assert (told.columns, list(told.cells)) == (("given_name",), ["Sara"])


async def test_what_no_column_holds_cannot_be_searched_by(tmp_path: Path) -> None:
    with pytest.raises(NotSearched):
        await found(source(tmp_path, *EVERYBODY), search_without_keys())


def search_without_keys() -> Search:
    return Search(wanted={}, fields=FIELDS, read=FIELDS)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"school": "mary"},
        {"postcode_area": "BL1", "school": "mary"},
        {"family_name": "s"},
        {"family_name": "smi\x00th"},
        {"born_from": "2014-01-01"},
        {"born_from": "1/1/2014", "born_to": "1/1/2014"},
        {"family_name": "smith", "gp_practice": "of another record set"},
    ],
)
def test_a_search_that_would_list_a_town_or_cannot_be_compared_is_none(wanted: dict[str, str]) -> None:
    assert Search.of(Ask(criteria=Criteria(**wanted), fields=FIELDS), frozenset(FIELDS)) is None


def test_a_hub_cannot_ask_for_more_people_than_the_kit_allows() -> None:
    assert search_for(most=10_000, family_name="smith").most == MOST_PEOPLE
    assert search_for(most=0, family_name="smith").most == FEW_PEOPLE


def test_a_search_says_nothing_of_whom_it_is_for() -> None:
    assert "smith" not in repr(search_for(family_name="smith"))


async def test_files_are_searched_as_databases_are(tmp_path: Path) -> None:
    lines = [",".join(COLUMNS), *(",".join(row) for row in (SARA, SAM, (*ZOE[:7], "P", "")))]
    (tmp_path / "children.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    described = {**_record_set("%Y-%m-%d"), "file": "children.csv"}
    described.pop("table")
    files = FilesSource.model_validate(
        {
            "kind": "files",
            "name": "Files",
            "folder": str(tmp_path),
            "still_seconds": 0,
            "records": {"child": described},
        },
        context={"folder": tmp_path},
    )
    reader = FilesReader(files, structlog.get_logger())
    await reader.open()
    try:
        later = asyncio.get_running_loop().time() + 5
        smiths = await reader.search("child", search_for(family_name="smith"), later)
        nobody = await reader.search("child", search_for(given_name="zoë"), later)
    finally:
        await reader.close()
    assert set(smiths.references) == {"1", "2"}
    assert not nobody.references
