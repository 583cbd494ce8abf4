"""What a hub brings to an agency's journal, and asks of it, over a real link."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import ConnectResponse, Contact, JournalAsk, ReceiptSpan, Witnessed
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from adapters.kit.verifying import leaf_hash
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_sql_link import BASICS, KNOWN, journalled
from tests.integration.adapters.test_sql_link import manifest as manifest  # noqa: PLC0414  a fixture
from tests.lib.link_hub import HeldLink, LinkHub

AGENCY = "social_care"
UNKNOWN = PersonKeys(nhs_number="9434765889")
NEVER_HEARD_OF = PersonKeys(family_name="Nobody", given_name="Known", date_of_birth="2011-01-01")


async def answered(hub: LinkHub, link: HeldLink, question: str = "child_basics") -> str:
    """Ask about the known person, and put the disclosure into the hub's log."""
    ask = hub.make_ask(question, KNOWN, BASICS)
    assert (await link.ask(ask)).status == links_pb2.REPLY_STATUS_ANSWERED
    hub.log.disclose(AGENCY, ask.request_id)
    return ask.request_id


def about(person: PersonKeys, *, remaining_ms: int = 5_000) -> JournalAsk:
    return JournalAsk(ask_id=1, request_id="subject", remaining_ms=remaining_ms, person=person)


async def test_receipts_are_kept_beside_the_asks_that_they_are_of(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        said = await link.has_witnessed()
        assert said == Witnessed()
        request = await answered(hub, link)
        said = await link.bring(hub.log, said)
    assert (said.size, said.last_receipt, said.has_refused) == (1, 1, False)
    connection = journalled(tmp_path, "receipts JOIN asks USING (request_id)", by="number")
    assert [(row["request_id"], row["number"], json.loads(row["own_references"])) for row in connection] == [
        (request, 1, ["1"])
    ]


async def test_a_journal_goes_on_from_where_it_was_after_a_restart(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    hub.log.disclose(AGENCY, "r1", "r2")
    async with run_adapter(manifest):
        link = await hub.link(1)
        await link.bring(hub.log, await link.has_witnessed())
    hub.log.disclose(AGENCY, "r3")
    async with run_adapter(manifest):
        link = await hub.link(2)
        said = await link.has_witnessed()
        assert (said.size, said.root, said.last_receipt) == (2, hub.log.root(2), 2)
        await link.bring(hub.log, said)
    assert [row["number"] for row in journalled(tmp_path, "receipts", by="number")] == [1, 2, 3]


async def test_a_hub_whose_log_was_put_back_is_refused_while_its_questions_are_answered(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path, logged: CapturingLogger
) -> None:
    hub.log.disclose(AGENCY, "r1", "r2")
    async with run_adapter(manifest):
        link = await hub.link()
        said = await link.bring(hub.log, await link.has_witnessed())
        hub.log = hub.log.fork(size=1)
        assert (await link.bring(hub.log, Witnessed(last_receipt=1))).has_refused
        hub.log.disclose(AGENCY, "r2 again", "r3")
        assert (await link.bring(hub.log, said)).has_refused
        assert (await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))).records.cells
    assert [row["why"] for row in journalled(tmp_path, "refusals")] == ["smaller", "rewritten"]
    assert len(journalled(tmp_path, "receipts", by="number")) == 2
    assert "log_refused" in str(logged.calls)


async def test_two_adapters_that_share_a_journal_keep_each_receipt_once(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest), run_adapter(manifest):
        links = [await hub.link(1), await hub.link(2)]
        said = [await link.has_witnessed() for link in links]
        for number in range(20):
            hub.log.disclose(AGENCY, f"r{number}")
            said = list(
                await asyncio.gather(*(link.bring(hub.log, last) for link, last in zip(links, said, strict=True)))
            )
            assert not any(one.has_refused for one in said)
    assert [row["number"] for row in journalled(tmp_path, "receipts", by="number")] == list(range(1, 21))


async def test_the_journal_tells_who_asked_about_a_person_and_about_nobody_else(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    # Somebody else's case bears the number that is the known person's as a child.
    with closing(sqlite3.connect(tmp_path / "care.sqlite")) as care, care:
        care.execute("INSERT INTO case_file VALUES (1, 4, NULL, 'OPEN')")
    async with run_adapter(manifest):
        link = await hub.link()
        said = await link.has_witnessed()
        requests = [await answered(hub, link), await answered(hub, link)]
        somebody_else = PersonKeys(family_name="O'Brien", given_name="Seán", date_of_birth="2009-09-09")
        others = hub.make_ask("child_services", somebody_else, ["service"])
        assert (await link.ask(others)).records.cells
        hub.log.disclose(AGENCY, others.request_id)
        services = hub.make_ask("child_services", KNOWN, ["service"])
        await link.ask(services)
        hub.log.disclose(AGENCY, services.request_id)
        undisclosed = hub.make_ask("child_basics", KNOWN, BASICS)
        await link.ask(undisclosed)
        await link.bring(hub.log, said)
        told = await link.ask_journal(about(KNOWN))
        assert told.status == links_pb2.REPLY_STATUS_ANSWERED
        assert [entry.request_id for entry in told.entries] == [*requests, services.request_id]
        entry = told.entries[0]
        assert (entry.requester_agency, entry.access_level, entry.purpose) == (
            "health",
            "health_visitor",
            "safeguarding",
        )
        assert list(entry.fields) == ["nhs_number", "address"]
        assert "h.visitor" not in str(told)
        for person in (UNKNOWN, NEVER_HEARD_OF, PersonKeys()):
            told = await link.ask_journal(about(person))
            assert told.status == links_pb2.REPLY_STATUS_ANSWERED
            assert not told.entries


async def test_a_person_is_found_in_the_journal_by_names_too(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        said = await link.has_witnessed()
        request = await answered(hub, link)
        await link.bring(hub.log, said)
        by_names = PersonKeys(family_name="Canary-Okafor", given_name="Zoë", date_of_birth="2012-03-07")
        told = await link.ask_journal(about(by_names))
        assert [entry.request_id for entry in told.entries] == [request]


async def test_the_journal_names_the_receipts_of_a_span_by_their_hashes(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    hub.log.disclose(AGENCY, "r1", "r2", "r3")
    async with run_adapter(manifest):
        link = await hub.link()
        await link.bring(hub.log, await link.has_witnessed())
        ask = JournalAsk(ask_id=5, remaining_ms=5_000, receipts=ReceiptSpan(first=2, last=2**64 - 1))
        told = await link.ask_journal(ask)
    assert told.ask_id == 5
    assert [(held.number, held.leaf) for held in told.receipts] == [
        (2, leaf_hash(hub.log.leaves[1])),
        (3, leaf_hash(hub.log.leaves[2])),
    ]


@pytest.mark.parametrize("breaks", ["source", "time", "nothing asked"])
async def test_a_journal_ask_that_cannot_be_answered_says_so(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path, breaks: str
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        if breaks == "source":
            (tmp_path / "care.sqlite").rename(tmp_path / "aside.sqlite")
        ask = JournalAsk(ask_id=1) if breaks == "nothing asked" else about(KNOWN)
        ask.remaining_ms = 0 if breaks == "time" else 5_000
        told = await link.ask_journal(ask)
        statuses = {"nothing asked": links_pb2.REPLY_STATUS_UNABLE}
        assert told.status == statuses.get(breaks, links_pb2.REPLY_STATUS_SOURCE_DOWN)


async def test_a_contact_is_acknowledged_once_it_is_kept_alike_for_known_and_unknown(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        for number, person in enumerate((KNOWN, UNKNOWN, KNOWN), start=1):
            contact = Contact(
                contact_id=number,
                request_id=f"r{min(number, 2)}",
                person=person,
                requester="h.visitor",
                requester_name="Hana Visitor",
                requester_agency="health",
                purpose="safeguarding",
                case_reference="CASE/1",
            )
            link.send(ConnectResponse(contacts=[contact]))
            async with asyncio.timeout(5):
                reply = await link.contact_replies.get()
            assert reply == links_pb2.ContactReply(contact_id=number)
            assert journalled(tmp_path, "contacts")[-1]["request_id"] == contact.request_id
    contacts = journalled(tmp_path, "contacts")
    assert [(row["request_id"], row["nhs_number"], row["requester_name"]) for row in contacts] == [
        ("r1", "9434765919", "Hana Visitor"),
        ("r2", "9434765889", "Hana Visitor"),
    ]
