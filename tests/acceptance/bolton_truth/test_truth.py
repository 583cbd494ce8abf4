"""The truth agrees with the systems, covers all of them, and is nowhere in them."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.bolton_truth.built import Built, build
from tests.acceptance.bolton_truth.held import Held, everything


@pytest.fixture(scope="module")
def held(bolton: Built) -> list[Held]:
    return list(everything(bolton.systems))


def test_there_are_five_thousand_children_and_more(bolton: Built) -> None:
    assert len(bolton.children) >= 5_000


def test_the_truth_names_every_record_and_no_other(bolton: Built, held: list[Held]) -> None:
    assert {(each.system, each.record) for each in held} == bolton.owners.keys()


def test_every_record_is_of_a_child_whom_its_system_knows(bolton: Built) -> None:
    known = defaultdict(set)
    for (system, _), child in bolton.owners.items():
        known[child].add(system)
    for key, child in bolton.children.items():
        assert known[key] == set(child["known_to"].split())


def test_every_identifier_in_a_system_is_its_childs_own(bolton: Built, held: list[Held]) -> None:
    for each in held:
        child = bolton.children[bolton.owners[each.system, each.record]]
        assert each.nhs_number in {"", child["nhs_number"]}
        assert each.upn in {"", child["upn"]}


def test_a_wrong_date_of_birth_is_swapped_or_estimated_and_rare(bolton: Built, held: list[Held]) -> None:
    wrong = 0
    for each in held:
        truly = date.fromisoformat(bolton.children[bolton.owners[each.system, each.record]]["born"])
        if each.born != truly:
            wrong += 1
            assert each.born in {date(truly.year, 1, 1), _swapped(truly)}
    assert 0 < wrong < len(held) / 50


def test_some_children_have_two_records_in_one_system(bolton: Built) -> None:
    counts = Counter((system, child) for (system, _), child in bolton.owners.items())
    assert {system for (system, _), count in counts.items() if count > 1} >= {"schools", "connexions", "social_care"}


def test_the_systems_hold_nothing_of_the_truth(bolton: Built) -> None:
    for path in bolton.systems.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"storied-" not in content
            assert b"c000001" not in content


def test_each_system_is_in_a_folder_of_its_own(bolton: Built) -> None:
    assert {path.name for path in bolton.systems.iterdir()} == {
        "social_care", "health", "schools", "youth_offending", "connexions"
    }  # fmt: skip


def test_the_build_says_what_it_does(bolton: Built) -> None:
    words = [line.split(":")[0] for line in bolton.printed.splitlines()]
    assert words[:-1] == ["population", "social_care", "health", "schools", "youth_offending", "connexions"]


def test_storied_children_are_the_same_for_every_seed(bolton: Built, repository: Path, tmp_path: Path) -> None:
    other = build(repository, tmp_path, "--seed", "99", "--children", "200")
    assert _storied(other) == _storied(bolton)
    assert len(other.children) == 200 + len(_storied(other))


def test_the_readme_gives_every_storied_childs_keys(bolton: Built, repository: Path) -> None:
    readme = (repository / "examples/bolton/README.md").read_text(encoding="utf-8")
    for child in _storied(bolton).values():
        number = child["nhs_number"]
        assert f"{number[:3]} {number[3:6]} {number[6:]}" in readme
        assert f"{child['given']} {child['family']}" in readme
        assert child["born"] in readme
        assert child["upn"] in readme


def _storied(built: Built) -> dict[str, dict[str, str]]:
    return {key: child for key, child in built.children.items() if key.startswith("storied-")}


def _swapped(born: date) -> date:
    return date(born.year, born.day, born.month) if born.day <= 12 else born
