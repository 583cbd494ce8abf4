"""The shipped adapter on Bolton's five agencies: SQL twice, REST, FHIR and files."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.conformance.rewriting import rewritten, secrets_named
from adapters.conformance.rules import Level
from adapters.conformance.running import Candidate
from tests.conformance import systems
from tests.conformance.judging import judged, told
from tests.lib.deployment import environment

SERVED = {"schools": "BOLTON_SCHOOLS", "health": "BOLTON_HEALTH"}
HOSTILE = "Lane\\u0007\\u202e \\u001b[2J" + "x" * 5_000
PEOPLE = Path(__file__).parent / "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bolton:
    """Bolton's systems as test systems, with the variables by which its manifests find them."""

    folder: Path
    variables: Mapping[str, str]


@pytest.fixture(scope="module")
def bolton(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bolton]:
    """Build Bolton small, put hostile values among its records, and let what is served be served."""
    into = tmp_path_factory.mktemp("bolton")
    command = [sys.executable, "-m", "examples.bolton.build", "--into", str(into), "--children", "60"]
    subprocess.run(command, cwd=repository, env=environment(), check=True, capture_output=True)
    _make_hostile(into)
    variables = {"BOLTON_DATA": str(into), "BOLTON_HUB": "localhost:1", "BOLTON_CERTIFICATES": "nowhere"}
    with pytest.MonkeyPatch.context() as patch:
        for agency, prefix in SERVED.items():
            port = str(systems.free_port())
            (into / agency / "module").write_text(f"examples.bolton.{agency}_server", encoding="utf-8")
            (into / agency / "port").write_text(port, encoding="utf-8")
            variables |= {f"{prefix}_URL": f"http://127.0.0.1:{port}", f"{prefix}_KEY": f"a key for {agency} alone"}
        for name, value in (environment() | variables).items():
            patch.setenv(name, value)
        yield Bolton(folder=into, variables=variables)
        for agency in SERVED:
            systems.down(into / agency)


def _make_hostile(into: Path) -> None:
    social_care, youth_offending = into / "social_care", into / "youth_offending"
    systems.sql(
        social_care,
        "UPDATE person SET gp_surgery = char(7, 27) || '[2J' || printf('%.5000c', 'x') WHERE first_name = 'Zara'",
        "UPDATE person SET date_of_birth = '2016-02-31', last_name = CAST(x'4772ff6479' AS TEXT), upn = char(0)"
        " WHERE first_name = 'Leon'",
    )
    systems.sql(
        youth_offending,
        "UPDATE CASES SET OFFICER = 'M.' || char(13, 10, 27) || 'RAZAQ', OPENED = '31/02/2020', SCHOOL = char(8238)"
        " WHERE FORENAME1 = 'Kayden'",
        "UPDATE CASES SET DNP = 'Y' WHERE FORENAME1 = 'Saanvi'",
    )
    systems.mark(into / "schools", "pupils.ndjson", "Grady", '"name":"Mrs Eckersley"', f'"name":"{HOSTILE}"')
    systems.mark(into / "health", "resources.ndjson", "Grady", '"Croft Lane Health Centre"', f'"{HOSTILE}"')
    systems.mark(into / "connexions", "clients.csv", "Ashworth", "Moor Edge Academy", "Moor\x07\x1b[2J Edge")
    systems.mark(into / "connexions", "clients.csv", "Ashworth", "20110509", "20110231")


def _candidate(repository: Path, bolton: Bolton, agency: str, folder: Path) -> tuple[Candidate, Path]:
    """Take an agency's manifest as the command does; return it with its people file."""
    manifest = repository / "examples" / "bolton" / "agencies" / f"{agency}.yaml"
    variables = environment() | bolton.variables
    _, text = rewritten(manifest, variables)
    copy, people = folder / "manifest.yaml", folder / "people.yaml"
    copy.write_text(text, encoding="utf-8")
    system = f"{sys.executable} -m tests.conformance.systems {bolton.folder / agency}"
    written = (PEOPLE / f"{agency}.yaml").read_text(encoding="utf-8")
    people.write_text(written.replace("POLICIES", str(repository / "policies")).replace("SYSTEM", system), "utf-8")
    return (
        Candidate(
            agency=agency,
            command=(sys.executable, "-m", "adapters", "run", str(copy)),
            environment=variables,
            secrets=[variables[name] for name in secrets_named(manifest)],
        ),
        people,
    )


@pytest.mark.slow
@pytest.mark.parametrize("agency", ["social_care", "youth_offending", "schools", "health", "connexions"])
async def test_the_shipped_adapter_reaches_gold_on_every_technology(
    repository: Path, bolton: Bolton, tmp_path: Path, agency: str
) -> None:
    if agency in SERVED:
        systems.up(bolton.folder / agency)
    candidate, people = _candidate(repository, bolton, agency, tmp_path)
    report = await judged(candidate, people, tmp_path, Level.GOLD)
    assert report.has_passed, told(report)
