"""Reads the certificate of a connection: the one agency that it names, and only where it is an agency's certificate.

TLS has verified by then that it was in force and whose it is when the connection began. What TLS does not know is said
here: for whom it stands, that it is for agencies, that an authority issued it which is trusted now, and that the
connection speaks nothing older than TLS 1.3.
"""

from collections.abc import Iterable, Mapping

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID

from hub.model.membership import AgencyCertificate

AGENCY_URI = "urn:sharing:agency:"
TLS_VERSION = b"TLSv1.3"

AuthContext = Mapping[str, Iterable[bytes]]


class NotAnAgency(Exception):
    """Is raised for a connection that is no agency's; the words are for the hub's own log."""


def agency_certificate(context: AuthContext, authorities: bytes) -> AgencyCertificate:
    """Return the certificate of a connection; raise NotAnAgency unless it names one agency, and counts."""
    if tuple(context.get("ssl_tls_version", ())) != (TLS_VERSION,):
        raise NotAnAgency("old_tls")
    shown = tuple(context.get("x509_pem_cert", ()))
    if len(shown) != 1:
        raise NotAnAgency("no_certificate")
    try:
        certificate = x509.load_pem_x509_certificate(shown[0])
        _require_agencys_use(certificate)
        agency = _named(certificate)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise NotAnAgency("unreadable") from None
    return AgencyCertificate(
        agency=agency,
        serial=f"{certificate.serial_number:x}",
        begins_at_ms=int(certificate.not_valid_before_utc.timestamp() * 1_000),
        ends_at_ms=int(certificate.not_valid_after_utc.timestamp() * 1_000),
        authority=_issued_by(certificate, authorities),
    )


def _named(certificate: x509.Certificate) -> str:
    """Return the agency that a certificate names, which must be exactly one."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise NotAnAgency("no_name") from None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    agencies = [uri.removeprefix(AGENCY_URI) for uri in uris if uri.startswith(AGENCY_URI)]
    if len(agencies) != 1:
        raise NotAnAgency("not_one_agency")
    return agencies[0]


def _require_agencys_use(certificate: x509.Certificate) -> None:
    """Refuse what is for servers as well, or for signing: one key must not stand for two things."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        raise NotAnAgency("no_use") from None
    if list(uses) != [ExtendedKeyUsageOID.CLIENT_AUTH] or constraints.ca:
        raise NotAnAgency("wrong_use")


def _issued_by(certificate: x509.Certificate, authorities: bytes) -> str:
    """Return the fingerprint of the authority that issued a certificate itself; raise NotAnAgency where none did.

    A connection outlives the authorities that were trusted when it began, and does not tell whether others stood
    between them and its certificate: so nothing may stand there.
    """
    for authority in x509.load_pem_x509_certificates(authorities):
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return authority.fingerprint(SHA256()).hex()
    raise NotAnAgency("foreign")
