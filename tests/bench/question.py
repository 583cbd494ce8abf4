"""The one question of the benchmark: who asks it about whom, and what an agency replies to it."""

from dataclasses import dataclass
from functools import cache
from itertools import count

from sharing.v1 import links_pb2, questions_pb2, records_pb2
from stdnum.gb import nhs, upn

QUESTION = "child_services"
PURPOSE = "safeguarding"
LAWFUL_BASIS = "A6_E"
ROWS = 2
COLUMNS = 12
REPLY_BYTES = 1024
NONCE_BYTES = 8
PEOPLE = 64

# The first twelve of those asked for are answered. Text fields are filled up until the reply weighs 1 KB.
_CELLS = {
    "date_of_birth": "2016-05-04",
    "gender": "not_known",
    "involvement_status": "open",
    "involved_since": "2024-09-01",
    "concern_kind": "attendance",
    "concern_since": "2025-01-15",
    "concern_status": "open",
    "given_name": "Testchild",
    "family_name": "Bench",
    "postcode": "ZZ99 9ZZ",
}
_SHARED_TEXTS = ("address", "gp_practice", "school")
_OWN_TEXTS = ("service", "worker_name", "worker_phone")
# One agency in so many has not heard that the child moved, so that there is something to disagree about.
_OUT_OF_DATE_EVERY = 4
_RECORD_DATES = ("2026-09-01", "2026-10-15")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InventedPerson:
    """A person who does not exist, with numbers of the ranges kept for tests."""

    nhs_number: str
    upn: str


@cache
def people() -> tuple[InventedPerson, ...]:
    """Return the people that are asked about; one for each question in flight, so that mixed-up answers show."""
    # One number in eleven has the right check digit.
    valid = (number for serial in count(1) if nhs.is_valid(number := f"999{serial:07}"))
    pupils = (f"800400012{serial:03}" for serial in range(PEOPLE))
    return tuple(
        InventedPerson(nhs_number=number, upn=upn.calc_check_digit(pupil) + pupil)
        for pupil, number in zip(pupils, valid, strict=False)
    )


def ask_request(place: int) -> questions_pb2.AskRequest:
    """Return what a requester's client sends."""
    return questions_pb2.AskRequest(
        question=QUESTION,
        person=records_pb2.PersonKeys(nhs_number=people()[place].nhs_number),
        purpose=PURPOSE,
        lawful_basis=LAWFUL_BASIS,
        case_reference=f"BENCH/{place}",
    )


FIELDS = (
    "nhs_number",
    "upn",
    "given_name",
    "family_name",
    "date_of_birth",
    "address",
    "postcode",
    "gp_practice",
    "school",
    "service",
    "involvement_status",
    "worker_name",
)


def sample_ask(place: int) -> links_pb2.Ask:
    """Return an ask of the size that a hub sends, for those baselines that have no hub to make one."""
    return links_pb2.Ask(
        ask_id=1,
        nonce=bytes(NONCE_BYTES),
        question=QUESTION,
        person=records_pb2.PersonKeys(nhs_number=people()[place].nhs_number),
        fields=FIELDS,
        purpose=PURPOSE,
        lawful_basis=LAWFUL_BASIS,
        case_reference=f"BENCH/{place}",
        requester="bench.requester",
        requester_agency="agency_01",
        access_level="bench_level",
        policy_version="0123456789abcdef",
        request_id="0123456789abcdef01",
        remaining_ms=3_000,
    )


def records_for(agency: str, nhs_number: str, asked_fields: tuple[str, ...], *, read_at_ms: int) -> records_pb2.Records:
    """Return what an agency holds about a person, such that its whole reply weighs REPLY_BYTES."""
    person = next((found for found in people() if found.nhs_number == nhs_number), None)
    if person is None:
        raise ValueError("an ask was about somebody that the benchmark does not ask about")
    columns = asked_fields[:COLUMNS]
    records = _table(agency, person, columns, [0] * (ROWS * COLUMNS), read_at_ms)
    fillable = [
        place for place in range(len(records.cells)) if columns[place % len(columns)] in _SHARED_TEXTS + _OWN_TEXTS
    ]
    missing = REPLY_BYTES - _reply_size(records)
    if len(columns) != COLUMNS or not fillable or missing < 0:
        raise ValueError(f"a reply of {REPLY_BYTES} bytes needs {COLUMNS} fields, some of them text")
    filling = [0] * len(records.cells)
    for number in range(missing):
        filling[fillable[number % len(fillable)]] += 1
    return _table(agency, person, columns, filling, read_at_ms)


def _table(
    agency: str, person: InventedPerson, columns: tuple[str, ...], filling: list[int], read_at_ms: int
) -> records_pb2.Records:
    own = {**_CELLS, "nhs_number": person.nhs_number, "upn": person.upn}
    age = "new" if int(agency[-2:]) % _OUT_OF_DATE_EVERY else "old"
    own |= {column: f"{age} {column}" for column in _SHARED_TEXTS}
    own |= {column: f"{column} of {agency}" for column in _OWN_TEXTS}
    cells = [own[column] for _ in range(ROWS) for column in columns]
    return records_pb2.Records(
        columns=columns,
        cells=[cell + "x" * extra for cell, extra in zip(cells, filling, strict=True)],
        record_dates=_RECORD_DATES,
        source="Bench Records",
        retrieved_at_ms=read_at_ms,
    )


def _reply_size(records: records_pb2.Records) -> int:
    nonce = bytes(NONCE_BYTES)
    return links_pb2.Reply(ask_id=1, nonce=nonce, status=links_pb2.REPLY_STATUS_ANSWERED, records=records).ByteSize()
