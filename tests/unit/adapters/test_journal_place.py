"""The journal belongs on a disk of this machine, in a folder of its own, with room."""

from pathlib import Path

import pytest

from adapters.kit.journal_place import check_place
from adapters.kit.reader import FindingState

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / {at} rw,relatime shared:3 - {kind} server:/export rw
"""


def states(journal: Path, mounts: Path = Path("/nowhere")) -> list[tuple[FindingState, str]]:
    return [(finding.state, finding.what) for finding in check_place(journal, mounts)]


def mounted(folder: Path, kind: str) -> Path:
    file = folder / "mounts"
    file.write_text(MOUNTS.format(at=str(folder).replace(" ", r"\040"), kind=kind), encoding="utf-8")
    return file


def test_a_private_folder_is_right(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert (FindingState.OK, "the journal's folder is kept from others") in states(tmp_path / "j")


def test_a_folder_that_is_not_there_is_a_fault_with_the_command_that_makes_it(tmp_path: Path) -> None:
    (finding,) = check_place(tmp_path / "none" / "j")
    assert (finding.state, finding.mend) == (FindingState.FAULT, f"Run: mkdir -m 700 {tmp_path / 'none'}")


@pytest.mark.parametrize(
    ("mode", "state"), [(0o777, FindingState.FAULT), (0o755, FindingState.NOTE), (0o770, FindingState.NOTE)]
)
def test_a_folder_that_is_open_to_others_is_told(tmp_path: Path, mode: int, state: FindingState) -> None:
    tmp_path.chmod(mode)
    assert state in [found for found, what in states(tmp_path / "j") if "this machine may" in what]


def test_a_journal_that_others_may_read_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    journal = tmp_path / "j"
    journal.touch(mode=0o644)
    assert (FindingState.FAULT, "others on this machine may read the journal") in states(journal)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("nfs4", FindingState.FAULT),
        ("cifs", FindingState.FAULT),
        ("tmpfs", FindingState.NOTE),
        ("xfs", FindingState.OK),
    ],
)
def test_a_share_of_another_machine_is_told_by_its_file_system(tmp_path: Path, kind: str, state: FindingState) -> None:
    folder = tmp_path / "a share"
    folder.mkdir(mode=0o700)
    assert [found for found, what in states(folder / "j", mounted(folder, kind)) if kind in what] == [state]


def test_a_machine_that_does_not_say_what_is_mounted_is_not_asked_further(tmp_path: Path) -> None:
    assert not [what for _, what in states(tmp_path / "j") if "disk of this machine" in what]
