"""What is recorded of agencies' certificates; the agency that an entry is of gets a receipt of it."""

from collections.abc import Sequence

from hub.audit.leaves import entry
from hub.model.entry import Entry


def agency_invited(agency: str, actor: str, at_ms: int, *, expires_at_ms: int) -> Entry:
    """Record that a token was made by which somebody becomes an adapter of an agency."""
    return entry("agency_invited", at_ms, agency, agency=agency, actor=actor, expires_at_ms=expires_at_ms)


def certificate_issued(agency: str, at_ms: int, *, serial: str, ends_at_ms: int, by_token: bool) -> Entry:
    """Record that a certificate is issued to an agency: against a token, or against the one that it has."""
    how = "token" if by_token else "renewal"
    return entry("certificate_issued", at_ms, agency, agency=agency, serial=serial, ends_at_ms=ends_at_ms, how=how)


def agency_changed(what: str, agency: str, actor: str, at_ms: int) -> Entry:
    """Record that an agency is suspended, resumed or revoked."""
    return entry("agency_changed", at_ms, agency, what=what, agency=agency, actor=actor)


def enrolment_refused(at_ms: int) -> Entry:
    """Record that somebody came with a token that opens nothing; whose it once was is not said."""
    return entry("enrolment_refused", at_ms)


def authorities_trusted(fingerprints: Sequence[str], at_ms: int) -> Entry:
    """Record whose certificates count from here on, the authority that issues first."""
    return entry("authorities_trusted", at_ms, authorities=list(fingerprints))
