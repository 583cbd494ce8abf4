"""Epochs of pseudonyms: a folder with one key for each, made, read and destroyed."""

import os
import re
from pathlib import Path

from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.errors import Fault, SettingsError
from hub.keys import new_secret_key, write_secret

FIRST_EPOCH = 1
_FILE = re.compile(r"([1-9][0-9]{0,5})\.key")


class EpochInUse(Exception):
    """Is raised when the current epoch, or one that is not there, is to be destroyed."""


def epochs_in(folder: Path) -> list[int]:
    """Return the epochs whose keys still exist, the oldest first."""
    names = (_FILE.fullmatch(file.name) for file in folder.iterdir()) if folder.is_dir() else ()
    return sorted(int(name[1]) for name in names if name)


def read_pseudonyms(folder: Path) -> Pseudonyms:
    """Read every key that still exists; raise SettingsError when there is none, or one cannot be used."""
    keys: dict[int, bytes] = {}
    faults: list[Fault] = []
    for epoch in epochs_in(folder):
        file = _file(folder, epoch)
        try:
            keys[epoch] = file.read_bytes()
        except OSError as error:
            faults.append(_fault(file, f"it cannot be read ({type(error).__name__})"))
            continue
        if len(keys[epoch]) != KEY_BYTES:
            faults.append(_fault(file, f"a key of pseudonyms has {KEY_BYTES} bytes, and this has not"))
    if not keys and not faults:
        faults.append(_fault(folder, "there is no key of pseudonyms"))
    if faults:
        raise SettingsError(faults)
    return Pseudonyms(keys)


def new_epoch(folder: Path) -> int:
    """Make the key of the next epoch and return its number; a hub that runs takes it up when it is started again."""
    epoch = max(epochs_in(folder), default=FIRST_EPOCH - 1) + 1
    write_secret(_file(folder, epoch), new_secret_key(KEY_BYTES))
    return epoch


def destroy_epoch(folder: Path, epoch: int) -> None:
    """Destroy an epoch's key, and with it the meaning of every pseudonym that was made with it.

    Raises EpochInUse for the newest: entries are still made with it, and its number must never be given again.
    """
    known = epochs_in(folder)
    if epoch not in known or epoch == known[-1]:
        raise EpochInUse(f"epoch {epoch} is the current one" if epoch in known else f"there is no epoch {epoch}")
    file = _file(folder, epoch)
    # Overwritten first, for a disk that writes in place; copies of the folder have to go too.
    with file.open("r+b") as old:
        old.write(new_secret_key(KEY_BYTES))
        old.flush()
        os.fsync(old.fileno())
    file.unlink()


def _file(folder: Path, epoch: int) -> Path:
    return folder / f"{epoch}.key"


def _fault(file: Path, what: str) -> Fault:
    mend = "Bring it back from where it is kept, or make a new deployment with `hub init`."
    return Fault(file=file, line=1, what=what, mend=mend)
