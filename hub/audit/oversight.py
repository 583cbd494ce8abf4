"""What is recorded of those who look at the record, and of its own keys."""

from collections.abc import Collection, Iterable, Mapping

from hub.audit.leaves import entry, read_leaf
from hub.audit.pseudonyms import Pseudonym
from hub.model.entry import Entry


def looked(
    auditor: str,
    at_ms: int,
    *,
    auditor_agency: str,
    what: str,
    particulars: Mapping[str, object],
    person: Pseudonym | None = None,
) -> Entry:
    """Record that somebody looks into the log: how, for what, and about whom if that is one person."""
    by = {"auditor": auditor, "requester_agency": auditor_agency}
    return entry("audit_looked", at_ms, **by, **_about(person), what=what, particulars=particulars)


def look_refused(auditor: str, at_ms: int, *, auditor_agency: str, what: str, reason: str) -> Entry:
    """Record that somebody would have looked who may not."""
    by = {"auditor": auditor, "requester_agency": auditor_agency}
    return entry("audit_refused", at_ms, **by, what=what, reason=reason)


def journal_asked(  # noqa: PLR0913 - each is a particular of the entry
    request: str,
    auditor: str,
    at_ms: int,
    *,
    auditor_agency: str,
    agency: str,
    case_reference: str,
    person: Pseudonym | None,
) -> Entry:
    """Record that an agency's journal is asked who looked at a person; the agency gets a receipt of it."""
    by = {"auditor": auditor, "requester_agency": auditor_agency}
    asked = {"request": request, "agency": agency, "case_reference": case_reference}
    return entry("journal_asked", at_ms, agency, **by, **_about(person), **asked)


def epoch_begun(epoch: int, at_ms: int) -> Entry:
    """Record that pseudonyms are made with a new key from here on."""
    return entry("epoch_begun", at_ms, epoch=epoch)


def epoch_destroyed(epoch: int, at_ms: int) -> Entry:
    """Record that the key of an epoch is gone: its pseudonyms mean nothing any more."""
    return entry("epoch_destroyed", at_ms, epoch=epoch)


def epochs_changed(epochs: Collection[int], before: Iterable[Entry], at_ms: int) -> list[Entry]:
    """Record which epochs have a key now and had none, and the other way round, by what was recorded of it before."""
    said = [(entry.kind, read_leaf(entry.leaf)["epoch"]) for entry in before]
    begun = {epoch for kind, epoch in said if kind == "epoch_begun"}
    gone = {epoch for kind, epoch in said if kind == "epoch_destroyed"}
    return [
        *(epoch_begun(epoch, at_ms) for epoch in sorted(set(epochs) - begun)),
        *(epoch_destroyed(epoch, at_ms) for epoch in sorted(begun - gone - set(epochs))),
    ]


def _about(person: Pseudonym | None) -> dict[str, object]:
    return {} if person is None else {"epoch": person.epoch, "person": person.ways}
