"""Proofs of the hub's log, as the agency checks them, against the tree that the hub builds."""

import pytest

from adapters.kit.proofs import continues, includes, leaf_hash, read_note
from hub.audit import tree
from tests.lib.signed_log import SignedLog

SIZES = range(1, 34)


@pytest.fixture(scope="module")
def log() -> SignedLog:
    return SignedLog(leaves=[bytes([number]) for number in range(max(SIZES))])


def test_every_leaf_of_every_state_is_included_at_its_own_place_and_no_other(log: SignedLog) -> None:
    for size in SIZES:
        state = read_note(log.note(size), log.signer.origin, log.signer.public_key)
        assert state is not None
        for place in range(size):
            proof, leaf = tree.inclusion_proof(log._subtree, place, size), leaf_hash(log.leaves[place])
            assert includes(state, place, leaf, proof)
            assert not includes(state, place, leaf_hash(b"another"), proof)
            assert not includes(state, place + 1, leaf, proof)
            assert not includes(state, place, leaf, [*proof, bytes(32)])
            if proof:
                assert not includes(state, place, leaf, proof[1:])
                assert not includes(state, place, leaf, proof[:-1])


def test_every_state_continues_every_earlier_one_and_none_with_another_root(log: SignedLog) -> None:
    for new in SIZES:
        state = read_note(log.note(new), log.signer.origin, log.signer.public_key)
        assert state is not None
        for old in range(1, new + 1):
            proof = tree.consistency_proof(log._subtree, old, new)
            assert continues(old, log.root(old), state, proof)
            assert not continues(old, bytes(32), state, proof)
            assert not continues(old, log.root(old), state, [*proof, bytes(32)])
            for place in range(len(proof)):
                altered = [*proof[:place], bytes(32), *proof[place + 1 :]]
                assert not continues(old, log.root(old), state, altered)
                assert not continues(old, log.root(old), state, [*proof[:place], *proof[place + 1 :]])
        assert continues(0, b"", state, [])
        assert not continues(0, b"", state, [bytes(32)])
        assert not continues(new + 1, bytes(32), state, [])


def test_a_state_is_read_only_as_it_was_signed(log: SignedLog) -> None:
    note, origin, key = log.note(), log.signer.origin, log.signer.public_key
    assert read_note(note, origin, key) is not None
    for place in range(len(note)):
        for other in {chr(ord(note[place]) ^ 1), "", "\n", "0"} - {note[place]}:
            assert read_note(note[:place] + other + note[place + 1 :], origin, key) is None
    assert read_note(note, "another", key) is None
    assert read_note(note, origin, bytes(32)) is None
    assert read_note(note * 4, origin, key) is None
    assert read_note("", origin, key) is None
