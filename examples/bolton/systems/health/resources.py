"""Writes health's records as FHIR R4 resources, one to a line."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from examples.bolton.population.places import PRACTICES
from examples.bolton.systems.caution import Caution
from examples.bolton.systems.health.records import TEAMS, Care, HealthRecord, RecordFlag
from examples.bolton.systems.leaving import By, Consent, Said

FILE = "resources.ndjson"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
LOCAL_NUMBER = "urn:bolton-community-health:patient-number"
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition"
CODES = "http://terminology.hl7.org/CodeSystem"
FLAG_CODES = "urn:bolton-community-health:safeguarding-flag"
CAUTION_CODES = "urn:bolton-community-health:staff-warning"
ADVICE_CODES = "urn:bolton-community-health:staff-advice"
PROTECTION_CODES = "urn:bolton-community-health:protection"
CLASS_CODES = "urn:bolton-sharing:field-class"
CONSENT_STATUS = {
    Said.GIVEN: "active",
    Said.REFUSED: "rejected",
    Said.WITHDRAWN: "inactive",
    Said.ASKED: "proposed",
}
Resource = dict[str, object]


def write(records: Sequence[HealthRecord], folder: Path) -> Path:
    """Make the file anew: staff and practices first, then each patient with what belongs to it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with path.open("w", encoding="utf-8") as file:
        for resource in (*_staff(), *_practices(), *(made for record in records for made in of_patient(record))):
            file.write(json.dumps(resource, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def of_patient(record: HealthRecord) -> Iterator[Resource]:
    """Yield the resources of one patient, the Patient first."""
    yield _patient(record)
    yield from (_care_team(record, number, care) for number, care in enumerate(record.care, start=1))
    yield from (_encounter(record, number, seen) for number, seen in enumerate(record.seen, start=1))
    yield from (_missed(record, number, missed) for number, missed in enumerate(record.missed, start=1))
    yield from (_flag(record, number, flag) for number, flag in enumerate(record.flags, start=1))
    if record.immunisations:
        yield _immunisations(record)
    if record.caution is not None:
        yield _caution(record, record.caution)
    if record.consent is not None:
        yield _consent(record, record.consent)


def _staff() -> Iterator[Resource]:
    for team, name in ((team, name) for team, names in TEAMS.items() for name in names):
        *given, family = name.removeprefix("Dr ").split()
        phone = {"system": "phone", "value": _phone(team), "use": "work"}
        yield {"resourceType": "Practitioner", "id": _practitioner_id(name), "meta": _meta(date(2026, 4, 1)),
               "active": True,
               "name": [{"use": "official", "text": name, "family": family, "given": given}],
               "telecom": [phone]}  # fmt: skip


def _practices() -> Iterator[Resource]:
    for name in PRACTICES:
        yield {"resourceType": "Organization", "id": _practice_id(name), "meta": _meta(date(2026, 4, 1)), "name": name}


def _patient(record: HealthRecord) -> Resource:
    resource: Resource = {
        "resourceType": "Patient",
        "id": record.patient_id,
        "meta": _meta(record.updated) | _security(record),
        "identifier": [_nhs_number(record), {"system": LOCAL_NUMBER, "value": record.patient_id}],
        "active": True,
        "name": list(_names(record)),
        "gender": record.gender.value,
        "birthDate": record.born.isoformat(),
        "address": list(_addresses(record)),
        "generalPractitioner": [
            {"reference": f"Organization/{_practice_id(record.practice)}", "display": record.practice}
        ],
    }
    if record.phone:
        resource["telecom"] = [{"system": "phone", "value": record.phone, "use": "mobile"}]
    return resource


def _security(record: HealthRecord) -> Resource:
    restricted = {"system": f"{CODES}/v3-Confidentiality", "code": "R", "display": "restricted"}
    address = {"system": PROTECTION_CODES, "code": "ADDRESS", "display": "address not to be disclosed"}
    labels = [restricted] * record.restricted + [address] * record.address_protected
    return {"security": labels} if labels else {}


def _nhs_number(record: HealthRecord) -> Resource:
    status = "01" if record.traced else "02"
    coding = {"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus", "code": status}
    extension = {"url": f"{UK_CORE}/Extension-UKCore-NHSNumberVerificationStatus",
                 "valueCodeableConcept": {"coding": [coding]}}  # fmt: skip
    return {"extension": [extension], "system": NHS_NUMBER, "value": record.nhs_number}


def _names(record: HealthRecord) -> Iterator[Resource]:
    given = [record.given, record.middle] if record.middle else [record.given]
    yield {"use": "official", "family": record.family, "given": given}
    if record.old_family:
        yield {"use": "old", "family": record.old_family, "given": [record.given]}
    if record.nickname:
        yield {"use": "nickname", "given": [record.nickname]}


def _addresses(record: HealthRecord) -> Iterator[Resource]:
    """Yield the present address first, then the old ones, latest first."""
    until: date | None = None
    for address, since in reversed(record.addresses):
        period = {"start": since.isoformat()} | ({"end": until.isoformat()} if until else {})
        yield {"use": "old" if until else "home", "line": [address.line, address.district], "city": "Bolton",
               "postalCode": address.postcode, "period": period}  # fmt: skip
        until = since


def _care_team(record: HealthRecord, number: int, care: Care) -> Resource:
    member = {"reference": f"Practitioner/{_practitioner_id(care.worker)}", "display": care.worker}
    participant = {"role": [{"text": _role(care.team)}], "member": member}
    return {"resourceType": "CareTeam", "id": f"{record.patient_id}-t{number}", "meta": _meta(record.updated),
            "status": care.status, "name": care.team, "subject": _reference(record),
            "period": {"start": care.since.isoformat()}, "participant": [participant],
            "telecom": [{"system": "phone", "value": _phone(care.team), "use": "work"}]}  # fmt: skip


def _encounter(record: HealthRecord, number: int, seen: date) -> Resource:
    start = f"{seen.isoformat()}T{9 + number}:15:00+00:00"
    return {"resourceType": "Encounter", "id": f"{record.patient_id}-e{number}", "meta": _meta(seen),
            "status": "finished",
            "class": {"system": f"{CODES}/v3-ActCode", "code": "AMB"}, "subject": _reference(record),
            "period": {"start": start, "end": start.replace(":15:", ":40:")}}  # fmt: skip


def _missed(record: HealthRecord, number: int, missed: date) -> Resource:
    actor = {"actor": _reference(record), "status": "accepted"}
    return {"resourceType": "Appointment", "id": f"{record.patient_id}-a{number}", "meta": _meta(missed),
            "status": "noshow", "start": f"{missed.isoformat()}T10:30:00+00:00", "participant": [actor]}  # fmt: skip


def _flag(record: HealthRecord, number: int, flag: RecordFlag) -> Resource:
    category = {"coding": [{"system": f"{CODES}/flag-category", "code": "safety"}]}
    code = {"coding": [{"system": FLAG_CODES, "code": flag.code}], "text": "Safeguarding"}
    return {"resourceType": "Flag", "id": f"{record.patient_id}-f{number}", "meta": _meta(max(flag.since,
            record.updated)),
            "status": "active" if flag.active else "inactive", "category": [category], "code": code,
            "subject": _reference(record), "period": {"start": flag.since.isoformat()},
            "author": {"display": TEAMS["Community paediatrics"][0]}}  # fmt: skip


def _immunisations(record: HealthRecord) -> Resource:
    system = f"{CODES}/immunization-recommendation-status"
    recommendation = {"vaccineCode": [{"text": "Childhood schedule"}],
                      "forecastStatus": {"coding": [{"system": system, "code": record.immunisations}]}}  # fmt: skip
    return {"resourceType": "ImmunizationRecommendation", "id": f"{record.patient_id}-i", "meta": _meta(record.updated),
            "patient": _reference(record), "date": record.updated.isoformat(),
            "recommendation": [recommendation]}  # fmt: skip


def _caution(record: HealthRecord, caution: Caution) -> Resource:
    category = {"coding": [{"system": f"{CODES}/flag-category", "code": "behavioral"}]}
    code = {"coding": [{"system": CAUTION_CODES, "code": caution.kind.replace("_", "-")},
                       {"system": ADVICE_CODES, "code": caution.advice.replace("_", "-")}],
            "text": "Staff safety"}  # fmt: skip
    return {"resourceType": "Flag", "id": f"{record.patient_id}-w", "meta": _meta(caution.confirmed),
            "status": "active", "category": [category], "code": code, "subject": _reference(record),
            "period": {"start": caution.since.isoformat()}}  # fmt: skip


def _consent(record: HealthRecord, consent: Consent) -> Resource:
    provision: Resource = {"type": "permit"}
    if consent.until:
        provision["period"] = {"start": consent.on.isoformat(), "end": consent.until.isoformat()}
    covers = consent.covers or ("all",)
    provision["class"] = [{"system": CLASS_CODES, "code": name} for name in covers]
    scope = {"coding": [{"system": f"{CODES}/consentscope", "code": "patient-privacy"}]}
    performer = {**_reference(record), "display": "Patient"} if consent.by is By.PERSON else {"display": "Parent"}
    resource: Resource = {
        "resourceType": "Consent", "id": f"{record.patient_id}-c", "meta": _meta(consent.on),
        "status": CONSENT_STATUS[consent.said], "scope": scope, "patient": _reference(record),
        "dateTime": consent.on.isoformat(), "performer": [performer], "provision": provision,
    }  # fmt: skip
    if consent.review:
        url = "urn:bolton-community-health:consent-review"
        resource["extension"] = [{"url": url, "valueDate": consent.review.isoformat()}]
    return resource


def _reference(record: HealthRecord) -> Resource:
    return {"reference": f"Patient/{record.patient_id}"}


def _meta(updated: date) -> Resource:
    return {"lastUpdated": f"{updated.isoformat()}T18:05:00+00:00"}


def _role(team: str) -> str:
    return "Health visitor" if team == "Health visiting" else "Lead professional"


def _phone(team: str) -> str:
    return f"01632 9603{tuple(TEAMS).index(team) + 1:02d}"


def _practitioner_id(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _practice_id(name: str) -> str:
    return f"gp-{PRACTICES.index(name) + 1:02d}"
