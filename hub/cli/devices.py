"""What this folder is known by at the hub: one token for each user name that signed in from here."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.cli.private_file import PrivateFile, Unfit

_TOKEN: Final = re.compile(r"[A-Za-z0-9_=-]{1,512}")
_MOST: Final = 50
_LARGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Remembers device tokens; without one the hub still lets its user in, but cannot tell them from a guesser."""

    folder: Path

    def token(self, user_name: str) -> str:
        """Return the token of a user name; empty where nothing is remembered, or nothing that can be relied on."""
        return self._all().get(user_name, "")

    def keep(self, user_name: str, token: str) -> bool:
        """Remember a token and tell whether that was possible; the oldest is forgotten where there are too many."""
        if not _TOKEN.fullmatch(token):
            return False
        others = {name: held for name, held in self._all().items() if name != user_name}
        kept = dict([*others.items(), (user_name, token)][-_MOST:])
        try:
            self._file.write(json.dumps(kept))
        except OSError:
            return False
        return True

    @property
    def _file(self) -> PrivateFile:
        return PrivateFile(path=self.folder / "device", largest=_LARGEST)

    def _all(self) -> dict[str, str]:
        """Read every token; a file that is damaged, or that others could have read, counts for nothing."""
        try:
            held = json.loads(self._file.read() or "{}")
        except (Unfit, ValueError, RecursionError):
            return {}
        if not isinstance(held, dict):
            return {}
        return {name: token for name, token in held.items() if isinstance(token, str) and _TOKEN.fullmatch(token)}
