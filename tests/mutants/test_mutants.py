import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant, mutant
from tests.mutants.running import MUTANTS, ROOT, copy_of_the_tree, judge, red_untouched

EACH = [pytest.param(one, id=one.control) for one in MUTANTS]


@pytest.mark.parametrize("one", EACH)
def test_each_mutant_still_fits_the_code_and_names_tests_that_exist(one: Mutant, tmp_path: Path) -> None:
    for change in one.changes:
        if not (tmp_path / change.file).exists():
            (tmp_path / change.file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / change.file, tmp_path / change.file)
        change.apply(tmp_path)
    for test in one.tests:
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name.partition('[')[0]}(" in text


def test_no_control_is_named_twice() -> None:
    assert len({one.control for one in MUTANTS}) == len(MUTANTS)


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    with copy_of_the_tree() as copy:
        assert red_untouched(copy) == []
        yield copy


@pytest.mark.slow
@pytest.mark.parametrize("one", EACH)
def test_a_control_that_is_taken_away_is_missed(one: Mutant, tree: Path) -> None:
    assert judge(tree, one).green == ()


@pytest.mark.slow
def test_a_mutant_that_changes_nothing_is_not_noticed(tree: Path) -> None:
    harmless = mutant(
        "nothing", "hub/model/text.py", "folded = text", "folded = (text)", "tests/unit/hub/model/test_text.py"
    )
    assert not judge(tree, harmless).is_noticed
