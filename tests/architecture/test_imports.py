import ast
import os
import subprocess
import sys

import pytest

from tests.architecture.code import ROOT, calls, imported_by, modules, tree_of, within

# Who alone may import a package from outside. The linter says the same of rooms that exist; this says it of all.
DOORS = {
    "casbin": {"hub.access.judge"},
    # The hub's door leads to issuers of sign-ins and nowhere else.
    "httpx": {"adapters.kit.wire", "hub.accounts.oidc.http"},
    "httpx_aiohttp": {"adapters.kit.wire", "hub.accounts.oidc.http"},
    "joserfc": {"hub.accounts.oidc"},
    "sqlalchemy": {"hub.store", "adapters.sql"},
    "alembic": {"hub.store"},
    "grpc": {"hub.edge", "hub.links", "hub.client", "hub.main", "adapters.kit", "adapters.conformance"},
    "grpc_health": {"hub.edge", "hub.main"},
    "grpc_reflection": {"hub.edge", "hub.main"},
    "argon2": {"hub.accounts"},
    "pyotp": {"hub.accounts"},
    "webauthn": {"hub.accounts"},
    "typer": {"hub.cli", "adapters.cli", "adapters.commands"},
    "rich": {"hub.cli", "adapters.cli", "adapters.commands"},
    # Extras: each belongs to one technology of the adapters, and nothing else needs it.
    "python_calamine": {"adapters.files.workbook"},
    "zeep": {"adapters.soap"},
    "sharing": {
        "hub.edge",
        "hub.links",
        "hub.client",
        "hub.cli",
        "hub.web",
        "adapters.kit",
        "adapters.conformance",
    },
}

# Rooms that decide, and do nothing else: no clock, no network, no environment, no technology.
PURE_ROOMS = ("hub.errors", "hub.model", "hub.release", "hub.linkage", "hub.combining")
PURE_MODULES = {
    # Texts and names compared; each is a function of its arguments.
    "anyascii",
    "jellyfish",
    "rapidfuzz",
    # The parameters that come with the program, which one module reads.
    "importlib",
    "json",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hub",
    "itertools",
    "math",
    "pathlib",
    "re",
    "stdnum",
    "string",
    "types",
    "typing",
    "unicodedata",
}
IMPURE_CALLS = ("datetime.now", "datetime.today", "date.today", "Path.cwd", "Path.home", "open", "print", "input")

# Who may use a room that everybody else reaches through somebody else.
PRIVATE_ROOMS = {
    "hub.store": {"hub.building", "hub.deploying", "hub.recording"},
    "hub.client": {"hub.cli", "hub.web"},
    "hub.edge": {"hub.main"},
    "hub.main": {"hub.cli"},
    "hub.building": {"hub.main"},
    "hub.deploying": {"hub.cli", "hub.rolling"},
    "hub.rolling": {"hub.cli"},
    "hub.keyring": {"hub.main", "hub.rolling"},
}
CLIENT_KNOWS = ("hub.client", "hub.model", "hub.errors")


def test_imports_go_downward_only_as_the_linter_has_it() -> None:
    # In a process of its own: it switches off the loggers of whoever runs it.
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    path = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'protos'}"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("package", DOORS)
def test_a_package_from_outside_comes_in_by_its_doors_only(package: str) -> None:
    strangers = [
        module
        for module, path in modules("hub", "adapters")
        if any(within(name, package) for name in imported_by(path))
        and not any(within(module, door) for door in DOORS[package])
    ]
    assert not strangers, f"{package} belongs to {sorted(DOORS[package])}"


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_room_that_decides_imports_nothing_that_acts(room: str) -> None:
    acting = [
        (module, name)
        for module, path in modules("hub")
        if within(module, room)
        for name in imported_by(path)
        if name.split(".")[0] not in PURE_MODULES
    ]
    assert not acting


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_room_that_decides_has_no_clock_and_no_files(room: str) -> None:
    acting = [
        (module, line, name)
        for module, path in modules("hub")
        if within(module, room)
        for line, name in calls(path)
        if name in IMPURE_CALLS
    ]
    assert not acting


@pytest.mark.parametrize("room", PRIVATE_ROOMS)
def test_a_private_room_is_entered_from_its_neighbours_only(room: str) -> None:
    strangers = [
        (module, name)
        for module, path in modules("hub")
        if not within(module, room) and not any(within(module, neighbour) for neighbour in PRIVATE_ROOMS[room])
        for name in imported_by(path)
        if within(name, room)
    ]
    assert not strangers


def test_the_client_knows_the_contract_the_model_and_the_errors_only() -> None:
    known = [
        (module, name)
        for module, path in modules("hub/client", "hub/web")
        for name in imported_by(path)
        if within(name, "hub") and not any(within(name, room) for room in (*CLIENT_KNOWS, "hub.web"))
    ]
    assert not known


def test_only_the_composition_root_and_the_commands_read_the_environment() -> None:
    doors = ("hub.main", "hub.cli", "adapters.cli", "adapters.commands")
    readers = [
        (module, node.lineno)
        for module, path in modules("hub", "adapters")
        if not any(within(module, door) for door in doors)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
    ]
    assert not readers


def test_no_call_is_aborted_inside_a_try_that_would_catch_it() -> None:
    aborts = [
        (module, call.lineno)
        for module, path in modules("hub", "adapters")
        for attempt in ast.walk(tree_of(path))
        if isinstance(attempt, ast.Try) and attempt.handlers
        for statement in attempt.body
        for call in ast.walk(statement)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("context.abort")
    ]
    assert not aborts


def test_nothing_forks_since_grpc_does_not_survive_it() -> None:
    forking = [
        (module, node.lineno)
        for module, path in modules("hub", "adapters")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func).endswith(("os.fork", "os.forkpty", "ProcessPoolExecutor"))
            or any(keyword.arg == "preexec_fn" for keyword in node.keywords)
        )
    ]
    assert not forking
    assert not [
        module
        for module, path in modules("hub", "adapters")
        if any(within(name, "multiprocessing") for name in imported_by(path))
    ]
