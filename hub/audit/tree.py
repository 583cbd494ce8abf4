"""The Merkle tree of RFC 9162, section 2.1: its hashes, its right edge, its proofs and how they are checked."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

# A leaf's bytes can never be taken for two hashes, nor two hashes for a leaf: each begins with a byte of its own.
_LEAF, _NODE = b"\x00", b"\x01"

# Returns the hash of one complete subtree: that of the 2**level leaves from index * 2**level on.
Subtree = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Hash the bytes of a leaf."""
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into the one above them."""
    return hashlib.sha256(_NODE + left + right).digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to add leaves and to tell the root."""

    __slots__ = ("_edge", "size")

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """Take up a tree of a size; `edge` has the roots of its complete subtrees, the largest first."""
        self.size = size
        self._edge = list(edge)
        if len(self._edge) != size.bit_count():
            message = f"a tree of {size} leaves has {size.bit_count()} subtrees on its edge"
            raise ValueError(message)

    @classmethod
    def of(cls, leaf_hashes: Iterable[bytes]) -> Self:
        """Build the edge of the tree of these leaves."""
        frontier = cls()
        for one in leaf_hashes:
            frontier.append(one)
        return frontier

    def copy(self) -> "Frontier":
        """Return an edge that grows on its own."""
        return Frontier(self.size, self._edge)

    @property
    def edge(self) -> tuple[bytes, ...]:
        """Return the roots of the complete subtrees, the largest first."""
        return tuple(self._edge)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf's hash; return the roots of all subtrees that it completes, from the leaf upwards."""
        completed = [leaf]
        size = self.size
        while size & 1:
            completed.append(node_hash(self._edge.pop(), completed[-1]))
            size >>= 1
        self._edge.append(completed[-1])
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        return _folded(self._edge)


def root(subtree: Subtree, size: int) -> bytes:
    """Return the root that the tree had when it had this size."""
    return _span(subtree, 0, size)


def edge(subtree: Subtree, size: int) -> list[bytes]:
    """Return the roots of the complete subtrees that make up the tree of this size, the largest first."""
    return [subtree(level, index) for level, index in _complete(0, size)]


def inclusion_proof(subtree: Subtree, position: int, size: int) -> list[bytes]:
    """Prove that the tree of this size has at a position what it has: RFC 9162, section 2.1.3.1."""
    if not 0 <= position < size:
        message = f"a tree of {size} leaves has none at position {position}"
        raise ValueError(message)
    return [_span(subtree, begin, end) for begin, end in _beside(position, size)]


def consistency_proof(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """Prove that the tree of one size is the beginning of that of another: RFC 9162, section 2.1.4.1."""
    if not 0 <= old <= new:
        message = f"a tree of {old} leaves is not the beginning of one of {new}"
        raise ValueError(message)
    if old in (0, new):
        return []
    # The largest complete subtree that ends where the old tree did is what both trees share at its lower right.
    level = (old & -old).bit_length() - 1
    proof = [] if old == 1 << level else [subtree(level, (old >> level) - 1)]
    return proof + [_span(subtree, begin, end) for begin, end in _beside(old - 1, new, above=level)]


def is_included(leaf: bytes, position: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a leaf's hash is at a position of the tree with this root: RFC 9162, section 2.1.3.2."""
    if not 0 <= position < size or any(len(one) != HASH_BYTES for one in proof):
        return False
    node, last, found = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == expected


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether one tree is the beginning of another: RFC 9162, section 2.1.4.2."""
    if not 0 <= old <= new or any(len(one) != HASH_BYTES for one in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    level = (old & -old).bit_length() - 1
    node, last = (old - 1) >> level, (new - 1) >> level
    first, *rest = (old_root, *proof) if old == 1 << level else (*proof,) or (b"",)
    before = after = first
    for sibling in rest:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _folded(subtrees: Sequence[bytes]) -> bytes:
    """Hash neighbouring subtrees, the largest first, into one."""
    if not subtrees:
        return EMPTY_ROOT
    found = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        found = node_hash(left, found)
    return found


def _span(subtree: Subtree, begin: int, end: int) -> bytes:
    """Return the hash over some leaves of a tree, which begin where a subtree of at least their number does."""
    count = end - begin
    if count and not count & count - 1:
        return subtree(count.bit_length() - 1, begin // count)
    return _folded([subtree(level, index) for level, index in _complete(begin, end)])


def _complete(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Name the complete subtrees that make up a stretch of leaves, the largest first."""
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level


def _beside(position: int, size: int, *, above: int = 0) -> list[tuple[int, int]]:
    """Name the stretches of leaves beside the path from a position to the root, from the lowest on."""
    stretches: list[tuple[int, int]] = []
    begin, end = 0, size
    while end - begin > 1 << above:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if position < middle:
            stretches.append((middle, end))
            end = middle
        else:
            stretches.append((begin, middle))
            begin = middle
    return stretches[::-1]
