"""Every error that the hub raises on purpose, as one tree.

HubError
├── RequestError                what the caller did wrong; its words are safe to show
│   ├── InvalidRequest          something in the request is missing, misspelt or too long
│   ├── SignInRefused           user name and password do not match an account that may sign in
│   ├── NotSignedIn             no session, or it has ended
│   ├── NotAllowed              the access level does not allow it
│   ├── NotHeld                 the session holds no such answer
│   └── TooMuch                 a bound on this session or on the hub is reached
├── NotReady                    the hub cannot do it now: it is going away, its record or an issuer is of no use
├── NotWeighed                  the workshop has not come to an end with a policy; whatever was in force still is
└── ConfigurationError          faults in policy, deployment or settings, all of them at once
    ├── PolicyError
    ├── SettingsError
    ├── RecordError             the audit log is not what it was when it was last signed
    └── ParametersError         the parameters by which records are compared are wrong

What a source does wrong is never an error: it becomes that agency's outcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DEEPEST_PLACES = 6


class HubError(Exception):
    """Is the root of the tree."""


def places(error: BaseException) -> list[str]:
    """Name the functions and lines through which an error came, innermost last; not its text: it may hold anything."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{Path(code.co_filename).stem}.{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-DEEPEST_PLACES:]


class RequestError(HubError):
    """Says what the caller did wrong and what to do next; never holds a value of a case."""

    def __init__(self, reason: str, message: str, *, mend: str = "", field: str = "") -> None:
        """Take a machine-readable reason in capitals, the words for a person, the mend and the field at fault."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.mend = mend
        self.field = field


class InvalidRequest(RequestError):
    """Something in the request is missing, misspelt or too long."""


class SignInRefused(RequestError):
    """User name and password do not match an account that may sign in.

    `account` names the account, if there is one, for the hub's own record; the peer is never told.
    """

    account = ""


class NotSignedIn(RequestError):
    """There is no session, or it has ended."""


class NotAllowed(RequestError):
    """The access level does not allow it."""


class NotHeld(RequestError):
    """The session holds no such answer."""


class TooMuch(RequestError):
    """A bound on this session or on the hub is reached."""


class NotReady(HubError):
    """The hub cannot do it now; trying again later may help."""

    def __init__(self, reason: str, message: str) -> None:
        """Take a machine-readable reason in capitals and the words for a person."""
        super().__init__(message)
        self.reason = reason
        self.message = message


class NotWeighed(HubError):
    """The workshop has not come to an end with a policy: it died, took too long or too much; nothing has changed."""

    def __init__(self, reason: str, message: str, *, mend: str) -> None:
        """Take a machine-readable reason in capitals, the words for a person and the mend."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file: where, what, and how to mend it."""

    file: Path
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        """Spell the fault as compilers do, so that editors can jump to it."""
        return f"{self.file}:{self.line}: {self.what}. {self.mend}"


class ConfigurationError(HubError):
    """Carries every fault found, so that all can be mended at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in the order in which a reader meets them."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PolicyError(ConfigurationError):
    """The policy files are wrong; no policy is put in force."""


class SettingsError(ConfigurationError):
    """The deployment's settings are wrong; the hub does not start."""


class RecordError(ConfigurationError):
    """The audit log is not what it was when it was last signed; the hub does not start."""


class ParametersError(ConfigurationError):
    """The parameters by which records are compared are wrong; nothing is compared by them."""
