"""A hub that leaves an entry out of an agency's receipts, and numbers on, is caught by its own log."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from sharing.v1.links_pb2 import Welcome
from structlog.testing import CapturingLogger

from adapters.kit.errors import JournalFault
from adapters.kit.journal import Journal
from adapters.kit.left_out import LeftOut, left_out
from adapters.kit.verifying import Distrusted
from adapters.kit.witnessing import Witnessing
from hub.audit.exporting import ProvedEntry, SignedState, exported_entries, exported_log
from tests.lib.signed_log import SignedLog

AGENCY = "schools"
LOG = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])


@pytest.fixture
def log() -> SignedLog:
    log = SignedLog()
    log.disclose("health", "r1")
    log.disclose(AGENCY, "r1", "r2", "r3")
    log.add(b'{"agencies":[{"agency":"schools"}],"at_ms":1,"kind":"outcomes","v":1}')
    return log


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    await journal.open()
    yield journal
    await journal.close()


async def receipted(journal: Journal, log: SignedLog, *positions: int) -> None:
    """Bring receipts of these entries only, numbered without a gap."""
    witness = Witnessing(agency=AGENCY, hub="localhost:1", journal=journal, wall_ms=lambda: 7, log=LOG)
    await witness.begin(Welcome(agency=AGENCY, log_origin=log.signer.origin, log_key=log.signer.public_key))
    receipts = [log.receipt(number, position) for number, position in enumerate(positions, start=1)]
    assert not (await witness.take(receipts, log.checkpoint())).has_refused


def exported(log: SignedLog, tmp_path: Path) -> Path:
    state = SignedState(origin=log.signer.origin, public_key=log.signer.public_key, checkpoint=log.note())
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(exported_log(state, log.leaves)))
    return file


async def test_a_journal_with_every_receipt_lacks_nothing(journal: Journal, log: SignedLog, tmp_path: Path) -> None:
    await receipted(journal, log, 1, 2, 3)
    log.disclose(AGENCY, "r4")
    found = left_out(tmp_path / "journal.sqlite", AGENCY, exported(log, tmp_path))
    assert found == LeftOut(size=6, named=3, later=1, positions=())


@pytest.mark.parametrize(
    ("brought", "lacking"), [((1, 3), (2,)), ((), (1, 2, 3)), ((1, 1, 3), (2,))], ids=["one", "all", "one for another"]
)
async def test_an_entry_that_never_got_a_number_is_found(
    journal: Journal, log: SignedLog, tmp_path: Path, brought: tuple[int, ...], lacking: tuple[int, ...]
) -> None:
    await receipted(journal, log, *brought)
    found = left_out(tmp_path / "journal.sqlite", AGENCY, exported(log, tmp_path))
    assert (found.named, found.positions) == (3, lacking)


async def test_an_export_that_leaves_the_entry_out_as_well_is_not_what_was_witnessed(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    await receipted(journal, log, 1, 3)
    other = log.fork()
    del other.leaves[2]
    other.disclose("health", "r5", "r6")
    with pytest.raises(Distrusted, match="witness"):
        left_out(tmp_path / "journal.sqlite", AGENCY, exported(other, tmp_path))


async def test_a_part_of_the_log_proves_nothing_of_what_is_left_out(
    journal: Journal, log: SignedLog, tmp_path: Path
) -> None:
    await receipted(journal, log, 1, 3)
    state = SignedState(origin=log.signer.origin, public_key=log.signer.public_key, checkpoint=log.note())
    proof = tuple(log.receipt(1, 1).proof)
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(exported_entries(state, [ProvedEntry(position=1, leaf=log.leaves[1], proof=proof)])))
    with pytest.raises(Distrusted, match="not the whole log"):
        left_out(tmp_path / "journal.sqlite", AGENCY, file)


@pytest.mark.usefixtures("journal")
async def test_without_a_log_that_is_witnessed_nothing_can_be_compared(log: SignedLog, tmp_path: Path) -> None:
    for file in ("journal.sqlite", "absent.sqlite"):
        with pytest.raises(JournalFault):
            left_out(tmp_path / file, AGENCY, exported(log, tmp_path))
