"""The FHIR reader at npm's medplum, and behind npm's oidc-provider, which know nothing of us."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from adapters.cli import app
from adapters.fhir.reader import FhirReader
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.http_access import OAuth2
from adapters.kit.http_faults import Because
from adapters.kit.manifest import FhirSource, Manifest
from adapters.kit.manifest_file import load_manifest
from adapters.kit.pacing import loop_time
from adapters.kit.reader import Finding, FindingState, Found, Looking, Match
from tests.lib import uk_core
from tests.lib.real_records import CLIENT, POSTER, SECRET, RealRecords, real_records
from tests.lib.uk_core import AMINA, BEN, CARA, NHS

BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
FAMILY = {
    "related": {"family": {"resource": "RelatedPerson", "take": "all", "optional": "true"}},
    "keys": {"nhs_number": {"parameter": "identifier", "system": NHS}},
    "fields": {"nhs_number": f"$.identifier[?@.system=='{NHS}'].value", "carer": "$.family[0].name[0].text"},
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRecords]:
    with real_records(uk_core.resources(), tmp_path_factory.mktemp("records")) as running:
        yield running


def environment(records: RealRecords) -> dict[str, str]:
    return {
        "HEALTH_URL": records.guarded.rstrip("/"),
        "HEALTH_ID_URL": records.issuer.rstrip("/"),
        "HEALTH_CLIENT": CLIENT,
        "HEALTH_SECRET": SECRET,
    }


@pytest.fixture(scope="module")
def manifest(records: RealRecords, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Read the manifest that the page shows, as its reader would."""
    page = (repository / "docs" / "adapters" / "web.md").read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("manifest") / "health.yaml"
    file.write_text(BLOCK.findall(page)[0], encoding="utf-8")
    return load_manifest(file, environment(records))


@pytest.fixture
def guarded(manifest: Manifest) -> FhirSource:
    described = manifest.sources["record"]
    assert isinstance(described, FhirSource)
    return described


def changed(described: FhirSource, **changes: object) -> FhirSource:
    """Give a source whose account is another."""
    assert described.oauth2 is not None
    account = {**described.oauth2.model_dump(), **changes}
    return described.model_copy(update={"oauth2": OAuth2.model_validate(account)})


def by_number(number: str) -> Match:
    return Match(looking=Looking.ANY, wanted=(("nhs_number", number),))


async def find(described: FhirSource, match: Match, *fields: str, records: str = "child") -> Found:
    reader = FhirReader(described)
    await reader.open()
    try:
        return await reader.find(records, match, fields, asyncio.get_running_loop().time() + 5)
    finally:
        await reader.close()


async def check(described: FhirSource) -> Sequence[Finding]:
    reader = FhirReader(described)
    await reader.open()
    try:
        return await reader.check()
    finally:
        await reader.close()


async def test_what_hangs_on_a_patient_is_read_without_what_was_entered_in_error(guarded: FhirSource) -> None:
    fields = [*guarded.records["health"].fields]
    found = await find(guarded, by_number(AMINA), *fields, records="health")
    assert dict(zip(found.columns, found.cells, strict=True)) == {
        "nhs_number": AMINA,
        "family_name": "Invented-Khan",
        "given_name": "Amina",
        "date_of_birth": "2012-03-07",
        "gender": "female",
        "postcode": "BL1 1AA",
        "gp_practice": "Made Up Surgery",
        "last_seen": "2026-01-20",
        "missed_appointments": "2",
        "health_visitor": "H. Visitor",
    }
    assert list(found.references) == ["amina"]
    [terms] = found.terms
    assert (terms.state, terms.until, terms.classes, terms.shield) == ("explicit", "2027-06-30", ("basic",), "none")


async def test_each_flag_is_a_row_but_the_one_that_was_entered_in_error(guarded: FhirSource) -> None:
    found = await find(guarded, by_number(AMINA), "concern_kind", "concern_status", records="concern")
    assert list(found.cells) == ["neglect", "open"]


async def test_who_cares_for_a_patient_is_read(records: RealRecords) -> None:
    described = {"kind": "fhir", "name": "R", "url": records.open, "records": {"child": FAMILY}}
    found = await find(FhirSource.model_validate(described), by_number(AMINA), "carer")
    assert list(found.cells) == ["Noor Invented-Khan"]


async def test_consent_that_denies_is_refused_and_travels_with_the_record(guarded: FhirSource) -> None:
    found = await find(guarded, by_number(CARA), "given_name")
    assert [terms.state for terms in found.terms] == ["refused"]


def by_names(given: str) -> Match:
    names = (("family_name", "INVENTED-KHAN"), ("given_name", given), ("date_of_birth", "2012-03-07"))
    return Match(looking=Looking.ALL, wanted=names)


@pytest.mark.parametrize("match", [by_number(BEN), by_names("ben")])
@pytest.mark.parametrize("record_set", ["child", "health", "concern"])
async def test_a_flag_shields_and_nothing_is_told(guarded: FhirSource, match: Match, record_set: str) -> None:
    found = await find(guarded, match, "given_name", records=record_set)
    assert (list(found.cells), list(found.shielded)) == ([], ["ben"])


async def test_names_find_who_was_born_that_day_and_nobody_else(guarded: FhirSource) -> None:
    assert list((await find(guarded, by_names("cara"), "given_name")).references) == ["cara"]
    assert not (await find(guarded, by_number("9434765846"), "given_name")).cells


@pytest.mark.parametrize("changes", [{}, {"client_id": POSTER, "sent_in": "body"}, {"scopes": []}])
async def test_a_token_opens_what_is_guarded(guarded: FhirSource, changes: dict[str, object]) -> None:
    described = changed(guarded, **changes)
    assert list((await find(described, by_number(AMINA), "given_name")).cells) == ["Amina"]
    assert not [one for one in await check(described) if one.state is FindingState.FAULT]


async def test_without_a_token_nothing_is_read_and_the_cause_is_known(guarded: FhirSource) -> None:
    with pytest.raises(SourceFault) as raised:
        await find(guarded.model_copy(update={"oauth2": None}), by_number(AMINA), "given_name")
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
    records: RealRecords, guarded: FhirSource, changes: dict[str, object], said: str, mend: str
) -> None:
    written = {name: value.replace("{issuer}", records.issuer) if isinstance(value, str) else value
               for name, value in changes.items()}  # fmt: skip
    described = changed(guarded, **written)
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


async def test_a_token_is_kept_renewed_before_it_ends_and_once_when_it_is_refused(
    records: RealRecords, guarded: FhirSource
) -> None:
    clock = MovedClock()
    http = HttpSource(changed(guarded, client_id=POSTER, sent_in="body"), clock=clock)
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
        assert await http.get("Patient", {"_id": "amina"}, clock() + 5)
        assert (await http.tokens.current(deadline)).value not in {first.value, second.value}
    finally:
        await http.close()


async def revoke(records: RealRecords, token: str) -> None:
    form = {"token": token, "client_id": POSTER, "client_secret": SECRET}
    async with aiohttp.ClientSession() as session, session.post(f"{records.issuer}token/revocation", data=form) as said:
        assert said.status == 200


@pytest.mark.parametrize("secret", [SECRET, "Canary-Secret"])
def test_the_command_names_the_step_and_the_mend_and_no_secret(
    records: RealRecords, repository: Path, tmp_path: Path, secret: str
) -> None:
    file = tmp_path / "health.yaml"
    page = (repository / "docs" / "adapters" / "web.md").read_text(encoding="utf-8")
    file.write_text(BLOCK.findall(page)[0], encoding="utf-8")
    said = CliRunner(env=environment(records) | {"HEALTH_SECRET": secret}).invoke(app, ["check", str(file)]).output
    # The certificates for the hub are not there, so that the check as a whole fails; the source is looked at anyhow.
    if secret == SECRET:
        assert "ok    source record: token endpoint: it gives a token for 60 seconds." in said
        assert "ok    source record: the server sends every element that it is asked for." in said
    else:
        assert "FAULT source record: token endpoint: the token endpoint does not accept the client" in said
        assert "Check `client_id`" in said
    assert secret not in said
