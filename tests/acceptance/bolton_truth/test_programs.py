"""The programs of the example, run as its README says."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.acceptance.bolton_truth.built import Built

SERVERS = [
    ("health_server", "health", "BOLTON_HEALTH_KEY", "/fhir/metadata"),
    ("schools_server", "schools", "BOLTON_SCHOOLS_KEY", "/api/v2/pupils?pageSize=1"),
]
STOPS_WITHIN_SECONDS = 20


@pytest.mark.parametrize(("module", "folder", "variable", "path"), SERVERS)
def test_a_server_says_where_it_listens_answers_there_and_stops_on_sigterm(
    bolton: Built, repository: Path, tmp_path: Path, module: str, folder: str, variable: str, path: str
) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", f"examples.bolton.{module}", "--folder", str(bolton.systems / folder)]
    with _running([*command, "--port-file", str(port_file)], repository, {variable: "key"}) as server:
        said = server.stdout.readline().decode()
        assert said.startswith("listening http://127.0.0.1:")
        address = urlsplit(said.removeprefix("listening ").strip())
        assert port_file.read_text(encoding="utf-8").strip() == str(address.port)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=STOPS_WITHIN_SECONDS)
        connection.request("GET", path, headers={"apikey": "key", "X-Api-Key": "key"})
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
        # The connection stays open: an adapter's does too, and must not keep the server up.
        server.send_signal(signal.SIGTERM)
        server.wait(STOPS_WITHIN_SECONDS)
        connection.close()


@pytest.mark.parametrize(("module", "folder", "variable", "path"), SERVERS)
def test_a_server_without_a_key_does_not_start_and_says_what_to_set(
    bolton: Built, repository: Path, module: str, folder: str, variable: str, path: str
) -> None:
    del path
    command = [sys.executable, "-m", f"examples.bolton.{module}", "--folder", str(bolton.systems / folder)]
    environment = {name: value for name, value in os.environ.items() if name != variable}
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert variable in done.stderr


def test_a_server_takes_its_key_from_a_file_too(bolton: Built, repository: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("from a file\n", encoding="utf-8")
    folder = str(bolton.systems / "schools")
    command = [sys.executable, "-m", "examples.bolton.schools_server", "--folder", folder, "--key-file", str(key_file)]
    with _running(command, repository, {}) as server:
        address = urlsplit(server.stdout.readline().decode().removeprefix("listening ").strip())
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=STOPS_WITHIN_SECONDS)
        connection.request("GET", "/api/v2/pupils?pageSize=1", headers={"X-Api-Key": "from a file"})
        assert connection.getresponse().status == 200
        connection.close()


def test_the_nightly_job_replaces_both_files(bolton: Built, repository: Path) -> None:
    folder = bolton.systems / "connexions"
    before = {path.name: path.stat().st_ino for path in folder.glob("*.csv")}
    command = [sys.executable, "-m", "examples.bolton.nightly", "--into", str(bolton.systems), "--night", "2026-11-21"]
    done = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True)
    after = {path.name: path.stat().st_ino for path in folder.glob("*.csv")}
    assert "2026-11-21" in done.stdout
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


@contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE) as server:
        try:
            yield server
        finally:
            server.terminate()
