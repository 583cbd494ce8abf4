"""The programs of the example, run as its README says."""

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest

from tests.acceptance.bolton_truth.built import Built

SERVERS = [("health", "BOLTON_HEALTH_KEY", "/fhir/metadata"), ("schools", "BOLTON_SCHOOLS_KEY", "/api/v2/pupils")]
STOPS_WITHIN_SECONDS = 20
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(params=SERVERS, ids=[agency for agency, _, _ in SERVERS])
def system(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    return request.param


def test_a_server_says_where_it_listens_answers_there_and_stops_on_sigterm(
    bolton: Built, system: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, variable, path = system
    monkeypatch.setenv(variable, "key")
    with _running(bolton, agency, "--port-file", str(tmp_path / "port")) as (server, address):
        assert (tmp_path / "port").read_text(encoding="utf-8").strip() == str(address.port)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=STOPS_WITHIN_SECONDS)
        connection.request("GET", path, headers={"apikey": "key", "X-Api-Key": "key"})
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
        # The connection stays open: an adapter's does too, and must not keep the server up.
        server.send_signal(signal.SIGTERM)
        server.wait(STOPS_WITHIN_SECONDS)
        connection.close()


def test_a_server_without_a_key_does_not_start_and_says_what_to_set(
    bolton: Built, system: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, variable, _ = system
    monkeypatch.delenv(variable, raising=False)
    done = subprocess.run(_command(bolton, agency), cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert variable in done.stderr


def test_a_server_takes_its_key_from_a_file_too(bolton: Built, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("from a file\n", encoding="utf-8")
    with _running(bolton, "schools", "--key-file", str(key_file)) as (_, address):
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=STOPS_WITHIN_SECONDS)
        connection.request("GET", "/api/v2/pupils", headers={"X-Api-Key": "from a file"})
        assert connection.getresponse().status == 200
        connection.close()


def test_the_nightly_job_replaces_both_files(bolton: Built) -> None:
    folder = bolton.systems / "connexions"
    before = {path.name: path.stat().st_ino for path in folder.glob("*.csv")}
    command = [sys.executable, "-m", "examples.bolton.nightly", "--into", str(bolton.systems), "--night", "2026-11-21"]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    after = {path.name: path.stat().st_ino for path in folder.glob("*.csv")}
    assert "2026-11-21" in done.stdout
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


def _command(bolton: Built, agency: str, *arguments: str) -> list[str]:
    folder = str(bolton.systems / agency)
    return [sys.executable, "-m", f"examples.bolton.{agency}_server", "--folder", folder, *arguments]


@contextmanager
def _running(bolton: Built, agency: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], SplitResult]]:
    command = _command(bolton, agency, *arguments)
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as server:
        try:
            said = server.stdout.readline().decode()
            assert said.startswith("listening http://127.0.0.1:")
            yield server, urlsplit(said.removeprefix("listening ").strip())
        finally:
            server.terminate()
