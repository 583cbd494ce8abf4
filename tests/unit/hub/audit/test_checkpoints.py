import base64
import hashlib

import pytest

from hub.audit.checkpoints import Checkpoint, CheckpointSigner, NotACheckpoint, default_origin, read_checkpoint
from hub.audit.tree import EMPTY_ROOT, leaf_hash

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
ROOT = leaf_hash(b"a")
# The public key that RFC 8032's algorithm makes of these 32 bytes.
PUBLIC_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


def signer(seed: bytes = SEED, origin: str = "sharing.example/log") -> CheckpointSigner:
    return CheckpointSigner(seed, origin)


def test_a_checkpoint_is_written_as_c2sp_lays_down() -> None:
    note = signer().sign(7, ROOT)
    text, _, signatures = note.partition("\n\n")
    assert text.split("\n") == ["sharing.example/log", "7", base64.b64encode(ROOT).decode()]
    dash, name, signed = signatures.removesuffix("\n").split(" ")
    assert (dash, name) == ("\N{EM DASH}", "sharing.example/log")
    key = signer().public_key
    assert key.hex() == PUBLIC_KEY
    hint = hashlib.sha256(b"sharing.example/log\n\x01" + key).digest()[:4]
    assert base64.b64decode(signed)[:4] == hint
    assert len(base64.b64decode(signed)) == 4 + 64


def test_what_was_signed_is_read_again() -> None:
    for size, root in ((0, EMPTY_ROOT), (7, ROOT), (10**18, ROOT)):
        note = signer().sign(size, root)
        found = read_checkpoint(note, origin="sharing.example/log", public_key=signer().public_key)
        assert found == Checkpoint(origin="sharing.example/log", size=size, root=root)


def test_a_log_that_nobody_named_is_named_after_its_key() -> None:
    named = CheckpointSigner(SEED)
    digest = hashlib.sha256(named.public_key).hexdigest()
    assert named.origin == default_origin(named.public_key) == f"sharing-hub/{digest[:16]}"
    assert read_checkpoint(named.sign(7, ROOT), origin=named.origin, public_key=named.public_key).size == 7


def test_another_key_or_another_log_is_refused() -> None:
    note = signer().sign(7, ROOT)
    with pytest.raises(NotACheckpoint, match="another key"):
        read_checkpoint(note, origin="sharing.example/log", public_key=signer(OTHER_SEED).public_key)
    with pytest.raises(NotACheckpoint, match="another log"):
        read_checkpoint(note, origin="sharing.example/other", public_key=signer().public_key)


def test_a_changed_number_or_root_is_not_what_was_signed() -> None:
    note, other = signer().sign(7, ROOT), base64.b64encode(EMPTY_ROOT).decode()
    root = base64.b64encode(ROOT).decode()
    for forged in (note.replace("\n7\n", "\n8\n"), note.replace(root, other)):
        with pytest.raises(NotACheckpoint, match="does not fit"):
            read_checkpoint(forged, origin="sharing.example/log", public_key=signer().public_key)


def test_every_flipped_bit_is_noticed() -> None:
    note = signer().sign(7, ROOT).encode()
    for bit in range(len(note) * 8):
        flipped = bytearray(note)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NotACheckpoint):
            read_checkpoint(
                flipped.decode("utf-8", "surrogateescape"),
                origin="sharing.example/log",
                public_key=signer().public_key,
            )


@pytest.mark.parametrize(
    "spelt",
    [
        lambda note: note + "\n",
        lambda note: note.removesuffix("\n"),
        lambda note: " " + note,
        lambda note: note.replace("\n7\n", "\n07\n"),
        lambda note: note.replace("\n7\n", "\n+7\n"),
        lambda note: note.replace("\n7\n", "\n٧\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("\n\n", "\nextension\n\n"),
        lambda note: note + note.rpartition("\n\n")[2],
        lambda note: note.rpartition("\n\n")[0] + "\n\n",
        lambda note: note[:0],
        lambda note: note * 10,
    ],
)
def test_a_checkpoint_is_spelt_in_one_way_only(spelt: object) -> None:
    assert callable(spelt)
    with pytest.raises(NotACheckpoint):
        read_checkpoint(spelt(signer().sign(7, ROOT)), origin="sharing.example/log", public_key=signer().public_key)


def test_the_signer_does_not_show_its_key() -> None:
    assert SEED.hex() not in repr(signer())
