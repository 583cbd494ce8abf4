"""What counts as a trace of somebody in a log, and what a hostile key is."""

import json
from urllib.parse import quote

import pytest
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.trials.hostility import hostile_people, is_traced_in


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("no answer for Wiśniewski today", "Wiśniewski"),
        (json.dumps({"key": "Wiśniewski"}), "Wiśniewski"),
        (f"GET /pupils?family={quote('Wiśniewski')}&page=1", "Wiśniewski"),
        ("NO ANSWER FOR O'BRIEN-ÇELIK", "O'Brien-Çelik"),
        ("identifier=system%7C9434765919", "9434765919"),
        ("nhs 943 476 5919 not found", "9434765919"),
        ("postgresql://reader:s3cret-word@db/care", "s3cret-word"),
    ],
)
def test_a_value_is_found_as_logs_spell_it(printed: str, text: str) -> None:
    assert is_traced_in(printed.casefold(), text)


@pytest.mark.parametrize(
    ("printed", "text"), [("researchers wanted", "archer"), ("all is well", "Whitworth"), ("1943476591", "9434765919")]
)
def test_a_name_within_another_word_is_no_trace(printed: str, text: str) -> None:
    assert not is_traced_in(printed, text)


def test_the_corpus_fits_into_keys_and_names_nobody() -> None:
    known = PersonKeys(family_name="Sample", given_name="Sam", date_of_birth="2014-05-06")
    people = list(hostile_people(known))
    assert len(people) > 50
    assert all(person.SerializeToString() for person in people)
    assert known.SerializeToString() not in [person.SerializeToString() for person in people]
    assert all(len(value) <= 100 for person in people for _, value in person.ListFields())
