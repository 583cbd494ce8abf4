"""A small log that is signed as a hub's is, held in memory: what agencies are shown of it, true or forged."""

import json
from collections.abc import Sequence

from sharing.v1.links_pb2 import Checkpoint, Receipt

from hub.audit import tree
from hub.audit.checkpoints import CheckpointSigner

SEED = bytes(range(32))


def disclosure(agency: str, request_id: str, **particulars: object) -> bytes:
    """Spell an entry that says what was disclosed of an agency's."""
    said = {
        "v": 1,
        "kind": "disclosure",
        "at_ms": 1_800_000_000_000,
        "request": request_id,
        "agency": agency,
        "requester": "h.visitor",
        "requester_agency": "health",
        "access_level": "health_visitor",
        "question": "child_basics",
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "case_reference": "CASE/1",
        "policy_version": "test-1",
        "fields": ["nhs_number", "address"],
        "records": 1,
        **particulars,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


class SignedLog:
    """Holds leaves, numbers each agency's, and proves what it holds; a copy of it can go another way."""

    def __init__(self, *, seed: bytes = SEED, origin: str = "sharing-hub/test", leaves: Sequence[bytes] = ()) -> None:
        """Begin with these leaves; two logs of one seed and origin are taken for one another."""
        self.signer = CheckpointSigner(seed, origin)
        self.leaves = list(leaves)
        self._seed = seed

    def fork(self, *, size: int | None = None) -> "SignedLog":
        """Copy the log as it was at a size."""
        return SignedLog(seed=self._seed, origin=self.signer.origin, leaves=self.leaves[:size])

    def disclose(self, agency: str, *request_ids: str) -> None:
        """Add an entry for each request."""
        self.leaves += [disclosure(agency, request_id) for request_id in request_ids]

    def add(self, leaf: bytes) -> None:
        """Add an entry as it is."""
        self.leaves.append(leaf)

    def root(self, size: int) -> bytes:
        """Return the root of the first leaves."""
        return tree.root(self._subtree, size)

    def note(self, size: int | None = None) -> str:
        """Return a signed state."""
        size = len(self.leaves) if size is None else size
        return self.signer.sign(size, self.root(size))

    def checkpoint(self, from_size: int = 0, size: int | None = None) -> Checkpoint:
        """Return a signed state with the proof that it continues an earlier one."""
        size = len(self.leaves) if size is None else size
        consistency = tree.consistency_proof(self._subtree, from_size, size)
        return Checkpoint(note=self.note(size), from_size=from_size, consistency=consistency)

    def receipts(self, agency: str, after: int = 0, size: int | None = None) -> list[Receipt]:
        """Return an agency's receipts after a number, proven in a state of the log."""
        size = len(self.leaves) if size is None else size
        own = [place for place, leaf in enumerate(self.leaves[:size]) if json.loads(leaf).get("agency") == agency]
        return [self.receipt(number, place, size) for number, place in enumerate(own, start=1) if number > after]

    def receipt(self, number: int, position: int, size: int | None = None) -> Receipt:
        """Return the receipt of one entry."""
        size = len(self.leaves) if size is None else size
        return Receipt(
            number=number,
            audit_position=position,
            entry=self.leaves[position],
            proof=tree.inclusion_proof(self._subtree, position, size),
        )

    def _subtree(self, level: int, index: int) -> bytes:
        leaves = self.leaves[index << level : (index + 1) << level]
        return tree.Frontier.of(map(tree.leaf_hash, leaves)).root()
