"""What may be wrong with a command itself, and the exit code of every error."""

from enum import IntEnum

import typer

from hub.client.errors import (
    ClientError,
    HubUnreachable,
    InvalidRequest,
    NotAllowed,
    NotHeld,
    NotSignedIn,
    SignInRefused,
    TooMuch,
)
from hub.errors import ConfigurationError, NotReady, RequestError


class CommandError(ClientError):
    """The command, or the folder it works in, is wrong; the hub was not asked."""


class ExitCode(IntEnum):
    """How a command ended; docs/client.md promises these numbers."""

    DONE = 0
    UNEXPECTED = 1
    WRONG = 2
    NOT_SIGNED_IN = 3
    NOT_ALLOWED = 4
    UNREACHABLE = 5
    NOT_HELD = 6
    TOO_MUCH = 7
    STOPPED = 130


def exit_code(error: BaseException) -> ExitCode:  # noqa: PLR0911 - one for each way to end
    """Choose the exit code of an error."""
    match error:
        case CommandError() | InvalidRequest() | typer.TyperException() | ConfigurationError() | RequestError():
            return ExitCode.WRONG
        case SignInRefused() | NotSignedIn():
            return ExitCode.NOT_SIGNED_IN
        case NotAllowed():
            return ExitCode.NOT_ALLOWED
        case HubUnreachable() | NotReady():
            return ExitCode.UNREACHABLE
        case NotHeld():
            return ExitCode.NOT_HELD
        case TooMuch():
            return ExitCode.TOO_MUCH
        case KeyboardInterrupt() | typer.Abort():
            return ExitCode.STOPPED
        case _:
            return ExitCode.UNEXPECTED
