"""Building the hub's rooms, each once and in the order in which they need one another."""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta

from hub.access.in_force import PolicyInForce
from hub.access.reading import texts_in
from hub.access.workshop.workshop import Workshop
from hub.accounts.ceremonies import RelyingParty
from hub.accounts.desk import Desk, open_desk
from hub.accounts.hashing_cost import HashingCost
from hub.accounts.kept import Kept
from hub.accounts.oidc.described import known_issuers
from hub.accounts.oidc.issuers import Issuers
from hub.accounts.passwords import Passwords
from hub.accounts.sealing import Seal
from hub.agreeing.approving import Approving
from hub.agreeing.beginning import begin
from hub.agreeing.process import Process
from hub.agreeing.proposing import Proposing
from hub.agreeing.publishing import Publishing
from hub.agreeing.scales import WorkshopScales
from hub.agreeing.showing import Showing
from hub.agreeing.weighing import Weighing
from hub.asking.ask import Asking
from hub.asking.cards import Cards
from hub.asking.grounds import Keepers
from hub.asking.noticing import Noticing
from hub.asking.withdrawing import Withdrawing
from hub.audit import entries, membership, oversight
from hub.audit.checkpoints import CheckpointSigner
from hub.audit.leaves import read_leaf
from hub.audit.ledger import Ledger
from hub.audit.log import AuditLog
from hub.audit.owed import OwedReceipts
from hub.audit.pseudonyms import Pseudonyms
from hub.auditing.reading import KeptRecord
from hub.auditing.rooms import AuditRooms
from hub.enrolling.enrolling import Enrolling, Lifetimes, Surroundings
from hub.enrolling.membership import Membership
from hub.enrolling.needs import Authorities
from hub.grounds import needs as grounds_needs
from hub.grounds.room import Grounds, KeptGrounds, open_grounds
from hub.links.register import Links
from hub.recording.opening import opened_ledger
from hub.sessions.registry import Sessions
from hub.sessions.session import Session, SessionRules
from hub.settings import Settings
from hub.store.accounts import Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.break_glass import BreakGlassUses
from hub.store.code_seeds import CodeSeeds
from hub.store.confirmations import Confirmations
from hub.store.duties import Duties
from hub.store.engine import Engine, make_lasting, open_store, sole_use
from hub.store.external_identities import ExternalIdentities
from hub.store.invitations import Invitations
from hub.store.known_devices import KnownDevices
from hub.store.members import Members
from hub.store.passkeys import Passkeys
from hub.store.proposals import Proposals
from hub.store.publications import Publications

# Entries about keys of pseudonyms; a key is made once a year or so.
MOST_EPOCHS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What rooms need of the deployment's keys."""

    pseudonyms: Pseudonyms
    signer: CheckpointSigner
    seal: Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Everything that the hub's edges open on to."""

    in_force: PolicyInForce
    audit: AuditLog
    ledger: Ledger
    links: Links
    sessions: Sessions
    asking: Asking
    cards: Cards
    noticing: Noticing
    withdrawing: Withdrawing
    accounts: Accounts
    desk: Desk
    issuers: Issuers
    proposing: Proposing
    approving: Approving
    publishing: Publishing
    showing: Showing
    weighing: Weighing
    grounds: Grounds
    enrolling: Enrolling
    auditing: AuditRooms


@asynccontextmanager
async def built(settings: Settings, secrets: Secrets, authorities: Authorities) -> AsyncIterator[Rooms]:
    """Build every room; on leaving, close them in reverse order.

    Raises PolicyError, SettingsError or RecordError, with all their faults, when there is nothing that could be served.
    """
    folder = texts_in(settings.path(settings.policies))
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_use(settings.store_url()))
        make_lasting(settings.store_url())
        engine = open_store(settings.store_url())
        stack.callback(engine.dispose)
        publications = Publications(engine)
        policy, published = begin(folder, publications)
        ledger = stack.enter_context(opened_ledger(engine, settings, secrets.signer))
        audit = await stack.enter_async_context(AuditLog(ledger, last_at_ms=ledger.last_at_ms))
        await audit.record(entries.policy_in_force(policy.version, _now_ms(), publication=published.number))
        await _record_epochs(audit, AuditEntries(engine), secrets.pseudonyms)
        await _record_authorities(audit, AuditEntries(engine), authorities)

        in_force = PolicyInForce(policy)
        links = Links(ledger=await stack.enter_async_context(OwedReceipts(ledger)))
        audit.listen(lambda appended: links.recorded({receipt.agency for receipt in appended.receipts}))
        rules = SessionRules(**settings.sessions.model_dump())
        endings: list[Callable[[Session], None]] = []
        sessions = Sessions(rules, clock=time.monotonic, on_end=_record_end(audit, endings))
        withdrawing = Withdrawing(in_force, sessions, is_linked=links.is_connected)
        links.on_withdrawal(withdrawing.withdraw_from_source)
        issuers = known_issuers(settings.issuers, settings.folder)
        workshop = await stack.enter_async_context(Workshop())
        accounts = Accounts(engine)
        process = Process(
            proposals=Proposals(engine),
            publications=publications,
            accounts=accounts,
            scales=WorkshopScales(workshop),
            policies=in_force,
            audit=audit,
            issuers={issuer.id: issuer.url for issuer in issuers},
        )
        proposing, showing = Proposing(process), Showing(process)
        around = grounds_needs.Surroundings(policies=in_force, audit=audit, pseudonyms=secrets.pseudonyms)
        grounds = open_grounds(
            around,
            _kept_grounds(engine),
            sessions=sessions,
            showing=showing,
            route=links,
            take_back=withdrawing.take_back,
        )
        endings.append(grounds.opening.session_ended)
        noticing = await stack.enter_async_context(Noticing(in_force=in_force, links=links, audit=audit))
        yield Rooms(
            in_force=in_force,
            audit=audit,
            ledger=ledger,
            links=links,
            sessions=sessions,
            asking=Asking(
                in_force=in_force,
                links=links,
                audit=audit,
                pseudonyms=secrets.pseudonyms,
                most_running=settings.limits.questions_running,
                takes_test_numbers=settings.people.test_numbers,
                keepers=Keepers(confirmations=grounds.officers, break_glass=grounds.opening, duties=grounds.owing),
                noticing=noticing,
            ),
            cards=Cards(
                in_force=in_force,
                audit=audit,
                pseudonyms=secrets.pseudonyms,
                withdrawing=withdrawing,
                noticing=noticing,
            ),
            noticing=noticing,
            withdrawing=withdrawing,
            accounts=accounts,
            desk=_desk(settings, secrets, engine, in_force, stack.enter_context(closing(_passwords(settings)))),
            issuers=await stack.enter_async_context(Issuers(issuers, clock=time.monotonic, wall=time.time)),
            proposing=proposing,
            approving=Approving(process),
            publishing=Publishing(process, proposing, sessions, withdrawing),
            showing=showing,
            weighing=Weighing(process, showing, workshop, newest_entries=AuditEntries(engine).newest),
            grounds=grounds,
            enrolling=_enrolling(settings, Members(engine), authorities, in_force, links, audit),
            auditing=AuditRooms.on(
                KeptRecord(ledger, AuditEntries(engine)),
                journals=links,
                in_force=in_force,
                audit=audit,
                pseudonyms=secrets.pseudonyms,
            ),
        )


def _kept_grounds(engine: Engine) -> KeptGrounds:
    return KeptGrounds(confirmations=Confirmations(engine), uses=BreakGlassUses(engine), duties=Duties(engine))


def _passwords(settings: Settings) -> Passwords:
    return Passwords(HashingCost(memory_kib=settings.passwords.memory_kib, passes=settings.passwords.passes))


def _desk(settings: Settings, secrets: Secrets, engine: Engine, in_force: PolicyInForce, passwords: Passwords) -> Desk:
    kept = Kept(
        accounts=Accounts(engine),
        devices=KnownDevices(engine),
        seeds=CodeSeeds(engine),
        passkeys=Passkeys(engine),
        invitations=Invitations(engine),
        identities=ExternalIdentities(engine),
    )
    domain, origin = settings.sign_in.relying_party, settings.sign_in.origin
    return open_desk(
        kept,
        passwords=passwords,
        seal=secrets.seal,
        known_levels=lambda: in_force.policy.levels,
        party=RelyingParty(id=domain, origin=origin) if domain and origin else None,
    )


def _record_end(audit: AuditLog, endings: Iterable[Callable[[Session], None]]) -> Callable[[Session, int], None]:
    def record(session: Session, dropped: int) -> None:
        why = session.ended_by.value if session.ended_by else ""
        for ending in endings:
            ending(session)
        audit.submit(entries.session_ended(session.requester.user_name, _now_ms(), why=why, dropped=dropped))

    return record


async def _record_epochs(audit: AuditLog, rows: AuditEntries, pseudonyms: Pseudonyms) -> None:
    """Record which keys of pseudonyms have come or gone while no hub ran."""
    before = (entry for _, entry in rows.newest(MOST_EPOCHS, ("epoch_begun", "epoch_destroyed")))
    if changed := oversight.epochs_changed(pseudonyms.epochs, before, _now_ms()):
        await audit.record(*changed)


async def _record_authorities(audit: AuditLog, rows: AuditEntries, authorities: Authorities) -> None:
    """Record which authorities count, unless they are those that counted when a hub last ran."""
    before = [read_leaf(entry.leaf)["authorities"] for _, entry in rows.newest(1, ("authorities_trusted",))]
    if before != [list(authorities.fingerprints)]:
        await audit.record(membership.authorities_trusted(authorities.fingerprints, _now_ms()))


def _enrolling(
    settings: Settings,
    store: Members,
    authorities: Authorities,
    in_force: PolicyInForce,
    links: Links,
    audit: AuditLog,
) -> Enrolling:
    return Enrolling(
        Surroundings(
            store=store,
            membership=Membership(store, authorities, lambda agency: agency in in_force.policy.agencies, _now_ms),
            authorities=authorities,
            links=links,
            audit=audit,
            lifetimes=Lifetimes(
                certificate=timedelta(days=settings.certificates.days),
                token=timedelta(hours=settings.certificates.token_hours),
            ),
            monotonic=time.monotonic,
            now_ms=_now_ms,
        )
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
