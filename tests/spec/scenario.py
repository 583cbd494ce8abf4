"""What a scenario says: who asks what and why, what the agencies answer, and what the requester then sees."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hub.asking.asked import Asked
from hub.asking.grounds import Keepers
from hub.model.grounds import Confirmed, Informed
from hub.model.request import Request
from hub.sessions.session import Session
from tests.unit.hub.making import nhs_number, upn

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
_CHILDREN = {letter: number for number, letter in enumerate("ABCDEFGH", start=1)}
_NUMBERS = {f"nhs:{letter}": nhs_number(seed) for letter, seed in _CHILDREN.items()} | {
    f"upn:{letter}": upn(seed) for letter, seed in _CHILDREN.items()
}
_NAMES = {number: name for name, number in _NUMBERS.items()}
_FULL_NAME = re.compile(r"(?P<given_name>\S*) (?P<family_name>.*), born (?P<date_of_birth>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as somebody asks it; numbers are written nhs:A, upn:A, names as Zoe Smith, born 2016-03-09.

    `officers` names the agencies whose designated officers have confirmed the ground; `glass` says that it is asked under
    break-glass access.
    """

    level: str
    question: str
    purpose: str
    about: str
    basis: str = "A6_E"
    case: str = "2026/17"
    at: datetime = TODAY
    condition: str = ""
    ground: str = ""
    why: str = ""
    informed: str = ""
    by: str = ""
    officers: str = ""
    glass: str = ""
    more: str = ""

    def asked(self) -> Asked:
        """Spell the question as the hub takes it."""
        keys = dict.fromkeys(("nhs_number", "upn", "given_name", "family_name", "date_of_birth"), "")
        for way in self.about.split(" and "):
            if name := _FULL_NAME.fullmatch(way):
                keys |= name.groupdict()
            elif way:
                kind = "nhs_number" if way.startswith("nhs:") else "upn"
                keys[kind] = number(way) if way in _NUMBERS else way.partition(":")[2]
        return Asked(
            question=self.question,
            purpose=self.purpose,
            lawful_basis=self.basis,
            case_reference=self.case,
            special_condition=self.condition,
            ground=self.ground,
            override_reason=self.why,
            informed=Informed(self.informed or Informed.NOT_SAID),
            informed_by=self.by,
            confirmation="confirmation" if self.officers else "",
            break_glass="access" if self.glass else "",
            needs_more=bool(self.more),
            **keys,
        )

    @property
    def keepers(self) -> Keepers:
        """Return those who keep what officers have decided, and accesses: as the question has it."""
        until = self.at + timedelta(hours=1)
        confirmed = tuple(Confirmed(agency=one, officer="officer", until=until) for one in self.officers.split())
        return Keepers(confirmations=_Confirming(confirmed_ones=confirmed), break_glass=_Opening(until_moment=until))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Confirming:
    """Officers who have said yes."""

    confirmed_ones: tuple[Confirmed, ...]

    async def confirmed(self, request: Request, *, at: datetime) -> tuple[Confirmed, ...]:
        """Say what they have confirmed of this ground."""
        return self.confirmed_ones if request.ground and all(at < one.until for one in self.confirmed_ones) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """An access that has been opened."""

    until_moment: datetime

    async def until(self, session: Session, request: Request, *, at: datetime) -> datetime:
        """Say when it ends."""
        if not (session.requester and request.person and request.break_glass) or at >= self.until_moment:
            raise ValueError("there is no such access")
        return self.until_moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One question with its answer; `sources` says what each agency does, the rest what comes of it."""

    title: str
    because: str = ""
    question: Question
    sources: str
    outcomes: str
    people: str = ""
    disagreements: str = ""
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One question, and what each agency is asked for before anything has come back."""

    title: str
    because: str = ""
    question: Question
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Questions that are refused before any agency is asked; empty cells stand for what is right."""

    title: str
    because: str = ""
    read_alike: bool = False
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menus:
    """Which level may ask which questions, for which purposes."""

    title: str
    because: str = ""
    rows: str


Case = Scenario | Plan | Refusals | Menus


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Scenarios that show one side of the hub's behaviour."""

    title: str
    words: str
    cases: tuple[Case, ...]


def number(name: str) -> str:
    """Return the number that a name like nhs:A stands for; anything else is itself."""
    return _NUMBERS.get(name, name)


def name_of(value: str) -> str:
    """Return the name of a number; anything else is itself."""
    return _NAMES.get(value, value)
