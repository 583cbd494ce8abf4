"""Dropping, at once and in every session, what rests on something that has been taken back."""

from collections.abc import Callable

from hub.model.request import Request
from hub.sessions.registry import Sessions


def drop(sessions: Sessions, rests: Callable[[Request], bool]) -> int:
    """Take back the answers, and cut the questions, of which a test is true; return how many of both that were.

    Never awaits: whatever asks meanwhile is not there yet, or is dropped.
    """
    dropped = 0
    for session in sessions:
        requests = {request.request_id: request for request in session.running()}
        requests |= {held.request.request_id: held.request for held in session.held()}
        for request in requests.values():
            if rests(request):
                session.withdraw(request.request_id)
                dropped += 1
    return dropped
