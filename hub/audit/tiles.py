"""The tree's subtrees, kept so that proofs are cheap: those over whole tiles in memory, those within one at a time."""

import threading
from collections.abc import Callable, Iterable, Sequence

from hub.audit.tree import HASH_BYTES, Frontier

LEVELS = 8
# Leaves of one tile. What stays in memory is 64 bytes a tile: 250 KB for a million entries.
WIDTH = 1 << LEVELS
# Tiles whose inner subtrees are kept as well, 16 KB each: proofs are wanted of what was just written.
MOST_OPEN = 32


class Tile:
    """The subtrees within one tile, as far as it has grown."""

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        """Begin an empty tile."""
        self._levels = [bytearray() for _ in range(LEVELS)]

    def add(self, completed: Sequence[bytes]) -> None:
        """Keep the subtrees that one more leaf completes."""
        for level, found in zip(self._levels, completed, strict=False):
            level += found  # noqa: PLW2901  (a byte array grows in its place)

    def at(self, level: int, index: int) -> bytes:
        """Return one subtree by its level and its place within the tile."""
        return bytes(self._levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])


class Tiles:
    """All subtrees of a growing tree. One thread grows it; others may read what was there when they began."""

    def __init__(self, load: Callable[[int], Iterable[bytes]]) -> None:
        """Begin an empty tree; `load` returns the leaf hashes of a tile that is not in memory, by its number."""
        self._load = load
        self._above: list[bytearray] = []
        self._open: dict[int, Tile] = {0: Tile()}
        self._opening = threading.Lock()
        self.frontier = Frontier()

    def restore(self, roots: Iterable[bytes]) -> None:
        """Take up a tree of which only the hashes of whole tiles are known."""
        tiles = Frontier()
        for root in roots:
            self._raise(tiles.append(root))
        self.frontier = Frontier(tiles.size * WIDTH, tiles.edge)
        self._open = {tiles.size: Tile()}

    def grown(self, leaf_hashes: Iterable[bytes]) -> tuple[Frontier, list[list[bytes]]]:
        """Work out what more leaves would make of the tree, and change nothing."""
        frontier = self.frontier.copy()
        return frontier, [frontier.append(leaf) for leaf in leaf_hashes]

    def grow(self, frontier: Frontier, completed: Iterable[Sequence[bytes]]) -> None:
        """Take over what was worked out."""
        number = self.frontier.size >> LEVELS
        for subtrees in completed:
            self._open[number].add(subtrees)
            if len(subtrees) > LEVELS:
                self._raise(subtrees[LEVELS:])
                number += 1
                self._keep(number, Tile())
        self.frontier = frontier

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash over the 2**level leaves from index * 2**level on."""
        if level >= LEVELS:
            return bytes(self._above[level - LEVELS][index * HASH_BYTES : (index + 1) * HASH_BYTES])
        number = index >> (LEVELS - level)
        tile = self._open.get(number) or self._read(number)
        return tile.at(level, index - (number << LEVELS - level))

    def _raise(self, subtrees: Sequence[bytes]) -> None:
        """Keep subtrees of whole tiles, from the hash of one tile upwards."""
        for above, found in enumerate(subtrees):
            if above == len(self._above):
                self._above.append(bytearray())
            self._above[above] += found

    def _read(self, number: int) -> Tile:
        tile, frontier = Tile(), Frontier()
        for leaf in self._load(number):
            tile.add(frontier.append(leaf))
        self._keep(number, tile)
        return tile

    def _keep(self, number: int, tile: Tile) -> None:
        with self._opening:
            self._open[number] = tile
            # The newest is still growing, so it is the one that must stay.
            for oldest in list(self._open)[: len(self._open) - MOST_OPEN]:
                if oldest != max(self._open):
                    del self._open[oldest]
