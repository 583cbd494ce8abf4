"""Finds pupils in memory, as the management-information system's own index does."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

Document = dict[str, Any]  # JSON, of the shape that documents.py writes
SUB_RESOURCES = ("attendance", "concerns")
DAY = slice(0, len("2026-11-20"))


class Register:
    """Holds every enrolment of the borough."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Index documents by pupil, by UPN, by date of birth and by surname."""
        self._pupils: dict[int, Document] = {}
        self._by_upn: dict[str, list[int]] = {}
        self._by_birth: dict[str, list[int]] = {}
        self._by_surname: dict[str, list[int]] = {}
        for document in documents:
            pupil = document["pupilId"]
            self._pupils[pupil] = document
            self._by_upn.setdefault(document["upn"], []).append(pupil)
            self._by_birth.setdefault(document["dateOfBirth"][DAY], []).append(pupil)
            for name in {document["legalSurname"].casefold(), document["preferredSurname"].casefold()}:
                self._by_surname.setdefault(name, []).append(pupil)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of documents, one to a line."""
        with path.open(encoding="utf-8") as file:
            return cls(json.loads(line) for line in file)

    def get(self, pupil: int) -> Document | None:
        """Give one enrolment, or None."""
        return self._pupils.get(pupil)

    def search(self, wanted: Mapping[str, str]) -> Sequence[Document]:
        """List enrolments that match all of upn, surname, forename, dob, postcode; in full, whatever their case.

        Or by the beginning of a surname or forename (surnameStart, forenameStart) and a span of birth (dobFrom, dobTo).
        """
        return [self._pupils[pupil] for pupil in self._candidates(wanted) if _fits(self._pupils[pupil], wanted)]

    def _candidates(self, wanted: Mapping[str, str]) -> Iterable[int]:
        if "upn" in wanted:
            return self._by_upn.get(wanted["upn"].upper(), ())
        if "dob" in wanted:
            return self._by_birth.get(wanted["dob"], ())
        if "surname" in wanted:
            return self._by_surname.get(wanted["surname"].casefold(), ())
        return self._pupils


def without_details(document: Document) -> Document:
    """Leave out what has an address of its own."""
    return {name: value for name, value in document.items() if name not in SUB_RESOURCES}


def _fits(document: Document, wanted: Mapping[str, str]) -> bool:
    born = document["dateOfBirth"][DAY]
    return (
        wanted.get("dobFrom", born) <= born <= wanted.get("dobTo", born)
        and _begins(wanted.get("surnameStart", ""), document["legalSurname"], document["preferredSurname"])
        and _begins(wanted.get("forenameStart", ""), document["legalForename"], document["preferredForename"])
        and wanted.get("dob", born) == born
        and _named(wanted.get("postcode"), (document["home"] or {}).get("postcode", ""))
        and _named(wanted.get("surname"), document["legalSurname"], document["preferredSurname"])
        and _named(wanted.get("forename"), document["legalForename"], document["preferredForename"])
    )


def _begins(wanted: str, *names: str) -> bool:
    return any(name.casefold().startswith(wanted.casefold()) for name in names)


def _named(wanted: str | None, *names: str) -> bool:
    return wanted is None or wanted.casefold() in {name.casefold() for name in names}
