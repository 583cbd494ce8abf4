"""Training end to end: an authority's file in, a file that the engine reads out, or words about what is wrong."""

import csv
import json
from pathlib import Path

import duckdb
import pytest

from hub.cli import run
from hub.linkage.parameters import read_parameters, shipped
from hub.training.errors import CannotTrain
from hub.training.own_records import FEWEST_ROWS, read_own_records
from hub.training.training import Wanted, train
from tests.lib.lookalikes.population import write_population


def wanted(records: Path, into: Path, **differs: object) -> Wanted:
    settings = {"start": None, "trained_on": "", "pairs": 10_000, "same": None, "possibly": None} | differs
    return Wanted(records=records, into=into, **settings)  # type: ignore[arg-type] # fields of Wanted


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "records.csv"
    write_population(path, seed=21, families=330)
    return path


def test_what_is_trained_can_be_read_holds_nothing_of_a_record_and_says_more_for_likeness_than_for_difference(
    population: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    done = train(wanted(population, tmp_path / "out.json", trained_on="Invented people."), tell=told.append)
    found = read_parameters((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (found.trained_on, done.found.kept) == ("Invented people.", ("uln",))
    for field, levels in found.levels.items():
        first, *_, last = levels.values()
        assert first.weight > 0 > last.weight, field
    assert len(told) > 3
    assert_holds_nothing_of(population, (tmp_path / "out.json").read_text(encoding="utf-8"))


def assert_holds_nothing_of(records: Path, text: str) -> None:
    with records.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("nhs_number", "upn", "date_of_birth", "postcode", "address"):
        assert not [row[column] for row in rows if len(row[column]) > 5 and row[column] in text], column


def test_a_parquet_file_is_read_as_a_csv_file_is(population: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "records.parquet"
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT * FROM read_csv('{population}', all_varchar = true)) TO '{parquet}'")  # noqa: S608 - two paths of this test
    one, other = read_own_records(population), read_own_records(parquet)
    assert sorted(one.rows()) == sorted(other.rows())


def test_what_cannot_be_read_is_told_with_the_mend(tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("given_name,family_name,date_of_birth\nAnn,Lee,2015-01-02\n", encoding="utf-8")
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("given_name,surname,date_of_birth\nAnn,Lee,2015-01-02\n", encoding="utf-8")
    cases = {
        few: f"{FEWEST_ROWS:,}",
        nameless: "family_name",
        tmp_path / "none.csv": "no file",
        tmp_path / "a.txt": "kind",
    }
    for path, expected in cases.items():
        with pytest.raises(CannotTrain) as caught:
            read_own_records(path)
        assert expected in f"{caught.value} {caught.value.mend}"
        assert caught.value.mend
        assert "Lee" not in str(caught.value)


def test_thresholds_that_cross_are_refused(population: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotTrain, match="surer"):
        train(wanted(population, tmp_path / "out.json", same=1.0, possibly=2.0), tell=lambda _: None)


@pytest.mark.slow
def test_the_command_prints_one_document_for_programs(
    population: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["linkage", "train", str(population), "--into", str(tmp_path / "out.json"), "--pairs", "20000", "--json"]
    assert run(words) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["records"] > FEWEST_ROWS
    assert printed["kept"] == ["uln"]


def test_the_command_says_what_is_wrong_and_ends_with_the_code_of_a_wrong_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["linkage", "train", str(tmp_path / "none.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err


def test_what_is_shipped_says_by_which_command_it_was_made() -> None:
    assert "python -m tests.linkage population" in shipped().trained_on


def test_an_error_quotes_nothing_of_what_could_not_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    rows = "".join(f"Ottoline,Hartley,2015-01-{day % 28 + 1:02d}\n" for day in range(2_000))
    broken.write_text(f'given_name,family_name,date_of_birth\n{rows}"Ottoline,Hart\n', encoding="utf-8")
    broken.write_bytes(broken.read_bytes() + b'"Ottoline\xff\xfe,Hartley,2015-01-01\n')
    with pytest.raises(CannotTrain) as caught:
        read_own_records(broken)
    assert "Ottoline" not in str(caught.value)
