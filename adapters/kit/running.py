"""Puts an adapter together out of a manifest and its readers, runs it, and takes it apart again."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sharing.v1.links_pb2 import Hello
from structlog.typing import FilteringBoundLogger

from adapters import VERSION
from adapters.kit.answering import Answering, wall_clock_ms
from adapters.kit.dialling import BackOff, Dialling
from adapters.kit.figures import Figures
from adapters.kit.finding import Answerer
from adapters.kit.journal import Journal
from adapters.kit.link import LATE_SECONDS, Link
from adapters.kit.manifest import Manifest, Route
from adapters.kit.operating import Operating
from adapters.kit.reader import Reader
from adapters.kit.register import OpenHoursSearches
from adapters.kit.renewing import Renewing, renewing_of
from adapters.kit.searching import Searches
from adapters.kit.sharing_events import Writer
from adapters.kit.supervised import Supervisor
from adapters.kit.switch import Switch
from adapters.kit.turns import OpenHoursReader, Turns
from adapters.kit.veto import Vetoes, records_under
from adapters.kit.veto_records import always_under
from adapters.kit.watching import Watching
from adapters.kit.work_queue import WorkQueue, work_queues
from adapters.kit.write_back import WriteBack, write_backs

CONTRACT = 1
INSTANCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One adapter process."""

    manifest: Manifest
    readers: Mapping[str, Reader]
    writers: Mapping[str, Writer]
    queues: Mapping[str, Writer] = field(default_factory=dict)
    log: FilteringBoundLogger
    back_off: BackOff
    make_renewing: Callable[[Manifest, FilteringBoundLogger], Renewing] = renewing_of
    supervisor: Supervisor = field(default_factory=Supervisor)
    late_seconds: float = LATE_SECONDS

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until told to stop; raises JournalFault where the journal cannot be opened."""
        journal = Journal(self.manifest.journal)
        await journal.open()
        limits = self.manifest.limits
        figures = Figures()
        watching = Watching(
            looks_per_second=limits.looks_per_second,
            read_seconds=limits.read_ms / 1000,
            log=self.log,
            looked=figures.looked,
        )
        switch = Switch(read=journal.read, stop=watching.take_back_all, log=self.log)
        answering = self._answering(journal, watching, switch, figures)
        operating = self._operating(answering)
        parts: tuple[Reader | Writer, ...] = (
            *self.readers.values(),
            *self.writers.values(),
            *self.queues.values(),
        )
        try:
            await switch.look()
            for part in parts:
                await part.open()
            renewing = self.make_renewing(self.manifest, self.log)
            works = [switch.run(), *operating.works(stop), *(one.run() for one in self._writing(journal))]
            async with _beside([*works, *([renewing.run()] if self.manifest.hub.renew else [])]):
                diallings = self._diallings(answering, stop, renewing)
                await asyncio.gather(*(dialling.run() for dialling in diallings))
        finally:
            await watching.close()
            await asyncio.gather(*(part.close() for part in parts), return_exceptions=True)
            await journal.close()
            operating.end()

    def _writing(self, journal: Journal) -> list[WriteBack | WorkQueue]:
        questions = {question: route.source for question, route in self.manifest.questions.items()}
        return [
            *write_backs(self.writers, questions, journal=journal, wall_ms=wall_clock_ms, log=self.log),
            *work_queues(self.queues, questions, journal=journal, wall_ms=wall_clock_ms, log=self.log),
        ]

    def _diallings(self, answering: Answering, stop: asyncio.Event, renewing: Renewing) -> list[Dialling]:
        hub = self.manifest.hub
        hello = self._hello()

        def make_link(address: str) -> Link:
            return Link(
                hub=address,
                agency=self.manifest.agency,
                hello=hello,
                answering=answering,
                log=self.log,
                late_seconds=self.late_seconds,
            )

        def dialling(address: str) -> Dialling:
            return Dialling(
                address=address,
                make_link=lambda: make_link(address),
                read_credentials=renewing.files.read,
                turned=renewing.turned,
                stop=stop,
                log=self.log,
                back_off=self.back_off,
            )

        return [dialling(address) for address in hub.addresses]

    def _hello(self) -> Hello:
        return Hello(
            contract=CONTRACT,
            instance=secrets.token_hex(INSTANCE_BYTES),
            program=f"adapter {VERSION}",
            questions=self.manifest.answered,
        )

    def _operating(self, answering: Answering) -> Operating:
        manifest, watching, switch = self.manifest, answering.watching, answering.switch
        return Operating(
            agency=manifest.agency,
            hubs=manifest.hub.addresses,
            figures=answering.figures,
            held=lambda: len(watching),
            is_stopped=lambda: switch.is_stopped,
            wall_ms=wall_clock_ms,
            process=os.getpid(),
            log=self.log,
            supervisor=self.supervisor,
            health_file=manifest.health,
            metrics=manifest.metrics,
        )

    def _answering(self, journal: Journal, watching: Watching, switch: Switch, figures: Figures) -> Answering:
        limits = self.manifest.limits
        # One for each source: by its reader a source is told from the others.
        readers = {
            name: OpenHoursReader(reader=self.readers[name], turns=Turns(source.limits))
            for name, source in self.manifest.sources.items()
        }
        return Answering(
            answerers={question: self._answerer(question, readers) for question in self.manifest.questions},
            vetoes=Vetoes(refuse=frozenset(self.manifest.refuse), rules=self.manifest.veto),
            switch=switch,
            journal=journal,
            asks_at_once=limits.asks_at_once,
            read_seconds=limits.read_ms / 1000,
            wall_ms=wall_clock_ms,
            log=self.log,
            watching=watching,
            figures=figures,
        )

    def _answerer(self, question: str, readers: Mapping[str, OpenHoursReader]) -> Answerer:
        route = self.manifest.questions[question]
        records = self.manifest.records_of(route)
        return Answerer(
            reader=readers[route.source],
            records=records_under(route.records, always_under(self.manifest, question)),
            plain=route.records,
            source=self.manifest.sources[route.source].name,
            keys=records.keys.mapped(),
            fields=frozenset(records.fields),
            wider=records.looking,
            has_terms=records.terms is not None,
            turns=readers[route.source].turns,
            searches=self._searches(route, readers[route.source].turns),
        )

    def _searches(self, route: Route, turns: Turns) -> Searches | None:
        """Give what searches a record set, where its manifest allows it; a hub's word alone does not."""
        reader = self.readers[route.source]
        may_be_searched = bool(getattr(self.manifest.records_of(route), "search", None))
        if not may_be_searched or not isinstance(reader, Searches):
            return None
        return OpenHoursSearches(searches=reader, turns=turns)


@asynccontextmanager
async def _beside(works: Iterable[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Let works go on beside something, and give them up when that has ended."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
