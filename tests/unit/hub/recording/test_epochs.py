import stat
from pathlib import Path

import pytest

from hub.audit.pseudonyms import KEY_BYTES
from hub.errors import SettingsError
from hub.model.person import PersonKeys
from hub.recording.epochs import EpochInUse, destroy_epoch, epochs_in, new_epoch, read_pseudonyms
from tests.unit.hub.making import nhs_number

PERSON = PersonKeys(nhs_number=nhs_number(1))


def test_epochs_are_counted_and_each_has_a_key_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    assert [new_epoch(tmp_path / "p") for _ in range(3)] == [1, 2, 3]
    keys = [file.read_bytes() for file in (tmp_path / "p").iterdir()]
    assert {len(key) for key in keys} == {KEY_BYTES}
    assert len(set(keys)) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "p").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "p").stat().st_mode) == 0o700


def test_people_are_named_under_the_newest(tmp_path: Path) -> None:
    first = new_epoch(tmp_path)
    before = read_pseudonyms(tmp_path).of(PERSON)
    second = new_epoch(tmp_path)
    both = read_pseudonyms(tmp_path)
    assert (before.epoch, both.of(PERSON).epoch) == (first, second)
    assert before in both.under_every_epoch(PERSON)


def test_a_destroyed_epoch_names_nobody_any_more_and_its_number_is_never_given_again(tmp_path: Path) -> None:
    new_epoch(tmp_path)
    old = read_pseudonyms(tmp_path).of(PERSON)
    new_epoch(tmp_path)
    destroy_epoch(tmp_path, 1)
    assert epochs_in(tmp_path) == [2]
    assert not [one for one in read_pseudonyms(tmp_path).under_every_epoch(PERSON) if set(one.ways) & set(old.ways)]
    assert new_epoch(tmp_path) == 3


def test_what_was_in_the_key_s_place_on_the_disk_is_overwritten(tmp_path: Path) -> None:
    new_epoch(tmp_path)
    new_epoch(tmp_path)
    key, other_name = (tmp_path / "1.key").read_bytes(), tmp_path / "linked"
    other_name.hardlink_to(tmp_path / "1.key")
    destroy_epoch(tmp_path, 1)
    assert other_name.read_bytes() != key


@pytest.mark.parametrize("epoch", [2, 3, 0])
def test_the_current_epoch_and_one_that_is_not_there_are_not_destroyed(tmp_path: Path, epoch: int) -> None:
    new_epoch(tmp_path)
    new_epoch(tmp_path)
    with pytest.raises(EpochInUse):
        destroy_epoch(tmp_path, epoch)
    assert epochs_in(tmp_path) == [1, 2]


def test_other_files_are_no_epochs(tmp_path: Path) -> None:
    for name in ("1.key.old", "01.key", "a.key", "-1.key", "9999999.key"):
        (tmp_path / name).write_bytes(bytes(KEY_BYTES))
    assert epochs_in(tmp_path) == []
    assert epochs_in(tmp_path / "nowhere") == []


def test_a_key_that_is_missing_or_of_another_length_is_a_fault_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no key of pseudonyms"):
        read_pseudonyms(tmp_path)
    (tmp_path / "1.key").write_bytes(b"short")
    (tmp_path / "2.key").mkdir()
    with pytest.raises(SettingsError) as refused:
        read_pseudonyms(tmp_path)
    assert [fault.file.name for fault in refused.value.faults] == ["1.key", "2.key"]
    assert all(fault.mend for fault in refused.value.faults)
