"""The folder of one user for one hub: where the hub is, and the token of the session, for that user's eyes only."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.cli.devices import Devices
from hub.cli.errors import CommandError
from hub.cli.private_file import PrivateFile, Unfit
from hub.client.client import HubAddress
from hub.client.errors import BadAnswer, NotSignedIn

_SETTINGS: Final = "client.toml"
_KEYS: Final = frozenset({"address", "ca", "server_name"})
TARGET: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_=-]{1,512}")
_LARGEST_TOKEN: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFolder:
    """Holds client.toml, the CA certificate that it names, and the session's token."""

    path: Path

    def address(self) -> HubAddress:
        """Read where the hub is and who vouches for it."""
        settings = self._settings()
        target = _text(settings, "address")
        if not TARGET.fullmatch(target):
            raise _wrong(f"address = {target!r} is not a machine, a colon and a port", 'Write address = "host:port".')
        return HubAddress(
            target=target, ca=self._ca(_text(settings, "ca")), server_name=_text(settings, "server_name", "")
        )

    def token(self) -> str:
        """Read the session's token; refuse one that others may have read."""
        try:
            token = self._token.read()
        except Unfit:
            raise _unfit_token() from None
        if token is None:
            raise NotSignedIn("NOT_SIGNED_IN", "You are not signed in.", mend="Sign in with: hub signin USER")
        if not _TOKEN.fullmatch(token):
            raise _unfit_token()
        return token

    def keep(self, token: str) -> None:
        """Write the session's token: at once or not at all, readable by nobody else."""
        if not _TOKEN.fullmatch(token):
            raise BadAnswer("the session's token is not one")
        try:
            self._token.write(token)
        except OSError as error:
            raise CommandError(
                "FOLDER_NOT_WRITABLE",
                f"The session cannot be kept in {self.path} ({error.strerror}).",
                mend="Name with --at a folder that is yours alone.",
            ) from None

    def forget(self, token: str) -> None:
        """Remove the token, unless another one has taken its place meanwhile."""
        try:
            if self.token() == token:
                self._token.remove()
        except NotSignedIn:
            return

    @property
    def devices(self) -> Devices:
        """Give what this folder is known by at the hub."""
        return Devices(folder=self.path)

    @property
    def _token(self) -> PrivateFile:
        return PrivateFile(path=self.path / "token", largest=_LARGEST_TOKEN)

    def _settings(self) -> Mapping[str, object]:
        path = self.path / _SETTINGS
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise CommandError(
                "NO_CLIENT_TOML",
                f"There is no {_SETTINGS} in {self.path}, so it is not known where the hub is.",
                mend="Name its folder with --at DIR before or after the command, or set HUB_AT.",
            ) from None
        except OSError as error:
            raise _wrong(f"it cannot be read ({error.strerror})", f"Look at {path}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _wrong(f"it is not TOML ({error})", f"Mend {path}.") from None
        if unknown := sorted(settings.keys() - _KEYS):
            raise _wrong(f"it has unknown keys: {', '.join(unknown)}", f"Known are: {', '.join(sorted(_KEYS))}.")
        return settings

    def _ca(self, name: str) -> bytes:
        path = self.path / name
        try:
            ca = path.read_bytes()
        except OSError as error:
            raise _wrong(f"the CA certificate {path} cannot be read ({error.strerror})", "Ask for it.") from None
        if b"-----BEGIN CERTIFICATE-----" not in ca:
            raise _wrong(f"{path} holds no certificate", "It should hold the hub's CA certificate, in PEM.")
        return ca


def _text(settings: Mapping[str, object], key: str, otherwise: str | None = None) -> str:
    """Take a text out of the settings."""
    value = settings.get(key, otherwise)
    if not isinstance(value, str) or (not value and otherwise is None):
        raise _wrong(f"{key} is missing, or not a text", f'Write {key} = "…".')
    return value


def _wrong(what: str, mend: str) -> CommandError:
    return CommandError("CLIENT_TOML", f"{_SETTINGS} is wrong: {what}.", mend=mend)


def _unfit_token() -> NotSignedIn:
    return NotSignedIn(
        "TOKEN_UNFIT",
        "The session's token is not fit to be used: others may have read it, or it is damaged.",
        mend="Sign in again with: hub signin USER",
    )
