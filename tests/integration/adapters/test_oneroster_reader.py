"""The OneRoster reader against a rostering service written from the published binding."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.oneroster_mapping import READ_SCOPES, RosterSource
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from adapters.oneroster.filters import filter_of
from adapters.oneroster.reader import RosterReader
from tests.lib.roster_service import RosterServer, a_school, dated, enrolment, pupil

BY_UPN = Match(looking=Looking.ANY, wanted=(("upn", "H801200001001"),))
BY_NAMES = Match(
    looking=Looking.ALL, wanted=(("family_name", "khan"), ("given_name", "AMINA"), ("date_of_birth", "2012-03-07"))
)


def source(server: RosterServer, **changes: object) -> RosterSource:
    records: dict[str, object] = {
        "role": "student",
        "keys": {
            "upn": "identifier",
            "family_name": "familyName",
            "given_name": "givenName",
            "date_of_birth": "demographics.birthDate",
        },
        "record_date": {"path": "$.dateLastModified", "date": "iso"},
        "related": {
            "demographics": {"resource": "demographics", "take": "first", "optional": "true"},
            "school": {"resource": "orgs", "take": "first", "optional": "true"},
            "enrolments": {"resource": "enrollments", "take": "all", "optional": "true", "follow": ["class", "school"]},
            "classes": {"resource": "classes", "take": "all", "optional": "true"},
            "parents": {"resource": "users", "take": "all", "optional": "true"},
        },
        "fields": {
            "upn": "$.identifier",
            "family_name": "$.familyName",
            "given_name": "$.givenName",
            "date_of_birth": "$.demographics.birthDate",
            "gender": {"path": "$.demographics.sex", "values": {"female": "female", "male": "male"}},
            "school": "$.school.name",
            "class": {"path": "$.enrolments[*].class.title", "pick": "joined"},
            "class_school": "$.enrolments[0].school.name",
            "taught": {"path": "$.classes[*].title", "pick": "joined"},
            "parent_phone": "$.parents[0].phone",
        },
    }
    described = {
        "kind": "oneroster",
        "name": "Roster",
        "url": server.url,
        "oauth2": {"token_url": server.token_url, "client_id": server.client[0], "client_secret": "s3cret"},
        "page_size": 2,
    }
    top = {name: changes.pop(name) for name in ("oauth2", "page_size", "max_pages") if name in changes}
    return RosterSource.model_validate({**described, **top, "records": {"pupil": records | changes}})


@pytest.fixture
async def server() -> AsyncIterator[RosterServer]:
    async with RosterServer(collections=a_school()) as running:
        yield running


async def find(described: RosterSource, match: Match, *fields: str, seconds: float = 5.0) -> Found:
    reader = RosterReader(described)
    await reader.open()
    try:
        return await reader.find("pupil", match, fields, asyncio.get_running_loop().time() + seconds)
    finally:
        await reader.close()


async def fault_of(described: RosterSource, match: Match = BY_UPN, *fields: str) -> SourceFaultKind:
    with pytest.raises(SourceFault) as raised:
        await find(described, match, *(fields or ("upn",)))
    assert "Khan" not in str(raised.value)
    return raised.value.kind


async def checked(described: RosterSource) -> list[Finding]:
    reader = RosterReader(described)
    await reader.open()
    try:
        return list(await reader.check())
    finally:
        await reader.close()


async def test_a_pupil_is_found_by_identifier_and_only_what_is_needed_is_selected(server: RosterServer) -> None:
    found = await find(source(server), BY_UPN, "given_name")
    assert list(found.cells) == ["Amina"]
    assert (list(found.references), list(found.record_dates)) == (["u1"], ["2026-02-03"])
    ((path, query),) = server.asked
    assert path == "students"
    assert query["filter"] == "identifier='H801200001001'"
    read = set(query["fields"].split(","))
    assert {"givenName", "identifier", "sourcedId", "status", "roles"} <= read
    assert not {"email", "phone", "enabledUser"} & read
    assert server.scopes_asked == [" ".join(READ_SCOPES)]


async def test_what_belongs_to_a_pupil_is_read_when_it_is_asked_for(server: RosterServer) -> None:
    fields = ("gender", "date_of_birth", "school", "class", "class_school", "taught", "parent_phone")
    found = await find(source(server), BY_UPN, *fields)
    assert list(found.cells) == [
        "female",
        "2012-03-07",
        "Moor Lane School",
        "7A, Choir",
        "Moor Lane School",
        "7A, Choir",
        "01204 555 0100",
    ]
    single = [path for path, _ in server.asked if path.startswith(("orgs/", "classes/"))]
    assert sorted(single) == ["classes/c1", "classes/c2", "orgs/school-1", "orgs/school-1"]


async def test_each_enrolment_makes_a_row_and_without_one_there_is_nobody(server: RosterServer) -> None:
    related = {"enrolment": {"resource": "enrollments", "take": "each", "follow": ["class"]}}
    described = source(
        server,
        related=related,
        keys={"upn": "identifier"},
        fields={"upn": "$.identifier", "class": "$.enrolment.class.title"},
    )
    assert list((await find(described, BY_UPN, "class")).cells) == ["7A", "Choir"]
    nobody = Match(looking=Looking.ANY, wanted=(("upn", "A801200001003"),))
    assert not (await find(described, nobody, "class")).cells


async def test_names_are_joined_with_the_day_of_birth_and_nothing_of_others_is_asked_for(server: RosterServer) -> None:
    found = await find(source(server), BY_NAMES, "upn")
    assert list(found.cells) == ["H801200001001"]
    asked = dict(server.asked)
    assert asked["students"]["filter"] == "familyName='khan' AND givenName='AMINA'"
    assert asked["demographics"]["filter"] == "birthDate='2012-03-07'"
    assert asked["demographics"]["fields"] == "birthDate,sourcedId,status"


@pytest.mark.parametrize("match", [BY_UPN, BY_NAMES], ids=["identifier", "names"])
async def test_as_much_is_asked_about_somebody_shielded_as_about_somebody_unknown(
    server: RosterServer, match: Match
) -> None:
    shielded = {"terms": {"shield": {"path": "$.status", "values": {"active": "person"}}}}
    found = await find(source(server, **shielded), match, "gender", "class")
    assert (len(found.shielded), list(found.cells)) == (1, [])
    asked, server.asked = [path for path, _ in server.asked], []
    server.collections["users"] = server.collections["users"][2:]
    assert not (await find(source(server, **shielded), match, "gender", "class")).shielded
    assert sorted(path for path, _ in server.asked) == sorted(asked)


async def test_a_name_with_an_apostrophe_is_searched_by_a_part_of_it_and_compared_whole(server: RosterServer) -> None:
    names = (("family_name", "O'Brien"), ("given_name", "Bo"), ("date_of_birth", "2012-03-07"))
    found = await find(source(server), Match(looking=Looking.ALL, wanted=names), "upn")
    assert list(found.cells) == ["A801200001003"]
    server.collections["users"][2]["familyName"] = "McBrien"
    assert not (await find(source(server), Match(looking=Looking.ALL, wanted=names), "upn")).cells


@pytest.mark.parametrize("hostile", ["x' OR sourcedId!='", "'", "' OR '1'='1", "x'", "''''"])
async def test_no_value_becomes_part_of_the_filter(server: RosterServer, hostile: str) -> None:
    found = await find(source(server), Match(looking=Looking.ANY, wanted=(("upn", hostile),)), "upn")
    assert not found.cells
    assert all(query["filter"].count("'") == 2 for _, query in server.asked)


def test_a_filter_takes_two_conditions_at_most() -> None:
    assert filter_of([("a", "1"), ("b", "2"), ("c", "3")]) == "a='1' AND b='2'"
    assert filter_of([("a", "'"), ("b", "")]) is None


async def test_a_service_that_ignores_filters_does_not_make_the_adapter_tell_of_others(server: RosterServer) -> None:
    server.mode = "unfiltered"
    assert list((await find(source(server), BY_UPN, "given_name", "class")).cells) == ["Amina", "7A, Choir"]
    assert list((await find(source(server), BY_NAMES, "upn")).cells) == ["H801200001001"]
    nobody = Match(looking=Looking.ANY, wanted=(("upn", "X0"),))
    assert not (await find(source(server), nobody, "upn")).cells


async def test_a_single_record_of_another_id_is_not_taken_for_the_one_that_was_asked_for(server: RosterServer) -> None:
    server.mode = "somebody else"
    server.collections["demographics"].insert(0, dated("u2", sex="male", birthDate="2010-01-01"))
    assert list((await find(source(server), BY_UPN, "gender", "given_name")).cells) == ["", "Amina"]


async def test_what_is_to_be_deleted_is_there_no_longer(server: RosterServer) -> None:
    gone = Match(looking=Looking.ANY, wanted=(("upn", "B801200001004"),))
    assert not (await find(source(server), gone, "upn")).cells
    server.collections["demographics"][0]["status"] = "tobedeleted"
    assert list((await find(source(server), BY_UPN, "gender")).cells) == [""]
    assert not (await find(source(server), BY_NAMES, "upn")).cells


async def test_users_of_another_role_are_not_found(server: RosterServer) -> None:
    teacher = Match(looking=Looking.ANY, wanted=(("upn", "H801200001001-T"),))
    assert not (await find(source(server), teacher, "upn")).cells
    assert list((await find(source(server, role="teacher"), teacher, "upn")).cells) == ["H801200001001-T"]
    parent = Match(looking=Looking.ANY, wanted=(("upn", "P1"),))
    assert list((await find(source(server, role="parent"), parent, "given_name")).cells) == ["Farah"]
    assert not (await find(source(server, role="parent"), BY_UPN, "upn")).cells


@pytest.mark.parametrize("mode", ["", "no count", "no headers"])
async def test_pages_are_read_to_the_last(server: RosterServer, mode: str) -> None:
    server.collections["enrollments"] = [enrolment(f"m{number}", "u1", "c1") for number in range(5)]
    server.mode = mode
    fields = {"upn": "$.identifier", "class": {"path": "$.enrolments[*].sourcedId", "pick": "joined"}}
    described = source(server, fields=fields, keys={"upn": "identifier"})
    assert list((await find(described, BY_UPN, "class")).cells) == ["m0, m1, m2, m3, m4"]
    if mode != "no headers":
        server.largest_page = 1
        assert list((await find(described, BY_UPN, "class")).cells) == ["m0, m1, m2, m3, m4"]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("without end", SourceFaultKind.TOO_MUCH),
        ("breaks off", SourceFaultKind.GARBAGE),
        ("broken", SourceFaultKind.REFUSED),
        ("in disguise", SourceFaultKind.GARBAGE),
    ],
)
async def test_a_service_that_misbehaves_is_down_and_nothing_it_said_is_repeated(
    server: RosterServer, mode: str, kind: SourceFaultKind
) -> None:
    server.mode = mode
    server.collections["users"] += [pupil(f"v{number}", "H801200001001", "A", "K") for number in range(4)]
    assert await fault_of(source(server)) is kind


async def test_a_token_that_is_not_given_or_not_taken_is_a_source_that_is_down(server: RosterServer) -> None:
    wrong = {"token_url": server.token_url, "client_id": "hub", "client_secret": "wrong"}
    assert await fault_of(source(server, oauth2=wrong)) is SourceFaultKind.REFUSED
    server.client = ("hub", "wrong")
    server.token = "token-2"
    assert await fault_of(source(server)) is SourceFaultKind.REFUSED


async def test_a_filter_that_the_service_does_not_have_is_a_fault_and_a_check_says_which(server: RosterServer) -> None:
    described = source(server, keys={"upn": "metadata.upn"})
    assert await fault_of(described) is SourceFaultKind.REFUSED
    faults = [finding for finding in await checked(described) if finding.state is FindingState.FAULT]
    assert [finding.mend for finding in faults] == ["It does not filter by that property: map another."]


async def test_a_check_takes_every_step_and_tells_no_value(server: RosterServer) -> None:
    server.collections["users"] = server.collections["users"][:1]
    findings = await checked(source(server))
    assert not [finding for finding in findings if finding.state is FindingState.FAULT]
    said = str(findings)
    for part in ("token endpoint", "`students` by `identifier`", "`demographics` by `birthDate`", "`orgs`"):
        assert part in said
    assert "Amina" not in said
    server.mode = "unfiltered"
    said = str([finding for finding in await checked(source(server)) if finding.state is FindingState.FAULT])
    assert "gives records of others" in said


async def test_a_check_says_which_path_misses(server: RosterServer) -> None:
    fields = {"upn": "$.identifier", "given_name": "$.givenname"}
    faults = [
        finding
        for finding in await checked(source(server, fields=fields, keys={"upn": "identifier"}))
        if finding.state is FindingState.FAULT
    ]
    assert [finding.mend for finding in faults] == ["Did you mean `givenName`?"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"keys": {"nhs_number": "identifier"}}, "what comes back cannot be checked against `nhs_number`"),
        ({"related": {}}, "a key is in the demographics, which are not read"),
        ({"related": {"x": {"resource": "classes", "take": "all", "by": "$.x"}}}, "`by` does not apply to classes"),
        (
            {"oauth2": {"token_url": "http://127.0.0.1/t", "client_id": "a", "client_secret": "b",
                        "scopes": ["https://purl.imsglobal.org/spec/or/v1p2/scope/roster.createput"]}},
            "lets more than read",
        ),
    ],
)  # fmt: skip
async def test_a_manifest_that_would_mislead_is_refused(
    server: RosterServer, changes: dict[str, object], what: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        source(server, **changes)
    assert what in str(refused.value)


async def test_nothing_of_the_account_is_in_a_repr(server: RosterServer) -> None:
    described = source(server)
    assert "s3cret" not in repr(described)
    assert urlsplit(described.url).hostname == "127.0.0.1"
