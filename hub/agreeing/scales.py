"""The scales: the workshop, as proposing and publishing use it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hub.access.policy import Policy
from hub.access.workshop.workshop import Workshop
from hub.agreeing.needs import Weighed


class WorkshopScales:
    """Compiles and compares policies in a process of its own."""

    def __init__(self, workshop: Workshop) -> None:
        """Take the workshop."""
        self._workshop = workshop

    async def compile(self, texts: Mapping[str, bytes]) -> Policy:
        """Check and compile a policy; raise PolicyError with every fault, or NotWeighed."""
        return await self._workshop.compile(texts)

    async def weigh(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Weighed:
        """Check a draft and say what it would do against an older policy; raises as `compile` does."""
        at = datetime.now(UTC).isoformat()
        match await self._workshop.weigh("weigh", old, new, at=at):
            case [{"opens": list(opens), "loosens": bool(loosens)}]:
                return Weighed(opens=tuple(map(str, opens)), loosens=loosens)
            case _:
                raise ValueError("the workshop does not say what a draft would do")
