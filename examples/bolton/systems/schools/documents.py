"""Writes schools' records as the documents that the interface sends, one to a line."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from examples.bolton.population.people import Address, Gender
from examples.bolton.systems.schools.records import Attendance, PupilRecord, SchoolConcern

FILE = "pupils.ndjson"
SEX_CODES = {Gender.FEMALE: "F", Gender.MALE: "M"}
Document = dict[str, object]


def write(records: Sequence[PupilRecord], folder: Path) -> Path:
    """Make the file anew."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(of_pupil(record), ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def of_pupil(record: PupilRecord) -> Document:
    """Make the document of one enrolment; its last two entries have addresses of their own."""
    return {
        "pupilId": record.pupil_id,
        "upn": record.upn,
        "legalForename": record.legal_forename,
        "preferredForename": record.preferred_forename or record.legal_forename,
        "middleNames": record.middle_names or None,
        "legalSurname": record.legal_surname,
        "preferredSurname": record.preferred_surname or record.legal_surname,
        "dateOfBirth": f"{record.born.isoformat()}T00:00:00",
        "sex": SEX_CODES[record.sex],
        "yearGroup": f"Y{record.year}" if record.year else "R",
        "school": {"number": record.school.number, "name": record.school.name, "phone": record.school.phone},
        "enrolment": {"status": "onRoll" if record.on_roll else "leaver", "startDate": record.enrolled.isoformat()},
        "home": _home(record.address),
        "contacts": [{"relationship": "Mother", "name": record.mother, "phone": record.mothers_phone or None}],
        "pastoralContact": {"name": record.pastoral, "role": "Pastoral lead", "phone": record.school.phone},
        "dataSharingRestricted": record.restricted,
        "addressWithheld": record.address_withheld,
        "youthSupportOptOut": record.opted_out.value if record.opted_out else None,
        "lastModified": f"{record.modified.isoformat()}T06:12:00Z",
        "sen": {"status": record.sen},
        "destination": _destination(record),
        "attendance": _attendance(record.attendance, record.modified),
        "concerns": [_concern(concern) for concern in record.concerns],
    }


def _home(address: Address | None) -> Document | None:
    if address is None:
        return None
    return {"line1": address.line, "line2": address.district, "town": "Bolton", "postcode": address.postcode}


def _attendance(attendance: Attendance, as_at: date) -> Document:
    return {
        "asAt": as_at.isoformat(),
        "possibleSessions": attendance.possible,
        "attendedSessions": attendance.attended,
        "percentage": round(100 * attendance.attended / attendance.possible, 1),
        "unauthorisedSessions": attendance.unauthorised,
        "suspensions": attendance.exclusions,
    }


def _destination(record: PupilRecord) -> Document | None:
    if not record.destination:
        return None
    since = record.destination_since.isoformat() if record.destination_since else None
    return {"code": record.destination, "since": since, "careersLead": record.pastoral}


def _concern(concern: SchoolConcern) -> Document:
    return {
        "category": concern.code,
        "loggedOn": concern.logged.isoformat(),
        "state": "resolved" if concern.resolved else "open",
    }
