import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.code import modules, tree_of

# Words that say nothing about what a thing is or does.
EMPTY_WORDS = {
    "manager",
    "handler",
    "helper",
    "helpers",
    "util",
    "utils",
    "processor",
    "data",
    "info",
    "common",
    "base",
    "misc",
}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words_of(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall(name)}


@pytest.fixture(scope="module")
def tree_check(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("tree_check", repository / ".ci" / "tree.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tree_names_no_machine_and_no_registry_and_no_file_is_too_long(repository: Path) -> None:
    check = subprocess.run([sys.executable, ".ci/tree.py"], cwd=repository, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("--index-url https://py" + "pi.org/simple", "registry"),
        ("wget https://files.python" + "hosted.org/a.whl", "registry"),
        ("FROM docker" + ".io/library/debian", "registry"),
        ("key = '/ro" + "ot/key.pem'", "one machine"),
        ("see /ho" + "me/ann/notes", "one machine"),
        ("PATH = '/tm" + "p/x'", "temporary"),
        ("at /var/tm" + "p", "temporary"),
    ],
)
def test_a_line_that_names_a_machine_or_a_registry_is_noticed(tree_check: ModuleType, line: str, what: str) -> None:
    assert [fault for fault in tree_check.faults_of(Path("hub/x.py"), line) if what in fault]


@pytest.mark.parametrize(
    "line", ["GET /homes/of/children", "~/.config/hub", "a/work/b", "examples/tmp_path", "/rooted"]
)
def test_a_line_that_names_neither_is_left_alone(tree_check: ModuleType, line: str) -> None:
    assert not list(tree_check.faults_of(Path("hub/x.py"), line))


def test_no_module_class_or_function_has_a_name_that_says_nothing() -> None:
    empty = []
    for module, path in modules("hub", "adapters"):
        names = [module.rpartition(".")[2]]
        names += [
            node.name
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        empty += [(module, name) for name in names if words_of(name) & EMPTY_WORDS]
    assert not empty


def test_every_module_says_in_one_sentence_what_lives_there() -> None:
    unsaid = []
    for module, path in modules("hub", "adapters"):
        first = (ast.get_docstring(tree_of(path)) or "").partition("\n\n")[0]
        if not first.endswith((".", ":")) or re.search(r"\. [A-Z]", first):
            unsaid.append(module)
    assert not unsaid


def test_the_values_of_rooms_that_decide_are_frozen() -> None:
    thawed = []
    for module, path in modules("hub/model", "hub/release", "hub/linkage", "hub/combining"):
        thawed += [
            (module, node.name)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef)
            for decorator in node.decorator_list
            if ast.unparse(decorator).startswith("dataclass") and "frozen=True" not in ast.unparse(decorator)
        ]
    assert not thawed
