"""Bring a deployment alive in a folder of its own: build, enrol, start, connect."""

import asyncio
import json
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.cli.demonstration.processes import Processes, StartFailed
from hub.cli.demonstration.script import Person, Script, Server
from hub.cli.setup import SHIPPED_POLICIES
from hub.client.client import HubAddress, HubClient
from hub.deploying import make_deployment, open_deployment

CONNECT_SECONDS = 60
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment that runs: its folder and its processes."""

    folder: Path
    processes: Processes

    def seat(self, user_name: str) -> Path:
        """Return the folder from which one person's commands are typed."""
        return self.folder / "people" / user_name


@contextmanager
def running_deployment(source: Path, script: Script, folder: Path) -> Iterator[Deployment]:
    """Build and start a deployment in an empty folder; on leaving, end all that was started.

    Raises StartFailed, with the log's end, when a part of it does not come up.
    """
    data, certificates, logs = folder / "data", folder / "certificates", folder / "logs"
    for made in (data, certificates, logs):
        made.mkdir()
    places = {"data": str(data), "certificates": str(certificates)}
    environment = {name: value.format_map(places) for name, value in script.environment.items()}
    environment |= {name: secrets.token_urlsafe(24) for name in script.secrets}
    processes = Processes(logs, environment)
    try:
        _say("Building the agencies' back-office systems …")
        building = processes.start("build", script.build[0], [part.format_map(places) for part in script.build[1:]])
        manifests = sorted((source / "agencies").glob("*.yaml"))
        _prepare(folder, script, certificates, [manifest.stem for manifest in manifests])
        processes.finish(building)
        for server in script.servers:
            _start_server(server, processes, places)
        _say(f"Starting the hub and {len(manifests)} adapters, each in its own process …")
        ports = json.loads(processes.first_line(processes.start("hub", "hub.cli", ["serve", str(folder / "hub")])))
        processes.set_variable(script.hub_variable, f"localhost:{ports['links']}")
        for manifest in manifests:
            processes.start(manifest.stem, "adapters", ["run", str(manifest)])
        _seat_people(folder, script, ports["requesters"])
        asyncio.run(_all_connected(folder, script.people[0], processes, ports["requesters"], len(manifests)))
        yield Deployment(folder=folder, processes=processes)
    finally:
        processes.stop()


def _prepare(folder: Path, script: Script, certificates: Path, agencies: list[str]) -> None:
    """Make the hub's deployment, with a certificate for each agency and an account for each person."""
    hub = folder / "hub"
    make_deployment(hub, hosts=None, requesters="127.0.0.1:0", links="127.0.0.1:0", policies=SHIPPED_POLICIES)
    deployment = open_deployment(hub)
    for agency in agencies:
        deployment.issue_certificate(agency, certificates)
    for person in script.people:
        seat = folder / "people" / person.user_name
        seat.mkdir(mode=0o700, parents=True)
        password = deployment.add_account(
            person.user_name, display_name=person.display_name, level=person.level, agency=person.agency
        )
        (seat / "password").write_text(f"{password}\n", encoding="utf-8")


def _start_server(server: Server, processes: Processes, places: dict[str, str]) -> None:
    running = processes.start(server.name, server.module, [part.format_map(places) for part in server.arguments])
    processes.set_variable(server.variable, processes.first_line(running).removeprefix("listening "))


def _seat_people(folder: Path, script: Script, port: int) -> None:
    for person in script.people:
        seat = folder / "people" / person.user_name
        shutil.copyfile(folder / "hub" / "keys" / "authority.pem", seat / "ca.pem")
        (seat / "client.toml").write_text(f'address = "localhost:{port}"\nca = "ca.pem"\n', encoding="utf-8")


async def _all_connected(folder: Path, person: Person, processes: Processes, port: int, agencies: int) -> None:
    """Wait until every agency has a link."""
    ca = (folder / "hub" / "keys" / "authority.pem").read_bytes()
    password = (folder / "people" / person.user_name / "password").read_text(encoding="utf-8").strip()
    async with HubClient(HubAddress(target=f"localhost:{port}", ca=ca)) as client:
        await client.sign_in(person.user_name, password)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                while sum(bool(agency.links) for agency in (await client.status()).agencies) < agencies:
                    if ended := processes.ended():
                        raise StartFailed("\n".join(ended))
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            raise StartFailed("Not every adapter connected to the hub.") from None
        finally:
            await client.sign_out()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
