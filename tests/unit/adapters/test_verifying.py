"""The standalone verifier's arithmetic, beside the hub's own: two programs of different make that must agree."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from adapters.kit import verifying
from adapters.kit.verifying import State, proves_consistency, proves_inclusion
from hub.audit import tree
from hub.audit.tree import EMPTY_ROOT, Frontier
from tests.architecture.code import imported_by
from tests.lib.ledgers import SIGNER, a_log

LOG = a_log(70)
PROGRAM = Path(verifying.__file__)


def state(size: int) -> State:
    return State(size=size, root=Frontier.of(LOG.hashes[:size]).root())


def spoilt(data: st.DataObject, proof: list[bytes]) -> list[bytes]:
    """Return a proof as it is, or with something done to it."""
    spoil = data.draw(st.sampled_from(["nothing", "shorter", "longer", "flipped", "split"]))
    if spoil == "nothing" or not proof:
        return proof
    at = data.draw(st.integers(0, len(proof) - 1))
    match spoil:
        case "shorter":
            return proof[:at] + proof[at + 1 :]
        case "longer":
            return [*proof[:at], EMPTY_ROOT, *proof[at:]]
        case "split":
            return [*proof[:at], proof[at][:31], *proof[at + 1 :]]
        case _:
            return [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]


@given(st.data(), st.integers(1, 70), st.integers(-1, 70))
def test_both_say_the_same_of_every_inclusion(data: st.DataObject, size: int, position: int) -> None:
    shown = min(max(position, 0), size - 1)
    proof = spoilt(data, tree.inclusion_proof(LOG.subtree, shown, size))
    leaf, root = LOG.hashes[shown], state(size).root
    theirs = tree.is_included(leaf, position, size, proof, root)
    assert proves_inclusion(leaf, position, state(size), proof) is theirs
    if position == shown and proof == tree.inclusion_proof(LOG.subtree, shown, size):
        assert theirs


@given(st.data(), st.integers(0, 70), st.integers(0, 70))
def test_both_say_the_same_of_every_consistency(data: st.DataObject, one: int, other: int) -> None:
    old, new = min(one, other), max(one, other)
    proof = spoilt(data, tree.consistency_proof(LOG.subtree, old, new))
    first = data.draw(st.sampled_from([state(old), State(size=old, root=EMPTY_ROOT)]))
    theirs = tree.is_consistent(old, first.root, new, state(new).root, proof)
    assert proves_consistency(first, state(new), proof) is theirs
    assert not proves_consistency(state(new), first, proof) or old == new


def test_a_checkpoint_is_read_as_the_hub_reads_it() -> None:
    note = LOG.checkpoint(7)
    assert verifying.read_note(note, SIGNER.origin, SIGNER.public_key) == state(7)


def test_the_standalone_verifier_is_short_and_shares_no_code() -> None:
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 200
    assert not [name for name in imported_by(PROGRAM) if name.split(".")[0] in {"hub", "adapters", "sharing"}]
