"""Every error that the client raises on purpose, as one tree.

ClientError
├── InvalidRequest      something in the request is missing, misspelt or too long
├── SignInRefused       the hub does not accept the password, the code or the invitation
├── NotSignedIn         there is no session, or it has ended
├── NotAllowed          the access level does not allow it
├── NotHeld             the session holds no such answer
├── TooMuch             a bound on this session or on the hub is reached
├── HubUnreachable      the hub was not reached, not in time, or cannot do it now
├── BadAnswer           what the hub sent cannot be understood, or contradicts itself
└── HubFailed           something went wrong inside the hub

Their words are safe to show: they come from this client or from the hub's own table of errors, never from a library.
"""


class ClientError(Exception):
    """Says what went wrong and what to do next; never holds a value of a case."""

    def __init__(self, reason: str, message: str, *, mend: str = "", field: str = "") -> None:
        """Take a machine-readable reason in capitals, the words for a person, the mend and the field at fault."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.mend = mend
        self.field = field


class InvalidRequest(ClientError):
    """Something in the request is missing, misspelt or too long."""


class SignInRefused(ClientError):
    """The hub does not accept the password, the code or the invitation; a session that is open goes on."""


class NotSignedIn(ClientError):
    """There is no session, or it has ended."""


class NotAllowed(ClientError):
    """The access level does not allow it."""


class NotHeld(ClientError):
    """The session holds no such answer."""


class TooMuch(ClientError):
    """A bound on this session or on the hub is reached."""


class HubUnreachable(ClientError):
    """The hub was not reached, not in time, or cannot do it now; trying again later may help."""


class BadAnswer(ClientError):
    """What the hub sent cannot be understood, or contradicts itself; nothing of it may be shown."""

    def __init__(self, what: str) -> None:
        """Take what is wrong, in words without any value of the answer."""
        super().__init__(
            "BAD_ANSWER",
            f"The hub's answer cannot be trusted: {what}.",
            mend="Nothing of it is shown. Tell whoever runs the hub; its version may differ from this client's.",
        )


class HubFailed(ClientError):
    """Something went wrong inside the hub."""
