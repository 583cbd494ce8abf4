"""What somebody shows who signs in, and what they are let in with."""

from dataclasses import dataclass, field
from typing import Protocol

from hub.model.request import Requester


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user name, what proves it, the device's token if it has one, and the address that the attempt comes from."""

    user_name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    device: str = field(default="", repr=False)
    source: str = field(default="", repr=False)


class ExternalIdentity(Protocol):
    """Somebody whom another provider has signed in; whether that was strong is what the provider vouches for."""

    @property
    def issuer(self) -> str:
        """Name the provider."""
        ...

    @property
    def subject(self) -> str:
        """Name the person as the provider does."""
        ...

    @property
    def is_strong(self) -> bool:
        """Tell whether a second factor was given."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who has signed in, when they last did before, and whether a second factor was given.

    `device` is a token for the client to keep and to show at the next sign-in; it is empty when the device was known.
    """

    requester: Requester
    last_signed_in_ms: int | None
    is_strong: bool
    device: str = field(default="", repr=False)
