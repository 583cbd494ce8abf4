"""The invented people of the tests of databases, in every kind of database alike, and how a manifest describes them."""

from typing import Any

SCHEMA = """
DROP VIEW IF EXISTS open_file; DROP VIEW IF EXISTS slow_child;
DROP TABLE IF EXISTS child; DROP TABLE IF EXISTS case_file; DROP TABLE IF EXISTS worker;
CREATE TABLE child (
  child_id integer, nhs_no {text}, upn {text}, surname {text}, forename {text}, dob date, dob_text {text}, sex {text},
  line_1 {text}, town {text}, share numeric(5, 2), restricted {bool}, updated {moment}, consent {text}, shield {text},
  number_only bigint, notes {huge}, photo {bytes});
CREATE TABLE case_file (case_id integer, child_id integer, worker_id integer, state {text});
CREATE TABLE worker (worker_id integer, forename {text}, surname {text});
INSERT INTO child VALUES
  (1, '943 476 5919', 'A123456789012', 'Okafor', 'Zoë', '2012-03-07', '07/03/2012', 'F', '1 Mill Row', 'Bolton', 93.25,
   false, '2026-01-31 10:00:00', 'GVN', 'N', 9434765919, NULL, NULL),
  (2, '943 476 5870', NULL, 'O''BRIEN', 'SEÁN', '2009-09-09', '09/09/2009', 'M', NULL, '', NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, '943 476 5838', NULL, 'Zoltán', 'Ann', '2010-01-01', '31/02/2010', 'x', '3 Mill Row', 'Bury', 0,
   true, '2026-02-01 00:00:00', 'REF', 'N', 9434765838, NULL, NULL),
  (4, '943 476 5854', NULL, 'Shielded', 'Sam', '2011-11-11', '11/11/2011', 'M', '4 Mill Row', 'Bury', 50,
   false, '2026-02-01 00:00:00', 'GVN', 'Y', 9434765854, NULL, NULL),
  (5, NULL, NULL, 'Zoe', 'Ann', '2010-01-01', '01/01/2010', 'M', '5 Mill Row', 'Bury', 50,
   false, '2026-02-01 00:00:00', 'GVN', 'N', NULL, NULL, NULL);
INSERT INTO case_file VALUES (10, 1, 7, 'OPEN'), (11, 1, NULL, 'CLSD'), (12, 2, 99, '??'), (13, 3, 7, 'OPEN');
INSERT INTO worker VALUES (7, 'Jo', 'Worker');
CREATE VIEW open_file AS SELECT child.child_id, nhs_no, case_id FROM child JOIN case_file
  ON child.child_id = case_file.child_id WHERE state = 'OPEN'
"""

KEYS = {
    "nhs_number": {"column": "nhs_no", "written": "### ### ####"},
    "upn": "upn",
    "family_name": "surname",
    "given_name": "forename",
    "date_of_birth": "dob",
}
FIELDS: dict[str, Any] = {
    "nhs_number": "nhs_no",
    "family_name": "surname",
    "given_name": "forename",
    "date_of_birth": "dob",
    "gender": {"column": "sex", "values": {"M": "male", "F": "female"}, "otherwise": "not_known"},
    "address": {"columns": ["line_1", "town"]},
    "attendance_percent": "share",
}
CHILD: dict[str, Any] = {
    "table": "child",
    "keys": KEYS,
    "record_id": "child_id",
    "record_date": "updated",
    "withhold_when": {"restricted": ["true", "1"]},
    "fields": FIELDS,
}
BY_TEXT: dict[str, Any] = {
    **CHILD,
    "keys": {**KEYS, "date_of_birth": {"column": "dob_text", "date": "%d/%m/%Y"}},
    "fields": {"date_of_birth": {"column": "dob_text", "date": "%d/%m/%Y"}},
}
BY_NUMBER: dict[str, Any] = {
    "table": "child",
    "keys": {"nhs_number": "number_only"},
    "record_id": "child_id",
    "fields": {"nhs_number": "number_only"},
}
INVOLVEMENT: dict[str, Any] = {
    "table": "child",
    "joins": [
        {"table": "case_file", "on": {"child_id": "child_id"}},
        {"table": "worker", "as": "lead", "on": {"case_file.worker_id": "worker_id"}, "optional": "true"},
    ],
    "keys": KEYS,
    "record_id": "case_file.case_id",
    "withhold_when": {"restricted": ["true", "1"]},
    "fields": {
        "service": {"constant": "Social work"},
        "involvement_status": {"column": "case_file.state", "values": {"OPEN": "open", "CLSD": "closed"}},
        "worker_name": {"columns": ["lead.forename", "lead.surname"], "separator": " "},
    },
}
OPEN_ONLY: dict[str, Any] = {**INVOLVEMENT, "only_when": {"case_file.state": ["open"]}}
VIEW: dict[str, Any] = {
    "table": "open_file",
    "keys": {"nhs_number": {"column": "nhs_no", "written": "### ### ####"}},
    "record_id": "case_id",
    "fields": {"service": {"constant": "Social work"}, "nhs_number": "nhs_no"},
}
ON_TERMS: dict[str, Any] = {
    **CHILD,
    "terms": {
        "consent": {"state": {"column": "consent", "values": {"GVN": "explicit", "REF": "refused", "": "not_sought"}}},
        "shield": {"column": "shield", "values": {"Y": "person", "N": "none"}},
    },
}
LONG: dict[str, Any] = {**CHILD, "fields": {"concern_kind": "notes", "address": "photo"}}
RECORDS = {
    "child": CHILD,
    "by_text": BY_TEXT,
    "by_number": BY_NUMBER,
    "involvement": INVOLVEMENT,
    "open_only": OPEN_ONLY,
    "view": VIEW,
    "on_terms": ON_TERMS,
    "long": LONG,
}
