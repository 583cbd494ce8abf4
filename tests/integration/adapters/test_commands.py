"""`adapter check` and `adapter run` as an agency types them."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.records_pb2 import PersonKeys

from hub.audit.exporting import SignedState, exported_log
from tests.lib.link_hub import LinkHub
from tests.lib.signed_log import SignedLog

PATIENCE_SECONDS = 30
PROGRAM = (sys.executable, "-c", "from adapters.cli import main; main()")

MANIFEST = """
manifest: 1
agency: youth_offending
title: Youth offending
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: youth_offending.pem, key: youth_offending.key}}
journal: journal.sqlite
questions: {{youth_order: yot.order}}
sources:
  yot:
    kind: sql
    name: YOT
    url: sqlite:///${{YOT_FILE}}
    records:
      order:
        table: orders
        keys: {{upn: upn}}
        fields: {{upn: upn, order_kind: kind}}
"""


@pytest.fixture
def manifest(tmp_path: Path, hub: LinkHub) -> Path:
    hub.issue("youth_offending")
    connection = sqlite3.connect(tmp_path / "yot.sqlite")
    connection.executescript("CREATE TABLE orders (upn, kind); INSERT INTO orders VALUES ('CANARY1', 'CANARY2')")
    connection.close()
    file = tmp_path / "agency.yaml"
    file.write_text(MANIFEST.format(address=hub.address), encoding="utf-8")
    return file


def environment(repository: Path, **more: str) -> Mapping[str, str]:
    path = f"{repository}{os.pathsep}{repository / 'protos'}"
    return {"PATH": os.defpath, "PYTHONPATH": path, "YOT_FILE": "yot.sqlite", **more}


def rewrite(manifest: Path, changes: Mapping[str, str]) -> None:
    text = manifest.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    manifest.write_text(text, encoding="utf-8")


async def started(arguments: Sequence[str], variables: Mapping[str, str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*PROGRAM, *arguments, env=variables, stdout=pipe, stderr=pipe)


async def ended(program: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        said, logged = await program.communicate()
    return program.returncode, said.decode(), logged.decode()


async def test_a_good_manifest_passes_every_step(manifest: Path, repository: Path) -> None:
    program = await started(["check", str(manifest), "--json"], environment(repository))
    code, said, _ = await ended(program)
    document = json.loads(said)
    assert [step["name"] for step in document["steps"]] == ["certificates", "journal", "source yot", "hub"]
    assert (code, document["passed"]) == (0, True)
    assert "CANARY" not in said
    assert not (manifest.parent / "journal.sqlite").exists()


async def test_each_finding_says_what_it_is_about(manifest: Path, repository: Path) -> None:
    _, said, _ = await ended(await started(["check", str(manifest), "--json"], environment(repository)))
    steps = {step["name"]: [found["about"] for found in step["findings"]] for step in json.loads(said)["steps"]}
    assert set(steps["certificates"]) == {"certificates"}
    assert steps["journal"] == ["journal", "place", "place", "place"]
    assert steps["source yot"] == ["connection", "read-only", "mapping", "types", "identifiers", "plan"]


async def test_credentials_that_others_may_read_are_a_fault(manifest: Path, repository: Path) -> None:
    variables = {name: value for name, value in environment(repository).items() if name != "YOT_FILE"}
    beside = manifest.parent / ".env"
    beside.write_text("YOT_FILE=yot.sqlite\n", encoding="utf-8")
    beside.chmod(0o640)
    code, said, _ = await ended(await started(["check", str(manifest)], variables))
    assert (code, f"FAULT credentials: others on this machine may read `.env`. Run: chmod 600 {beside}" in said) == (
        1,
        True,
    )
    beside.chmod(0o600)
    code, said, _ = await ended(await started(["check", str(manifest)], variables))
    assert (code, "ok    credentials: `.env` is kept from others" in said) == (0, True)


async def test_an_agency_without_certificates_can_check_all_else(manifest: Path, repository: Path) -> None:
    for name in ("ca.pem", "youth_offending.pem", "youth_offending.key"):
        (manifest.parent / name).unlink()
    code, said, _ = await ended(await started(["check", str(manifest)], environment(repository)))
    assert (code, "note  certificates: there are no certificates yet" in said) == (0, True)


async def test_a_driver_that_nobody_has_is_a_fault_of_its_source_and_no_traceback(
    manifest: Path, repository: Path
) -> None:
    rewrite(manifest, {"sqlite:///${YOT_FILE}": "nonsense+driver://CANARY@host/db"})
    code, said, logged = await ended(await started(["check", str(manifest)], environment(repository)))
    assert (code, logged) == (1, "")
    assert "FAULT source yot: there is no driver for what `url` names." in said
    assert "CANARY" not in said


async def test_new_writes_a_folder_and_says_what_comes_next(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "mis"
    begin = ["new", "school", "--kind", "files", "--at", str(folder)]
    code, said, _ = await ended(await started(begin, environment(repository)))
    assert code == 0
    assert f"adapter check {folder / 'school.yaml'}" in said
    code, _, logged = await ended(await started(begin, environment(repository)))
    assert (code, "is there already. Nothing was written" in logged) == (2, True)
    code, _, logged = await ended(await started(["new", "x", "--kind", "sqll"], environment(repository)))
    assert (code, "Did you mean `sql`?" in logged) == (2, True)


async def test_schema_prints_what_an_editor_wants(repository: Path) -> None:
    code, said, _ = await ended(await started(["schema"], environment(repository)))
    assert (code, json.loads(said)["title"]) == (0, "The manifest of an agency's adapter")


async def test_what_is_mapped_and_not_there_is_told_with_what_was_meant(manifest: Path, repository: Path) -> None:
    rewrite(manifest, {"order_kind: kind": "order_kind: kidn"})
    code, said, _ = await ended(await started(["check", str(manifest)], environment(repository)))
    assert code == 1
    assert "FAULT source yot: order: `orders` has no column `kidn`. Did you mean `kind`?" in said


async def test_another_agencys_certificate_is_told(manifest: Path, hub: LinkHub, repository: Path) -> None:
    hub.authority.agency("health").write(manifest.parent, "health")
    rewrite(manifest, {"youth_offending.pem": "health.pem", "youth_offending.key": "health.key"})
    code, said, _ = await ended(await started(["check", str(manifest)], environment(repository)))
    assert code == 1
    assert "does not name `urn:sharing:agency:youth_offending`" in said


@pytest.mark.parametrize("command", ["check", "run"])
async def test_faults_of_a_manifest_go_to_stderr_and_the_exit_code(
    manifest: Path, repository: Path, command: str
) -> None:
    rewrite(manifest, {"agency: youth_offending": "agency: X", "sources:": "source:"})
    code, said, logged = await ended(await started([command, str(manifest)], environment(repository)))
    assert (code, said) == (1, "")
    assert f"{manifest}:3: `agency` does not fit" in logged
    assert f"{manifest}:2: `sources` is missing. Add it here." in logged


@pytest.mark.parametrize("arguments", [["check"], ["run"], ["walk"], ["check", "a", "b"]])
async def test_wrong_usage_is_told_apart(repository: Path, arguments: list[str]) -> None:
    code, said, _ = await ended(await started(arguments, environment(repository)))
    assert (code, said) == (2, "")


async def test_a_running_adapter_answers_and_ends_cleanly_on_sigterm(
    manifest: Path, hub: LinkHub, repository: Path
) -> None:
    program = await started(["run", str(manifest)], environment(repository))
    link = await hub.link()
    reply = await link.ask(hub.make_ask("youth_order", PersonKeys(upn="CANARY1"), ["order_kind"]))
    assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
    assert list(reply.records.cells) == ["CANARY2"]
    program.send_signal(signal.SIGTERM)
    code, said, logged = await ended(program)
    assert (code, said) == (0, "")
    assert link.draining.is_set()
    assert [json.loads(line)["event"] for line in logged.splitlines()] == [
        "adapter_started",
        "link_welcomed",
        "link_ended",
        "adapter_stopped",
    ]
    assert "CANARY" not in logged


async def test_a_journal_that_cannot_be_opened_ends_the_adapter_without_a_traceback(
    manifest: Path, repository: Path
) -> None:
    (manifest.parent / "journal.sqlite").mkdir()
    code, _, logged = await ended(await started(["run", str(manifest)], environment(repository)))
    assert code == 1
    assert "journal_failed" in logged
    assert "Traceback" not in logged


@pytest.mark.slow
async def test_log_finds_an_entry_of_which_the_hub_never_gave_a_receipt(
    hub: LinkHub, manifest: Path, repository: Path
) -> None:
    variables = environment(repository)
    running = await started(["run", str(manifest)], variables)
    link = await hub.link()
    await link.has_witnessed()
    hub.log.disclose("youth_offending", "r1", "r2")
    receipts, state = [hub.log.receipt(1, 1)], hub.log.checkpoint()
    link.send(links_pb2.ConnectResponse(receipts=receipts, checkpoint=state))
    assert (await link.has_witnessed()).last_receipt == 1
    running.send_signal(signal.SIGTERM)
    await ended(running)
    against = ["log", str(manifest), "--against", str(exported(hub.log, manifest.parent))]
    code, said, _ = await ended(await started(against, variables))
    assert code == 1
    assert said.endswith("LEFT OUT: the hub never gave a receipt of the entry at position 0 of its log.\n")
    code, said, _ = await ended(await started([*against, "--json"], variables))
    assert (code, json.loads(said)["named"], json.loads(said)["left_out"]) == (1, 2, [0])


def exported(log: SignedLog, folder: Path) -> Path:
    """Export a whole log as the hub does."""
    state = SignedState(origin=log.signer.origin, public_key=log.signer.public_key, checkpoint=log.note())
    file = folder / "export.jsonl"
    file.write_bytes(b"".join(exported_log(state, log.leaves)))
    return file


async def test_log_says_what_is_witnessed_and_what_was_refused_until_it_is_settled(
    hub: LinkHub, manifest: Path, repository: Path
) -> None:
    variables = environment(repository)

    async def log(*arguments: str) -> tuple[int | None, str]:
        code, said, _ = await ended(await started(["log", str(manifest), *arguments], variables))
        return code, said

    code, _, complaint = await ended(await started(["log", str(manifest)], variables))
    assert (code, complaint) == (1, "The journal cannot be read: there is no journal yet.\n")
    hub.log.disclose("youth_offending", "r1", "r2")
    running = await started(["run", str(manifest)], variables)
    link = await hub.link()
    said = await link.bring(hub.log, await link.has_witnessed())
    witnessed = f"Witnesses sharing-hub/test, key {hub.log.signer.public_key.hex()}."
    held = "Holds its state of 2 entries, and 2 receipts without a gap."
    assert await log() == (0, f"{witnessed}\n{held}\n")
    export = exported(hub.log, manifest.parent)
    compared = "Of what the journal has come to, 2 entries concern this agency; 0 are newer."
    assert await log("--against", str(export)) == (0, f"{witnessed}\n{held}\n{compared}\n")
    assert await log("--against", str(manifest)) == (1, "")
    assert await log("--against", "absent") == (1, "")
    assert (await link.bring(hub.log.fork(size=1), links_pb2.Witnessed(last_receipt=said.last_receipt))).has_refused
    code, told = await log()
    assert code == 1
    assert told.endswith(f"from {hub.address}: the log has become shorter.\n")
    code, told = await log("--settle", "--json")
    assert (code, json.loads(told)["refusals"], json.loads(told)["size"]) == (0, [], 2)
    code, told = await log("--trust-anew")
    assert (code, told) == (0, "Witnesses no log yet; the first that a hub shows is trusted.\n")
    # The link stays, and what it shows next is trusted from its beginning.
    assert (await link.bring(hub.log, said)).size == 0
    assert (await link.bring(hub.log, links_pb2.Witnessed())).last_receipt == 2
    code, told = await log()
    assert (code, "2 receipts without a gap" in told) == (0, True)
    running.send_signal(signal.SIGTERM)
    await ended(running)
