"""A policy of a chosen size for the benchmark's hub, in the form in which administrators write one."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.bench.question import FIELDS, LAWFUL_BASIS, QUESTION
from tests.bench.tls import agency_ids

SHIPPED = Path(__file__).parents[2] / "policies"
LEVEL = "bench_level"
PURPOSES = (
    "safeguarding",
    "early_help",
    "health_care",
    "education_welfare",
    "youth_justice",
    "careers_guidance",
    "transition",
)
CLASSES = ("basic", "involvement")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySize:
    """How many levels there are, each of which may ask all of so many questions."""

    levels: int = 1
    questions: int = 1

    def rules(self, agencies: int) -> int:
        """Return the number of rules, one for each level, question, agency, class of fields and purpose."""
        return self.levels * self.questions * agencies * len(CLASSES) * len(PURPOSES)


def write_policies(folder: Path, agencies: list[str], size: PolicySize) -> None:
    """Write a whole policy folder, with the vocabulary and the fields of the shipped one."""
    for part in ("questions", "levels", "agreements"):
        (folder / part).mkdir(parents=True)
    for name in ("model.conf", "vocabulary.yaml", "fields.yaml"):
        shutil.copy(SHIPPED / name, folder / name)
    _write(folder / "agencies.yaml", {"agencies": [_agency(agency) for agency in agencies]})
    for question in _names(QUESTION, size.questions):
        _write(folder / "questions" / f"{question}.yaml", _question(question, agencies))
    for level in _names(LEVEL, size.levels):
        _write(folder / "levels" / f"{level}.yaml", _level(level))
    _write(folder / "agreements" / "bench_agreement.yaml", _agreement(agencies))


def _names(first: str, count: int) -> Iterable[str]:
    """Return the name that the benchmark uses, and others that only take up room."""
    return (first, *(f"{first}_{number}" for number in range(2, count + 1)))


def _write(file: Path, content: dict[str, object]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _agency(agency: str) -> dict[str, object]:
    return {"id": agency, "title": agency.replace("_", " ").capitalize(), "status": "relevant_authority"}


def _question(question: str, agencies: list[str]) -> dict[str, object]:
    identity = ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")
    return {
        "id": question,
        "wording": "Which services are working with this child?",
        "agencies": agencies,
        "fields": [field for field in FIELDS if field not in identity],
        "purposes": list(PURPOSES),
        "lawful_bases": [LAWFUL_BASIS],
        "deadline_ms": 10_000,
    }


def _level(level: str) -> dict[str, object]:
    grant = {
        "because": "The benchmark asks everything of everybody.",
        "questions": "all",
        "agencies": "all",
        "classes": list(CLASSES),
        "purposes": "all",
    }
    return {"id": level, "title": "Benchmark", "agency": agency_ids(1)[0], "grants": [grant]}


def _agreement(agencies: list[str]) -> dict[str, object]:
    return {
        "id": "bench_agreement",
        "title": "Agreement of the benchmark's agencies",
        "parties": agencies,
        "gateway": "CA2004_S11",
        "purposes": list(PURPOSES),
        "classes": list(CLASSES),
        "from": "2020-01-01",
        "until": "2099-12-31",
        "review": "2099-12-31",
        "signed_by": [{"agency": agency, "office": "Director", "date": "2019-12-01"} for agency in agencies],
    }
