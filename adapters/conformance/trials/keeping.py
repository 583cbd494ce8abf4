"""Silver: the adapter witnesses the hub's log, keeps receipts, and answers out of its journal."""

import asyncio
import json
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import (
    Ask,
    ConnectResponse,
    Contact,
    JournalAsk,
    JournalReply,
    Receipt,
    ReceiptSpan,
    Witnessed,
)
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench
from adapters.conformance.held_link import HeldLink
from adapters.conformance.rules import Broken
from adapters.conformance.signed_log import SignedLog
from adapters.kit.verifying import leaf_hash

SECONDS = 10.0
DISCLOSED_AT_MS = 1_800_000_000_000
DISCLOSURES = 3
FURTHER = 4
_FIELDS = ("given_name", "family_name")

Forgery = tuple[str, Callable[[SignedLog, Witnessed], ConnectResponse]]


def entry_of(ask: Ask, agency: str) -> bytes:
    """Spell the entry of a disclosure as the hub's log has it."""
    said = {
        "v": 1,
        "kind": "disclosure",
        "at_ms": DISCLOSED_AT_MS,
        "request": ask.request_id,
        "agency": agency,
        "requester": ask.requester,
        "requester_agency": ask.requester_agency,
        "access_level": ask.access_level,
        "question": ask.question,
        "purpose": ask.purpose,
        "lawful_basis": ask.lawful_basis,
        "case_reference": ask.case_reference,
        "policy_version": ask.policy_version,
        "fields": list(_FIELDS),
        "records": 1,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


async def witnessed(link: HeldLink, expected: str) -> Witnessed:
    """Wait until the adapter says how far its journal has come."""
    try:
        async with asyncio.timeout(SECONDS):
            return await link.witnessed.get()
    except TimeoutError:
        raise Broken(
            f"{expected} within {SECONDS:g} s",
            "no `witnessed`",
            "Send `witnessed` after the welcome, and after every batch of receipts once it is durable.",
        ) from None


async def disclosed(bench: Bench, link: HeldLink) -> None:
    """Ask about somebody who is known, and put the disclosures into the log."""
    who, person, question = bench.first_known()
    for _ in range(DISCLOSURES):
        ask = bench.make(question, person)
        await bench.reply(ask, who, link)
        bench.hub.log.add(entry_of(ask, bench.hub.agency))


async def receipts_acknowledged(bench: Bench) -> None:
    """Bring receipts to an empty journal and see that they are witnessed."""
    bench.hub.log = SignedLog()
    link = await bench.fresh()
    first = await witnessed(link, "`witnessed` after the welcome")
    if first.size or first.root or first.last_receipt or first.has_refused:
        raise Broken("an empty `witnessed` of an empty journal", "something else", "Read it from the journal.")
    await disclosed(bench, link)
    await _bring(bench, link, first)


async def _bring(bench: Bench, link: HeldLink, after: Witnessed) -> None:
    log = bench.hub.log
    link.send(_batch(log, after, bench.hub.agency))
    said, number = await witnessed(link, "`witnessed` after a batch of receipts"), log.size
    if (said.size, said.root, said.last_receipt) != (log.size, log.root(log.size), number):
        raise Broken(
            f"size {log.size}, its root, and last_receipt {number}",
            f"size {said.size}, last_receipt {said.last_receipt}",
            "Accept a checkpoint whose signature and proofs are right, keep its receipts, and say so.",
        )


def _batch(log: SignedLog, after: Witnessed, agency: str) -> ConnectResponse:
    return ConnectResponse(receipts=log.receipts(agency, after.last_receipt), checkpoint=log.checkpoint(after.size))


async def receipts_kept(bench: Bench) -> None:
    """Kill the adapter and start it again on its journal: it must go on where it stood."""
    await bench.program.kill()
    link = await bench.start()
    said, log = await witnessed(link, "`witnessed` after a restart"), bench.hub.log
    if (said.size, said.root, said.last_receipt) != (log.size, log.root(log.size), log.size):
        raise Broken(
            f"after a kill: size {log.size} with its root, and last_receipt {log.size}",
            f"size {said.size}, last_receipt {said.last_receipt}",
            "Keep receipts and checkpoint in one transaction that is on the disk before `witnessed` is sent.",
        )


async def journal_has_every_receipt(bench: Bench) -> str:
    """Ask for a span of receipts: every number with its hash, in order."""
    log, agency = bench.hub.log, bench.hub.agency
    told = await _ask_journal(bench, JournalAsk(receipts=ReceiptSpan(first=1, last=log.size)))
    held = [(receipt.number, receipt.leaf) for receipt in told.receipts]
    wanted = [(receipt.number, leaf_hash(receipt.entry)) for receipt in log.receipts(agency, 0)]
    if told.status != links_pb2.REPLY_STATUS_ANSWERED or held != wanted:
        raise Broken(
            f"receipts 1 to {len(wanted)} with their hashes, in order",
            f"{len(held)} receipts, {len(set(held) & set(wanted))} of them right",
            "Keep every entry of a receipt as it came, by its number, and answer spans from there.",
        )
    return f"{len(held)} receipts"


async def journal_tells_who_asked(bench: Bench) -> None:
    """Ask on behalf of somebody who is known: each disclosure is told, and no member of staff."""
    log, (_, person, _) = bench.hub.log, bench.first_known()
    told = await _ask_journal(bench, JournalAsk(person=person))
    wanted = [json.loads(entry)["request"] for entry in log.entries]
    came = [entry.request_id for entry in told.entries]
    expected = f"{len(wanted)} entries, oldest first, with agency, level, question, purpose, basis and fields"
    mend = "Note with each ask the own references that were told, and join them with the receipts of its request."
    if told.status != links_pb2.REPLY_STATUS_ANSWERED or came != wanted:
        raise Broken(expected, f"{len(came)} entries, {len(set(came) & set(wanted))} of them right", mend)
    first, said = told.entries[0], json.loads(log.entries[0])
    if [first.requester_agency, first.access_level, first.question, first.purpose, *first.fields] != [
        *(said[name] for name in ("requester_agency", "access_level", "question", "purpose")),
        *said["fields"],
    ]:
        raise Broken(expected, "an entry with other particulars than its receipt", mend)
    if f"tester-{bench.canary}".encode() in told.SerializeToString():
        raise Broken("no member of staff named", "the requester's user name", "Tell agency and access level only.")


async def journal_tells_nobody_else(bench: Bench) -> str:
    """Ask on behalf of somebody unknown, and of the shielded, of whom was told before: nobody has ever asked."""
    shielded = [
        (f"shielded person {number}", one.keys.person()) for number, one in enumerate(bench.people.shielded, start=1)
    ]
    disclosed_of = await _disclosed_of_shielded(bench)
    for who, person in [("somebody unknown", bench.unknown()), *shielded]:
        told = await _ask_journal(bench, JournalAsk(person=person))
        if told.status != links_pb2.REPLY_STATUS_ANSWERED or told.entries:
            raise Broken(
                f"ANSWERED without entries about {who}",
                f"{links_pb2.ReplyStatus.Name(told.status)} with {len(told.entries)} entries",
                "Answer for whoever is protected as if nobody had ever looked.",
            )
    return f"{disclosed_of} disclosures of shielded people before"


async def _disclosed_of_shielded(bench: Bench) -> int:
    """Disclose what those who may see the protected are told, and bring the receipts; says how many there are."""
    link, log = await bench.link(), bench.hub.log
    before = _standing(log)
    for shielded in bench.people.shielded:
        for question in shielded.questions:
            ask = bench.make(question, shielded.keys.person(), with_shielded=True)
            if (await bench.reply(ask, "somebody shielded", link)).reply.records.record_dates:
                log.add(entry_of(ask, bench.hub.agency))
    if log.size > before.size:
        await _bring(bench, link, before)
    return log.size - before.size


async def _ask_journal(bench: Bench, ask: JournalAsk) -> JournalReply:
    link = await bench.link()
    ask.ask_id, ask.request_id, ask.remaining_ms = next(bench.hub.numbers), "conformance-journal", int(SECONDS * 1_000)
    link.send(ConnectResponse(journal_asks=[ask]))
    try:
        async with asyncio.timeout(SECONDS):
            while (told := await link.journal_replies.get()).ask_id != ask.ask_id:
                pass
    except TimeoutError:
        raise Broken(
            f"a journal reply within {SECONDS:g} s", "none", "Answer `journal_asks` out of the agency's journal."
        ) from None
    return told


async def receipts_without_a_gap(bench: Bench) -> None:
    """Bring receipts of which one is missing: they must not be taken for all."""
    link, log, agency = await bench.link(), bench.hub.log, bench.hub.agency
    before = _standing(log)
    for _ in range(FURTHER):
        log.add(_entry(bench, "gap"))
    batch = _batch(log, before, agency)
    del batch.receipts[1]
    link.send(batch)
    await _refused(link, before, "receipts of which one is missing")
    link.send(_batch(log, before, agency))
    said = await witnessed(link, "`witnessed` after the whole batch")
    if said.last_receipt != log.size:
        raise Broken(
            f"the whole batch accepted afterwards, up to {log.size}",
            f"last_receipt {said.last_receipt}",
            "After a refusal go on from where the journal stands.",
        )


async def wrong_proofs_refused(bench: Bench) -> str:
    """Show the adapter forged states of the log, one after another; none may be believed."""
    link, log = await bench.link(), bench.hub.log
    before = _standing(log)
    forgeries = list(_forgeries(bench))
    for what, forge in forgeries:
        link.send(forge(log, before))
        said = await _refused(link, before, what)
        if not said.has_refused:
            mend = "Tell the hub that something was refused, until it is settled."
            raise Broken(f"`has_refused` after {what}", "not set", mend)
    return f"{len(forgeries)} forgeries"


async def _refused(link: HeldLink, before: Witnessed, what: str) -> Witnessed:
    said = await witnessed(link, f"`witnessed` after {what}")
    if (said.size, said.root, said.last_receipt) != (before.size, before.root, before.last_receipt):
        raise Broken(
            f"{what} refused, with the journal where it stood: last_receipt {before.last_receipt}",
            f"it was believed, up to last_receipt {said.last_receipt}",
            "Verify signature, consistency, inclusion, number and agency of what comes before it is kept.",
        )
    return said


def _forgeries(bench: Bench) -> Iterator[Forgery]:
    agency = bench.hub.agency

    def longer(log: SignedLog, *, keep: int, of: str = agency) -> SignedLog:
        other = log.copy(keep)
        while other.size <= log.size:
            other.add(_entry(bench, "forged", of))
        return other

    def foreign_key(log: SignedLog, before: Witnessed) -> ConnectResponse:
        other = longer(log, keep=log.size)
        batch = _batch(other, before, agency)
        batch.checkpoint.CopyFrom(other.checkpoint(before.size, key=Ed25519PrivateKey.generate()))
        return batch

    def changed_entry(log: SignedLog, before: Witnessed) -> ConnectResponse:
        batch = _batch(longer(log, keep=log.size), before, agency)
        batch.receipts[0].entry = batch.receipts[0].entry.replace(b'"records":1', b'"records":0')
        return batch

    def shorter(log: SignedLog, before: Witnessed) -> ConnectResponse:
        checkpoint = log.copy(log.size - 1).checkpoint(0)
        checkpoint.from_size = before.size
        return ConnectResponse(checkpoint=checkpoint)

    def forked(log: SignedLog, before: Witnessed) -> ConnectResponse:
        other = log.copy(log.size - 1)
        other.add(_entry(bench, "forked"))
        return ConnectResponse(checkpoint=other.checkpoint(before.size))

    def rewritten(log: SignedLog, before: Witnessed) -> ConnectResponse:
        return _batch(longer(log, keep=log.size - 2), before, agency)

    def foreign(log: SignedLog, before: Witnessed) -> ConnectResponse:
        other = longer(log, keep=log.size, of="another_agency")
        receipt = other.receipt(before.last_receipt + 1, other.size - 1)
        return ConnectResponse(receipts=[receipt], checkpoint=other.checkpoint(before.size))

    def without_checkpoint(log: SignedLog, before: Witnessed) -> ConnectResponse:
        other = longer(log, keep=log.size)
        return ConnectResponse(
            receipts=[Receipt.FromString(_batch(other, before, agency).receipts[0].SerializeToString())]
        )

    yield "a state signed with another key", foreign_key
    yield "a receipt whose entry was changed", changed_entry
    yield "a log that has become shorter", shorter
    yield "a log with another root at the same size", forked
    yield "a log that was rewritten", rewritten
    yield "another agency's receipt", foreign
    yield "a receipt without a state of the log", without_checkpoint


def _entry(bench: Bench, why: str, agency: str = "") -> bytes:
    _, person, question = bench.first_known()
    ask = bench.make(question, person)
    ask.request_id = f"{why}-{ask.request_id}"
    return entry_of(ask, agency or bench.hub.agency)


def _standing(log: SignedLog) -> Witnessed:
    return Witnessed(size=log.size, root=log.root(log.size), last_receipt=log.size)


async def contacts_kept(bench: Bench) -> None:
    """Pass on a contact about somebody known and about somebody unknown; both are acknowledged, and no more."""
    link = await bench.link()
    for who, person in (("somebody known", bench.first_known()[1]), ("somebody unknown", bench.unknown())):
        contact = _contact(bench, person)
        link.send(ConnectResponse(contacts=[contact]))
        try:
            async with asyncio.timeout(SECONDS):
                while (await link.contact_replies.get()).contact_id != contact.contact_id:
                    pass
        except TimeoutError:
            raise Broken(
                f"a contact reply about {who} within {SECONDS:g} s",
                "none",
                "Keep the contact where the agency's people find it, then acknowledge it, whoever it is about.",
            ) from None


def _contact(bench: Bench, person: PersonKeys) -> Contact:
    return Contact(
        contact_id=next(bench.hub.numbers),
        request_id="conformance-contact",
        person=person,
        requester=f"tester-{bench.canary}",
        requester_name=f"Tester {bench.canary}",
        requester_agency="conformance_tester",
        purpose="safeguarding",
        case_reference=f"CASE-{bench.canary}",
    )
