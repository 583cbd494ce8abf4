"""Finds resources as a FHIR R4 server does: in memory, by the few search parameters that it says it supports."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

BOUNDS = ("ge", "le")
PATIENT_PARAMETERS = ("_id", "identifier", "family", "given", "birthdate", "address-postalcode")
COMPARTMENT = {
    "CareTeam": ("patient", "status"),
    "Encounter": ("patient", "status"),
    "Appointment": ("patient", "status"),
    "ImmunizationRecommendation": ("patient",),
    "Flag": ("patient", "status", "category"),
    "Consent": ("patient", "status"),
}
STANDING = {"Practitioner": ("_id",), "Organization": ("_id",)}
PARAMETERS: Mapping[str, tuple[str, ...]] = {"Patient": PATIENT_PARAMETERS, **COMPARTMENT, **STANDING}
Resource = dict[str, Any]  # JSON, of whatever shape its kind has


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keys:
    """Is what a patient can be found by; names and postcodes are case-folded."""

    identifiers: frozenset[str]
    family: tuple[str, ...]
    given: tuple[str, ...]
    birthdate: str
    postcodes: tuple[str, ...]


class Resources:
    """Holds all resources of one server, as the bytes that it sends."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Read resources, one to a line."""
        self._raw: dict[tuple[str, str], bytes] = {}
        self._keys: dict[str, Keys] = {}
        self._by_identifier: dict[str, list[str]] = {}
        self._by_birthdate: dict[str, list[str]] = {}
        self._by_patient: dict[tuple[str, str], list[tuple[str, Mapping[str, str]]]] = {}
        for line in lines:
            self._add(line.strip())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of resources."""
        with path.open("rb") as file:
            return cls(file)

    def get(self, kind: str, resource_id: str) -> bytes | None:
        """Give one resource, or None."""
        return self._raw.get((kind, resource_id))

    def search(self, kind: str, wanted: Mapping[str, str]) -> list[tuple[str, bytes]]:
        """List ids and bytes of what matches all parameters, which must be of `PARAMETERS`; in a stable order."""
        match kind:
            case "Patient":
                found = [patient for patient in self._candidates(wanted) if self._fits(patient, wanted)]
            case _ if "patient" in wanted:
                found = list(self._of_patient(kind, wanted))
            case _:
                found = [each for of_kind, each in self._raw if of_kind == kind and wanted.get("_id", each) == each]
        return [(each, self._raw[kind, each]) for each in found]

    def _add(self, line: bytes) -> None:
        resource = json.loads(line)
        kind, resource_id = resource["resourceType"], resource["id"]
        self._raw[kind, resource_id] = line
        if kind == "Patient":
            self._index(resource_id, _keys(resource))
        elif kind in COMPARTMENT:
            owner = (kind, _owner(resource))
            self._by_patient.setdefault(owner, []).append((resource_id, _tokens(resource)))

    def _index(self, patient: str, keys: Keys) -> None:
        self._keys[patient] = keys
        self._by_birthdate.setdefault(keys.birthdate, []).append(patient)
        for identifier in keys.identifiers:
            self._by_identifier.setdefault(identifier, []).append(patient)

    def _candidates(self, wanted: Mapping[str, str]) -> Iterable[str]:
        if "identifier" in wanted:
            return self._by_identifier.get(wanted["identifier"], ())
        if "birthdate" in wanted and not wanted["birthdate"].startswith(BOUNDS):
            return self._by_birthdate.get(wanted["birthdate"].removeprefix("eq"), ())
        return self._keys

    def _fits(self, patient: str, wanted: Mapping[str, str]) -> bool:
        """Tell whether a patient matches; names match from their beginning, whatever the case, as FHIR's strings do."""
        keys = self._keys[patient]
        return (
            wanted.get("_id", patient) == patient
            and all(_is_born(bound, keys.birthdate) for bound in wanted.get("birthdate", "").split())
            and any(name.startswith(wanted.get("family", "").casefold()) for name in keys.family)
            and any(name.startswith(wanted.get("given", "").casefold()) for name in keys.given)
            and _is_at(wanted.get("address-postalcode", ""), keys.postcodes)
        )

    def _of_patient(self, kind: str, wanted: Mapping[str, str]) -> Iterator[str]:
        patient = wanted["patient"].removeprefix("Patient/")
        for resource_id, tokens in self._by_patient.get((kind, patient), ()):
            if all(wanted.get(name, token) == token for name, token in tokens.items()):
                yield resource_id


def _is_at(wanted: str, postcodes: Sequence[str]) -> bool:
    """Tell whether somebody lives, or has lived, where a postcode begins like this."""
    return not wanted or any(postcode.startswith(wanted.casefold()) for postcode in postcodes)


def _is_born(bound: str, birthdate: str) -> bool:
    """Tell whether a date of birth is the one wanted, or lies on the right side of a bound: ge or le."""
    if bound.startswith("ge"):
        return birthdate >= bound.removeprefix("ge")
    if bound.startswith("le"):
        return birthdate <= bound.removeprefix("le")
    return birthdate == bound.removeprefix("eq")


def _keys(resource: Resource) -> Keys:
    identifiers, names = resource["identifier"], resource["name"]
    qualified = (f"{each['system']}|{each['value']}" for each in identifiers)
    return Keys(
        identifiers=frozenset((*qualified, *(each["value"] for each in identifiers))),
        family=tuple(name["family"].casefold() for name in names if "family" in name),
        given=tuple(given.casefold() for name in names for given in name["given"]),
        birthdate=resource["birthDate"],
        postcodes=tuple(home["postalCode"].casefold() for home in resource["address"]),
    )


def _tokens(resource: Resource) -> Mapping[str, str]:
    """Give what a resource of a patient can be narrowed down by."""
    category = resource["category"][0]["coding"][0]["code"] if resource["resourceType"] == "Flag" else ""
    return {"status": resource.get("status", ""), "category": category}


def _owner(resource: Resource) -> str:
    if resource["resourceType"] == "Appointment":
        subject = resource["participant"][0]["actor"]
    else:
        subject = resource.get("subject") or resource["patient"]
    return str(subject["reference"]).removeprefix("Patient/")
