"""Scales that have weighed some policies beforehand, so that publishing one again takes no second of compiling."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import permutations

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts
from hub.access.workshop import weighings
from hub.agreeing.needs import Scales, Weighed
from tests.integration.withdrawal import drafts

Known = frozenset[tuple[str, bytes]]


class Prepared:
    """What compiling and comparing some policies comes to, worked out by the code that the workshop runs."""

    def __init__(self, *policies: Mapping[str, bytes]) -> None:
        """Compile each, and weigh the first against every other and back."""
        base, at = policies[0], datetime.now(UTC).isoformat()
        self.compiled: dict[Known, Policy] = {
            _known(texts): compile_policy(rulebook_from_texts(texts)) for texts in policies
        }
        self.weighed: dict[tuple[Known, Known], Weighed] = {}
        for other in policies[1:]:
            for old, new in permutations((base, other)):
                (found,) = weighings.weigh((old, new), {"at": at})
                assert isinstance(found, dict)
                weighed = Weighed(opens=tuple(found["opens"]), loosens=found["loosens"])
                self.weighed[_known(old), _known(new)] = weighed


class PreparedScales:
    """Looks up what has been prepared; all else, and everything when told so, goes to the workshop."""

    def __init__(self, workshop: Scales, prepared: Prepared) -> None:
        """Take the scales of the hub, and what has been worked out beforehand."""
        self._workshop = workshop
        self._prepared = prepared
        self.uses_workshop = False
        self.by_workshop = 0

    async def compile(self, texts: Mapping[str, bytes]) -> Policy:
        """Return a compiled policy."""
        known = self._prepared.compiled.get(_known(texts))
        if known is not None and not self.uses_workshop:
            return known
        self.by_workshop += 1
        return await self._workshop.compile(texts)

    async def weigh(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Weighed:
        """Say what a draft would do."""
        known = self._prepared.weighed.get((_known(old), _known(new)))
        return known if known is not None and not self.uses_workshop else await self._workshop.weigh(old, new)


@cache
def prepared() -> Prepared:
    """Prepare every policy that trials publish again and again, once for all tests of a run."""
    base = drafts.permissive()
    return Prepared(
        base,
        drafts.without_question(base),
        drafts.without_involvement(base),
        *(drafts.without_agency(base, agency) for agency in drafts.SLOW),
        *(drafts.ended_early(base, agency) for agency in drafts.SLOW),
    )


def _known(texts: Mapping[str, bytes]) -> Known:
    return frozenset((name, bytes(text)) for name, text in texts.items())
