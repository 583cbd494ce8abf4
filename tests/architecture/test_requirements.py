import json
import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.code import imported_by, modules

OURS = "sharing-hub"
PINNED_FILES = ("run.txt", "dev.txt")
NODE_FOLDERS = ("tests/node", "examples/node-adapter")
# Their scripts are never run (`ignore-scripts`), and nothing is missing without them.
WITH_IDLE_SCRIPTS = {"node_modules/protobufjs": "it would compare how its version is written in package.json"}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ]+)(?P<marker> ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
COMMENT = re.compile(r"^ *#")


def pins(path: Path) -> dict[str, Version]:
    """Read a pinned file: names in their normal form, with their versions."""
    found = filter(None, map(PIN.match, path.read_text(encoding="utf-8").splitlines()))
    return {canonicalize_name(match["name"]): Version(match["version"]) for match in found}


def wishes(path: Path) -> list[Requirement]:
    """Read a file of requirements as people write it."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def below_the_floor(pinned: dict[str, Version], floors: list[Requirement]) -> list[str]:
    """Name what is pinned lower than its floor."""
    return [
        floor.name
        for floor in floors
        if (version := pinned.get(canonicalize_name(floor.name))) and not floor.specifier.contains(version)
    ]


@pytest.mark.parametrize("name", PINNED_FILES)
def test_every_line_is_a_pin_a_hash_or_a_comment_and_so_names_no_host(repository: Path, name: str) -> None:
    lines = (repository / "requirements" / name).read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not (PIN.match(line) or HASH.match(line) or COMMENT.match(line))]
    assert not strange
    assert not [line for line in lines if "://" in line or "index" in line or "find-links" in line]


@pytest.mark.parametrize("name", PINNED_FILES)
def test_every_pin_is_followed_by_its_hashes(repository: Path, name: str) -> None:
    lines = (repository / "requirements" / name).read_text(encoding="utf-8").splitlines()
    bare = [
        line for line, after in zip(lines, [*lines[1:], ""], strict=True) if PIN.match(line) and not HASH.match(after)
    ]
    assert not bare


@pytest.mark.parametrize("name", PINNED_FILES)
def test_nothing_is_pinned_below_its_security_floor(repository: Path, name: str) -> None:
    folder = repository / "requirements"
    assert not below_the_floor(pins(folder / name), wishes(folder / "floors.txt"))


def test_a_pin_below_its_floor_is_noticed() -> None:
    assert below_the_floor({"grpcio": Version("1.78.1")}, [Requirement("grpcio>=1.85.1")]) == ["grpcio"]


def test_casbin_comes_from_the_package_that_is_kept_up_and_from_no_other(repository: Path) -> None:
    pinned = pins(repository / "requirements" / "dev.txt")
    assert "pycasbin" in pinned
    assert "casbin" not in pinned
    assert set(packages_distributions()["casbin"]) == {"pycasbin"}


def test_the_stubs_of_grpc_come_from_one_package(repository: Path) -> None:
    pinned = pins(repository / "requirements" / "dev.txt")
    assert "types-grpcio" in pinned
    assert "grpc-stubs" not in pinned


def test_what_runs_is_pinned_alike_for_running_and_for_developing(repository: Path) -> None:
    folder = repository / "requirements"
    assert pins(folder / "run.txt").items() <= pins(folder / "dev.txt").items()


def test_every_requirement_is_pinned_at_a_version_that_it_allows(repository: Path) -> None:
    folder = repository / "requirements"
    pinned = pins(folder / "dev.txt")
    wanted = wishes(folder / "run.in") + wishes(folder / "dev.in")
    assert not [str(wish) for wish in wanted if not wish.specifier.contains(pinned[canonicalize_name(wish.name)])]


def test_the_package_asks_for_what_is_pinned_and_nothing_else(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {str(Requirement(line)) for line in project["dependencies"]}
    assert declared == {str(wish) for wish in wishes(repository / "requirements" / "run.in")}


def suppliers(name: str, packages_of: Mapping[str, list[str]]) -> set[str]:
    """Name the packages that an imported module may come from; none for the standard library and for our own."""
    parts = name.split(".")
    match parts[0]:
        case "google":  # several packages share this folder
            return {{"rpc": "googleapis-common-protos", "protobuf": "protobuf"}[parts[1]]}
        case "pydantic_core":  # the other half of one release
            return {"pydantic"}
        case folder:
            return {canonicalize_name(package) for package in packages_of.get(folder, []) if package != OURS}


def extra_packages(repository: Path) -> set[str]:
    """Name the drivers that an agency installs for its own system."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = (Requirement(line) for lines in project["optional-dependencies"].values() for line in lines)
    return {canonicalize_name(wish.name) for wish in listed}


def test_what_runs_imports_what_it_asks_for_and_nothing_that_came_by_chance(repository: Path) -> None:
    wanted = {canonicalize_name(wish.name) for wish in wishes(repository / "requirements" / "run.in")}
    packages_of = packages_distributions()
    imported = {(name, owner) for owner, path in modules("hub", "adapters", "examples") for name in imported_by(path)}
    sources = {name: suppliers(name, packages_of) for name, _ in imported}
    # A technology of the adapters imports its driver, which is an extra, and what trains parameters its own; no other.
    extras = extra_packages(repository)
    by_chance = [
        (owner, name)
        for name, owner in imported
        if (found := sources[name])
        and not found & (wanted | extras if owner.startswith(("adapters.", "hub.training.")) else wanted)
    ]
    assert not by_chance
    assert not wanted.difference(*sources.values())


@pytest.mark.parametrize("name", NODE_FOLDERS)
def test_what_runs_in_node_is_named_exactly_and_runs_nothing_while_it_is_installed(repository: Path, name: str) -> None:
    folder = repository / name
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    assert package["private"] is True
    assert "scripts" not in package
    assert not [version for version in package["dependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    assert "ignore-scripts=true" in (folder / ".npmrc").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NODE_FOLDERS)
def test_the_lock_of_node_packages_has_a_hash_for_each_and_no_address(repository: Path, name: str) -> None:
    lock = json.loads((repository / name / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: said for name, said in lock["packages"].items() if name}
    assert packages
    assert not [name for name, said in packages.items() if not said.get("integrity", "").startswith("sha512-")]
    assert not [name for name, said in packages.items() if "resolved" in said]
    assert {name for name, said in packages.items() if said.get("hasInstallScript")} <= WITH_IDLE_SCRIPTS.keys()
