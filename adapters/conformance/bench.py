"""The bench on which an adapter is tried: it is started here, asked, cut off, killed, and its journal kept or lost."""

import asyncio
import os
import secrets
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, ConnectResponse, Looking, Reply
from sharing.v1.records_pb2 import Criteria, PersonKeys, Records

from adapters.conformance.catalogue import Catalogue
from adapters.conformance.held_link import Answer, HeldLink
from adapters.conformance.hub import StandInHub
from adapters.conformance.people import People, Switch
from adapters.conformance.program import Program
from adapters.conformance.rules import Broken, NotTried

LINK_SECONDS = 15.0
GRACE_SECONDS = 0.5
COMMAND_SECONDS = 60.0
NONCE_BYTES = 8


@dataclass(slots=True, kw_only=True)
class Bench:
    """What every trial works with."""

    people: People
    catalogue: Catalogue
    hub: StandInHub
    program: Program
    folder: Path
    secrets: Sequence[str] = field(default=(), repr=False)
    canary: str = field(default_factory=lambda: secrets.token_hex(6))
    sent: list[Ask] = field(default_factory=list, repr=False)
    answers: list[tuple[Ask, Reply]] = field(default_factory=list, repr=False)
    journals: int = 0
    exit_code: int | None = None

    @property
    def journal(self) -> Path:
        """Give the file in which the adapter is to keep its journal now."""
        return self.folder / f"journal-{self.journals}.sqlite"

    async def start(self) -> HeldLink:
        """Start the adapter and wait for its link."""
        held = len(self.hub.links)
        await self.program.start(self.hub.address, self.journal)
        return await self.next_link(held)

    async def next_link(self, held: int, seconds: float = LINK_SECONDS) -> HeldLink:
        """Wait for the link after those that were held; raises Broken where none comes."""
        linked = asyncio.ensure_future(self.hub.link(held + 1))
        ended = asyncio.ensure_future(self.program.ended())
        await asyncio.wait((linked, ended), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        try:
            if linked.done():
                return linked.result()
            came = f"the program ended with {ended.result()}" if ended.done() else "no link"
        finally:
            linked.cancel()
            ended.cancel()
        raise Broken(
            f"a link within {seconds:g} s",
            came,
            "Dial SHARING_HUB_ADDRESS with the certificate, and say hello. What the program printed may say why.",
        )

    async def fresh(self) -> HeldLink:
        """Start the adapter anew with an empty journal; raises Broken where it does not come."""
        await self.program.stop()
        self.journals += 1
        return await self.start()

    async def link(self) -> HeldLink:
        """Give the newest link that has not ended; where there is none, the adapter is started anew."""
        live = [link for link in self.hub.links if not link.ended.is_set()]
        if live:
            return live[-1]
        return await (self.fresh() if self.program.has_ended else self.next_link(len(self.hub.links)))

    def make(
        self,
        question: str,
        person: PersonKeys,
        fields: Iterable[str] | None = None,
        *,
        with_shielded: bool = False,
        remaining_ms: int | None = None,
        looking: Looking | None = None,
    ) -> Ask:
        """Make an ask as a hub does; without `looking`, for exactly who is meant."""
        number = next(self.hub.numbers)
        asked = self.asked(question)
        ask = Ask(
            ask_id=number,
            nonce=os.urandom(NONCE_BYTES),
            question=question,
            person=person,
            fields=asked if fields is None else fields,
            purpose="safeguarding",
            lawful_basis="A6_E",
            case_reference=f"CASE-{self.canary}",
            requester=f"tester-{self.canary}",
            requester_agency="conformance_tester",
            access_level="tester",
            policy_version="conformance-1",
            request_id=f"conformance-{number}",
            remaining_ms=remaining_ms or self.deadline_ms(question),
            with_shielded=with_shielded,
            looking=looking,
        )
        self.sent.append(ask)
        return ask

    def make_search(
        self, question: str, criteria: Criteria, fields: Iterable[str] | None = None, *, most_people: int
    ) -> Ask:
        """Make an ask for whoever fits criteria, as a hub does."""
        ask = self.make(question, PersonKeys(), fields)
        ask.ClearField("person")
        ask.criteria.CopyFrom(criteria)
        ask.looking.CopyFrom(Looking(width=links_pb2.LOOKING_WIDTH_NORMALISED, most_people=most_people))
        return ask

    def asked(self, question: str) -> tuple[str, ...]:
        """List the fields of a question."""
        asked = self.catalogue.questions.get(question)
        return asked.fields if asked is not None else ()

    def deadline_ms(self, question: str) -> int:
        """Give the time that a question has."""
        asked = self.catalogue.questions.get(question)
        return asked.deadline_ms if asked is not None else self.people.deadline_ms

    async def send(
        self, asks: Sequence[Ask], link: HeldLink | None = None, *, remembers: bool = True
    ) -> list[Answer | None]:
        """Send asks in one message and wait for all replies; None for each that does not come in its time.

        What is remembered is judged again at the end, by the rules for whole runs.
        """
        link = link or await self.link()
        expected = [link.expect(ask) for ask in asks]
        link.send(ConnectResponse(asks=asks))
        longest = max(ask.remaining_ms for ask in asks) / 1_000 + GRACE_SECONDS
        await asyncio.wait(expected, timeout=longest)
        answers = [waiting.result() if waiting.done() else None for waiting in expected]
        for ask, answer in zip(asks, answers, strict=True):
            if answer is not None and remembers:
                self.answers.append((ask, answer.reply))
        return answers

    async def reply(self, ask: Ask, who: str, link: HeldLink | None = None, *, remembers: bool = True) -> Answer:
        """Send one ask; raises Broken where no reply comes."""
        (answer,) = await self.send([ask], link, remembers=remembers)
        if answer is None:
            raise Broken(
                f"a reply about {who} within {ask.remaining_ms} ms",
                "none",
                "Reply to every ask in its time, whatever goes wrong; where the source fails, with SOURCE_DOWN.",
            )
        return answer

    def known(self) -> Iterator[tuple[str, PersonKeys, str, Mapping[str, str]]]:
        """Go through whom the agency knows: name in the report, keys, question, values to expect."""
        for number, known in enumerate(self.people.known, start=1):
            for question, values in known.answers.items():
                yield f"known person {number}, {question}", known.keys.person(), question, values

    def first_known(self) -> tuple[str, PersonKeys, str]:
        """Give the first of them."""
        who, person, question, _ = next(self.known())
        return who, person, question

    def unknown(self) -> PersonKeys:
        """Give the first whom nobody knows."""
        return self.people.unknown[0].keys.person()

    async def run_command(self, command: str) -> None:
        """Run a command of the people file; raises NotTried where it fails."""
        try:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(command),
                env=dict(self.program.environment),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            async with asyncio.timeout(COMMAND_SECONDS):
                code = await process.wait()
        except (OSError, TimeoutError, ValueError):
            raise NotTried(f"the command `{command}` of the people file could not be run") from None
        if code:
            raise NotTried(f"the command `{command}` of the people file ended with {code}")

    def switch(self, name: str, switch: Switch | None) -> Switch:
        """Give a switch; raises NotTried where the people file has none."""
        if switch is None:
            raise NotTried(f"the people file has no `{name}`")
        return switch


def rows_of(records: Records) -> list[dict[str, str]]:
    """Spell a table as rows; what is out of form has none."""
    columns, width = list(records.columns), len(records.columns)
    if not width or len(records.cells) % width:
        return []
    cells = list(records.cells)
    return [dict(zip(columns, cells[at : at + width], strict=True)) for at in range(0, len(cells), width)]


def holds_nothing(reply: Reply) -> bool:
    """Tell whether a reply says that nothing is held, and is no error."""
    return reply.status == links_pb2.REPLY_STATUS_ANSWERED and not (
        reply.records.cells or reply.records.record_dates or reply.records.terms
    )


def said(reply: Reply) -> str:
    """Say what a reply is, without anything of a record."""
    status = links_pb2.ReplyStatus.Name(reply.status) if reply.status in links_pb2.ReplyStatus.values() else "no status"
    return f"{status.removeprefix('REPLY_STATUS_')} with {len(reply.records.record_dates)} rows"
