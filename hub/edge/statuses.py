"""One table: which error becomes which gRPC status, and the words that go with it."""

from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped]  # ships no stubs
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # ships no stubs
from grpc import StatusCode

from hub.errors import (
    HubError,
    InvalidRequest,
    NotAllowed,
    NotHeld,
    NotReady,
    NotSignedIn,
    NotWeighed,
    SignInRefused,
    TooMuch,
)

DOMAIN = "hub.sharing"
DETAILS_KEY = "grpc-status-details-bin"

_CODES: dict[type[HubError], StatusCode] = {
    InvalidRequest: StatusCode.INVALID_ARGUMENT,
    SignInRefused: StatusCode.UNAUTHENTICATED,
    NotSignedIn: StatusCode.UNAUTHENTICATED,
    NotAllowed: StatusCode.PERMISSION_DENIED,
    NotHeld: StatusCode.NOT_FOUND,
    TooMuch: StatusCode.RESOURCE_EXHAUSTED,
    NotReady: StatusCode.UNAVAILABLE,
    NotWeighed: StatusCode.FAILED_PRECONDITION,
}

Refusal = tuple[StatusCode, str, tuple[tuple[str, bytes], ...]]


def refusal_for(error: HubError) -> Refusal | None:
    """Return the status, the words and the trailing metadata for an error of the table; None for any other."""
    code = _CODES.get(type(error))
    if code is None:
        return None
    message = str(getattr(error, "message", ""))
    particulars = {name: str(getattr(error, name, "")) for name in ("mend", "field") if getattr(error, name, "")}
    return refusal(code, str(getattr(error, "reason", "")), message, particulars)


def refusal(code: StatusCode, reason: str, message: str, particulars: dict[str, str]) -> Refusal:
    """Return a status with its machine-readable reason in google.rpc.ErrorInfo."""
    detail = Any()
    detail.Pack(ErrorInfo(reason=reason, domain=DOMAIN, metadata=particulars))
    status = Status(code=code.value[0], message=message, details=[detail])
    return code, message, ((DETAILS_KEY, status.SerializeToString()),)
