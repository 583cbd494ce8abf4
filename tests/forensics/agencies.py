"""The agencies of a run: the shipped adapter program, one process each, reading the office over HTTP."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.lib.deployment import Deployment, Ports, environment

AGENCIES = ("social_care", "health", "schools")
MANIFEST = """\
manifest: 1
agency: {agency}
title: Agency
hub: {{addresses: ["localhost:{port}"], ca: ca.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: {agency}.sqlite
questions: {{child_services: office.person, child_basics: office.person}}
sources:
  office:
    kind: rest
    name: Office
    url: {office}/{agency}/
    records:
      person:
        path: people
        rows: "$.items[*]"
        keys: {{nhs_number: nhs}}
        record_id: "$.id"
        fields:
          nhs_number: "$.nhs"
          given_name: "$.given"
          family_name: "$.family"
          address: "$.address"
          postcode: "$.postcode"
          gp_practice: "$.gp"
          school: "$.school"
          service: "$.service"
          worker_name: "$.worker"
"""


class AdapterProcess:
    """One agency's adapter."""

    def __init__(self, agency: str, folder: Path, deployment: Deployment, office: str) -> None:
        """Write its certificate into a folder of all agencies."""
        self.agency = agency
        self._folder = folder
        self._office = office
        self._program: subprocess.Popen[bytes] | None = None
        leaf = deployment.authority.agency(agency)
        leaf.write(folder, agency)
        (folder / "ca.pem").write_bytes(deployment.authority.certificate)

    def start(self, ports: Ports) -> None:
        """Start it, again after it was killed; whether it is connected is for the hub to say."""
        manifest = self._folder / f"{self.agency}.yaml"
        manifest.write_text(
            MANIFEST.format(agency=self.agency, port=ports.links, office=self._office), encoding="utf-8"
        )
        with (self._folder / f"{self.agency}.log").open("ab") as log:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "adapters", "run", str(manifest)],
                stdout=log,
                stderr=log,
                env=environment(),
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it as a power cut would. Idempotent."""
        if self._program is not None:
            with suppress(ProcessLookupError):
                self._program.kill()
            self._program.wait()
            self._program = None
