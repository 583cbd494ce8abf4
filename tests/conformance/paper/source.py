"""The paper agency's records: a few sheets in a file, and a mode in which they can be read."""

import asyncio
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sharing.v1.records_pb2 import Criteria, PersonKeys

SLOW_SECONDS = 5.0
NAMES = ("given_name", "family_name", "date_of_birth")
SHEETS: tuple[Mapping[str, str], ...] = (
    {
        "nhs_number": "9434765919",
        "given_name": "Samira",
        "family_name": "Paperwhite",
        "date_of_birth": "2014-05-06",
        "gender": "male",
        "address": "1 Folio Lane",
        "service": "Reading help",
        "involved_since": "2020-02-29",
        "consent": "given",
    },
    {
        "nhs_number": "9434765870",
        "given_name": "Tobias",
        "family_name": "Vellum-Quire",
        "date_of_birth": "2012-03-07",
        "gender": "female",
        "address": "2 Folio Lane",
        "service": "Reading help",
        "consent": "given",
    },
    {
        "nhs_number": "9434765862",
        "given_name": "Ottoline",
        "family_name": "Foolscap",
        "date_of_birth": "2013-08-09",
        "shield": "person",
    },
    {"nhs_number": "9434765854", "given_name": "Barnabas", "family_name": "Octavo", "shield": "absolute"},
    {"nhs_number": "9434765846", "given_name": "Clementine", "family_name": "Imprint", "veto": "yes"},
    {
        "nhs_number": "9434765838",
        "given_name": "Dorothea\x1b[2J\x00",
        "family_name": "Rubric" * 500,
        "date_of_birth": "2011-02-31",
        "address": "3 Folio\u202e Lane",
    },
    {
        "nhs_number": "9434765811",
        "given_name": "Thomas",
        "family_name": "Vellum-Quire",
        "date_of_birth": "2012-03-07",
        "consent": "given",
    },
)
UNKNOWN = "9434765889"


class SourceDown(Exception):
    """Is raised where the file cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Reads the file anew at each look."""

    folder: Path

    @property
    def mode(self) -> str:
        """Return how it is with the file: ok, stopped, slow, garbled or stale."""
        return (self.folder / "mode").read_text(encoding="utf-8").strip()

    def sheets(self) -> Sequence[Mapping[str, str]]:
        """Return all sheets."""
        sheets: list[dict[str, str]] = json.loads((self.folder / "sheets.json").read_text(encoding="utf-8"))
        return sheets

    async def find_near(self, person: PersonKeys, *, by_letter: bool) -> Sequence[Mapping[str, str]]:
        """Find somebody's sheets; where there are none, those of that name but for accents, or of twins."""
        if (found := await self.find(person)) or by_letter or not all(getattr(person, name) for name in NAMES):
            return found
        alike = [sheet for sheet in self.sheets() if _is_near(sheet, person)]
        return [sheet for sheet in alike if _plain(sheet["given_name"]) == _plain(person.given_name)] or alike

    async def find(self, person: PersonKeys) -> Sequence[Mapping[str, str]]:
        """Find somebody's sheets by NHS number, or by all of the names and the date of birth."""
        if self.mode == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if self.mode in ("stopped", "garbled"):
            raise SourceDown
        return [sheet for sheet in self.sheets() if _is_of(sheet, person)]

    async def search(self, criteria: Criteria, *, finds_everybody: bool = False) -> Sequence[Mapping[str, str]]:
        """Find the sheets of whoever fits criteria; places are not compared, since no sheet has any."""
        if self.mode in ("stopped", "garbled"):
            raise SourceDown
        if finds_everybody:
            return [sheet for sheet in self.sheets() if "consent" in sheet and _begins(sheet, "", "")]
        return [
            sheet
            for sheet in self.sheets()
            if _begins(sheet, criteria.given_name, criteria.family_name)
            and criteria.born_from <= sheet.get("date_of_birth", "")
            and (not criteria.born_to or sheet.get("date_of_birth", "") <= criteria.born_to)
        ]


def _begins(sheet: Mapping[str, str], given: str, family: str) -> bool:
    return sheet["given_name"].startswith(given) and sheet["family_name"].startswith(family)


def _is_of(sheet: Mapping[str, str], person: PersonKeys) -> bool:
    if person.nhs_number and sheet["nhs_number"] == person.nhs_number:
        return True
    return bool(person.family_name) and all(sheet.get(name) == getattr(person, name) for name in NAMES)


def _is_near(sheet: Mapping[str, str], person: PersonKeys) -> bool:
    """Tell whether a sheet is of somebody who was born that day in that family."""
    family = _plain(sheet["family_name"]) == _plain(person.family_name)
    return family and sheet.get("date_of_birth") == person.date_of_birth


def _plain(name: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", name).casefold() if mark.isalnum())


def write(folder: Path) -> None:
    """Write the file as it is when all is well."""
    (folder / "sheets.json").write_text(json.dumps(SHEETS), encoding="utf-8")
    (folder / "mode").write_text("ok", encoding="utf-8")
