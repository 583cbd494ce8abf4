"""Why an HTTP source failed, as far as that is known: words of ours, with the mend for each."""

from collections.abc import Mapping
from enum import StrEnum

from adapters.kit.errors import SourceFault, SourceFaultKind


class Because(StrEnum):
    """Is the step that failed; nothing that a source said is part of it."""

    CERTIFICATE_UNREADABLE = "`ca` or `client_certificate` cannot be read, or the key does not fit"
    UNTRUSTED = "it shows a certificate that `ca` does not vouch for"
    CERTIFICATE_REFUSED = "it ends the TLS connection before it replies, as one does that wants another certificate"
    NOT_SIGNED_IN = "it does not accept who the adapter says that it is (401)"
    NOT_ALLOWED = "it knows the adapter and does not let it read this (403)"
    NOT_THERE = "there is nothing at this address (404)"
    LEADS_ELSEWHERE = "it leads to another address (3xx), and no redirect is followed"
    COMPRESSED = "it sends compressed what was asked for plain"
    ISSUER_UNREACHABLE = "the token endpoint does not answer"
    ISSUER_UNTRUSTED = "the token endpoint shows a certificate that is not vouched for"
    ISSUER_CERTIFICATE = "the token endpoint ends the TLS connection, as one does that wants another certificate"
    ISSUER_CLIENT = "the token endpoint does not accept the client or its secret"
    ISSUER_SCOPE = "the token endpoint does not give this scope"
    ISSUER_GRANT = "the token endpoint does not let this client have a token by itself"
    ISSUER_REFUSED = "the token endpoint refuses"
    ISSUER_BUSY = "the token endpoint asks to wait"
    ISSUER_UNREADABLE = "what the token endpoint gives is no bearer token"


_CREDENTIALS = "Check `client_id`, `${…}` of `client_secret`, and whether it wants `sent_in: body`."

MENDS: Mapping[SourceFaultKind, str] = {
    SourceFaultKind.UNREACHABLE: "Check `url` and `ca`, and that it is up.",
    SourceFaultKind.REFUSED: "Check `path`, `api_key`, and what its account may read.",
    SourceFaultKind.GARBAGE: "It did not answer as declared: check `url`, `path` and `rows`.",
    SourceFaultKind.TOO_MUCH: "It answered with more than 4 MiB: use `paging`.",
    SourceFaultKind.ELSEWHERE: "A path leads to another host: check `path`.",
    SourceFaultKind.LATE: "It did not answer within ten seconds.",
    SourceFaultKind.STALE: "What it holds is older than it may be.",
    SourceFaultKind.CLOSED: "The agency has closed it at this hour (`limits.closed`): try again outside it.",
    SourceFaultKind.TOO_DEAR: "It would cost more than the agency allows (`limits`).",
    SourceFaultKind.BUSY: "It asks to wait: lower `requests_per_second`, or ask its operator for more.",
}

MENDS_BY_CAUSE: Mapping[Because, str] = {
    Because.CERTIFICATE_UNREADABLE: "Check the paths, and that key and certificate belong together.",
    Because.UNTRUSTED: "Check `url`, and put the authority of its certificate into `ca`.",
    Because.CERTIFICATE_REFUSED: "Check `client_certificate` with the source's operator: authority, name, dates.",
    Because.NOT_SIGNED_IN: "Check `api_key`, `basic`, or the `audience` of `oauth2`: the source takes other tokens.",
    Because.NOT_ALLOWED: "Ask its operator for the scope or the role that may read this, and check `scopes`.",
    Because.NOT_THERE: "Check `url` and `path`.",
    Because.LEADS_ELSEWHERE: "Write the address that it leads to into `url` and `path`.",
    Because.COMPRESSED: "Have its operator, or the gateway before it, honour `Accept-Encoding: identity`.",
    Because.ISSUER_UNREACHABLE: "Check `token_url`, and that this machine may reach it.",
    Because.ISSUER_UNTRUSTED: "Check `token_url`, and put the authority of its certificate into `oauth2.ca`.",
    Because.ISSUER_CERTIFICATE: "Check `client_certificate` with the operator of the token endpoint.",
    Because.ISSUER_CLIENT: _CREDENTIALS,
    Because.ISSUER_SCOPE: "Check `scopes`, and which of them the client may have.",
    Because.ISSUER_GRANT: "Have the client credentials grant allowed for this client.",
    Because.ISSUER_REFUSED: "Check `token_url`, `scopes` and `audience`.",
    Because.ISSUER_BUSY: "Wait; if it stays so, ask its operator.",
    Because.ISSUER_UNREADABLE: "Check `token_url`: it must be the token endpoint itself.",
}


def mend_for(fault: SourceFault) -> str:
    """Give the mend of a fault: by its cause where that is known."""
    return MENDS_BY_CAUSE[fault.because] if isinstance(fault.because, Because) else MENDS[fault.kind]
