"""Following a page step by step: its marked blocks, the people who type them, and what stands for what was printed."""

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp

from tests.lib.deployment import environment
from tests.lib.terminal import Answer, Seen, on_terminal

_BLOCK = re.compile(
    r"<!-- (?P<what>run|write|insert|append): (?P<where>.+?) -->\n```\w+\n(?P<text>.*?)```"
    r"|<!-- shows: (?P<shown>.+?) -->",
    re.DOTALL,
)
# A word of the page → how to find what it stands for in what a command has shown.
_STANDS_FOR = {
    "PROPOSAL": r"Proposal (\w+) by",
    "NUMBER": r"Publication (\d+) is in force",
    "CONFIRMATION": r"(\w+) was put to the designated officers",
    "ACCESS": r"--break-glass (\w+)",
    "DUTY": r"(\w+) +consent form",
    "POSITION": r"^(\d+), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\): ",
}
_INVITATION = re.compile(r"^([A-Za-z0-9_-]{30,})\s*$", re.MULTILINE)
_STEP_SECONDS = 30
PATIENCE_SECONDS = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One marked block of a page, or a mark of what the block before it has shown."""

    what: str
    where: str
    text: str

    def commands(self) -> list[list[str]]:
        """Take the commands of a block apart as a shell does."""
        return [shlex.split(line)[1:] for line in self.text.splitlines() if line.startswith("hub ")]


@dataclass(slots=True, kw_only=True)
class Authenticator:
    """Shows codes as a telephone does, and never the same one twice."""

    seed: str = ""
    last_step: int = 0

    def code(self, _shown: str = "") -> str:
        """Return a code that has not been used: the present one, the next, or after waiting for it."""
        if not self.seed:
            return ""
        now = time.time() / _STEP_SECONDS
        self.last_step = max(int(now), self.last_step + 1)
        if self.last_step > int(now) + 1:
            # The clock of a real hub in a process of its own cannot be set; people wait as well.
            time.sleep((self.last_step - 1 - now) * _STEP_SECONDS)
        return pyotp.TOTP(self.seed).generate_otp(self.last_step)

    def first_code(self, shown: str) -> str:
        """Take the seed over from what the terminal shows, and return its first code."""
        found = re.search(r"Seed: (\w+)", shown)
        assert found, shown
        self.seed = found[1]
        return self.code()


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody at a terminal, with a folder of their own."""

    name: str
    folder: Path
    password: str = "kestrel-harbour-thimble"
    authenticator: Authenticator = field(default_factory=Authenticator)


@dataclass(slots=True, kw_only=True)
class Walk:
    """Goes through a page in a folder; keeps what was printed for the words that stand for it."""

    desk: Path
    people: dict[str, Person]
    words: dict[str, str]
    invitation: str = ""
    done: list[list[str]] = field(default_factory=list)
    shown: str = ""
    """What the last block has shown."""

    async def take(self, step: Step) -> None:
        """Do what one block says."""
        if step.what == "shows":
            assert step.text in self.shown, f"“{step.text}” is not in:\n{self.shown}"
        elif step.what == "run":
            self.shown = ""
            for command in step.commands():
                await self._type(step.where, [self.words.get(word, word) for word in command])
        else:
            _edit(self.desk, step)

    async def _type(self, who: str, words: list[str]) -> None:
        person = self.people[who]
        seen = await on_terminal(
            words,
            self._answers(person, words),
            # Without styles, so that what is printed can be read as people read it; wide, so that nothing is broken.
            environment=environment() | {"HUB_AT": str(person.folder), "TERM": "dumb", "COLUMNS": "300"},
            folder=self.desk,
            seconds=PATIENCE_SECONDS,
        )
        assert seen.code == 0, f"{who}: hub {shlex.join(words)}\n{seen.shown}"
        self.done.append(words)
        self.shown += seen.shown
        self._learn(words, seen)

    def _answers(  # noqa: PLR0911  (one for each command that asks)
        self, person: Person, words: list[str]
    ) -> list[tuple[str, Answer]]:
        """Say what a person types at each command that asks for something."""
        match words:
            case ["signin", name]:
                return [(f"Password of {name}: ", person.password), ("none\\): ", person.authenticator.code)]
            case ["stepup"]:
                return [("second factor: ", person.authenticator.code)]
            case ["factor", "add"]:
                return [("later\\): ", person.authenticator.first_code)]
            case ["accept"]:
                new = person.password
                return [("invitation: ", self.invitation), ("choose: ", new), ("once more: ", new)]
            case ["policy", "approve", *_] | ["break-glass", "open", *_]:
                return [("Type yes: ", "yes")]
            case ["audit", "destroy-epoch", _, epoch]:
                return [(rf"destroyed \({epoch}\): ", epoch), ("type destroy: ", "destroy")]
            case _:
                return []

    def _learn(self, words: list[str], seen: Seen) -> None:
        """Remember what later steps need."""
        for word, pattern in _STANDS_FOR.items():
            if found := re.findall(pattern, seen.shown, re.MULTILINE):
                self.words[word] = found[-1]
        match words:
            case ["account", "add", _, name, *_]:
                self.people[name].password = seen.shown.splitlines()[0].strip()
            case ["account", "create" | "reset", *_]:
                self.invitation = _INVITATION.findall(seen.shown)[-1]


def take_seat(folder: Path, ca: bytes, port: int) -> None:
    """Give somebody a folder, as an operator hands it out."""
    folder.mkdir(mode=0o700)
    (folder / "ca.pem").write_bytes(ca)
    (folder / "client.toml").write_text(f'address = "localhost:{port}"\nca = "ca.pem"\n', encoding="utf-8")


def init(folder: Path) -> None:
    """Make a deployment as docs/operating.md says, on ports that are free."""
    listen = ("--requesters", "127.0.0.1:0", "--links", "127.0.0.1:0")
    words = [sys.executable, "-m", "hub.cli", "init", str(folder), *listen]
    subprocess.run(words, env=environment(), check=True, capture_output=True)


def steps_of(page: Path) -> Iterator[Step]:
    """Yield the marked blocks of a page, in its order."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if found["shown"]:
            yield Step(what="shows", where="", text=found["shown"])
        else:
            yield Step(what=found["what"], where=found["where"], text=found["text"])


def _edit(desk: Path, step: Step) -> None:
    """Write a file, add to its end, or insert before the one line that the mark names."""
    name, _, before = step.where.partition(" before ")
    path = desk / name
    match step.what:
        case "write":
            path.write_text(step.text, encoding="utf-8")
        case "append":
            path.write_text(path.read_text(encoding="utf-8") + step.text, encoding="utf-8")
        case _:
            text = path.read_text(encoding="utf-8")
            assert text.count(f"\n{before}\n") == 1, f"{name} has not exactly one line {before}"
            path.write_text(text.replace(f"\n{before}\n", f"\n{step.text}{before}\n"), encoding="utf-8")
