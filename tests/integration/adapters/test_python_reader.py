"""A class of an agency's own is believed no more than any other source."""

import asyncio
from collections.abc import Mapping

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.python_mapping import PythonSource
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.python.interface import Sought
from adapters.python.reader import PythonReader
from tests.lib.own_class import Register

BY_UPN = Match(looking=Looking.ANY, wanted=(("upn", "H801200001001"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "khan"), ("given_name", "AMINA"), ("date_of_birth", "2012-03-07"))
)


def source(mode: str = "", *, named: str = "tests.lib.own_class:Register", **changes: object) -> PythonSource:
    records: dict[str, object] = {
        "keys": {
            "upn": "UPN",
            "family_name": "family",
            "given_name": "given",
            "date_of_birth": {"parameter": "born", "date": "%d/%m/%Y"},
        },
        "record_id": "$.ref",
        "fields": {
            "upn": "$.upn",
            "family_name": "$.name.family",
            "given_name": "$.name.given",
            "date_of_birth": "$.born",
            "attendance_percent": "$.attendance",
            "photo": "$.photo",
        },
    }
    described = {"kind": "python", "name": "Register", "class": named, "settings": {"mode": mode}}
    return PythonSource.model_validate({**described, "records": {"pupil": records | changes}})


def reader_of(described: PythonSource, logged: CapturingLogger | None = None) -> PythonReader:
    log = structlog.wrap_logger(logged or CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    return PythonReader(described, log)


async def find(described: PythonSource, match: Match, *fields: str, seconds: float = 5.0) -> Found:
    reader = reader_of(described)
    await reader.open()
    try:
        return await reader.find("pupil", match, fields, asyncio.get_running_loop().time() + seconds)
    finally:
        await reader.close()


async def checked(described: PythonSource) -> Mapping[FindingState, list[Finding]]:
    reader = reader_of(described)
    await reader.open()
    try:
        findings = await reader.check()
    finally:
        await reader.close()
    return {state: [finding for finding in findings if finding.state is state] for state in FindingState}


async def test_what_the_class_finds_is_mapped_as_any_document_is() -> None:
    found = await find(source(), BY_UPN, "given_name", "date_of_birth", "attendance_percent", "photo")
    assert list(found.cells) == ["Amina", "2012-03-07", "93.50", ""]
    assert list(found.references) == ["7"]
    assert list((await find(source(), BY_NAMES, "upn")).cells) == ["H801200001001"]


async def test_the_class_is_told_whom_to_find_as_its_system_writes_it_and_its_repr_keeps_that_back() -> None:
    reader = reader_of(source())
    await reader.open()
    await reader.find("pupil", BY_NAMES, ("upn",), asyncio.get_running_loop().time() + 5)
    finder = reader._finder
    assert isinstance(finder, Register)
    sought = finder.asked[0]
    assert sought.wanted == {"family": "khan", "given": "AMINA", "born": "07/03/2012"}
    assert (sought.records, sought.fields) == ("pupil", ("upn",))
    assert "khan" not in repr(sought)
    await reader.close()
    await reader.close()
    assert not finder.is_open


async def test_records_of_others_are_thrown_away() -> None:
    found = await find(source("everybody"), BY_UPN, "given_name")
    assert list(found.cells) == ["Amina"]


async def test_terms_and_vetoes_of_the_manifest_hold_for_what_code_finds() -> None:
    veto = {"withhold_when": {"$.restricted": ["false"]}}
    assert (await find(source(**veto), BY_UPN, "given_name")).withheld == 1
    shield = {"terms": {"shield": {"path": "$.restricted", "values": {"false": "person"}}}}
    found = await find(source(**shield), BY_UPN, "given_name")
    assert (found.shielded, list(found.cells)) == (("7",), [])


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("down", SourceFaultKind.UNREACHABLE),
        ("garbage", SourceFaultKind.GARBAGE),
        ("generator", SourceFaultKind.GARBAGE),
        ("endless", SourceFaultKind.GARBAGE),
        ("too much", SourceFaultKind.TOO_MUCH),
    ],
)
async def test_a_class_that_misbehaves_is_a_source_that_is_down(mode: str, kind: SourceFaultKind) -> None:
    with pytest.raises(SourceFault) as raised:
        await find(source(mode), BY_UPN, "upn", seconds=0.05)
    assert raised.value.kind is kind


async def test_a_class_that_is_late_is_given_up_in_time() -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(SourceFault) as raised:
        await find(source("slow"), BY_UPN, "upn", seconds=0.05)
    assert raised.value.kind is SourceFaultKind.LATE
    assert clock() - began < 0.8


@pytest.mark.parametrize(
    ("named", "mode", "said"),
    [
        ("tests.lib.no_such_module:Register", "", "there is no module `tests.lib.no_such_module`"),
        ("tests.lib.own_class:Registry", "", "`tests.lib.own_class` has no class `Registry`"),
        ("tests.lib.own_class:KHAN", "", "`tests.lib.own_class` has no class `KHAN`"),
        ("tests.lib.own_class:Unfinished", "", "`Unfinished` lacks `async def find`, `async def check`"),
        ("tests.lib.own_class:Register", "unmakeable", "making `Register` fails (ValueError)"),
    ],
)
async def test_a_class_that_cannot_be_used_is_said_and_answers_nothing(named: str, mode: str, said: str) -> None:
    described = source(mode, named=named)
    findings = await checked(described)
    assert [finding.what for finding in findings[FindingState.FAULT]] == [said]
    logged = CapturingLogger()
    reader = reader_of(described, logged)
    await reader.open()
    assert "class_unusable" in str(logged.calls)
    assert "Khan" not in str(logged.calls)
    with pytest.raises(SourceFault):
        await reader.find("pupil", BY_UPN, ("upn",), asyncio.get_running_loop().time() + 5)


async def test_a_check_asks_the_class_and_suggests_the_name_that_was_meant() -> None:
    findings = await checked(source())
    assert not findings[FindingState.FAULT]
    assert "the list is there" in [finding.what for finding in findings[FindingState.OK]]
    (fault,) = (await checked(source(named="tests.lib.own_class:Registr")))[FindingState.FAULT]
    assert fault.mend == "Did you mean `Register`?"


def test_what_is_sought_has_a_repr_that_names_keys_only() -> None:
    sought = Sought(records="pupil", looking=Looking.ANY, wanted={"UPN": "H801200001001"}, fields=())
    assert repr(sought) == "Sought(pupil, any: UPN)"
