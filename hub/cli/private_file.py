"""A file for its owner's eyes only: read if nobody else could have, written at once or not at all."""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Unfit(Exception):
    """Is raised when a file cannot be relied on: others could have read it, it leads elsewhere, or it is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateFile:
    """Holds one secret in a folder that is closed to others."""

    path: Path
    largest: int
    """Bytes; what stands beyond them is not read."""

    def read(self) -> str | None:
        """Return what it holds, without the blanks around it; None where there is no file. Raise Unfit."""
        try:
            held = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError:
            raise Unfit from None
        with os.fdopen(held, encoding="ascii", errors="replace") as file:
            found = os.fstat(file.fileno())
            text = file.read(self.largest).strip()
        if not stat.S_ISREG(found.st_mode) or found.st_mode & _OTHERS:
            raise Unfit
        return text

    def write(self, text: str) -> None:
        """Replace what it holds, and close the folder to others; raise OSError."""
        if self.path.parent.stat().st_mode & _OTHERS:
            self.path.parent.chmod(stat.S_IRWXU)
        # The temporary file is made for its owner only.
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def remove(self) -> None:
        """Remove it; removing twice does no harm."""
        self.path.unlink(missing_ok=True)
