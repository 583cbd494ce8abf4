"""A class as an agency might write it for a system that nothing else can read; here that is a list in memory."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from adapters.python.interface import Document, Finding, FindingState, Looking, Sought, SourceFault, SourceFaultKind

KHAN = {
    "ref": 7,
    "upn": "H801200001001",
    "name": {"family": "Khan", "given": "Amina"},
    "born": date(2012, 3, 7),
    "attendance": Decimal("93.50"),
    "photo": b"not a value",
    "restricted": False,
}
SMITH = {"ref": 8, "upn": "Z801200001009", "name": {"family": "Smith", "given": "Bo"}, "born": date(2010, 1, 1)}


class Register:
    """Finds pupils; `mode` in its settings is how it misbehaves."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.mode = settings.get("mode", "")
        if self.mode == "unmakeable":
            raise ValueError("Amina Khan")
        self.pupils: list[dict[str, object]] = [KHAN, SMITH]
        self.asked: list[Sought] = []
        self.is_open = False

    async def open(self) -> None:
        if self.mode == "unopenable":
            raise ValueError("Amina Khan")
        self.is_open = True

    async def find(self, sought: Sought, deadline: float) -> Sequence[Document]:
        del deadline
        assert self.is_open
        self.asked.append(sought)
        match self.mode:
            case "down":
                raise SourceFault(SourceFaultKind.UNREACHABLE)
            case "slow":
                await asyncio.Event().wait()
            case "broken":
                raise KeyError("Amina Khan")
            case "garbage":
                return [1]  # type: ignore[list-item]  # what a stranger's code may give
            case "generator":
                return iter(self.pupils)  # type: ignore[return-value]  # as above
            case "endless":
                endless: dict[str, object] = {}
                endless["self"] = endless
                return [endless]
            case "too much":
                return [KHAN] * 10_001
            case "everybody":
                return self.pupils
        return [one for one in self.pupils if self._fits(one, sought)]

    async def check(self) -> Sequence[Finding]:
        return [Finding(state=FindingState.OK, what="the list is there")]

    async def close(self) -> None:
        self.is_open = False

    def _fits(self, pupil: dict[str, object], sought: Sought) -> bool:
        name = pupil["name"]
        assert isinstance(name, dict)
        born = pupil["born"]
        assert isinstance(born, date)
        own = {"UPN": pupil["upn"], "family": name["family"], "given": name["given"], "born": born.strftime("%d/%m/%Y")}
        fits = [str(own[key]).casefold() == value.casefold() for key, value in sought.wanted.items()]
        return any(fits) if sought.looking is Looking.ANY else all(fits)


class OneFile:
    """Finds children in a file of its own form."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.file = Path(settings["file"])

    async def open(self) -> None:
        return None

    async def find(self, sought: Sought, deadline: float) -> Sequence[Document]:
        del deadline
        children: list[dict[str, str]] = json.loads(await asyncio.to_thread(self.file.read_text, "utf-8"))
        fits = any if sought.looking is Looking.ANY else all
        return [one for one in children if fits(one[key] == value for key, value in sought.wanted.items())]

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None:
        return None


class Unfinished:
    """Lacks what an interface asks for."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings

    def find(self, sought: Sought, deadline: float) -> Sequence[Document]:
        del sought, deadline
        return ()

    async def open(self) -> None:
        return None

    async def close(self) -> None:
        return None
