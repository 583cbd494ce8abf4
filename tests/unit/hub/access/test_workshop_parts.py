"""A policy taken apart and put together again, and how the workshop's process says what became of its work."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from hub.access.policy import Policy, compile_policy, load_policy
from hub.access.reading import rulebook_from_texts
from hub.access.workshop import commands, parts
from hub.access.workshop.__main__ import work
from hub.access.workshop.parts import Assembly, parts_of
from hub.access.workshop.wire import LONGEST_LINE, Request, header_of, receive
from hub.errors import PolicyError
from tests.lib.policies_of_size import SHIPPED_POLICIES, rulebook_with_rules, texts_with_rules

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _sent_over(policy: Policy) -> Policy:
    assembly = Assembly()
    for part in parts_of(policy):
        assembly.add(orjson.loads(orjson.dumps(part)))
    return assembly.policy()


def _said(command: str, drafts: Sequence[Mapping[str, bytes]] = (), **parameters: object) -> list[Any]:
    header = header_of(Request(command=command, drafts=tuple(drafts), parameters=parameters))
    out = io.BytesIO()
    asked = io.BytesIO(header + b"".join(text for draft in drafts for text in draft.values()))
    work(lambda: receive(asked), out)
    return [orjson.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("policy", [load_policy(SHIPPED_POLICIES), compile_policy(rulebook_with_rules(1_000))])
def test_a_policy_that_was_sent_over_is_the_same_in_every_part(policy: Policy) -> None:
    sent = _sent_over(policy)
    assert (sent.version, sent.catalogue, sent.coverage, sent.step_up_fields) == (
        policy.version,
        policy.catalogue,
        policy.coverage,
        policy.step_up_fields,
    )
    for part in ("agencies", "gateways", "levels", "agreements", "profiles"):
        there, here = getattr(sent, part), getattr(policy, part)
        assert list(there.items()) == list(here.items())
    assert all(agreement.in_force(NOW) for agreement in sent.agreements.values())
    # Another zone object would be the same moment, and three times as slow to compare.
    assert all(moment.tzinfo is UTC for spans in sent.coverage.values() for span in spans for moment in span)
    assert all(moment.tzinfo is UTC for moment in sent.turns)


@pytest.mark.parametrize("kind", ["version", "release", "questions", "agencies"])
def test_a_policy_that_came_without_something_essential_is_refused(kind: str) -> None:
    assembly = Assembly()
    for part in parts_of(load_policy(SHIPPED_POLICIES)):
        if part[0] != kind:
            assembly.add(orjson.loads(orjson.dumps(part)))
    with pytest.raises(ValueError, match="not whole"):
        assembly.policy()


@pytest.mark.parametrize(
    "piece",
    [
        None,
        [],
        ["levels"],
        ["secrets", {}],
        ["version", 5],
        ["questions", {"id": "child_basics"}],
        ["cells", {"level": "nobody", "classes": ["basic"], "keys": [["a", "b", "c", "d"]]}],
        ["cells", {"level": "nobody", "classes": ["basic"], "keys": [["a", "b", "c"]]}],
        ["flows", {"spans": [["yesterday", "tomorrow"]], "keys": []}],
    ],
)
def test_what_is_no_part_of_a_policy_is_refused(piece: object) -> None:
    with pytest.raises(ValueError, match=r"part|unknown level|validation error"):
        Assembly().add(piece)


def test_no_part_is_more_than_the_loop_can_take_at_once() -> None:
    policy = compile_policy(rulebook_with_rules(3_000))
    lengths = [len(orjson.dumps(part)) for part in parts_of(policy)]
    assert max(lengths) < 32 * 1024
    assert max(len(part.keys) for _, part in parts_of(policy) if isinstance(part, parts.Cells)) <= parts.MOST_KEYS


def test_equal_words_and_sets_of_a_policy_that_was_sent_over_are_kept_once() -> None:
    sent = _sent_over(compile_policy(rulebook_with_rules(3_000)))
    tables = [profile.classes for profile in sent.profiles.values()]
    assert len({id(word) for table in tables for key in table for word in key}) < 40
    sets = [found for table in tables for found in table.values()]
    assert len({id(found) for found in sets}) == len(set(sets))


def test_the_process_says_the_parts_and_their_number() -> None:
    *pieces, end = _said("compile", [texts_with_rules(200)])
    assert {kind for kind, _ in pieces} == {"piece"}
    assert end == ["end", len(pieces)]


def test_the_process_says_every_fault_that_reading_here_would_have_raised() -> None:
    draft = texts_with_rules(200) | {"levels/guest.yaml": b"id: guest\n", "fields.yaml": b"\xff", "notes.txt": b"x"}
    with pytest.raises(PolicyError) as raised:
        list(commands.compile_draft([draft], {}))
    *faults, end = _said("compile", [draft])
    assert [(said["file"], said["line"], said["what"], said["mend"]) for _, said in faults] == [
        (str(fault.file), fault.line, fault.what, fault.mend) for fault in raised.value.faults
    ]
    assert len(faults) > 2
    assert end == ["end", 0]


def test_checking_a_draft_says_its_version_and_how_many_rules_it_has() -> None:
    draft = texts_with_rules(500)
    version = compile_policy(rulebook_from_texts(draft)).version
    assert _said("check", [draft]) == [["piece", {"version": version, "rules": 500}], ["end", 1]]


def _failing(_drafts: Sequence[commands.Draft], parameters: Mapping[str, Any]) -> list[object]:
    if parameters["how"] == "long":
        return ["x" * LONGEST_LINE]
    raise RuntimeError("Ann Smith")


@pytest.mark.parametrize(("how", "kind"), [("raise", "RuntimeError"), ("long", "ValueError")])
def test_the_process_says_of_which_kind_a_failure_was_and_none_of_its_text(
    how: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.access.workshop.__main__.COMMANDS", {"fail": _failing})
    ((said, failure),) = _said("fail", how=how)
    assert (said, failure["kind"]) == ("failure", kind)
    assert "Ann Smith" not in str(failure)
    assert failure["places"][-1].startswith(("test_workshop_parts._failing", "wire.say"))


@pytest.mark.parametrize("left", [0, 10, 5_000])
def test_a_request_that_is_cut_short_is_not_acted_upon(left: int) -> None:
    draft = texts_with_rules(200)
    whole = header_of(Request(command="check", drafts=(draft,), parameters={})) + b"".join(draft.values())
    out = io.BytesIO()
    work(lambda: receive(io.BytesIO(whole[:left])), out)
    kind, failure = orjson.loads(out.getvalue())
    assert kind == "failure"
    assert failure["kind"] in {"JSONDecodeError", "ValueError"}
