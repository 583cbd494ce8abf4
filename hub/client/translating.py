"""From a failed call to a client error: the one place that reads gRPC's status codes and the hub's ErrorInfo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]  # published without types

from hub.client.errors import (
    ClientError,
    HubFailed,
    HubUnreachable,
    InvalidRequest,
    NotAllowed,
    NotHeld,
    NotSignedIn,
    SignInRefused,
    TooMuch,
)

DOMAIN: Final = "hub.sharing"
DETAILS_KEY: Final = "grpc-status-details-bin"
_SHOWN_IN_VAIN: Final = "_REFUSED"

_KINDS: Final[Mapping[grpc.StatusCode, type[ClientError]]] = MappingProxyType(
    {
        grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
        grpc.StatusCode.OUT_OF_RANGE: InvalidRequest,
        grpc.StatusCode.FAILED_PRECONDITION: InvalidRequest,
        grpc.StatusCode.UNAUTHENTICATED: NotSignedIn,
        grpc.StatusCode.PERMISSION_DENIED: NotAllowed,
        grpc.StatusCode.NOT_FOUND: NotHeld,
        grpc.StatusCode.RESOURCE_EXHAUSTED: TooMuch,
        grpc.StatusCode.UNAVAILABLE: HubUnreachable,
        grpc.StatusCode.DEADLINE_EXCEEDED: HubUnreachable,
        grpc.StatusCode.CANCELLED: HubUnreachable,
        grpc.StatusCode.ABORTED: HubUnreachable,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the hub itself said about a failure."""

    reason: str
    message: str
    extra: Mapping[str, str] = field(default_factory=dict)


def translate(error: grpc.aio.AioRpcError, *, signing_in: bool = False) -> ClientError:
    """Make a client error of a failed call; a refusal while signing in is told apart from a session that ended."""
    kind = _kind(error.code(), signing_in=signing_in)
    said = _said(error)
    if said is None:
        return _unsaid(kind, error)
    if kind is NotSignedIn and said.reason.endswith(_SHOWN_IN_VAIN):
        # A code or a password that is wrong; the session goes on.
        kind = SignInRefused
    mend, at_fault = said.extra.get("mend", ""), said.extra.get("field", "")
    return kind(said.reason, said.message, mend=mend, field=at_fault)


def _kind(code: grpc.StatusCode, *, signing_in: bool) -> type[ClientError]:
    """Choose the error for a status code."""
    kind = _KINDS.get(code, HubFailed)
    if signing_in and kind in {NotSignedIn, NotAllowed}:
        return SignInRefused
    return kind


def _said(error: grpc.aio.AioRpcError) -> _Said | None:
    """Read the hub's own words; None where the failure did not come from the hub's table of errors."""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            return _read(value)
    return None


def _read(details: bytes) -> _Said | None:
    """Find the hub's ErrorInfo in a google.rpc.Status."""
    status, note = status_pb2.Status(), error_details_pb2.ErrorInfo()
    try:
        status.ParseFromString(details)
        for detail in status.details:
            if detail.Unpack(note) and note.domain == DOMAIN:
                return _Said(reason=note.reason, message=status.message, extra=dict(note.metadata))
    except DecodeError:
        return None
    return None


def _unsaid(kind: type[ClientError], error: grpc.aio.AioRpcError) -> ClientError:
    """Find words for a failure that the hub did not explain; the library's own text is never shown."""
    if kind is HubUnreachable:
        return _unreachable(error)
    if kind is TooMuch:
        return TooMuch("LIMIT", "It was too much at once, or too large.", mend="Try again in a moment.")
    if kind is HubFailed and error.code() is grpc.StatusCode.UNIMPLEMENTED:
        return HubFailed(
            "UNKNOWN_CALL", "The hub does not know this command.", mend="Its version may differ from this client's."
        )
    return kind(
        "UNEXPLAINED",
        f"The hub ended the call without saying why ({error.code().name}).",
        mend="Try again; if it stays so, tell whoever runs the hub.",
    )


def _unreachable(error: grpc.aio.AioRpcError) -> HubUnreachable:
    """Tell apart a hub that is away, one that is not trusted, and one that is too slow."""
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return HubUnreachable(
            "TOO_SLOW", "The hub did not answer in time.", mend="Try again in a moment. Nothing was shown."
        )
    # The library has no code for a failed handshake; its words are looked at, and not passed on.
    if "CERTIFICATE_VERIFY_FAILED" in (error.details() or "") or "handshake" in (error.details() or "").lower():
        return HubUnreachable(
            "NOT_TRUSTED",
            "What answers at the hub's address cannot prove that it is the hub.",
            mend="Check the address, the CA certificate and the server name in client.toml before you go on.",
        )
    return HubUnreachable(
        "UNREACHABLE",
        "The hub cannot be reached.",
        mend="Check that the hub is running, that the address in client.toml is right, and the network.",
    )
