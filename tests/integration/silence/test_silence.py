"""Somebody shielded and somebody unknown are the same: to whoever asks, in the hub's log and record, and in time."""

import json
from pathlib import Path

import pytest

from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from tests.integration.silence.pairs import AGENCIES, Asked, agencies_answering, ask_in_pairs, journalled
from tests.lib.deployment import Deployment, HubProcess, Ports
from tests.lib.measuring import auc

DIFFERING = {"request", "person", "persons", "pseudonyms", "elapsed_ms", "epoch", "at_ms"}
FEW_PAIRS, MANY_PAIRS = 24, 2_000
FEW_SESSIONS, MANY_SESSIONS = 2, 8
HOW_ALIKE = 0.03


def recorded(deployment: Deployment, requests: set[str]) -> list[str]:
    """Give the entries about some requests, but for what names a request or a person or says how long it took."""
    engine = open_store(deployment.settings().store_url())
    try:
        entries = [(entry.kind, json.loads(entry.body)) for entry in AuditEntries(engine).read()]
    finally:
        engine.dispose()
    return sorted(
        json.dumps([kind, _plain(body)], sort_keys=True) for kind, body in entries if body.get("request") in requests
    )


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if name not in DIFFERING}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


async def asked_in_pairs(
    deployment: Deployment, ports: Ports, folder: Path, pairs: int, sessions: int
) -> tuple[Asked, Asked, list[list[object]], list[list[object]]]:
    async with agencies_answering(deployment, ports, folder, shield="R") as agencies:
        shielded, unknown = await ask_in_pairs(deployment, ports, pairs, sessions)
    journals = [agency.journal for agency in agencies.values()]
    outcomes = journalled(journals, "asks", "outcome")
    return shielded, unknown, outcomes, journalled(journals, "receipts", "request_id")


async def test_who_is_shielded_is_answered_recorded_and_logged_like_somebody_unknown(
    deployment: Deployment, program: HubProcess, tmp_path: Path
) -> None:
    ports = program.start()
    shielded, unknown, outcomes, receipts = await asked_in_pairs(deployment, ports, tmp_path, FEW_PAIRS, FEW_SESSIONS)
    program.terminate()
    assert len(shielded.wires) == 1
    assert shielded.wires == unknown.wires
    assert recorded(deployment, shielded.requests) == recorded(deployment, unknown.requests) != []
    assert receipts == [[], []]
    for agency in outcomes:
        # Inside the agency its own journal says what was.
        assert {outcome: agency.count(outcome) for outcome in set(agency)} == {
            "shielded": FEW_PAIRS,
            "answered": FEW_PAIRS,
        }
    log = program.log().decode()
    assert not any(request in log for request in shielded.requests | unknown.requests)


@pytest.mark.slow
async def test_who_is_shielded_takes_as_long_as_somebody_unknown(
    deployment: Deployment, program: HubProcess, tmp_path: Path
) -> None:
    ports = program.start()
    shielded, unknown, _, receipts = await asked_in_pairs(deployment, ports, tmp_path, MANY_PAIRS, MANY_SESSIONS)
    alike = auc(shielded.seconds, unknown.seconds)
    assert len(shielded.seconds) == len(unknown.seconds) == MANY_PAIRS
    assert shielded.wires == unknown.wires
    assert receipts == [[] for _ in AGENCIES]
    assert abs(alike - 0.5) <= HOW_ALIKE, alike
