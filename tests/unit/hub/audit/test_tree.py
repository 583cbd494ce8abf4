"""The tree against the inputs of RFC 6962's test vectors, and against the definitions of RFC 9162, written naively."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit import tree
from hub.audit.tree import EMPTY_ROOT, Frontier, Subtree, leaf_hash, node_hash

# The eight leaves that implementations of RFC 6962 and 9162 are tried with, and the roots of the first n of them.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else EMPTY_ROOT
    split = split_of(len(leaves))
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def naive_inclusion(position: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = split_of(len(leaves))
    if position < split:
        return [*naive_inclusion(position, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_inclusion(position - split, leaves[split:]), naive_root(leaves[:split])]


def naive_consistency(old: int, leaves: Sequence[bytes], *, is_known: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if is_known else [naive_root(leaves)]
    split = split_of(len(leaves))
    if old <= split:
        return [*naive_consistency(old, leaves[:split], is_known=is_known), naive_root(leaves[split:])]
    return [*naive_consistency(old - split, leaves[split:], is_known=False), naive_root(leaves[:split])]


def split_of(count: int) -> int:
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def subtrees_of(leaves: Sequence[bytes]) -> Subtree:
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


def numbered(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


sizes = st.integers(min_value=1, max_value=200)


@pytest.mark.parametrize(("count", "expected"), list(enumerate(ROOTS)))
def test_the_roots_of_the_known_leaves_are_the_known_ones(count: int, expected: str) -> None:
    assert Frontier.of(map(leaf_hash, LEAVES[:count])).root().hex() == expected
    assert tree.root(subtrees_of(LEAVES), count).hex() == expected


def test_known_proofs_of_the_known_leaves() -> None:
    subtree = subtrees_of(LEAVES)
    assert [one.hex() for one in tree.inclusion_proof(subtree, 5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [one.hex() for one in tree.consistency_proof(subtree, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert Frontier.of([left, right]).root() != Frontier.of([leaf_hash(left + right)]).root()


@given(sizes)
def test_the_edge_grows_into_the_tree_as_it_is_defined(size: int) -> None:
    leaves = numbered(size)
    frontier = Frontier.of(map(leaf_hash, leaves))
    assert frontier.root() == tree.root(subtrees_of(leaves), size) == naive_root(leaves)
    assert Frontier(size, tree.edge(subtrees_of(leaves), size)).root() == naive_root(leaves)


@given(sizes)
def test_appending_tells_which_subtrees_are_complete(size: int) -> None:
    leaves = numbered(size)
    subtree, frontier = subtrees_of(leaves), Frontier()
    for position, leaf in enumerate(leaves):
        for level, found in enumerate(frontier.append(leaf_hash(leaf))):
            assert found == subtree(level, position >> level)


def test_a_copy_grows_on_its_own() -> None:
    first = Frontier.of(map(leaf_hash, LEAVES[:3]))
    first.copy().append(leaf_hash(LEAVES[3]))
    assert first.root().hex() == ROOTS[3]


def test_an_edge_that_does_not_fit_the_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 subtrees"):
        Frontier(3, [EMPTY_ROOT])


@given(st.data(), sizes)
def test_every_leaf_has_its_proof_which_proves_nothing_else(data: st.DataObject, size: int) -> None:
    leaves = numbered(size)
    position = data.draw(st.integers(min_value=0, max_value=size - 1))
    proof = tree.inclusion_proof(subtrees_of(leaves), position, size)
    root, leaf = naive_root(leaves), leaf_hash(leaves[position])
    assert proof == naive_inclusion(position, leaves)
    assert tree.is_included(leaf, position, size, proof, root)
    assert not tree.is_included(leaf_hash(b"other"), position, size, proof, root)
    assert not tree.is_included(leaf, position, size, proof, EMPTY_ROOT)
    assert not tree.is_included(leaf, position + 1, size, proof, root)
    for other in altered(data, proof):
        assert not tree.is_included(leaf, position, size, other, root)


@given(st.data(), sizes)
def test_a_tree_proves_its_beginnings_and_nothing_else(data: st.DataObject, size: int) -> None:
    leaves = numbered(size)
    old = data.draw(st.integers(min_value=1, max_value=size))
    proof = tree.consistency_proof(subtrees_of(leaves), old, size)
    before, after = naive_root(leaves[:old]), naive_root(leaves)
    assert proof == naive_consistency(old, leaves)
    assert tree.is_consistent(old, before, size, after, proof)
    assert not tree.is_consistent(old, EMPTY_ROOT, size, after, proof)
    assert not tree.is_consistent(old, before, size, EMPTY_ROOT, proof)
    for other in altered(data, proof):
        assert not tree.is_consistent(old, before, size, after, other)


def altered(data: st.DataObject, proof: list[bytes]) -> list[list[bytes]]:
    """Return a proof one longer, one shorter and with one bit of it flipped."""
    others = [[*proof, EMPTY_ROOT], [EMPTY_ROOT, *proof], [*proof, b""]]
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        others += [proof[:-1], proof[1:], [*proof[:at], flipped, *proof[at + 1 :]]]
    return others


def test_a_rewritten_beginning_has_no_proof() -> None:
    leaves = numbered(20)
    forged = [*leaves[:4], b"forged", *leaves[5:]]
    for old in range(5, 20):
        proof = tree.consistency_proof(subtrees_of(forged), old, 20)
        assert not tree.is_consistent(old, naive_root(leaves[:old]), 20, naive_root(forged), proof)


def test_nothing_is_the_beginning_of_everything_and_a_tree_of_itself() -> None:
    root = naive_root(LEAVES)
    assert tree.consistency_proof(subtrees_of(LEAVES), 0, 8) == []
    assert tree.is_consistent(0, EMPTY_ROOT, 8, root, [])
    assert not tree.is_consistent(0, root, 8, root, [])
    assert not tree.is_consistent(0, EMPTY_ROOT, 8, root, [root])
    assert tree.is_consistent(8, root, 8, root, [])
    assert not tree.is_consistent(8, root, 8, EMPTY_ROOT, [])
    assert not tree.is_consistent(8, root, 7, root, [])


def test_what_the_tree_does_not_have_is_not_proved() -> None:
    subtree = subtrees_of(LEAVES)
    for position, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="none at position"):
            tree.inclusion_proof(subtree, position, size)
        assert not tree.is_included(leaf_hash(b""), position, size, [], leaf_hash(b""))
    with pytest.raises(ValueError, match="not the beginning"):
        tree.consistency_proof(subtree, 8, 7)
