"""What is recorded of sessions, and of which policy decides; the other kinds of entry stand in modules by subject."""

from hub.audit.leaves import entry
from hub.model.entry import Entry
from hub.model.request import Requester


def signed_in(requester: Requester, at_ms: int) -> Entry:
    """Record that a session was opened."""
    return entry("signed_in", at_ms, requester=requester.user_name, access_level=requester.access_level)


def sign_in_refused(at_ms: int, *, account: str) -> Entry:
    """Record that a sign-in failed; `account` is empty when there is none: what was typed may be a password."""
    return entry("sign_in_refused", at_ms, account=account)


def session_ended(user_name: str, at_ms: int, *, why: str, dropped: int) -> Entry:
    """Record that a session ended and how many held answers were dropped with it."""
    return entry("session_ended", at_ms, requester=user_name, why=why, dropped=dropped)


def policy_in_force(version: str, at_ms: int, *, publication: int) -> Entry:
    """Record which policy decides from here on: when the hub begins to serve, and when another comes into force."""
    return entry("policy_in_force", at_ms, policy_version=version, publication=publication)
