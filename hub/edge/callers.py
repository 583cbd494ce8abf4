"""Who calls: the session behind a call's token, and what its holder may do in the agreed process."""

from typing import Any
from urllib.parse import unquote

from grpc.aio import ServicerContext

from hub.access.in_force import PolicyInForce
from hub.agreeing.actor import Actor
from hub.model.policy import LevelKind
from hub.sessions.registry import Sessions
from hub.sessions.session import Session, not_signed_in

BEARER = "Bearer "

Context = ServicerContext[Any, Any]


def token_in(context: Context) -> str:
    """Return the session's token from a call's metadata; raise NotSignedIn when there is none."""
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str) and value.startswith(BEARER):
            return value.removeprefix(BEARER)
    raise not_signed_in()


def source_of(context: Context) -> str:
    """Return the address that a call comes from, as `ipaddress` reads it.

    Without its port, which is another for every connection, and without what gRPC writes around an address.
    """
    return unquote(context.peer().partition(":")[2].rpartition(":")[0]).strip("[]")


class Callers:
    """Finds the session of a call, and the actor that its requester is."""

    def __init__(self, sessions: Sessions, in_force: PolicyInForce) -> None:
        """Take the sessions, and the policy that says what a level is for."""
        self.sessions = sessions
        self._in_force = in_force

    def session(self, context: Context) -> Session:
        """Return the session of a call and count it as used; raise NotSignedIn when there is none."""
        return self.sessions.require(token_in(context))

    def actor(self, context: Context) -> Actor:
        """Return who acts; an office that nobody can hold under the policy in force is for nothing."""
        session, policy = self.session(context), self._in_force.policy
        is_held = policy.is_held(session.requester.office)
        return Actor(
            user_name=session.requester.user_name,
            agency=session.requester.agency,
            kind=policy.levels[session.requester.access_level].kind if is_held else LevelKind.ABSTRACT,
            is_stepped_up=session.is_stepped_up,
        )
