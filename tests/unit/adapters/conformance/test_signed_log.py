"""The stand-in hub's log against the hub's own tree, which shares no code with it, and against the kit's verifier."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.conformance.signed_log import SignedLog
from adapters.kit.verifying import (
    EMPTY_ROOT,
    Distrusted,
    State,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    read_note,
)
from hub.audit import tree
from hub.audit.checkpoints import read_checkpoint

SIZES = range(1, 20)


def entry(number: int, agency: str = "schools") -> bytes:
    said = {"agency": agency, "request": f"r{number}", "fields": [], "records": 0, "at_ms": 0}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def log_of(size: int) -> SignedLog:
    return SignedLog(entries=[entry(number) for number in range(size)])


@pytest.mark.parametrize("size", SIZES)
def test_its_roots_and_proofs_are_those_of_the_hub_s_tree(size: int) -> None:
    log = log_of(size)

    def subtree(level: int, index: int) -> bytes:
        leaves = log.entries[index << level : (index + 1) << level]
        return tree.Frontier.of(map(tree.leaf_hash, leaves)).root()

    assert log.root(size) == tree.root(subtree, size)
    for position in range(size):
        assert list(log.receipt(1, position).proof) == tree.inclusion_proof(subtree, position, size)
    for old in range(1, size):
        assert list(log.checkpoint(old).consistency) == tree.consistency_proof(subtree, old, size)


@pytest.mark.parametrize("size", SIZES)
def test_a_verifier_believes_its_checkpoints_and_receipts(size: int) -> None:
    log = log_of(size)
    state = read_note(log.note(), log.origin, log.public_key)
    assert state == State(size=size, root=log.root(size))
    assert read_checkpoint(log.note(), origin=log.origin, public_key=log.public_key).size == size
    for receipt in log.receipts("schools", 0):
        assert proves_inclusion(leaf_hash(receipt.entry), receipt.audit_position, state, receipt.proof)
    for old in range(size + 1):
        before = State(size=old, root=log.root(old) if old else EMPTY_ROOT)
        assert proves_consistency(before, state, log.checkpoint(old).consistency)


def test_a_copy_goes_another_way_under_the_same_key_and_another_key_is_no_signature() -> None:
    log = log_of(5)
    other = log.copy(3)
    other.add(entry(99))
    assert (other.origin, other.public_key) == (log.origin, log.public_key)
    assert other.root(4) != log.root(4)
    with pytest.raises(Distrusted):
        read_note(log.note(key=Ed25519PrivateKey.generate()), log.origin, log.public_key)


def test_receipts_are_numbered_for_each_agency() -> None:
    log = SignedLog(entries=[entry(0), entry(1, "health"), entry(2)])
    assert [(one.number, one.audit_position) for one in log.receipts("schools", 0)] == [(1, 0), (2, 2)]
    assert [(one.number, one.audit_position) for one in log.receipts("schools", 1)] == [(2, 2)]
