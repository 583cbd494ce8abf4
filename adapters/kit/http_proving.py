"""Proves for `adapter check` that an HTTP source can know its adapter: the certificate first, then the token."""

import asyncio
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.kit.errors import SourceFault
from adapters.kit.http_access import ClientCertificate, OAuth2
from adapters.kit.http_faults import mend_for
from adapters.kit.reader import Finding, FindingState
from adapters.kit.tokens import Token, Tokens

STEP = "client certificate"


async def prove(certificate: ClientCertificate | None, tokens: Tokens | None, deadline: float) -> list[Finding]:
    """Take each step that the manifest names, in the order in which the source would; no secret is told."""
    findings: list[Finding] = []
    if certificate is not None:
        findings.append(await asyncio.to_thread(check_certificate, certificate, datetime.now(UTC)))
    is_faulty = any(found.state is FindingState.FAULT for found in findings)
    if tokens is not None and not is_faulty:
        findings.append(await _check_token(tokens, deadline))
    return findings


def check_certificate(own: ClientCertificate, now: datetime) -> Finding:
    """Look whether certificate and key can be read, belong together, and are in force."""
    try:
        certificate = x509.load_pem_x509_certificate(own.certificate.read_bytes())
        key = load_pem_private_key(own.key.read_bytes(), password=None)
    except OSError as fault:
        return _fault(f"{STEP}: `{fault.filename}` cannot be read ({fault.strerror})", "Check path and permissions.")
    except (ValueError, TypeError):
        return _fault(f"{STEP}: it or its key is not PEM, or the key needs a password", "Ask its issuer for PEM files.")
    if certificate.public_key() != key.public_key():
        return _fault(f"{STEP}: the key does not belong to it", "Check `certificate` and `key`.")
    ends = certificate.not_valid_after_utc
    if not certificate.not_valid_before_utc <= now <= ends:
        return _fault(f"{STEP}: it is not in force (until {ends.date()})", "Ask its issuer for a new one.")
    if own.key.stat().st_mode & 0o077:
        what = f"{STEP}: others on this machine may read its key"
        return Finding(state=FindingState.NOTE, what=what, mend=f"Run: chmod 600 {own.key}")
    return Finding(state=FindingState.OK, what=f"{STEP}: it is in force until {ends.date()}")


async def _check_token(tokens: Tokens, deadline: float) -> Finding:
    try:
        token = await tokens.current(deadline)
    except SourceFault as fault:
        why = fault.because.value if fault.because is not None else f"no token can be had ({fault.kind.value})"
        return _fault(f"token endpoint: {why}", mend_for(fault))
    return _scopes(token, tokens.account)


def _scopes(token: Token, account: OAuth2) -> Finding:
    """Say which scopes were asked for and not given, which a token endpoint need not call an error."""
    missing = sorted(set(account.scopes) - token.scopes) if token.scopes is not None else []
    seconds = round(token.ends_at - token.since)
    if missing:
        listed = ", ".join(f"`{scope}`" for scope in missing)
        return _fault(f"token endpoint: its token is without the scope {listed}", "Ask its operator for that scope.")
    return Finding(state=FindingState.OK, what=f"token endpoint: it gives a token for {seconds} seconds")


def _fault(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.FAULT, what=what, mend=mend)
