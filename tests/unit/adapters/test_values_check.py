"""A mapping is compared with the first values that a source holds, and none of them is told."""

from collections.abc import Mapping, Sequence

import pytest

from adapters.kit.manifest import RestRecords, SqlRecords
from adapters.kit.reader import Finding, FindingState
from adapters.kit.values_check import check_values, places_to_see

OK, NOTE, FAULT = FindingState.OK, FindingState.NOTE, FindingState.FAULT
DAYS = ("07/03/2012", "30/11/2011", "CANARY 1")
VALID, INVALID = "N350218000017", "N350218000018"


def records(**changes: object) -> SqlRecords:
    described = {
        "table": "t",
        "keys": {"upn": "upn", "family_name": "sn", "given_name": "fn", "date_of_birth": "dob"},
        "fields": {"upn": "upn", "family_name": "sn", "gender": {"column": "sex", "values": {"F": "female"}}},
    }
    return SqlRecords.model_validate({**described, **changes})


def found(described: SqlRecords, **seen: Sequence[str]) -> list[tuple[FindingState, str, str]]:
    findings: list[Finding] = check_values("t", described, seen)
    assert "CANARY" not in str(findings)
    return [(finding.state, finding.what, finding.mend) for finding in findings]


def dated(date: str | None, *, key: str | None = None) -> SqlRecords:
    field: object = "dob" if date is None else {"column": "dob", "date": date}
    keyed: object = "dob" if key is None else {"column": "dob", "date": key}
    keys = {"family_name": "sn", "given_name": "fn", "date_of_birth": keyed}
    return records(keys=keys, fields={"date_of_birth": field})


def test_only_days_codes_and_identifiers_are_looked_at() -> None:
    assert set(places_to_see(records())) == {"upn", "sex", "sn", "fn", "dob"}
    named_only = records(keys={"upn": "upn"}, fields={"upn": "upn", "postcode": "pc", "service": {"constant": "x"}})
    assert places_to_see(named_only) == ("upn",)


def test_days_that_are_written_otherwise_are_a_fault_with_the_way_that_they_fit() -> None:
    (field, key) = found(dated(None), dob=["07/03/2012", "30/11/2011"])
    said = "t: `date_of_birth`: 2 of the first 2 days in `dob` do not fit `iso`"
    assert field == (FAULT, said, 'They fit `date: "%d/%m/%Y"`.')
    assert key[0] is FAULT
    assert key[2] == 'Say so under `keys`: date_of_birth: {column: dob, date: "%d/%m/%Y"}'


def test_a_few_days_that_do_not_fit_are_a_note() -> None:
    (finding, *_) = found(dated("%d/%m/%Y", key="%d/%m/%Y"), dob=DAYS)
    assert finding[:2] == (NOTE, "t: `date_of_birth`: 1 of the first 3 days in `dob` do not fit `%d/%m/%Y`")


@pytest.mark.parametrize("text", ["7/3/2012", "2012-03-07 00:00:00"])
def test_a_day_that_is_read_well_but_never_found_by_its_letters_is_told(text: str) -> None:
    way = "%d/%m/%Y" if "/" in text else None
    states = [state for state, what, _ in found(dated(way, key=way), dob=[text]) if "nobody is found" in what]
    assert states == [FAULT]


def test_days_that_fit_are_right() -> None:
    said = "t: days and codes fit the first 200 values of each place"
    assert found(dated(None), dob=["2012-03-07"]) == [(OK, said, "")]


def test_codes_that_are_not_listed_are_counted() -> None:
    states = found(records(), sex=["F", "CANARY", "f"])
    assert (NOTE, "t: 1 of the first 3 codes in `sex` are not listed") in [state[:2] for state in states]


def test_the_share_of_valid_identifiers_is_told() -> None:
    assert found(records(), upn=[VALID])[-1] == (OK, "t: 1 of the first 1 in `upn` are valid as `upn`", "")
    assert found(records(), upn=[VALID, INVALID])[-1][0] is NOTE
    assert found(records(), upn=[INVALID] * 9)[-1][0] is NOTE
    state, _, mend = found(records(), upn=[INVALID] * 10)[-1]
    assert (state, mend) == (FAULT, "Is `upn` the column that was meant?")


def test_an_identifier_that_is_written_otherwise_than_it_is_looked_for_is_a_fault() -> None:
    keys: Mapping[str, object] = {"nhs_number": "nhs"}
    described = records(keys=keys, fields={"nhs_number": "nhs"})
    (written, valid) = found(described, nhs=["999 000 0107"])
    assert written[:2] == (FAULT, "t: 1 of the first 1 in `nhs` are not written without blanks")
    assert valid[0] is OK
    as_it_is = records(keys={"nhs_number": {"column": "nhs", "written": "### ### ####"}}, fields={"nhs_number": "nhs"})
    assert [state for state, _, _ in found(as_it_is, nhs=["999 000 0107"])] == [OK, OK]


def test_a_parameter_of_a_search_holds_nothing_that_could_be_looked_at() -> None:
    described = RestRecords.model_validate(
        {"path": "p", "rows": "$", "keys": {"upn": "number"}, "fields": {"upn": "$.upn"}}
    )
    assert places_to_see(described) == ("$.upn",)
    assert [finding.state for finding in check_values("p", described, {"$.upn": [VALID]})] == [OK, OK]
