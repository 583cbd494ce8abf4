"""A deployment's settings: hub.toml, read and checked, every path made absolute."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from hub.accounts.oidc.described import IssuerSettings, all_different
from hub.errors import Fault, SettingsError

FILE_NAME = "hub.toml"

LEAST_MEMORY_OF_ONE_PASS = 47_104

Seconds = Annotated[int, Field(gt=0, le=7 * 24 * 60 * 60)]
Bound = Annotated[int, Field(gt=0, le=1_000_000)]
Address = Annotated[str, Field(pattern=r"^.+:\d{1,5}$")]

# What WebAuthn takes: a domain, and where its pages are; a browser on the machine itself needs no TLS.
Domain = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?$")]
Origin = Annotated[str, Field(pattern=r"^(?:https://[a-z0-9.\-]+|http://localhost)(?::\d{1,5})?$")]

# What a line of a checkpoint can hold: no spaces, and no plus, which separates a name from its key.
LogOrigin = Annotated[str, Field(pattern=r"^[!-*,-~]{0,100}$")]

# One hub process on SQLite serves a borough; other databases come with replicas.
SqliteUrl = Annotated[str, Field(pattern=r"^sqlite:///.+")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Listen(_Table):
    """Where the hub listens, as host:port; port 0 takes a free one."""

    requesters: Address
    links: Address


class KeyFiles(_Table):
    """Where the deployment's keys are, relative to its folder."""

    certificate: Path = Path("keys/hub.pem")
    key: Path = Path("keys/hub.key")
    # May hold several: all are trusted, and the one to which the key belongs issues.
    authority: Path = Path("keys/authority.pem")
    authority_key: Path = Path("keys/authority.key")
    # A folder: one key for each epoch.
    pseudonyms: Path = Path("keys/pseudonyms")
    log: Path = Path("keys/log.key")
    seal: Path = Path("keys/seal.key")


class LogSettings(_Table):
    """What the audit log is called in its checkpoints; without a name it is called after its key."""

    origin: LogOrigin = ""


class SessionSettings(_Table):
    """How long a session lives and how much it may hold."""

    idle_seconds: Seconds = 15 * 60
    absolute_seconds: Seconds = 12 * 60 * 60
    step_up_seconds: Seconds = 15 * 60
    most_held: Bound = 20
    most_running: Bound = 10


class Limits(_Table):
    """What the hub takes at one time."""

    questions_running: Bound = 500
    drain_seconds: Seconds = 5


class PeopleSettings(_Table):
    """Who may be asked about: whether NHS numbers are taken that are kept for tests, as invented people have them."""

    test_numbers: bool = True


class CertificateSettings(_Table):
    """How long agencies' certificates hold, and the tokens that open the first of them."""

    days: Annotated[int, Field(ge=1, le=397)] = 14
    token_hours: Annotated[int, Field(ge=1, le=7 * 24)] = 24


class PasswordSettings(_Table):
    """What one password hash costs: argon2id over so much memory, so often."""

    memory_kib: Annotated[int, Field(ge=19_456, le=1_048_576)] = 19_456
    passes: Annotated[int, Field(ge=1, le=20)] = 2

    @model_validator(mode="after")
    def _is_enough(self) -> Self:
        """Refuse less than OWASP advises: with little memory it takes two passes."""
        if self.passes == 1 and self.memory_kib < LEAST_MEMORY_OF_ONE_PASS:
            message = f"one pass needs a memory_kib of {LEAST_MEMORY_OF_ONE_PASS} at least"
            raise ValueError(message)
        return self


class SignInSettings(_Table):
    """As whom passkeys know this hub: a domain and the origin of its pages; without both it takes none."""

    relying_party: Domain | None = None
    origin: Origin | None = None

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        """Refuse one without the other, and pages that are not within the domain: browsers would."""
        if (self.relying_party is None) != (self.origin is None):
            message = "relying_party and origin belong together: set both or neither"
            raise ValueError(message)
        if self.relying_party and self.origin:
            host = self.origin.partition("://")[2].partition(":")[0]
            if host != self.relying_party and not host.endswith(f".{self.relying_party}"):
                message = "origin is not within relying_party"
                raise ValueError(message)
        return self


class Settings(_Table):
    """Everything that differs between two deployments."""

    folder: Path
    listen: Listen
    store: SqliteUrl = "sqlite:///data/hub.sqlite"
    policies: Path = Path("policies")
    keys: KeyFiles = KeyFiles()
    log: LogSettings = LogSettings()
    certificates: CertificateSettings = CertificateSettings()
    sessions: SessionSettings = SessionSettings()
    passwords: PasswordSettings = PasswordSettings()
    sign_in: SignInSettings = SignInSettings()
    limits: Limits = Limits()
    people: PeopleSettings = PeopleSettings()
    issuers: Annotated[tuple[IssuerSettings, ...], AfterValidator(all_different)] = ()

    def path(self, relative: Path) -> Path:
        """Return a path of the deployment as an absolute one."""
        return self.folder / relative

    def store_url(self) -> str:
        """Return the store's URL; a SQLite file is relative to the deployment's folder."""
        prefix = "sqlite:///"
        if self.store.startswith(prefix) and not self.store.startswith(f"{prefix}/"):
            return f"{prefix}{self.folder / self.store.removeprefix(prefix)}"
        return self.store


def read_settings(folder: Path) -> Settings:
    """Read a deployment's hub.toml; raise SettingsError with every fault in it."""
    file = folder / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"it cannot be read ({type(error).__name__})"
        raise SettingsError([Fault(file=file, line=1, what=what, mend="Make a deployment with `hub init`.")]) from None
    try:
        said = tomllib.loads(text)
        if "folder" in said:
            what = "folder: it is where hub.toml is, and cannot be set"
            raise SettingsError([Fault(file=file, line=_line_of(text, "folder"), what=what, mend="Remove it.")])
        return Settings(folder=folder.resolve(), **said)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        fault = Fault(file=file, line=int(line[1]) if line else 1, what=str(error), mend="Write it as TOML.")
        raise SettingsError([fault]) from None
    except ValidationError as error:
        raise SettingsError(_faults(file, text, error)) from None


def _faults(file: Path, text: str, error: ValidationError) -> list[Fault]:
    return [
        Fault(
            file=file,
            line=_line_of(text, *fault["loc"]),
            what=f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}",
            mend="See docs/operating.md for every setting, its meaning and its default.",
        )
        for fault in error.errors(include_input=False, include_url=False)
    ]


def _line_of(text: str, *place: str | int) -> int:
    """Return the first line on which a key is set; when it is missing, that of its table in a list, or 1."""
    lines = text.splitlines()
    begin, end = 0, len(lines)
    if len(place) > 1 and isinstance(place[1], int):
        heads = [at for at, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{place[0]}\s*\]\]", line)]
        if place[1] < len(heads):
            begin, end = (*heads, end)[place[1] : place[1] + 2]
    key = re.escape(next(str(part) for part in reversed(place) if isinstance(part, str)))
    for number, line in enumerate(lines[begin:end], start=begin + 1):
        if re.match(rf"\s*\[{{0,2}}\s*{key}\b", line):
            return number
    return begin + 1
