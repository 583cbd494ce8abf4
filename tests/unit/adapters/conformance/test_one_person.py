"""Rows about somebody else are seen wherever the keys that were asked by are among the fields."""

from types import SimpleNamespace
from typing import cast

import pytest
from sharing.v1.links_pb2 import Ask, Reply
from sharing.v1.records_pb2 import PersonKeys, Records

from adapters.conformance.bench import Bench
from adapters.conformance.rules import Broken
from adapters.conformance.trials.answering import one_person_only

BY_UPN = PersonKeys(upn="H801200001001")
BY_BOTH = PersonKeys(upn="H801200001001", family_name="Khan", given_name="Amina", date_of_birth="2012-03-07")


def seen(person: PersonKeys, fields: list[str], *cells: str) -> Bench:
    """Give a bench that has seen one answer."""
    reply = Reply(records=Records(columns=fields, cells=cells, record_dates=[""] * (len(cells) // len(fields))))
    return cast("Bench", SimpleNamespace(answers=[(Ask(person=person, fields=fields, question="plan"), reply)]))


async def test_a_row_about_somebody_else_is_seen_though_the_question_has_not_every_key() -> None:
    await one_person_only(seen(BY_UPN, ["upn", "plan"], "H801200001001", "x"))
    with pytest.raises(Broken):
        await one_person_only(seen(BY_UPN, ["upn", "plan"], "H801200001001", "x", "Z801200001009", "y"))


async def test_where_a_key_was_not_among_the_fields_nobody_can_tell() -> None:
    # Found by the names, which are not asked for.
    await one_person_only(seen(BY_BOTH, ["upn", "plan"], "Z801200001009", "x"))
