"""Looks at the journal's place for `adapter check`: is it private, is there room, is it a disk of this machine."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.kit.findings import PLACE
from adapters.kit.reader import Finding

MOUNTS = Path("/proc/self/mountinfo")
NETWORKED = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs",
     "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)  # fmt: skip
MIB = 1024 * 1024
LEAST_ROOM = 64 * MIB
LITTLE_ROOM = 1024 * MIB
ANYBODY_WRITES, OTHERS = 0o002, 0o077
IN_MEMORY = frozenset({"ramfs", "tmpfs"})
FIELDS_BEFORE = 6


def check_place(journal: Path, mounts: Path = MOUNTS) -> list[Finding]:
    """Look at the folder that the journal is, or will be, in."""
    folder = journal.parent
    if not folder.is_dir():
        return [PLACE.fault(f"there is no folder `{folder}`", f"Run: mkdir -m 700 {folder}")]
    return [*_privacy(journal), *_room(shutil.disk_usage(folder).free, folder), *_disk(folder, mounts)]


def _privacy(journal: Path) -> Sequence[Finding]:
    mode = journal.parent.stat().st_mode
    if mode & ANYBODY_WRITES:
        what = "anybody on this machine may put files in the journal's place, and take it away"
        return [PLACE.fault(what, f"Run: chmod 700 {journal.parent}")]
    if journal.exists() and journal.stat().st_mode & OTHERS:
        return [PLACE.fault("others on this machine may read the journal", f"Run: chmod 600 {journal}")]
    if mode & OTHERS:
        what = "others on this machine may look into the journal's folder"
        return [PLACE.note(what, f"The journal itself is kept from them. Or run: chmod 700 {journal.parent}")]
    return [PLACE.ok("the journal's folder is kept from others")]


def _room(free: int, folder: Path) -> Sequence[Finding]:
    said = f"there are {free // MIB:,} MiB free on the journal's disk"
    if free < LEAST_ROOM:
        return [PLACE.fault(said, f"Make room beside {folder}: what cannot be journalled does not leave.")]
    if free < LITTLE_ROOM:
        return [PLACE.note(said, "A thousand asks take about one MiB; what cannot be journalled does not leave.")]
    return [PLACE.ok(said)]


def _disk(folder: Path, mounts: Path) -> Sequence[Finding]:
    kind = _kind_of_disk(folder.resolve(), mounts)
    if kind in NETWORKED:
        what = f"the journal is on a network share ({kind})"
        return [
            PLACE.fault(what, "Put it on a disk of this machine: a share does not keep what it says it has written.")
        ]
    if kind in IN_MEMORY:
        return [
            PLACE.note(f"the journal is in memory ({kind})", "Put it on a disk: it is gone when the machine stops.")
        ]
    return [PLACE.ok(f"the journal is on a disk of this machine ({kind})")] if kind else []


def _kind_of_disk(folder: Path, mounts: Path) -> str | None:
    """Find the file system that a folder is on; None where this machine does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found: tuple[int, str] | None = None
    for line in lines:
        before, _, after = line.partition(" - ")
        pieces, kinds = before.split(), after.split()
        if len(pieces) < FIELDS_BEFORE - 1 or not kinds:
            continue
        at = Path(os.fsdecode(pieces[4].encode().decode("unicode_escape")))
        # The last of several at one place is on top.
        if (folder == at or at in folder.parents) and (found is None or len(at.parts) >= found[0]):
            found = (len(at.parts), kinds[0])
    return found[1] if found else None
