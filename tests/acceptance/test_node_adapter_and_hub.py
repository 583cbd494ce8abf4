"""The adapter in another language against the hub itself: asked, recorded, witnessed, and taken back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.lib.adapter_process import write_certificates
from tests.lib.deployment import Served, hub_process, make_deployment
from tests.lib.node_adapter import COMMAND, NodeAdapter, copied
from tests.lib.requester import Answer, Requester, signed_in

# The shipped policies know no youth club; the copy answers in the place of an agency that they know.
AGENCY = "connexions"
INES = PersonKeys(upn="X350118000101", given_name="Ines", family_name="Valcourt-Bright", date_of_birth="2011-03-14")
PERRIN = PersonKeys(upn="H350119000103")
PATIENCE_SECONDS, LOOK_SECONDS = 20.0, 0.05


@asynccontextmanager
async def running(adapter: NodeAdapter, served: Served, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it as a program of its own that is known to the hub as the agency."""
    write_certificates(served.deployment, AGENCY, folder)
    told = {
        "SHARING_HUB_ADDRESS": f"127.0.0.1:{served.ports.links}",
        "SHARING_HUB_CA": str(folder / "ca.pem"),
        "SHARING_HUB_CERTIFICATE": str(folder / f"{AGENCY}.pem"),
        "SHARING_HUB_KEY": str(folder / f"{AGENCY}.key"),
        "SHARING_JOURNAL": str(folder / "journal.jsonl"),
    }
    command = ["/bin/sh", "-c", f"exec {COMMAND}"]
    with (folder / "printed").open("wb") as printed:
        program = await asyncio.create_subprocess_exec(
            *command, cwd=adapter.folder, env={**adapter.environment, **told}, stdout=printed, stderr=printed
        )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def linked(requester: Requester) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await requester.status())[AGENCY].links:  # noqa: ASYNC110  the hub is another program
            await asyncio.sleep(LOOK_SECONDS)


async def witnessed(requester: Requester) -> None:
    """Wait until the journal holds every receipt that the hub has for it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            standing = (await requester.status())[AGENCY]
            if standing.HasField("receipts_outstanding") and not standing.receipts_outstanding:
                assert not standing.disputes_log
                return
            await asyncio.sleep(LOOK_SECONDS)


async def taken_back(requester: Requester, answer: Answer) -> None:
    """View a held answer again and again, until the hub says that it is not to be seen any more."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await requester.view(answer.request_id)
            except grpc.RpcError as refused:
                assert "taken back" in str(refused)  # noqa: PT017  how often it is still seen is not what is tested
                return
            await asyncio.sleep(LOOK_SECONDS)


@pytest.mark.slow
async def test_the_hub_asks_it_records_and_is_witnessed(repository: Path, tmp_path: Path) -> None:
    adapter = copied(repository, tmp_path / "copy")
    adapter.change("club.js", '"youth_club"', f'"{AGENCY}"')
    with hub_process(make_deployment(tmp_path / "deployment")) as served:
        async with (
            running(adapter, served, tmp_path / "run") as program,
            signed_in(served.deployment, served.ports.requesters) as requester,
        ):
            await linked(requester)
            answer, protected = await requester.ask(INES), await requester.ask(PERRIN)
            assert answer.outcome(AGENCY) == ("held", "")
            assert answer.column(AGENCY, "service") == ["Riverside Youth Club"]
            assert protected.outcome(AGENCY) == ("nothing_held", "")
            await witnessed(requester)
            assert "Riverside" in str(await requester.view(answer.request_id))
            assert adapter.typed("node try/consent.js club/members.json M-0101 withdrawn").returncode == 0
            await taken_back(requester, answer)
            program.terminate()
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await program.wait() == 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "journal.jsonl").read_text("utf-8").splitlines()]
    receipts = [json.loads(receipt["entry"]) for line in lines for receipt in line.get("receipts", ())]
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
    assert [said["request"] for said in receipts if said["kind"] == "disclosure"] == [answer.request_id]
    assert ["withdrawal", answer.request_id] in [[line["kind"], line.get("request_id")] for line in lines]
    assert "Valcourt" not in (tmp_path / "run" / "printed").read_text("utf-8")
