"""Proving: trials on one partnership, and the journal of them with the hub's audit log."""

import time
from collections.abc import Sequence
from itertools import chain, repeat
from pathlib import Path
from random import Random

from hub.model.entry import Commit
from hub.store.audit_entries import AuditEntries
from tests.integration.withdrawal.journal import Journal, Kind
from tests.integration.withdrawal.partnership import Partnership, deployed, read_log, running
from tests.integration.withdrawal.trials import Trials
from tests.lib.measuring import disturbance

# A sync that takes so long leaves time for much to happen between a disclosure and its record.
SLOW_SYNC_SECONDS = 0.03

# Of each kind so many in some fifty trials; by the clock come three at a time, fewer when publishing takes too long.
FIFTY = {
    Kind.QUESTION: 8,
    Kind.AGENCY: 10,
    Kind.FIELD_CLASS: 8,
    Kind.AGREEMENT: 8,
    Kind.CLOCK: 1,
    Kind.DISABLED: 5,
    Kind.OFFICE: 4,
    Kind.SIGNED_OUT: 5,
}
RUNS = 20
# Every so-many trials one goes through the workshop, as all do outside these tests.
WORKSHOP_AT = 20


class SlowDisk(AuditEntries):
    """Records as the hub does, on a disk that takes its time."""

    def append(self, commit: Commit) -> None:
        """Commit entries in order, and be late to say so."""
        super().append(commit)
        time.sleep(SLOW_SYNC_SECONDS)


async def tried(
    folder: Path, kinds: Sequence[Kind], *, seed: int, workshop_at: int = 0, disk: type[AuditEntries] = AuditEntries
) -> Journal:
    """Make trials of these kinds, one after the other; every so-manieth goes through the workshop."""
    deployment = deployed(folder)
    async with running(deployment, disk=disk) as on, disturbance() as disturbed:
        async with on.crowd.asking():
            await _make(on, Trials(on, seed=seed), kinds, workshop_at)
        journal = on.journal
        journal.disturbance_seconds = disturbed.worst_seconds
        journal.left_out, journal.by_workshop = on.crowd.left_out, on.scales.by_workshop
    journal.log = read_log(deployment)
    return journal


async def fifty_tried(folder: Path, *, seed: int) -> Journal:
    """Make one run of the thousand trials, in an order of its own."""
    kinds = list(chain.from_iterable(repeat(kind, times) for kind, times in FIFTY.items()))
    Random(seed).shuffle(kinds)
    return await tried(folder, kinds, seed=seed, workshop_at=WORKSHOP_AT)


async def _make(on: Partnership, trials: Trials, kinds: Sequence[Kind], workshop_at: int) -> None:
    for number, kind in enumerate(kinds, start=1):
        on.scales.uses_workshop = bool(workshop_at) and number % workshop_at == 0
        await trials.make(kind)
