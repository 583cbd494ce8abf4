"""Tampering with an exported log: both verifiers notice whatever is done, and believe what is genuine."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from adapters.kit import verifying as standalone
from hub.audit import verifying
from hub.audit.checkpoints import CheckpointSigner
from hub.audit.exporting import SignedState, exported_log
from hub.audit.tree import Frontier, leaf_hash
from tests.lib.ledgers import SIGNER, Log, a_log, entry

STOLEN = SIGNER
COUNT = 12


def complaint_of_the_hub(export: Iterable[bytes], witness: str = "") -> str:
    try:
        verifying.verify_export(export, witness=witness)
    except verifying.NotGenuine as fault:
        return str(fault)
    return ""


def complaint_of_the_agency(export: Iterable[bytes], witness: str = "") -> str:
    try:
        standalone.verify(iter(export), witness)
    except standalone.Distrusted as fault:
        return str(fault)
    return ""


def is_noticed(export: list[bytes], witness: str = "") -> bool:
    """Ask both verifiers, which must be of one mind."""
    complaints = complaint_of_the_hub(export, witness), complaint_of_the_agency(export, witness)
    assert bool(complaints[0]) == bool(complaints[1]), complaints
    return bool(complaints[0])


def lines_of(content: bytes) -> list[bytes]:
    """Split as a file that is read line by line is: at line feeds only."""
    parts = content.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def every_flip(content: bytes) -> Iterator[tuple[int, bytes]]:
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bit, bytes(flipped)


def test_what_is_genuine_is_believed_with_every_witness_of_it() -> None:
    log = a_log(COUNT)
    assert not is_noticed(log.export())
    for size in range(COUNT + 1):
        assert not is_noticed(log.export(), log.checkpoint(size))
    assert not is_noticed(log.chosen(3))
    assert not is_noticed(log.chosen(*range(COUNT)), log.checkpoint())
    assert not is_noticed(a_log(0).export(), a_log(0).checkpoint())


def test_every_single_bit_of_a_log_that_is_flipped_is_noticed() -> None:
    content = b"".join(a_log(COUNT).export())
    assert not [bit for bit, flipped in every_flip(content) if not is_noticed(lines_of(flipped))]


def test_every_single_bit_of_a_proved_entry_that_is_flipped_is_noticed() -> None:
    content = b"".join(a_log(COUNT).chosen(7))
    assert not [bit for bit, flipped in every_flip(content) if not is_noticed(lines_of(flipped))]


def test_every_single_bit_of_a_witness_that_is_flipped_is_noticed() -> None:
    log = a_log(COUNT)
    for _, flipped in every_flip(log.checkpoint(5).encode()):
        assert is_noticed(log.export(), flipped.decode(errors="surrogateescape"))


def deletions(export: list[bytes]) -> Iterable[list[bytes]]:
    for first in range(1, len(export)):
        for last in range(first + 1, len(export) + 1):
            yield export[:first] + export[last:]


def swaps(export: list[bytes]) -> Iterable[list[bytes]]:
    for one in range(1, len(export)):
        for other in range(one + 1, len(export)):
            swapped = export.copy()
            swapped[one], swapped[other] = export[other], export[one]
            yield swapped


def duplications(export: list[bytes]) -> Iterable[list[bytes]]:
    for one in range(1, len(export)):
        for at in range(1, len(export) + 1):
            yield [*export[:at], export[one], *export[at:]]


def insertions(export: list[bytes]) -> Iterable[list[bytes]]:
    forged = entry("disclosure", n=99, requester="a.forger").leaf + b"\n"
    for at in range(1, len(export) + 1):
        yield [*export[:at], forged, *export[at:]]
        if at < len(export):
            yield [*export[:at], forged, *export[at + 1 :]]


def truncations(export: list[bytes]) -> Iterable[list[bytes]]:
    content = b"".join(export)
    for end in range(len(content)):
        yield lines_of(content[:end])


@pytest.mark.parametrize("how", [deletions, swaps, duplications, insertions, truncations])
def test_whatever_is_done_to_its_lines_is_noticed_without_a_witness(how: object) -> None:
    assert callable(how)
    assert all(is_noticed(tampered) for tampered in how(a_log(COUNT).export()))


@pytest.mark.parametrize("how", [deletions, swaps, duplications, insertions])
def test_whatever_is_signed_anew_with_the_stolen_key_is_noticed_up_to_what_a_witness_saw(how: object) -> None:
    assert callable(how)
    log = a_log(COUNT)
    witness = log.checkpoint(9)
    header, *genuine = log.export()
    for tampered in how([header, *genuine]):
        forged = Log([line[:-1] for line in tampered[1:]], STOLEN)
        # What was witnessed is as it was; only what nobody had seen yet can be made anew.
        is_unseen = forged.leaves[:9] == log.leaves[:9]
        assert is_noticed(forged.export(), witness) is not is_unseen
        assert not is_noticed(forged.export())


def test_a_log_that_was_rolled_back_is_noticed_by_one_witness_and_by_nothing_else() -> None:
    log = a_log(COUNT)
    for size in range(COUNT):
        restored = Log(log.leaves[:size])
        assert not is_noticed(restored.export())
        assert is_noticed(restored.export(), log.checkpoint(size + 1))


def test_a_fork_is_noticed_by_the_witness_of_either_side() -> None:
    common = a_log(COUNT).leaves
    one, other = (Log([*common, entry("disclosure", n=number).leaf]) for number in (100, 200))
    assert not is_noticed(one.export(), one.checkpoint())
    assert is_noticed(one.export(), other.checkpoint())
    assert is_noticed(other.export(), one.checkpoint())


def test_another_key_or_another_name_is_noticed_by_the_witness() -> None:
    log = a_log(COUNT)
    for signer in (CheckpointSigner(bytes(32), SIGNER.origin), CheckpointSigner(bytes(range(32)), "elsewhere/log")):
        assert is_noticed(Log(log.leaves, signer).export(), log.checkpoint(3))
    with pytest.raises(verifying.NotGenuine, match="another key"):
        verifying.verify_export(log.export(), public_key=bytes(32))


def test_a_proof_leads_nowhere_else() -> None:
    log, other = a_log(COUNT), a_log(COUNT - 1)
    header, line = log.chosen(7)
    assert is_noticed([other.chosen(7)[0], line])
    assert is_noticed([header, line.replace(b'"position":7', b'"position":6')])
    assert is_noticed([header, line.replace(b'"position":7', b'"position":-1')])
    assert is_noticed([header, line.replace(b'"position":7', b'"position":7.0')])
    assert is_noticed([header, line], log.checkpoint(5))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"null\n",
        b'{"a":1}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\n",
        b"x" * (1 << 21) + b"\n",
    ],
)
def test_what_is_no_export_at_all_is_refused_in_words(line: bytes) -> None:
    log = a_log(3)
    assert is_noticed([line])
    assert is_noticed([*log.export(), line])
    assert is_noticed([*log.chosen(1), line])
    assert is_noticed([])


def clean_runs(runs: int) -> None:
    """Logs of every size up to forty, with witnesses of any size, as they come out of a hub: nobody complains."""
    moments = random.Random(4)
    for _ in range(runs):
        log = a_log(moments.randrange(41))
        witness = log.checkpoint(moments.randrange(len(log.leaves) + 1))
        assert not is_noticed(log.export(), witness)
        if log.leaves:
            assert not is_noticed(log.chosen(moments.randrange(len(log.leaves))), log.checkpoint())


def test_five_hundred_clean_logs_alarm_nobody() -> None:
    clean_runs(500)


@pytest.mark.slow
def test_ten_thousand_clean_logs_alarm_nobody() -> None:
    clean_runs(10_000)


def test_an_agency_verifies_a_file_by_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, file, witness = a_log(COUNT), tmp_path / "log.jsonl", tmp_path / "witness"
    file.write_bytes(b"".join(log.export()))
    witness.write_text(log.checkpoint(5), encoding="utf-8")
    assert standalone.main([str(file)]) == 0
    assert "no witness" in capsys.readouterr().out
    assert standalone.main([str(file), "--witness", str(witness)]) == 0
    assert "12 entries; it continues" in capsys.readouterr().out
    file.write_bytes(b"".join(a_log(4).export()))
    assert standalone.main([str(file), "--witness", str(witness)]) == 1
    assert "NOT TRUE" in capsys.readouterr().out
    witness.write_bytes(b"\xff\xfe")
    assert standalone.main([str(file), "--witness", str(witness)]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("verify", [complaint_of_the_hub, complaint_of_the_agency])
def test_a_million_entries_are_verified_within_a_minute(verify: Callable[[Iterable[bytes], str], str]) -> None:
    count = 1_000_000
    # As long as a disclosure is.
    leaf = entry("disclosure", n=10**9, filling="x" * 550).leaf
    frontier = Frontier()
    for number in range(count):
        frontier.append(leaf_hash(leaf.replace(b"1000000000", b"%010d" % number)))
    state = SignedState(
        origin=SIGNER.origin, public_key=SIGNER.public_key, checkpoint=SIGNER.sign(count, frontier.root())
    )
    lines = exported_log(state, (leaf.replace(b"1000000000", b"%010d" % number) for number in range(count)))
    began = time.process_time()
    assert verify(lines, state.checkpoint) == ""
    assert time.process_time() - began < 60
