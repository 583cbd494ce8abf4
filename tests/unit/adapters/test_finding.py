"""Which ways to look are tried for an ask, and what is said of somebody who is kept silent about."""

import asyncio
from collections.abc import Sequence

import pytest
from sharing.v1.links_pb2 import Ask
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.finding import Answerer, Result, find
from adapters.kit.journal import AskOutcome
from adapters.kit.mapping import ColumnKey, Keys
from adapters.kit.reader import Finding, Found, Looking, Match
from adapters.kit.shaping import nothing_told

KEYS: Keys[ColumnKey] = Keys[ColumnKey].model_validate(
    {"upn": "u", "family_name": "f", "given_name": "g", "date_of_birth": "d"}
)
PERSON = PersonKeys(upn="1", family_name="F", given_name="G", date_of_birth="2012-03-07")
NOTHING = nothing_told(("upn",))
SHIELDED = nothing_told(("upn",), shielded=("7",))
WITHHELD = nothing_told(("upn",), withheld=2)
HELD = Found(columns=("upn",), cells=["1"], record_dates=[""], references=["8"], withheld=0)


class Ways:
    """A source that finds one thing by identifiers and another by names."""

    def __init__(self, by_identifier: Found, by_names: Found) -> None:
        self.finds = {Looking.ANY: by_identifier, Looking.ALL: by_names}
        self.tried: list[Match] = []

    async def open(self) -> None: ...

    async def find(self, _records: str, match: Match, _fields: tuple[str, ...], _deadline: float) -> Found:
        self.tried.append(match)
        return self.finds[match.looking]

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...


async def found(source: Ways, *, with_shielded: bool = False) -> Result:
    answerer = Answerer(reader=source, records="child", source="Care", keys=KEYS.mapped(), fields=frozenset({"upn"}))
    ask = Ask(person=PERSON, fields=["upn"], with_shielded=with_shielded)
    return await find(answerer, ask, asyncio.get_running_loop().time() + 5)


async def test_names_are_tried_only_where_the_identifiers_find_nothing() -> None:
    source = Ways(HELD, NOTHING)
    assert (await found(source)).outcome is AskOutcome.ANSWERED
    assert [match.looking for match in source.tried] == [Looking.ANY]
    source = Ways(NOTHING, HELD)
    assert (await found(source)).references == ("8",)
    assert [match.looking for match in source.tried] == [Looking.ANY, Looking.ALL]


@pytest.mark.parametrize("kept", [SHIELDED, WITHHELD], ids=["shielded", "withheld"])
async def test_for_somebody_kept_silent_about_every_way_to_look_is_tried(kept: Found) -> None:
    unknown, silent = Ways(NOTHING, NOTHING), Ways(kept, NOTHING)
    of_unknown, of_silent = await found(unknown), await found(silent)
    assert silent.tried == unknown.tried
    assert of_silent.found is not None
    assert of_unknown.found is not None
    assert list(of_silent.found.cells) == list(of_unknown.found.cells) == []
    assert of_silent.match is None


@pytest.mark.parametrize("kept", [SHIELDED, WITHHELD], ids=["shielded", "withheld"])
async def test_what_another_way_to_look_finds_does_not_break_the_silence(kept: Found) -> None:
    for source in (Ways(kept, HELD), Ways(NOTHING, kept)):
        result = await found(source)
        assert result.outcome in (AskOutcome.SHIELDED, AskOutcome.WITHHELD)
        assert result.found is not None
        assert not result.found.cells


async def test_a_veto_is_silence_to_whoever_may_not_see_the_protected_and_is_said_to_who_may() -> None:
    silent = await found(Ways(WITHHELD, NOTHING))
    said = await found(Ways(WITHHELD, NOTHING), with_shielded=True)
    assert (silent.outcome, silent.withheld) == (said.outcome, said.withheld) == (AskOutcome.WITHHELD, 2)
    assert silent.found is not None
    assert said.found is None


async def test_whom_one_looks_for_says_whether_the_shielded_are_among_them() -> None:
    source = Ways(NOTHING, NOTHING)
    await found(source, with_shielded=True)
    assert all(match.with_shielded for match in source.tried)
    source = Ways(NOTHING, NOTHING)
    await found(source)
    assert not any(match.with_shielded for match in source.tried)
