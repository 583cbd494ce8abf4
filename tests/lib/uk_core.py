"""A small record of invented people, in FHIR R4 as UK Core shapes it."""

from collections.abc import Iterator

CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
PROTECTION = "urn:invented:protection"
CHANGED = {"lastUpdated": "2026-02-03T04:05:06Z"}
Resource = dict[str, object]

AMINA, BEN, CARA = "9434765919", "9434765870", "9434765838"
"""Has much recorded; is protected by a Flag; has a namesake."""


def patient(identity: str, number: str, given: str, **changes: object) -> Resource:
    verified = [{"url": f"{CORE}/Extension-UKCore-NHSNumberVerificationStatus"}]
    return {
        "resourceType": "Patient",
        "id": identity,
        "meta": {"profile": [f"{CORE}-Patient"], "security": [{"code": "N"}]},
        "identifier": [
            {"system": "urn:invented:local", "value": f"L{number}"},
            {"system": NHS, "value": number, "extension": verified},
        ],
        "name": [{"use": "official", "family": "Invented-Khan", "given": [given, "Second"]}],
        "birthDate": "2012-03-07",
        "gender": "female",
        "address": [{"line": ["1 Made Up Street"], "city": "Bolton", "postalCode": "BL1 1AA"}],
        "generalPractitioner": [{"identifier": {"value": "P00001"}, "display": "Made Up Surgery"}],
        **changes,
    }


def of(identity: str) -> Resource:
    return {"reference": f"Patient/{identity}"}


def coded(code: str, system: str = "urn:invented:codes") -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def resources() -> Iterator[Resource]:
    """List all: for each kind of resource some of Amina, some of others, and some that were entered in error."""
    yield patient("amina", AMINA, "Amina")
    yield patient("ben", BEN, "Ben")
    yield patient("cara", CARA, "Cara")
    yield patient("cara-2", "9434765803", "Cara", birthDate="2013-03-07")
    for identity, number, status, code in (
        ("amina", 1, "active", "neglect"),
        ("amina", 2, "entered-in-error", "forced-marriage"),
        ("cara", 1, "inactive", "neglect"),
    ):
        yield {"resourceType": "Flag", "id": f"{identity}-f{number}", "status": status, "code": coded(code),
               "category": [coded("safety")], "subject": of(identity), "period": {"start": "2025-11-02"}}  # fmt: skip
    yield {"resourceType": "Flag", "id": "ben-f1", "status": "active", "code": coded("protected", PROTECTION),
           "category": [coded("admin")], "subject": of("ben")}  # fmt: skip
    for identity, status, kind, until in (
        ("amina", "active", "permit", "2027-06-30"),
        ("ben", "active", "permit", "2027-06-30"),
        ("cara", "active", "deny", "2027-06-30"),
    ):
        yield {"resourceType": "Consent", "id": f"{identity}-c", "status": status, "scope": coded("patient-privacy"),
               "category": [coded("INFA")], "patient": of(identity), "dateTime": "2026-01-05",
               "performer": [{"display": "Parent"}],
               "provision": {"type": kind, "period": {"end": until}, "class": [{"code": "basic"}]}}  # fmt: skip
    for day, status in (("2025-12-01", "finished"), ("2026-01-20", "finished"), ("2026-02-01", "entered-in-error")):
        yield {"resourceType": "Encounter", "id": f"amina-e{day}", "status": status, "class": {"code": "AMB"},
               "subject": of("amina"), "period": {"start": f"{day}T09:15:00+00:00"}}  # fmt: skip
    for number, status in enumerate(("noshow", "noshow", "fulfilled", "entered-in-error")):
        yield {"resourceType": "Appointment", "id": f"amina-a{number}", "status": status,
               "start": f"2026-01-0{number + 1}T10:00:00+00:00",
               "participant": [{"actor": of("amina"), "status": "accepted"},
                               {"actor": of("cara"), "status": "accepted"}]}  # fmt: skip
    yield {"resourceType": "CareTeam", "id": "amina-t1", "status": "active", "name": "Health visiting",
           "subject": of("amina"), "participant": [{"member": {"display": "H. Visitor"}}]}  # fmt: skip
    yield {"resourceType": "RelatedPerson", "id": "amina-r1", "patient": of("amina"),
           "relationship": [coded("MTH")], "name": [{"text": "Noor Invented-Khan"}],
           "telecom": [{"system": "phone", "value": "01204 000000"}]}  # fmt: skip
