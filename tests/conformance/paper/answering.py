"""How the paper agency's adapter answers one ask, rightly or wrongly."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sharing.v1 import links_pb2, records_pb2
from sharing.v1.links_pb2 import Ask, Reply
from sharing.v1.records_pb2 import Consent, PersonKeys, Records, Terms

from tests.conformance.paper.journal import PaperJournal
from tests.conformance.paper.source import Source, SourceDown
from tests.conformance.paper.wrongs import Wrong

QUESTIONS, REFUSED, REGISTER = ("child_basics", "child_services"), "child_health", "child_register"
CHANGED, STALE = "2026-01-31", "2020-01-31"
LONGEST = 200
SHIELDS = {"person": records_pb2.SHIELD_PERSON, "absolute": records_pb2.SHIELD_ABSOLUTE}
CROWD, MOST_PEOPLE = 80, 10

Sheet = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswering:
    """Answers out of the sheets, and notes in the journal of whom it told."""

    source: Source
    journal: PaperJournal
    wrong: Wrong | None

    async def answer(self, ask: Ask, *, place: int = 0, waiting: int = 0) -> Reply | None:
        """Answer an ask, the so-many-th of its message; nothing where no reply is sent."""
        if ask.HasField("criteria"):
            return await self._search(ask)
        return await self._answer_about_somebody(ask, place, waiting)

    async def _answer_about_somebody(self, ask: Ask, place: int, waiting: int) -> Reply | None:
        if ask.question not in QUESTIONS:
            return self._without_looking(ask)
        if self.wrong is Wrong.TURNS_A_CROWD_AWAY and waiting > CROWD:
            return self._reply(ask, links_pb2.REPLY_STATUS_SOURCE_DOWN)
        if not (ask.person.nhs_number or ask.person.family_name):
            return await self._nobody_in_particular(ask)
        is_slow = self.source.mode == "slow"
        try:
            async with asyncio.timeout(
                None if self.wrong is Wrong.IGNORES_DEADLINES else ask.remaining_ms / 1_000 * 0.9
            ):
                found = await self._found(ask)
        except (SourceDown, TimeoutError):
            return self._down(ask)
        if self.wrong is Wrong.IGNORES_DEADLINES and is_slow:
            return None
        if self.wrong is Wrong.PRINTS_KEYS:
            sys.stderr.write(f"looked for {ask.person.nhs_number}\n")
            sys.stderr.flush()
        if self.wrong is Wrong.EMPTIES_BATCHES and place:
            found = []
        return await self._bounded(ask, found)

    async def _bounded(self, ask: Ask, found: Sequence[Sheet]) -> Reply:
        most = ask.looking.most_people or MOST_PEOPLE
        if len(found) > most and self.wrong is not Wrong.SENDS_A_CROWD:
            if self.wrong is not Wrong.CUTS_A_CROWD_SHORT:
                return self._reply(ask, links_pb2.REPLY_STATUS_UNABLE)
            found = found[:most]
        return await self._about(ask, found)

    async def _search(self, ask: Ask) -> Reply:
        try:
            found = await self.source.search(ask.criteria, finds_everybody=self.wrong is Wrong.FINDS_EVERYBODY)
        except SourceDown:
            return self._down(ask)
        if self.wrong is not Wrong.FINDS_THE_SHIELDED:
            found = [sheet for sheet in found if not (self._is_hidden(ask, sheet) or "veto" in sheet)]
        if len(found) > ask.looking.most_people:
            if self.wrong is not Wrong.TELLS_OF_THE_FIRST:
                return self._reply(ask, links_pb2.REPLY_STATUS_UNABLE)
            found = found[: ask.looking.most_people]
        return self._table(ask, found)

    async def _found(self, ask: Ask) -> Sequence[Sheet]:
        person = self._believed(ask.person)
        is_wide = ask.looking.width > links_pb2.LOOKING_WIDTH_EXACT
        return await self.source.find_near(person, by_letter=not is_wide or self.wrong is Wrong.COMPARES_BY_LETTER)

    def _believed(self, person: PersonKeys) -> PersonKeys:
        if self.wrong is Wrong.BELIEVES_CONDITIONS and "OR '1'='1" in person.nhs_number:
            return PersonKeys(nhs_number="9434765919")
        return person

    def _without_looking(self, ask: Ask) -> Reply:
        status = links_pb2.REPLY_STATUS_REFUSED if ask.question == REFUSED else links_pb2.REPLY_STATUS_UNABLE
        if self.wrong is (Wrong.ANSWERS_WHAT_IS_REFUSED if ask.question == REFUSED else Wrong.ANSWERS_ANYTHING):
            return self._table(ask, [])
        return self._reply(ask, status)

    async def _nobody_in_particular(self, ask: Ask) -> Reply:
        if self.wrong is Wrong.EVERYBODY_WITHOUT_KEYS:
            return self._table(ask, self.source.sheets()[:2])
        if self.wrong is Wrong.TAKES_TOO_LONG_OVER_NOBODY:
            await asyncio.sleep(ask.remaining_ms / 1_000 + 0.35)
        return self._reply(ask, links_pb2.REPLY_STATUS_UNABLE)

    def _down(self, ask: Ask) -> Reply:
        hides = {"stopped": Wrong.NOTHING_WHEN_STOPPED, "garbled": Wrong.NOTHING_WHEN_GARBLED}
        if self.wrong is not None and hides.get(self.source.mode) is self.wrong:
            return self._table(ask, [])
        return self._reply(ask, links_pb2.REPLY_STATUS_SOURCE_DOWN)

    async def _about(self, ask: Ask, found: Sequence[Sheet]) -> Reply:
        if not found and self.wrong is Wrong.ERROR_FOR_UNKNOWN:
            return self._reply(ask, links_pb2.REPLY_STATUS_SOURCE_DOWN)
        tells = self.wrong is Wrong.TELLS_OF_SHIELDED_IF_NEAR and not ask.person.nhs_number
        if any(self._is_hidden(ask, sheet) for sheet in found) and not tells:
            if self.wrong is Wrong.HESITATES_OVER_SHIELDED:
                await asyncio.sleep(0.04)
            if self.wrong is Wrong.WITHHOLDS_SHIELDED:
                return self._reply(ask, links_pb2.REPLY_STATUS_WITHHELD)
            return self._table(ask, [])
        if any("veto" in sheet for sheet in found) and self.wrong is not Wrong.OVERRULES_THE_VETO:
            return self._withheld(ask) if ask.with_shielded else self._table(ask, [])
        for sheet in found:
            self.journal.told(ask.request_id, sheet["nhs_number"])
        is_wide = ask.looking.width > links_pb2.LOOKING_WIDTH_EXACT
        if found and not is_wide and self.wrong is Wrong.ADDS_A_SIBLING:
            found = [*found, *(sheet for sheet in self.source.sheets()[:2] if sheet not in found)]
        return self._table(ask, found)

    def _is_hidden(self, ask: Ask, sheet: Sheet) -> bool:
        return sheet.get("shield") == "absolute" or ("shield" in sheet and not ask.with_shielded)

    def _withheld(self, ask: Ask) -> Reply:
        reply = self._reply(ask, links_pb2.REPLY_STATUS_WITHHELD)
        if self.wrong is Wrong.SENDS_RECORDS_BESIDE:
            reply.records.source = "Paper"
        return reply

    def _reply(self, ask: Ask, status: links_pb2.ReplyStatus) -> Reply:
        nonce = b"" if self.wrong is Wrong.FORGETS_NONCES else ask.nonce
        return Reply(ask_id=ask.ask_id, nonce=nonce, status=status)

    def _table(self, ask: Ask, found: Sequence[Sheet]) -> Reply:
        columns = list(ask.fields)
        if self.wrong is Wrong.SENDS_ALL_FIELDS and "address" not in columns and not ask.HasField("criteria"):
            columns.append("address")
        if self.wrong is Wrong.ADDS_A_NOTE and "postcode" in columns:
            # Only where everything is asked for anyhow.
            columns.append("note")
        if self.wrong is Wrong.SEARCHES_WITH_ALL_FIELDS and ask.HasField("criteria") and "gender" not in columns:
            columns.append("gender")
        terms = [self.terms(sheet) for sheet in found]
        reply = self._reply(ask, links_pb2.REPLY_STATUS_ANSWERED)
        records = Records(
            columns=columns,
            cells=[self._cell(sheet, name) for sheet in found for name in columns],
            record_dates=[self._changed() for _ in found],
            source="" if self.wrong is Wrong.NAMES_NO_SOURCE else "Paper",
            retrieved_at_ms=time.time_ns() // 1_000_000,
            terms=terms,
            terms_of_row=range(1, len(terms) + 1),
        )
        reply.records.CopyFrom(records)
        return reply

    def _changed(self) -> str:
        if self.source.mode != "stale":
            return CHANGED
        return datetime.now(UTC).date().isoformat() if self.wrong is Wrong.NEVER_GROWS_OLD else STALE

    def terms(self, sheet: Sheet) -> Terms:
        """Say what the sheet says about letting it leave."""
        given = sheet.get("consent") == "given"
        state = records_pb2.CONSENT_STATE_EXPLICIT if given else records_pb2.CONSENT_STATE_UNSPECIFIED
        shield = SHIELDS.get(sheet.get("shield", ""), records_pb2.SHIELD_UNSPECIFIED)
        if self.wrong is Wrong.FORGETS_SHIELDS:
            shield = records_pb2.SHIELD_UNSPECIFIED
        return Terms(consent=Consent(state=state), shield=shield)

    def _cell(self, sheet: Sheet, name: str) -> str:
        value = sheet.get(name, "")
        if name == "gender" and self.wrong is Wrong.MAPS_WRONGLY:
            return "other"
        if name == "involved_since" and value and self.wrong is Wrong.WRITES_DAYS_AS_IT_LIKES:
            return "29/02/2020"
        if self.wrong is Wrong.PASSES_CONTROL_CHARACTERS:
            return value[:LONGEST]
        if name == "date_of_birth" and value == "2011-02-31":
            return ""
        return "".join(mark for mark in value if mark.isprintable())[:100]
