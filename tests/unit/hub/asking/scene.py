"""The journey's rooms as a scene: a disk that can fail, a day that can be set, links without a network."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.grounds import Keepers
from hub.model.answer import AnswerPart
from hub.model.entry import Entry
from hub.sessions.session import Session
from tests.spec.running import Rooms, holder, rooms
from tests.spec.scenario import TODAY, Question

QUESTION = Question(level="health_visitor", question="child_services", purpose="safeguarding", about="nhs:A")
ALL_HOLD = """
agency          | answers  | nhs_number | service
social_care     | a record | nhs:A      | Assessment team
health          | a record | nhs:A      | Health visiting
schools         | a record | nhs:A      | Attendance
youth_offending | a record | nhs:A      | Prevention
connexions      | a record | nhs:A      | Personal adviser
"""
ONE_IS_SILENT = ALL_HOLD.replace("schools         | a record", "schools         | says nothing")
DOES = [
    *("a record", "nothing", "withholds", "refuses", "is unable", "its system is down", "no status", "says nothing"),
    *(
        "is not connected",
        "breaks off",
        "sends garbage",
        "another's nonce",
        "cells too few",
        "does not know the question",
    ),
]


@dataclass
class Disk:
    """Keeps entries, or fails at a kind of entry; knows who had been asked by then, and may do something afterwards."""

    fails_at: str = ""
    entries: list[Entry] = field(default_factory=list)
    hub: Rooms | None = None
    asked_at: dict[str, int] = field(default_factory=dict)
    after: dict[str, Callable[[], None]] = field(default_factory=dict)

    def append(self, entries: Sequence[Entry]) -> int:
        for entry in entries:
            self.asked_at.setdefault(entry.kind, self.asked())
        if any(entry.kind == self.fails_at for entry in entries):
            raise OSError("no room left")
        self.entries.extend(entries)
        for entry in entries:
            self.after.get(entry.kind, lambda: None)()
        return len(self.entries) - len(entries)

    def asked(self) -> int:
        return sum(len(agency.asks) for agency in self.hub.agencies.values()) if self.hub else 0

    def of_kind(self, kind: str) -> list[dict[str, object]]:
        return [json.loads(entry.body) for entry in self.entries if entry.kind == kind]

    def disclosed(self) -> set[str]:
        """Return the agencies whose disclosure, with fields, has been committed."""
        return {
            agency["agency"]
            for entry in self.of_kind("disclosure")
            for agency in entry["agencies"]  # type: ignore[attr-defined]  # the body of an entry is free JSON
            if "fields" in agency
        }


@dataclass
class Scene:
    hub: Rooms
    session: Session
    disk: Disk
    in_force: PolicyInForce
    now: datetime = TODAY


@asynccontextmanager
async def scene(
    policy: Policy,
    sources: str = ALL_HOLD,
    *,
    fails_at: str = "",
    question: Question = QUESTION,
    most_running: int = 10,
    keepers: Keepers | None = None,
) -> AsyncIterator[Scene]:
    disk, in_force = Disk(fails_at=fails_at), PolicyInForce(policy)
    built: list[Scene] = []

    def now() -> datetime:
        return built[0].now if built else TODAY

    async with rooms(
        sources, in_force, now=now, store=disk, most_running=most_running, keepers=keepers or question.keepers
    ) as hub:
        disk.hub = hub
        session = hub.sessions.require(hub.sessions.open(holder(question.level, policy), is_strong=True))
        built.append(Scene(hub=hub, session=session, disk=disk, in_force=in_force, now=question.at))
        yield built[0]


async def ask(on: Scene, question: Question = QUESTION, seconds: float | None = None) -> list[AnswerPart]:
    async with aclosing(on.hub.asking.ask(on.session, question.asked(), seconds=seconds)) as parts:
        return [part async for part in parts]


def when_first_asked(on: Scene, do: Callable[[], object]) -> None:
    """Do something when all have been asked and none has answered."""
    for agency in on.hub.agencies.values():
        agency.when_asked = do


async def shown(stream: AsyncGenerator[AnswerPart, None], *, agencies: int) -> str:
    """Read an answer until so many agencies' outcomes have been shown; return the request's name."""
    parts = [await anext(stream)]
    while sum(len(part.agencies) for part in parts) < agencies:
        parts.append(await anext(stream))
    assert parts[0].opening is not None
    return parts[0].opening.request_id
