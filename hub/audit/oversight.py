"""What is recorded of those who look at the record, and of its own keys."""

from collections.abc import Sequence

from hub.audit.leaves import entry
from hub.audit.pseudonyms import Pseudonym
from hub.model.entry import Entry


def searched(auditor: str, at_ms: int, *, by: Sequence[str], found: int) -> Entry:
    """Record that the log was searched: by which kinds of words, never which, and how much was found."""
    return entry("searched", at_ms, auditor=auditor, by=by, found=found)


def exported(auditor: str, at_ms: int, *, first: int, end: int, digest: str) -> Entry:
    """Record that entries were exported: from one position to before another, and the digest of the file."""
    return entry("exported", at_ms, auditor=auditor, first=first, end=end, digest=digest)


def journal_asked(
    request: str, auditor: str, at_ms: int, *, agency: str, about: str, person: Pseudonym | None
) -> Entry:
    """Record that an agency's journal is asked, and about what; the agency gets a receipt of it."""
    named = {} if person is None else {"epoch": person.epoch, "person": person.ways}
    return entry("journal_asked", at_ms, agency, request=request, auditor=auditor, agency=agency, about=about, **named)


def reconciled(auditor: str, at_ms: int, *, agency: str, only_hub: int, only_agency: int) -> Entry:
    """Record what a comparison with an agency's journal found: how many receipts only one side knows."""
    return entry("reconciled", at_ms, auditor=auditor, agency=agency, only_hub=only_hub, only_agency=only_agency)


def epoch_begun(epoch: int, at_ms: int) -> Entry:
    """Record that pseudonyms are made with a new key from here on."""
    return entry("epoch_begun", at_ms, epoch=epoch)


def epoch_destroyed(epoch: int, at_ms: int) -> Entry:
    """Record that the key of an epoch is gone: its pseudonyms mean nothing any more."""
    return entry("epoch_destroyed", at_ms, epoch=epoch)
