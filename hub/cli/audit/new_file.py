"""A file that is written whole or not at all, where there was none before, for its owner's eyes only."""

import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from hub.cli.errors import CommandError


class NewFile:
    """Writes beside the path, and takes the name once everything is written."""

    def __init__(self, path: Path) -> None:
        """Take where it is to be."""
        self._path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}")
        self._file: BinaryIO | None = None
        self.size = 0

    def __enter__(self) -> Self:
        """Begin; raise CommandError where there is a file already, or none can be."""
        if self._path.exists():
            raise CommandError("FILE_EXISTS", f"There is a file {self._path} already.", mend="Name another one.")
        try:
            self._file = os.fdopen(os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            raise self._unwritable(error) from None
        return self

    def write(self, piece: bytes) -> None:
        """Write the next bytes."""
        if self._file is None:
            raise RuntimeError("the file is not open")
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._unwritable(error) from None
        self.size += len(piece)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what is whole, and remove what is not."""
        try:
            if self._file is not None:
                self._file.close()
            if kind is None:
                # A link, unlike a renaming, never replaces a file that has come to be there meanwhile.
                os.link(self._beside, self._path)
        except OSError as failed:
            raise self._unwritable(failed) from None
        finally:
            self._beside.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> CommandError:
        what = f"{self._path} cannot be written ({error.strerror})."
        return CommandError("FILE_NOT_WRITABLE", what, mend="Name a file in a folder of your own with room for it.")
