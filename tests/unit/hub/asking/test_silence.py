"""What the rules drop so that nobody learns of it is told like what was never there: on a tick."""

from collections.abc import Sequence

import pytest
from sharing.v1 import records_pb2

from hub.access.policy import Policy
from hub.links.gathering import TICK_SECONDS
from hub.model.outcome import Outcome
from tests.spec.agency import Agency
from tests.spec.tables import Row
from tests.unit.hub.asking.scene import ask, scene

TICK_MS = round(TICK_SECONDS * 1_000)
HIDING = {
    "another area": records_pb2.Terms(areas=["elsewhere"]),
    "a shielded person": records_pb2.Terms(shield=records_pb2.SHIELD_PERSON),
    "absolutely shielded": records_pb2.Terms(shield=records_pb2.SHIELD_ABSOLUTE),
}


def say(terms: records_pb2.Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every agency send these terms with each of its rows."""
    plain = Agency._records

    def records(rows: Sequence[Row]) -> records_pb2.Records:
        sent = plain(rows)
        sent.terms.append(terms)
        sent.terms_of_row.extend([1] * len(sent.record_dates))
        return sent

    monkeypatch.setattr(Agency, "_records", staticmethod(records))


@pytest.mark.parametrize("terms", HIDING.values(), ids=HIDING)
async def test_what_the_rules_drop_without_trace_is_told_on_a_tick(
    policy: Policy, monkeypatch: pytest.MonkeyPatch, terms: records_pb2.Terms
) -> None:
    say(terms, monkeypatch)
    async with scene(policy) as on:
        said = [agency for part in await ask(on) for agency in part.agencies]
    assert {agency.outcome for agency in said} == {Outcome.NOTHING_HELD}
    assert all(agency.elapsed_ms % TICK_MS == 0 and agency.elapsed_ms for agency in said)


async def test_what_is_told_for_all_its_terms_waits_for_no_tick(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(records_pb2.Terms(shield=records_pb2.SHIELD_ADDRESS, areas=["bolton"]), monkeypatch)
    async with scene(policy) as on:
        said = [agency for part in await ask(on) for agency in part.agencies]
    assert {agency.outcome for agency in said} == {Outcome.HELD}
    assert {agency.elapsed_ms for agency in said} != {TICK_MS}
