"""What a refused call says to its peer, taken apart."""

import re
from dataclasses import dataclass

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

# What no reply may hold: a traceback, a path, a name of Python's.
LEAKS = re.compile(
    r"Traceback|File \"|\.py\b|/[a-z]+/[a-z]+|<class|Exception|Error:|sqlalchemy|sqlite|site-packages", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The status, the reason, the words and the mend; `wire` is all that came."""

    code: grpc.StatusCode
    reason: str
    words: str
    mend: str
    field: str
    wire: str

    @property
    def leak(self) -> str:
        """Return what in it should not be there."""
        found = LEAKS.search(self.wire.replace("type.googleapis.com/google.rpc.ErrorInfo", ""))
        return found[0] if found else ""


def said_by(error: grpc.aio.AioRpcError) -> Said:
    """Take a failed call apart."""
    note, wire = ErrorInfo(), error.details() or ""
    for key, value in error.trailing_metadata() or ():
        wire += f" {key}={value.decode('utf-8', 'replace') if isinstance(value, bytes) else value}"
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            Status.FromString(value).details[0].Unpack(note)
    return Said(
        code=error.code(),
        reason=note.reason,
        words=error.details() or "",
        mend=note.metadata.get("mend", ""),
        field=note.metadata.get("field", ""),
        wire=wire,
    )
