"""Whatever this project installs comes under a licence of the list in CONTRIBUTING.md, or is named with its reason."""

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

from tests.architecture.test_requirements import NODE_FOLDERS, pins

# As packages spell them, by the name of the licence in CONTRIBUTING.md.
SPELT = {
    "MIT": r"MIT( License)?|MIT-0",
    "BSD": r"(3-Clause )?BSD( License)?|BSD-[23]-Clause|0BSD",
    "ISC": r"ISC|ISC License \(ISCL\)",
    "Apache": r"Apache-2\.0|Apache (Software License|License 2\.0)",
    "PSF": r"PSF-2\.0|Python Software Foundation License",
    "UPL": r"UPL-1\.0",
    "MPL": r"MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)",
    "Zlib": r"Zlib",
    "CC0": r"CC0-1\.0",
}
OF_NODE = SPELT | {"BlueOak": r"BlueOak-1\.0\.0"}
LESSER_AND_RUNS, LESSER_AND_TESTS = {"python-stdnum"}, {"spyne"}
SAID_IN_A_FILE = {"httpx-aiohttp": "BSD-3-Clause, which stands in its file LICENSE alone"}


def strange(said: str, known: dict[str, str]) -> list[str]:
    """List the parts of what a package says of its licence that are none of the known; one of `A OR B` is enough."""
    every = [re.sub(r"^\((.*)\)$", r"\1", part).split(" OR ") for part in re.split(r" AND |; ", said)]
    spelt = re.compile("|".join(f"(?:{words})" for words in known.values()))
    return [" OR ".join(either) for either in every if not any(spelt.fullmatch(each.strip()) for each in either)]


def licence_of(package: str) -> str | None:
    """Return what an installed package says; None for one that is not installed on this kind of machine."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return None
    classified = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License")]
    return said.get("License-Expression") or "; ".join(classified) or said.get("License") or ""


def licences(pinned: Path, besides: set[str]) -> dict[str, str]:
    """List what each installed package of a pinned file says."""
    said = {name: licence_of(name) for name in pins(pinned) if name not in besides}
    return {name: licence for name, licence in said.items() if licence is not None}


@pytest.mark.parametrize(
    ("pinned", "lesser"), [("run.txt", LESSER_AND_RUNS), ("dev.txt", LESSER_AND_RUNS | LESSER_AND_TESTS)]
)
def test_every_package_of_python_has_a_licence_of_the_list(repository: Path, pinned: str, lesser: set[str]) -> None:
    said = licences(repository / "requirements" / pinned, lesser | SAID_IN_A_FILE.keys())
    assert said
    assert not {name: unknown for name, licence in said.items() if (unknown := strange(licence, SPELT))}


@pytest.mark.parametrize("name", sorted(LESSER_AND_RUNS | LESSER_AND_TESTS))
def test_what_is_excepted_by_name_is_under_the_lesser_licence_and_no_other(name: str) -> None:
    assert re.match(r"GNU Lesser|LGPL", licence_of(name) or "LGPL")


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_every_package_of_node_has_a_licence_of_the_list(repository: Path, folder: str) -> None:
    known = OF_NODE if folder == "tests/node" else SPELT
    lock = json.loads((repository / folder / "package-lock.json").read_text(encoding="utf-8"))
    said = {name: package.get("license", "") for name, package in lock["packages"].items() if name}
    assert not {name: unknown for name, licence in said.items() if (unknown := strange(licence, known))}


def test_the_list_that_people_read_is_the_list_that_is_kept(repository: Path) -> None:
    told = re.search(r"a licence of the list \(([^;]+);", (repository / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert told is not None
    assert set(told[1].split(", ")) == set(SPELT)


@pytest.mark.parametrize("said", ["GPL-3.0-only", "MIT AND GPL-2.0-only", "", "AGPL-3.0 OR Commercial", "ISC; Other"])
def test_what_is_not_on_the_list_is_noticed(said: str) -> None:
    assert strange(said, OF_NODE)
