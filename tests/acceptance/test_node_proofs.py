"""The proofs of examples/node-adapter, which has no code of ours, on logs of every size up to forty."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from adapters.conformance.signed_log import SignedLog
from adapters.kit.verifying import EMPTY_ROOT, leaf_hash
from tests.lib.node import require_node
from tests.lib.node_adapter import EXAMPLE

SIZES = range(1, 41)
AGENCY = "youth_club"

Case = Mapping[str, object]


def spelt(content: bytes) -> str:
    return b64encode(content).decode()


def log_of(size: int) -> SignedLog:
    said = {"agency": AGENCY, "request": "r", "fields": [], "records": 1, "at_ms": 1}
    return SignedLog(entries=[json.dumps({**said, "place": place}).encode() for place in range(size)])


def state(log: SignedLog, size: int) -> dict[str, object]:
    return {"size": size, "root": spelt(log.root(size) if size else EMPTY_ROOT)}


def right(whole: SignedLog) -> Iterator[dict[str, object]]:
    """Yield every inclusion and every consistency of logs that grow to a whole one."""
    for size in SIZES:
        log = whole.copy(size)
        for receipt in log.receipts(AGENCY, 0):
            particulars = {"leaf": spelt(leaf_hash(receipt.entry)), "position": receipt.audit_position}
            proof = list(map(spelt, receipt.proof))
            yield {"kind": "inclusion", **particulars, "after": state(log, size), "proof": proof}
        for before in range(size + 1):
            proof = list(map(spelt, log.checkpoint(before).consistency))
            yield {"kind": "consistency", "before": state(log, before), "after": state(log, size), "proof": proof}


def spoiled(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield each with a hash too many; of those that need hashes, also one short, changed, or of another root."""
    other = spelt(leaf_hash(b"other"))
    for case in cases:
        proof = case["proof"]
        assert isinstance(proof, list)
        yield {**case, "proof": [*proof, other]}
        if proof:
            after = case["after"]
            assert isinstance(after, dict)
            yield {**case, "proof": proof[:-1]}
            yield {**case, "proof": [other, *proof[1:]]}
            yield {**case, "proof": [*proof[:-1], other[:8]]}
            yield {**case, "after": {**after, "root": other}}
        if case["kind"] == "inclusion":
            yield {**case, "position": int(str(case["position"])) + 1}


@pytest.fixture(scope="module")
def whole() -> SignedLog:
    return log_of(max(SIZES))


@pytest.fixture
def judged(repository: Path) -> "Judged":
    node = require_node(repository / EXAMPLE)
    return Judged([str(node.binary), str(repository / "tests" / "node" / "proofs.js")])


class Judged:
    """Judges cases in Node."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __call__(self, cases: Iterable[Case]) -> list[bool]:
        done = subprocess.run(self._command, input=json.dumps(list(cases)), capture_output=True, text=True, check=True)
        verdicts: list[bool] = json.loads(done.stdout)
        return verdicts


def test_what_follows_is_believed(judged: Judged, whole: SignedLog) -> None:
    verdicts = judged(right(whole))
    assert len(verdicts) > 1_000
    assert all(verdicts)


def test_nothing_that_is_spoiled_is_believed(judged: Judged, whole: SignedLog) -> None:
    verdicts = judged(spoiled(right(whole)))
    assert len(verdicts) > 5_000
    assert not any(verdicts)


def test_a_note_is_believed_as_it_was_signed_and_in_no_other_way(judged: Judged, whole: SignedLog) -> None:
    note, key = whole.note(), spelt(whole.public_key)
    title, size, root, _, signature, _ = note.split("\n")
    others = [
        note.replace(f"\n{size}\n", "\n39\n"),
        note.replace(f"\n{size}\n", f"\n0{size}\n"),
        note.replace(root, spelt(leaf_hash(b"other"))),
        note.replace(signature, signature[:-8]),
        note.replace("\u2014", "-"),
        note.replace(title, f"{title}x", 1),
        note.rstrip("\n"),
        f"{note}\n",
        "",
    ]
    notes = [{"kind": "note", "note": one, "origin": title, "key": key} for one in (note, *others)]
    notes += [{"kind": "note", "note": note, "origin": f"{title}x", "key": key}]
    notes += [{"kind": "note", "note": note, "origin": title, "key": spelt(log_of(1).public_key)}]
    notes += [{"kind": "note", "note": note, "origin": title, "key": spelt(b"short")}]
    assert judged(notes) == [True] + [False] * (len(notes) - 1)
