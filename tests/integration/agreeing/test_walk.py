"""The whole walk, from a wish to what is in force, over the wire."""

import pytest

from tests.lib.administration import (
    AUDITOR,
    COLLEAGUE,
    FIRST,
    SECOND,
    Administration,
    guardian,
    refusal_of,
)
from tests.lib.drafts import CLOSING, OPENING, REWORDED


async def test_what_opens_records_is_published_once_a_second_person_and_their_guardian_agree(
    administration: Administration,
) -> None:
    first, second, schools = await administration.seats(FIRST, SECOND, guardian("schools"))
    before = administration.hub.in_force.policy.version
    proposal = await first.propose(OPENING)
    assert (list(proposal.opens), len(proposal.missing)) == (["schools"], 2)
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert len((await second.approve(proposal)).missing) == 1
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert administration.hub.in_force.policy.version == before
    assert not (await schools.approve(proposal)).missing
    published = await first.publish(proposal)
    assert published.publication.number == 2
    assert administration.hub.in_force.policy.version == published.publication.policy_version != before
    assert await first.policy() == dict(OPENING)
