"""What `adapter check` looks at beside the sources: certificates, journal, and the hub's addresses."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Error as SqliteError
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.dot_env import check_dot_env
from adapters.kit.errors import ProxyRefused
from adapters.kit.journal import open_journal
from adapters.kit.journal_place import check_place
from adapters.kit.manifest import Hub, Manifest
from adapters.kit.own_key import AGENCY_NAME, agencies_named
from adapters.kit.proxying import Proxy, open_connection
from adapters.kit.reader import Finding, FindingState, Reader
from adapters.kit.search_check import check_searches
from adapters.kit.sharing_events import Writer
from adapters.kit.switch import Turn, last_turn

SOON = timedelta(days=30)
DIAL_SECONDS = 3.0
ASKING = "Ask the hub's administrator for a token, and run `adapter enrol`."
TELLING = "Tell the hub's operator: its authority needs a successor."
RENEWING = "`adapter run` renews it by itself, and logs `certificate_not_renewed` where it cannot."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a check."""

    name: str
    findings: Sequence[Finding]

    @property
    def passed(self) -> bool:
        """Say whether no fault was found; notes are no faults."""
        return all(finding.state is not FindingState.FAULT for finding in self.findings)


async def check_all(
    manifest: Manifest,
    folder: Path,
    readers: Mapping[str, Reader],
    writers: Mapping[str, Writer],
    now: datetime,
    *,
    queues: Mapping[str, Writer] = MappingProxyType({}),
) -> list[Step]:
    """Take every step, also after one that failed; `folder` is the manifest's own."""
    steps = [
        Step(
            name="certificates",
            findings=await asyncio.to_thread(check_certificates, manifest.agency, manifest.hub, now),
        ),
        Step(name="journal", findings=await asyncio.to_thread(check_journal, manifest.journal)),
    ]
    credentials = await asyncio.to_thread(check_dot_env, folder)
    if credentials:
        steps.insert(0, Step(name="credentials", findings=credentials))
    for name, reader in readers.items():
        steps.append(Step(name=f"source {name}", findings=await _check_opened(reader)))
    if searches := check_searches(manifest):
        steps.append(Step(name="register", findings=searches))
    for name, writer in writers.items():
        steps.append(Step(name=f"write-back {name}", findings=await _check_opened(writer)))
    for name, queue in queues.items():
        steps.append(Step(name=f"work queue {name}", findings=await _check_opened(queue)))
    return [*steps, Step(name="hub", findings=await check_hub(manifest.hub))]


async def _check_opened(part: Reader | Writer) -> Sequence[Finding]:
    try:
        await part.open()
        return await part.check()
    except Exception as fault:  # noqa: BLE001  last resort: the fault's words may hold case data, so only its type is told
        return [_fault(f"the check itself failed ({type(fault).__name__})", "Report this.")]
    finally:
        await part.close()


def check_certificates(agency: str, hub: Hub, now: datetime) -> list[Finding]:
    """Look whether the certificates can be read, are in force, name the agency and fit the key."""
    if not any(file.exists() for file in (hub.certificate, hub.key, hub.ca)):
        return [_note("there are no certificates yet, so that the hub cannot be reached", ASKING)]
    try:
        credentials = CredentialFiles.of(hub).read()
        own = x509.load_pem_x509_certificate(credentials.certificate)
        key = load_pem_private_key(credentials.key, password=None)
        authorities = x509.load_pem_x509_certificates(credentials.ca)
    except OSError as fault:
        return [_fault(f"`{fault.filename}` cannot be read ({fault.strerror})", "Check the path and its permissions.")]
    except (ValueError, TypeError):
        return [_fault("a certificate or key is not PEM, or the key needs a password", ASKING)]
    life = own.not_valid_after_utc - own.not_valid_before_utc
    # Whoever renews does so when a third is left: what is older than that has been tried in vain.
    findings = [*_in_force("the certificate", own, now, min(SOON, life / 4), RENEWING if hub.renew else ASKING)]
    for authority in authorities:
        findings += _in_force("the authority's certificate", authority, now, SOON, TELLING)
    if agencies_named(own) != {agency}:
        findings.append(
            _fault(f"the certificate does not name `{AGENCY_NAME}{agency}`", "Check `agency`, or ask for another.")
        )
    if own.public_key() != key.public_key():
        findings.append(_fault("the key does not belong to the certificate", "Check `certificate` and `key`."))
    if hub.key.stat().st_mode & 0o077:
        findings.append(_note("others on this machine may read the key", f"Run: chmod 600 {hub.key}"))
    return findings


def _in_force(what: str, certificate: x509.Certificate, now: datetime, soon: timedelta, mend: str) -> list[Finding]:
    ends = certificate.not_valid_after_utc
    if not certificate.not_valid_before_utc <= now <= ends:
        return [_fault(f"{what} is not in force (until {ends.date()})", ASKING)]
    if ends - now < soon:
        return [_note(f"{what} ends on {ends.date()}", mend)]
    return [_ok(f"{what} is in force until {ends.date()}")]


def check_journal(file: Path) -> list[Finding]:
    """Look at the journal's place, and whether the journal can be written, by beginning to and going back."""
    existed = file.exists()
    place = check_place(file)
    if not file.parent.is_dir():
        return place
    try:
        connection = open_journal(file)
        try:
            connection.execute("BEGIN IMMEDIATE")
            turn = last_turn(connection)
            connection.rollback()
        finally:
            connection.close()
            if not existed:
                file.unlink()
    except (OSError, SqliteError) as fault:
        what = f"the journal cannot be written ({type(fault).__name__})"
        return [_fault(what, f"Check the folder {file.parent}."), *place]
    return [_ok("the journal can be written"), *place, *_switch(turn)]


def _switch(turn: Turn) -> list[Finding]:
    """Say so where all answers are stopped."""
    if not turn.is_stopped:
        return []
    since = datetime.fromtimestamp(turn.turned_at_ms / 1_000, UTC).isoformat(timespec="seconds")
    what = f"all answers are stopped since {since} by {turn.turned_by} ({turn.reason})"
    return [_note(what, "Let them leave again with `adapter resume-answers`.")]


async def check_hub(hub: Hub) -> list[Finding]:
    """Look whether the hub's ports for links admit this adapter's certificate; nothing is sent."""
    try:
        context = ssl.create_default_context(cafile=hub.ca)
        context.load_cert_chain(hub.certificate, hub.key)
        context.set_alpn_protocols(["h2"])
    except (OSError, ssl.SSLError):
        return [_note("the hub was not dialled", "Mend the certificates first.")]
    return [await _dial(address, context, hub.proxy) for address in hub.addresses]


async def _dial(address: str, context: ssl.SSLContext, proxy: Proxy | None) -> Finding:
    try:
        async with asyncio.timeout(DIAL_SECONDS):
            _, writer = await open_connection(address, context, proxy)
    except ProxyRefused as refused:
        return _fault(
            f"the proxy does not let {address} through ({refused})",
            "Check `proxy`, its user and password, and what it lets through.",
        )
    except ssl.SSLCertVerificationError:
        return _fault(f"{address} shows a certificate that `ca` does not vouch for", "Check `addresses` and `ca`.")
    except (OSError, TimeoutError):
        return _note(
            f"{address} does not answer", "The hub may be down; a firewall must let this machine dial out to it."
        )
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return _ok(f"{address} answers and proves who it is")


def _ok(what: str) -> Finding:
    return Finding(state=FindingState.OK, what=what)


def _fault(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.FAULT, what=what, mend=mend)


def _note(what: str, mend: str) -> Finding:
    return Finding(state=FindingState.NOTE, what=what, mend=mend)
