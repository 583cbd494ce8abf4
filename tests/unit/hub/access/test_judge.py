"""Casbin as the judge: that it answers as known, on nothing else than exact names, and fails closed."""

import ast
import logging
from importlib import metadata
from pathlib import Path

import casbin  # type: ignore[import-untyped]  # pycasbin ships no types
import pytest

from hub.access.judge import Judge, JudgeError, check_judge
from hub.access.model_conf import MODEL_FORM, check_model, model_text
from hub.access.policy import compile_policy
from hub.access.reading import read_rulebook
from hub.access.rows import Cell, Effect, Row
from hub.errors import PolicyError
from tests.lib.policies_of_size import SHIPPED_POLICIES

CELL = Cell("child_basics", "health", "basic", "safeguarding", "bolton")
ALLOW = Row("visitor", *CELL, Effect.ALLOW)
DENY = Row("visitor", *CELL, Effect.DENY)


def test_the_known_questions_are_answered_as_known() -> None:
    check_judge(model_text())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" && !some(where (p.eft == deny))", ""),
        ("some(where (p.eft == allow)) && !some(where (p.eft == deny))", "!some(where (p.eft == deny))"),
        ("r.question == p.question", "regexMatch(r.question, p.question)"),
        ("r.question == p.question", "keyMatch(r.question, p.question)"),
        ("r.purpose == p.purpose && ", ""),
        ("r.field_class == p.field_class && ", ""),
        (" && r.question == p.question", ""),
        (" && r.agency == p.agency", ""),
        (" && r.area == p.area", ""),
        ("r.area == p.area", "globMatch(r.area, p.area)"),
        (" && g(r.level, p.level)", ""),
        ("g(r.level, p.level)", "r.level == p.level"),
        ("g(r.level, p.level)", "g(p.level, r.level)"),
    ],
)
def test_the_known_questions_find_out_every_weaker_model(old: str, new: str) -> None:
    weaker = model_text().replace(old, new)
    assert weaker != model_text()
    with pytest.raises(JudgeError):
        check_judge(weaker)


def test_the_shipped_model_is_the_accepted_form() -> None:
    file = SHIPPED_POLICIES / "model.conf"
    assert list(check_model(file, file.read_text(encoding="utf-8"))) == []
    assert list(check_model(file, model_text())) == []
    assert set(MODEL_FORM["policy_definition"]["p"].split(", ")) == {*Row._fields[:-1], "eft"}


def test_a_denial_wins_in_any_order() -> None:
    judge = Judge(model_text(), ())
    assert judge.allowed("visitor", [ALLOW], [CELL]) == {CELL}
    assert judge.allowed("visitor", [ALLOW, DENY], [CELL]) == set()
    assert judge.allowed("visitor", [DENY, ALLOW], [CELL]) == set()


def test_rows_of_an_earlier_judgement_do_not_linger() -> None:
    judge = Judge(model_text(), ())
    assert judge.allowed("visitor", [ALLOW], [CELL]) == {CELL}
    assert judge.allowed("visitor", [], [CELL]) == set()


def test_a_row_that_is_given_twice_is_a_fault_of_the_compiler() -> None:
    with pytest.raises(JudgeError):
        Judge(model_text(), ()).allowed("visitor", [ALLOW, ALLOW], [CELL])


def test_whatever_escapes_casbin_allows_nothing() -> None:
    with pytest.raises(JudgeError):
        Judge(model_text().replace("g(r.level", "h(r.level"), ()).allowed("visitor", [ALLOW], [CELL])


@pytest.mark.parametrize("answer", [True, False, None, 1])
def test_no_policy_is_compiled_while_casbin_answers_wrongly(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    monkeypatch.setattr(casbin.Enforcer, "enforce", lambda *_: answer)
    with pytest.raises(PolicyError, match=r"model\.conf:1: Casbin answers a known question wrongly.*pycasbin"):
        compile_policy(book)


def test_casbin_logs_nothing_of_what_it_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    judge = Judge(model_text(), ())
    judge.allowed("visitor", [ALLOW, DENY], [CELL])
    judge.allowed("visitor", [ALLOW], [CELL])
    assert [record for record in caplog.records if record.name.startswith("casbin")] == []


def test_only_the_judge_imports_casbin() -> None:
    importers = set()
    root = Path(__file__).parents[4]
    for file in (*(root / "hub").rglob("*.py"), *(root / "adapters").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "casbin" for name in names):
                importers.add(file.relative_to(root).as_posix())
    assert importers == {"hub/access/judge.py"}


def test_the_package_casbin_which_shares_a_folder_with_pycasbin_is_not_installed() -> None:
    assert metadata.version("pycasbin")
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("casbin")
