"""`python -m hub.access.workshop MEMORY_BYTES SECONDS`: does one piece of work, says how it went, and ends."""

import os
import resource
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from hub.access.workshop.commands import COMMANDS
from hub.access.workshop.wire import Kind, Request, receive, say
from hub.errors import PolicyError, places

# People who ask come first.
_NICENESS = 5


def bound(memory_bytes: int, seconds: int) -> None:
    """Bound what this process may take; the system holds it to that, even when the hub that started it is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(_NICENESS)


def hear() -> Request:
    """Read the request; from then on, end with the hub."""
    request = receive(sys.stdin.buffer)
    threading.Thread(target=end_with_hub, args=(sys.stdin.fileno(),), daemon=True).start()
    return request


def end_with_hub(pipe: int) -> None:
    """Wait until the hub's end of the pipe is closed, however the hub may have ended, and end at once."""
    # Not by way of sys.stdin: a thread that waits there holds up the interpreter's own end.
    os.read(pipe, 1)
    os._exit(1)


def work(ask: Callable[[], Request], out: BinaryIO) -> None:
    """Do what is asked and say how it went: pieces and their number, all faults, or what kind of failure."""
    pieces = 0
    try:
        request = ask()
        for piece in COMMANDS[request.command](request.drafts, request.parameters):
            say(out, Kind.PIECE, piece)
            pieces += 1
    except PolicyError as error:
        for fault in error.faults:
            written = {"file": str(fault.file), "line": fault.line, "what": fault.what, "mend": fault.mend}
            say(out, Kind.FAULT, written)
    except Exception as error:  # noqa: BLE001  (whatever it is, the hub learns of which kind, and from where)
        say(out, Kind.FAILURE, {"kind": type(error).__name__, "places": places(error)})
        return
    say(out, Kind.END, pieces)


def main() -> None:
    """Run the process."""
    memory_bytes, seconds = map(int, sys.argv[1:])
    bound(memory_bytes, seconds)
    work(hear, sys.stdout.buffer)


if __name__ == "__main__":
    main()
