"""Two agencies with real adapter programs on SQLite sources, with journals; each can be killed and started again."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.lib.deployment import Deployment, environment
from tests.lib.people import nhs_numbers

PEOPLE = 5_000
REAL = ("social_care", "health")
_WELCOME = "link_welcomed"

MANIFEST = """
manifest: 1
agency: {agency}
title: An agency
hub: {{addresses: ["{address}"], ca: hub.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: journal.sqlite
questions:
  child_basics: records.child
  child_services: records.child
  child_health: records.child
sources:
  records:
    kind: sql
    name: Records
    url: sqlite:///records.sqlite
    records:
      child:
        table: child
        keys:
          nhs_number: nhs_no
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: iso}}
        record_id: child_id
        record_date: {{column: updated, date: iso}}
        fields:
          nhs_number: nhs_no
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: iso}}
          address: address
          gp_practice: practice
          service: {{constant: A service}}
"""

SCHEMA = "CREATE TABLE child (child_id PRIMARY KEY, nhs_no, surname, forename, dob, address, practice, updated)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency's folder: its manifest, its source, its journal."""

    name: str
    folder: Path

    @property
    def journal(self) -> Path:
        """Name the journal's file."""
        return self.folder / "journal.sqlite"


def make_agency(deployment: Deployment, name: str, links_port: int) -> Agency:
    """Make an agency's folder: everybody whom the tests ask about is in its source."""
    folder = deployment.folder.parent / name
    folder.mkdir()
    authority = deployment.authority
    authority.agency(name).write(folder, name)
    (folder / "hub.pem").write_bytes(authority.certificate)
    (folder / "manifest.yaml").write_text(MANIFEST.format(agency=name, address=f"127.0.0.1:{links_port}"))
    with closing(sqlite3.connect(folder / "records.sqlite")) as source, source:
        source.execute(SCHEMA)
        source.execute("CREATE INDEX by_number ON child (nhs_no)")
        rows = enumerate(islice(nhs_numbers(), PEOPLE))
        source.executemany(
            "INSERT INTO child VALUES (?, ?, 'Testcase', 'Ada', '2015-01-02', '1 Row', 'A practice', '2026-01-31')",
            rows,
        )
    return Agency(name=name, folder=folder)


class AdapterProgram:
    """An agency's adapter as a program of its own: `adapter run`, but that it dials again at once."""

    def __init__(self, agency: Agency) -> None:
        """Take the agency; nothing runs yet."""
        self.agency = agency
        self.log_file = agency.folder / "adapter.log"
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return its number as a process."""
        return self._running.pid

    def start(self) -> None:
        """Start it; it dials until a hub is there."""
        with self.log_file.open("ab") as log:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.crash.adapter_program", self.agency.folder / "manifest.yaml"],
                stdout=log,
                stderr=log,
                env=environment(),
            )

    def wait(self, seconds: float) -> int:
        """Wait until it has ended, and return its exit code."""
        return self._running.wait(seconds)

    def kill(self) -> None:
        """End it as a power cut would. Idempotent."""
        if self._program is not None:
            self._program.kill()
            self._program.wait()
            self._program = None

    def welcomes(self) -> int:
        """Count the links on which a hub has welcomed it, over all its starts; raise RuntimeError if it has ended."""
        if self._program is not None and self._program.poll() is not None:
            raise RuntimeError(f"the adapter has ended: {self.log_file.read_bytes()[-2_000:]!r}")
        return self.log_file.read_text(encoding="utf-8").count(_WELCOME) if self.log_file.exists() else 0

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._program is None:
            raise RuntimeError("the adapter does not run")
        return self._program


@contextmanager
def running(agencies: Sequence[Agency]) -> Iterator[dict[str, AdapterProgram]]:
    """Run the agencies' adapters, and end them whatever happens."""
    programs = {agency.name: AdapterProgram(agency) for agency in agencies}
    try:
        for program in programs.values():
            program.start()
        yield programs
    finally:
        for program in programs.values():
            program.kill()
