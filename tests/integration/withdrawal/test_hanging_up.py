"""Whoever takes something away and hangs up before it is acknowledged has taken all of it away, or nothing."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.integration.journey.waiting import until
from tests.integration.withdrawal import drafts
from tests.integration.withdrawal.partnership import VISITORS, Partnership, deployed, read_log, running
from tests.integration.withdrawal.proving import SLOW_SYNC_SECONDS, SlowDisk
from tests.lib.deployment import Deployment
from tests.lib.ledgers import entry

# From before the record is begun to after it is made: some of these fall in between.
HANGING_UP_AFTER = tuple(SLOW_SYNC_SECONDS * third / 3 for third in range(1, 8))


async def hang_up(call: Any, seconds: float) -> None:
    """Let a call go on for a while, then cancel it."""
    await asyncio.sleep(seconds)
    if call.cancel():
        with pytest.raises(asyncio.CancelledError):
            await call


async def settled(on: Partnership) -> None:
    """Wait until all that was begun is done: it records at most this often, one thing after the other."""
    for _ in range(4):
        await on.hub.audit.record(entry("other"))


def rows(deployment: Deployment, query: str) -> set[str]:
    database = sqlite3.connect(deployment.folder / "data" / "hub.sqlite")
    try:
        return {row[0] for row in database.execute(query)}
    finally:
        database.close()


async def test_a_publication_whose_publisher_hangs_up_is_in_force_or_was_never_made(tmp_path: Path) -> None:
    deployment, base = deployed(tmp_path), drafts.permissive()
    async with running(deployment, disk=SlowDisk) as on:
        first = on.hub.in_force.policy.version
        for seconds in HANGING_UP_AFTER:
            is_first = on.hub.in_force.policy.version == first
            proposal = await on.desk.propose(drafts.without_question(base) if is_first else base)
            await hang_up(on.desk.publishing(proposal), seconds)
            await settled(on)
            log = read_log(deployment)
            begun = [entry for entry in log if entry.kind == "publishing"]
            in_force = [entry for entry in log if entry.kind == "policy_in_force"]
            kept = rows(deployment, "select number from publication")
            # The first came with the deployment.
            assert len(begun) + 1 == len(in_force) == len(kept)
            assert in_force[-1].body["policy_version"] == on.hub.in_force.policy.version
        assert begun


async def test_what_a_new_policy_forbids_goes_though_something_else_fails_to_take_notice(tmp_path: Path) -> None:
    def fail(_: object) -> None:
        raise OSError("it cannot be told")

    base = drafts.permissive()
    async with running(deployed(tmp_path)) as on:
        on.crowd.ask_at_once(on.crowd.of(VISITORS[0]), 2)
        await until(lambda: on.hub.sessions.held_answers() == 2 and not on.hub.asking.running)
        proposal = await on.desk.propose(drafts.without_question(base))
        on.hub.in_force.listen(fail)
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await on.desk.publish(proposal)
        assert failed.value.code() is grpc.StatusCode.INTERNAL
        assert on.hub.sessions.held_answers() == 0


async def test_an_account_whose_disabling_is_hung_up_on_has_no_session_or_is_not_disabled(tmp_path: Path) -> None:
    deployment = deployed(tmp_path)
    async with running(deployment, disk=SlowDisk) as on:
        for user_name, seconds in zip(VISITORS, HANGING_UP_AFTER[1:], strict=True):
            await hang_up(on.desk.disabling(user_name), seconds)
        await settled(on)
        said = {entry.body["account"] for entry in read_log(deployment) if entry.kind == "account_changed"}
        disabled = rows(deployment, "select user_name from account where disabled")
        signed_in = {session.requester.user_name for session in on.hub.sessions}
        assert said == disabled
        assert said
        assert not disabled & signed_in
