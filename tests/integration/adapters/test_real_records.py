"""The FHIR reader at npm's medplum, and behind npm's oidc-provider, which know nothing of us."""

import asyncio
from collections.abc import Iterator, Sequence

import aiohttp
import pytest

from adapters.fhir.reader import FhirReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_faults import Because
from adapters.kit.manifest import FhirSource
from adapters.kit.pacing import loop_time
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from tests.lib import uk_core
from tests.lib.real_records import CLIENT, POSTER, SCOPE, SECRET, RealRecords, real_records
from tests.lib.uk_core import AMINA, BEN, CARA, NHS

RELATED = {
    "flags": {"resource": "Flag", "take": "all", "optional": "true", "together": "true"},
    "consents": {"resource": "Consent", "with": {"status": "active"}, "take": "all", "optional": "true"},
    "encounters": {"resource": "Encounter", "take": "all", "optional": "true"},
    "appointments": {"resource": "Appointment", "take": "all", "optional": "true"},
    "team": {"resource": "CareTeam", "with": {"status": "active"}, "take": "first", "optional": "true"},
    "family": {"resource": "RelatedPerson", "take": "all", "optional": "true"},
}
TERMS = {
    "shield": [
        {"path": "$.meta.security[*].code", "values": {"N": "none", "R": "person", "V": "absolute"}},
        {
            "path": f"$.flags[?@.status=='active'].code.coding[?@.system=='{uk_core.PROTECTION}'].code",
            "values": {"protected": "person"},
        },
    ],
    "consent": {
        "state": {"path": "$.consents[*].provision.type", "values": {"permit": "explicit", "deny": "refused"}},
        "until": {"path": "$.consents[*].provision.period.end", "date": "iso"},
        "classes": "$.consents[*].provision.class[*].code",
    },
}
FIELDS = {
    "nhs_number": f"$.identifier[?@.system=='{NHS}'].value",
    "family_name": "$.name[0].family",
    "given_name": "$.name[0].given[0]",
    "date_of_birth": "$.birthDate",
    "gp_practice": "$.generalPractitioner[0].display",
    "concern_kind": {"path": "$.flags[*].code.coding[0].code", "pick": "joined"},
    "last_seen": {"path": "$.encounters[*].period.start", "pick": "greatest", "date": "iso"},
    "missed_appointments": {"path": "$.appointments[?@.status=='noshow']", "pick": "count"},
    "health_visitor": "$.team.participant[0].member.display",
    "contact": "$.family[0].name[0].text",
}
KEYS = {
    "nhs_number": {"parameter": "identifier", "system": NHS},
    "family_name": "family",
    "given_name": "given",
    "date_of_birth": "birthdate",
}
OAUTH2 = {"client_id": CLIENT, "client_secret": SECRET, "scopes": [SCOPE]}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRecords]:
    with real_records(uk_core.resources(), tmp_path_factory.mktemp("records")) as running:
        yield running


def source(url: str, **changes: object) -> FhirSource:
    child = {"keys": KEYS, "record_date": "$.meta.lastUpdated", "terms": TERMS, "related": RELATED, "fields": FIELDS}
    return FhirSource.model_validate({"kind": "fhir", "name": "R", "url": url, "records": {"child": child}, **changes})


def guarded(records: RealRecords, **changes: object) -> FhirSource:
    return source(records.guarded, oauth2={**OAUTH2, "token_url": records.token_url, **changes})


def by_number(number: str) -> Match:
    return Match(looking=Looking.ANY, wanted=(("nhs_number", number),))


async def find(described: FhirSource, match: Match, *fields: str) -> Found:
    reader = FhirReader(described)
    await reader.open()
    try:
        return await reader.find("child", match, fields, asyncio.get_running_loop().time() + 5)
    finally:
        await reader.close()


async def check(described: FhirSource) -> Sequence[Finding]:
    reader = FhirReader(described)
    await reader.open()
    try:
        return await reader.check()
    finally:
        await reader.close()


async def test_what_hangs_on_a_patient_is_read_without_what_was_entered_in_error(records: RealRecords) -> None:
    found = await find(source(records.open), by_number(AMINA), *FIELDS)
    assert dict(zip(found.columns, found.cells, strict=True)) == {
        "nhs_number": AMINA,
        "family_name": "Invented-Khan",
        "given_name": "Amina",
        "date_of_birth": "2012-03-07",
        "gp_practice": "Made Up Surgery",
        "concern_kind": "neglect",
        "last_seen": "2026-01-20",
        "missed_appointments": "2",
        "health_visitor": "H. Visitor",
        "contact": "Noor Invented-Khan",
    }
    assert list(found.references) == ["amina"]
    [terms] = found.terms
    assert (terms.state, terms.until, terms.classes, terms.shield) == ("explicit", "2027-06-30", ("basic",), "none")


async def test_consent_that_denies_is_refused_and_travels_with_the_record(records: RealRecords) -> None:
    found = await find(source(records.open), by_number(CARA), "given_name")
    assert [terms.state for terms in found.terms] == ["refused"]


async def test_a_flag_shields_and_nothing_is_told(records: RealRecords) -> None:
    found = await find(source(records.open), by_number(BEN), *FIELDS)
    assert (list(found.cells), list(found.shielded)) == ([], ["ben"])
    names = Match(
        looking=Looking.ALL,
        wanted=(("family_name", "Invented-Khan"), ("given_name", "Ben"), ("date_of_birth", "2012-03-07")),
    )
    assert list((await find(source(records.open), names, "given_name")).shielded) == ["ben"]


async def test_names_find_who_was_born_that_day_and_nobody_else(records: RealRecords) -> None:
    names = (("family_name", "INVENTED-KHAN"), ("given_name", "cara"), ("date_of_birth", "2012-03-07"))
    found = await find(source(records.open), Match(looking=Looking.ALL, wanted=names), "given_name")
    assert list(found.references) == ["cara"]
    assert not (await find(source(records.open), by_number("9434765846"), "given_name")).cells


@pytest.mark.parametrize("changes", [{}, {"client_id": POSTER, "sent_in": "body"}, {"scopes": []}])
async def test_a_token_opens_what_is_guarded(records: RealRecords, changes: dict[str, object]) -> None:
    found = await find(guarded(records, **changes), by_number(AMINA), "given_name")
    assert list(found.cells) == ["Amina"]
    assert not [one for one in await check(guarded(records, **changes)) if one.state is FindingState.FAULT]


async def test_without_a_token_nothing_is_read_and_the_cause_is_known(records: RealRecords) -> None:
    with pytest.raises(SourceFault) as raised:
        await find(source(records.guarded), by_number(AMINA), "given_name")
    assert (raised.value.kind, raised.value.because) == (SourceFaultKind.REFUSED, Because.NOT_SIGNED_IN)


@pytest.mark.parametrize(
    ("changes", "said", "mend"),
    [
        ({"client_secret": "wrong-secret"}, "does not accept the client or its secret", "client_secret"),
        ({"scopes": ["patient.write"]}, "does not give this scope", "scopes"),
        ({"token_url": "{issuer}nowhere"}, "refuses", "token_url"),
        ({"token_url": "http://127.0.0.1:9/token"}, "does not answer", "token_url"),
        ({"token_url": "{issuer}jwks"}, "refuses", "token_url"),
    ],
)
async def test_a_check_says_which_step_failed_and_the_mend(
    records: RealRecords, changes: dict[str, object], said: str, mend: str
) -> None:
    written = {name: value.replace("{issuer}", records.issuer) if isinstance(value, str) else value
               for name, value in changes.items()}  # fmt: skip
    described = guarded(records, **written)
    [fault] = [one for one in await check(described) if one.state is FindingState.FAULT]
    assert fault.what.startswith("token endpoint: ")
    assert said in fault.what
    assert mend in fault.mend
    with pytest.raises(SourceFault) as raised:
        await find(described, by_number(AMINA), "given_name")
    shown = f"{fault}{raised.value!r}{raised.value.because}{described!r}"
    assert not [word for word in (SECRET, "wrong-secret") if word in shown]


class MovedClock:
    """The loop's clock, put forward by hand."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return loop_time() + self.ahead


async def test_a_token_is_kept_renewed_before_it_ends_and_once_when_it_is_refused(records: RealRecords) -> None:
    clock = MovedClock()
    http = HttpSource(guarded(records, client_id=POSTER, sent_in="body"), clock=clock)
    assert http.tokens is not None
    await http.open()
    try:
        deadline = loop_time() + 5
        first = await http.tokens.current(deadline)
        assert await http.tokens.current(deadline) is first
        assert round(first.ends_at - first.since) == 60
        clock.ahead += 53
        assert await http.tokens.current(deadline) is first
        clock.ahead += 2
        second = await http.tokens.current(deadline)
        assert second.value != first.value
        # The provider takes it back, so that the FHIR server refuses it before it ends.
        clock.ahead += 10
        await revoke(records, second.value)
        assert await http.get("Patient", {"_id": "amina"}, deadline)
        assert (await http.tokens.current(deadline)).value not in {first.value, second.value}
    finally:
        await http.close()


async def revoke(records: RealRecords, token: str) -> None:
    form = {"token": token, "client_id": POSTER, "client_secret": SECRET}
    async with aiohttp.ClientSession() as session, session.post(f"{records.issuer}token/revocation", data=form) as said:
        assert said.status == 200
