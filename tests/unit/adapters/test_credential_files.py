"""Certificate and key are a pair that fits at every moment, wherever the machine stops while they are replaced."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.kit import credential_files
from adapters.kit.credential_files import CredentialFiles, fits
from tests.lib.certificates import Authority

AUTHORITY = Authority.new()
OLD, NEW = AUTHORITY.agency("schools"), AUTHORITY.agency("schools")


class Stopped(Exception):
    """The machine stops."""


@pytest.fixture
def files(tmp_path: Path) -> CredentialFiles:
    (tmp_path / "ca.pem").write_bytes(b"old authorities")
    OLD.write(tmp_path, "own")
    return CredentialFiles(ca=tmp_path / "ca.pem", certificate=tmp_path / "own.pem", key=tmp_path / "own.key")


def replace(files: CredentialFiles) -> None:
    files.begin(NEW.key)
    files.finish(NEW.certificate, b"new authorities")


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine stop before this change of a file: writing and replacing are one each."""
    left = [step]

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def done(*arguments: object) -> object:
            if not left[0]:
                raise Stopped
            left[0] -= 1
            return do(*arguments)

        return done

    monkeypatch.setattr(credential_files, "_write", counted(credential_files._write))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))


STEPS = 6


@pytest.mark.parametrize("step", range(STEPS))
def test_wherever_the_machine_stops_there_is_a_pair_that_fits_and_the_next_start_puts_it_in_order(
    files: CredentialFiles, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at(step, patch)
        with pytest.raises(Stopped):
            replace(files)
    read = files.read()
    assert fits(read.certificate, read.key)
    assert read.certificate in (OLD.certificate, NEW.certificate)
    files.settle()
    assert fits(files.certificate.read_bytes(), files.key.read_bytes())
    replace(files)
    assert files.read().certificate == NEW.certificate


def test_a_replacement_takes_so_many_steps_and_leaves_nothing_beside(
    files: CredentialFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(STEPS, monkeypatch)
    replace(files)
    assert sorted(file.name for file in files.key.parent.iterdir()) == ["ca.pem", "own.key", "own.pem"]
    assert files.ca.read_bytes() == b"new authorities"


def test_a_key_is_for_its_owner_alone_from_its_first_byte_on(
    files: CredentialFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    sync = credential_files.os.fsync

    def noted(descriptor: int) -> None:
        modes.append(stat.S_IMODE(credential_files.os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(credential_files.os, "fsync", noted)
    files.begin(NEW.key)
    assert modes == [0o600]
    files.finish(NEW.certificate, b"")
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600


def test_a_pair_that_does_not_fit_is_read_as_it_is_so_that_whoever_dials_is_told(files: CredentialFiles) -> None:
    files.key.write_bytes(NEW.key)
    assert files.read().key == NEW.key
    files.key.unlink()
    with pytest.raises(FileNotFoundError):
        files.read()


def test_one_at_a_time_has_the_turn_and_only_the_owner_can_take_it(files: CredentialFiles) -> None:
    with files.turn() as first, files.turn() as second:
        assert (first, second) == (True, False)
    with files.turn() as again:
        assert again
    assert stat.S_IMODE(files.certificate.with_name(".own.pem.lock").stat().st_mode) == 0o600
