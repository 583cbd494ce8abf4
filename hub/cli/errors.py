"""What may be wrong with a command itself, and the exit code of every error."""

from collections.abc import Mapping
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


class PartlyDone(ClientError):
    """A command was cut short after it had changed something; `done` says what, since it cannot be asked for again."""

    def __init__(self, said: str, done: Mapping[str, object], *, cause: ClientError) -> None:
        """Take what is done already, for people and for programs, and what cut the command short."""
        super().__init__(cause.reason, f"{said} {cause.message}", mend=cause.mend, field=cause.field)
        self.done = done
        self.cause = cause


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
        case PartlyDone():
            return exit_code(error.cause)
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
