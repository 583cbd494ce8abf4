"""What can go wrong in the workshop beside faults of the draft, in words that hold nothing of the draft."""

import structlog

from hub.errors import NotWeighed

_OUT_OF_MEMORY = "MemoryError"
_NARROWER = "Write fewer or narrower levels: “all” multiplies."
_AGAIN = "Try again; if it happens twice, tell the hub's operator."

_log = structlog.get_logger(__name__)


def not_started(error: OSError) -> NotWeighed:
    """Say that the system would not start another process."""
    _log.error("workshop.not_started", error=type(error).__name__, number=error.errno)
    return NotWeighed("WORKSHOP_NOT_STARTED", "The process that weighs policies cannot be started.", mend=_AGAIN)


def died(code: int) -> NotWeighed:
    """Say how a process ended that did not come to an end with its work."""
    _log.error("workshop.died", code=code)
    what = f"The process that weighs policies ended before its work was done (code {code})."
    return NotWeighed("WORKSHOP_DIED", what, mend=_AGAIN)


def garbled(error: ValueError) -> NotWeighed:
    """Say that a result cannot be understood, or is not whole."""
    _log.error("workshop.garbled", error=type(error).__name__)
    what = "The process that weighs policies says what cannot be understood."
    return NotWeighed("WORKSHOP_GARBLED", what, mend=_AGAIN)


def slow(seconds: float) -> NotWeighed:
    """Say that the time is up."""
    _log.warning("workshop.slow", seconds=seconds)
    return NotWeighed("WORKSHOP_SLOW", f"The draft takes longer to weigh than {seconds:g} s.", mend=_NARROWER)


def failed(said: object) -> NotWeighed:
    """Tell what kind of failure the process met; raise ValueError when it does not say so."""
    match said:
        case {"kind": str(kind), "places": list(places)}:
            _log.error("workshop.failed", error=kind, places=places)
        case _:
            raise ValueError("a failure without its kind")
    if kind == _OUT_OF_MEMORY:
        return NotWeighed("WORKSHOP_MEMORY", "The draft takes more memory than a policy may.", mend=_NARROWER)
    return NotWeighed("WORKSHOP_FAILED", f"The process that weighs policies failed ({kind}).", mend=_AGAIN)
