"""Opening the record: the ledger on a deployment's store, or every reason why it cannot be trusted."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hub.audit.checkpoints import KEY_BYTES, CheckpointSigner
from hub.audit.ledger import BrokenLog, Ledger
from hub.errors import Fault, RecordError, SettingsError
from hub.settings import Settings
from hub.store.audit_entries import AuditEntries
from hub.store.engine import Engine
from hub.store.receipts import Receipts

_MEND = (
    "Keep this store as it is and tell the auditor: `hub audit verify` says where it differs. Bring back the newest "
    "copy of the store, and the keys that belong to it, whose checkpoint the agencies accept"
)


def read_signer(settings: Settings) -> CheckpointSigner:
    """Read the key that signs the log; raise SettingsError when it is missing or cannot be used."""
    file = settings.path(settings.keys.log)
    try:
        seed = file.read_bytes()
    except OSError as error:
        raise _unusable(file, f"keys.log cannot be read ({type(error).__name__})") from None
    if len(seed) != KEY_BYTES:
        raise _unusable(file, f"the key of the log has not {KEY_BYTES} bytes")
    return CheckpointSigner(seed, settings.log.origin)


@contextmanager
def opened_ledger(engine: Engine, settings: Settings, signer: CheckpointSigner) -> Iterator[Ledger]:
    """Open the log for one writer; raise RecordError when its end is not what was signed."""
    with closing(AuditEntries(engine)) as rows:
        try:
            ledger = Ledger(rows, Receipts(engine), signer)
        except BrokenLog as broken:
            file = Path(settings.store_url().removeprefix("sqlite:///"))
            what = f"the audit log is not what it was when it was last signed: {broken}"
            raise RecordError([Fault(file=file, line=1, what=what, mend=_MEND)]) from None
        yield ledger


def _unusable(file: Path, what: str) -> SettingsError:
    mend = "Bring it back from where it is kept: without it no agency believes what this hub records"
    return SettingsError([Fault(file=file, line=1, what=what, mend=mend)])
