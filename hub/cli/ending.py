"""How a command that failed ends: words for people on stderr, a document for programs on stdout, and an exit code."""

import sys
from dataclasses import dataclass

import typer

from hub.cli.errors import PartlyDone, exit_code
from hub.cli.place import print_document
from hub.cli.printable import printable
from hub.client.errors import ClientError
from hub.errors import ConfigurationError, NotReady, PolicyError, RequestError, places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said about an error."""

    reason: str
    message: str
    mend: str = ""


def end(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong and give the exit code."""
    said = _say(error)
    # A fault begins with its file and line, so that editors can jump to it.
    message = said.message if isinstance(error, ConfigurationError) else f"hub: {said.message}"
    for text in (message, said.mend):
        for line in text.splitlines():
            sys.stderr.write(printable(line) + "\n")
    if as_json:
        told: dict[str, object] = {"reason": said.reason, "message": said.message, "mend": said.mend}
        print_document({"error": told | _particulars(error)})
    return exit_code(error)


def _particulars(error: BaseException) -> dict[str, object]:
    """Give programs what people read in the message: every fault by itself, and what was done before the failure."""
    match error:
        case ConfigurationError():
            return {
                "faults": [
                    {"file": str(fault.file), "line": fault.line, "what": fault.what, "mend": fault.mend}
                    for fault in error.faults
                ]
            }
        case PartlyDone():
            return {"done": dict(error.done)}
        case _:
            return {}


def _say(error: BaseException) -> _Said:
    """Find the words for an error; those of an error that nobody foresaw may hold anything, and are left out."""
    match error:
        case ClientError() | RequestError():
            return _Said(reason=error.reason, message=error.message, mend=error.mend)
        case NotReady():
            return _Said(reason=error.reason, message=error.message)
        case ConfigurationError():
            reason = "POLICY_FAULTS" if isinstance(error, PolicyError) else "CONFIGURATION"
            return _Said(reason=reason, message=str(error), mend=f"{len(error.faults)} to mend.")
        case typer.TyperException():
            return _Said(reason="USAGE", message=error.format_message(), mend=_see(error))
        case KeyboardInterrupt() | typer.Abort():
            return _Said(
                reason="STOPPED",
                message="Stopped.",
                mend="What was asked may still be held by the hub; see: hub view",
            )
        case _:
            return _Said(
                reason="UNEXPECTED",
                message=f"Something unexpected went wrong in this program: {type(error).__name__} at {_place(error)}.",
                mend="Tell whoever runs the hub this, and which command it was, without the person's details.",
            )


def _place(error: BaseException) -> str:
    return (places(error) or ["its start"])[-1]


def _see(error: typer.TyperException) -> str:
    """Point to the help of the command that was misspelt."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "hub"
    return f"See: {path} --help"
