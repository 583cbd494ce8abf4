"""The SQL that is sent: only asked columns, only parameters, the same for every dialect."""

import pytest
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect

from adapters.kit.manifest import SqlRecords
from adapters.kit.reader import Looking, Match
from adapters.sql.statements import parameters_for, select_for, spellings, tables_of

RECORDS = SqlRecords.model_validate(
    {
        "table": "child",
        "joins": [
            {"table": "case_file", "on": {"id": "child_id"}},
            {"table": "worker", "as": "lead", "on": {"case_file.worker": "id"}, "optional": "true"},
        ],
        "keys": {
            "nhs_number": {"column": "nhs no", "written": "### ### ####"},
            "upn": "upn",
            "family_name": "surname",
            "given_name": "child.forename",
            "date_of_birth": "dob",
        },
        "fields": {"upn": "upn", "worker_name": "lead.name", "family_name": "surname"},
    }
)
ANY = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"), ("upn", "x'; DROP TABLE child; --")))
ALL = Match(
    looking=Looking.ALL, wanted=(("family_name", "Ó Briain"), ("given_name", "ZOË"), ("date_of_birth", "2012-03-07"))
)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect(), mysql.dialect()])
def test_no_value_is_ever_part_of_a_statement(dialect: Dialect) -> None:
    for match in (ANY, ALL):
        text = str(
            select_for(RECORDS, tables_of(RECORDS, "care"), ("upn", "lead.name"), match).compile(dialect=dialect)
        )
        assert not [value for _, value in match.wanted if value.casefold() in text.casefold()]
        assert "surname" not in text.partition("FROM")[0]
        assert "care" in text


def test_joins_are_made_as_declared_and_identifiers_are_alternatives() -> None:
    statement = select_for(RECORDS, tables_of(RECORDS, None), ("upn", "lead.name"), ANY)
    assert " ".join(str(statement.compile(dialect=sqlite.dialect(paramstyle="named"))).split()) == (
        "SELECT child.upn, lead.name FROM child JOIN case_file AS case_file ON child.id = case_file.child_id "
        'LEFT OUTER JOIN worker AS lead ON case_file.worker = lead.id WHERE child."nhs no" = :nhs_number '
        "OR child.upn = :upn LIMIT :param_1 OFFSET :param_2"
    )


def test_parameters_are_written_as_the_database_writes_them() -> None:
    keys = RECORDS.keys.mapped()
    assert parameters_for(keys, ANY)["nhs_number"] == "943 476 5919"
    parameters = parameters_for(keys, ALL)
    assert str(parameters["date_of_birth"]) == "2012-03-07"
    assert [parameters[f"given_name_{index}"] for index in range(3)] == ["zoë", "zoË", "zoë"]


@pytest.mark.parametrize("stored", ["Zoë", "ZOË", "zoë", "O'Brien", "O'BRIEN", "Éloïse", "ÉLOÏSE", "éloïse"])
def test_spellings_meet_a_column_that_lowers_ascii_only(stored: str) -> None:
    lowered = "".join(letter.lower() if letter.isascii() else letter for letter in stored)
    assert all(lowered in spellings(asked) for asked in (stored, stored.upper(), stored.lower()))
