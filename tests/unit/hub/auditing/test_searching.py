"""Searching against a naive look at every entry: nothing is left out, nothing is found that was not meant."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.auditing import reading, searching
from hub.auditing.criteria import Criteria, agencies_in, concerns
from hub.auditing.searching import page
from hub.errors import InvalidRequest
from tests.unit.hub.auditing.scene import ListedRecord, leaf

AGENCIES = ("health", "schools", "social_care")
PEOPLE = ("a" * 32, "b" * 32, "c" * 32)
USERS = ("n.okafor", "s.patel")
QUESTIONS = ("child_services", "child_concerns")
PURPOSES = ("safeguarding", "early_help")
REQUESTS = tuple(f"{number:018x}" for number in range(4))
MOMENTS = st.integers(0, 4 * searching.DISORDER_MS)


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Draw a log: many kinds of entries, out of order by as much as may be."""
    moments = sorted(draw(st.lists(MOMENTS, max_size=25)))
    return [draw(entries(at_ms + draw(st.integers(0, searching.DISORDER_MS)))) for at_ms in moments]


@st.composite
def entries(draw: st.DrawFn, at_ms: int) -> bytes:
    """Draw an entry of one of several kinds."""
    kind = draw(st.sampled_from(("intent", "disclosure", "refusal", "outcomes", "proposed", "account_changed")))
    some = draw(st.lists(st.sampled_from(AGENCIES), max_size=2, unique=True))
    asking = {
        "requester": draw(st.sampled_from(USERS)),
        "requester_agency": draw(st.sampled_from(AGENCIES)),
        "question": draw(st.sampled_from(QUESTIONS)),
        "purpose": draw(st.sampled_from(PURPOSES)),
        "request": draw(st.sampled_from(REQUESTS)),
    }
    person = {"person": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2)), "epoch": 1}
    particulars: dict[str, dict[str, Any]] = {
        "intent": {**asking, **person, "asked": {name: ["given_name"] for name in some}, "not_permitted": []},
        "disclosure": {**asking, **person, "agency": draw(st.sampled_from(AGENCIES))},
        "refusal": asking,
        "outcomes": {"request": asking["request"], "agencies": [{"agency": name} for name in some]},
        "proposed": {"proposer": "first.admin", "opens": some},
        "account_changed": {"account": asking["requester"], "actor": "first.admin"},
    }
    return leaf(kind, at_ms, **particulars[kind])


WORDS: dict[str, st.SearchStrategy[Any]] = {
    "requester": st.sampled_from((*USERS, "first.admin")),
    "agency": st.sampled_from(AGENCIES),
    "question": st.sampled_from(QUESTIONS),
    "purpose": st.sampled_from(PURPOSES),
    "kind": st.sampled_from(("disclosure", "intent")),
    "request_id": st.sampled_from(REQUESTS),
    "from_ms": MOMENTS,
    "until_ms": MOMENTS,
}


@st.composite
def searches(draw: st.DrawFn) -> tuple[Criteria, frozenset[str] | None, str]:
    """Draw what is searched for, two things at most; of whom; and by the guardian of which agency, if by one."""
    given_words = draw(st.lists(st.sampled_from(tuple(WORDS)), max_size=2, unique=True))
    criteria = Criteria(**{word: draw(WORDS[word]) for word in given_words})
    person = draw(st.one_of(st.none(), st.none(), st.frozensets(st.sampled_from(PEOPLE), max_size=2)))
    return criteria, person, draw(st.sampled_from(("", "", *AGENCIES)))


def naive(entry: dict[str, Any], criteria: Criteria, person: frozenset[str] | None, guards: str) -> bool:
    """Say, word for word, whether an entry is meant."""
    who = {entry.get("requester"), entry.get("proposer"), entry.get("account"), entry.get("actor")}
    sources = {entry.get("agency"), entry.get("requester_agency")}
    listed = [one if isinstance(one, str) else one["agency"] for one in entry.get("agencies", [])]
    named = sources | set(listed) | set(entry.get("asked", {})) | set(entry.get("opens", []))
    return all(
        (
            criteria.kind in ("", entry["kind"]),
            criteria.requester == "" or criteria.requester in who,
            criteria.agency == "" or criteria.agency in named,
            criteria.question in ("", entry.get("question")),
            criteria.purpose in ("", entry.get("purpose")),
            criteria.request_id in ("", entry.get("request")),
            entry["at_ms"] >= criteria.from_ms,
            criteria.until_ms == 0 or entry["at_ms"] < criteria.until_ms,
            person is None or bool(person & set(entry.get("person", []))),
            guards == "" or guards in sources,
        )
    )


@pytest.fixture
def _short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "STEP", 3)
    monkeypatch.setattr(searching, "LONGEST_LOOK", 7)
    monkeypatch.setattr(searching, "SAMPLED", 2)


@pytest.mark.usefixtures("_short_steps")
@settings(max_examples=100)
@given(log=logs(), search=searches(), most=st.integers(1, 5))
def test_pages_together_are_exactly_what_a_look_at_every_entry_finds(
    log: list[bytes], search: tuple[Criteria, frozenset[str] | None, str], most: int
) -> None:
    criteria, person, guards = search
    found, before = [], len(log)
    while before:
        one = page(ListedRecord(log), criteria, pseudonyms=person, guards=guards, before=before, most=most)
        assert len(one.found) <= most
        assert one.before < before
        found, before = [*found, *one.found], one.before
    wanted = [at for at in range(len(log)) if naive(orjson.loads(log[at]), criteria, person, guards)]
    assert [one.position for one in found] == wanted[::-1]
    assert all(one.leaf == log[one.position] for one in found)


def test_a_guardian_sees_neither_what_else_was_asked_nor_of_whom() -> None:
    intent = {"requester_agency": "schools", "asked": {"health": [], "social_care": []}}
    assert agencies_in(intent) == {"schools", "health", "social_care"}
    assert not concerns(intent, "health")
    assert concerns({"agency": "health", "requester_agency": "schools"}, "health")
    assert concerns({"requester_agency": "health"}, "health")
    assert not concerns({"outcomes": [{"agency": "health"}]}, "health")


@pytest.mark.parametrize(
    "typed",
    [
        {"requester": "Jane Made-Up"},
        {"agency": "Health"},
        {"question": "child services"},
        {"purpose": "for Jane"},
        {"kind": "%"},
        {"request_id": "9434765919"},
    ],
    ids=lambda typed: next(iter(typed)),
)
def test_what_no_entry_could_have_is_refused_since_searches_are_recorded(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="No entry has that") as refused:
        Criteria(**typed)  # type: ignore[arg-type]  # a text for one of the texts
    assert refused.value.field == next(iter(typed))


def test_what_is_recorded_of_a_search_is_what_was_given() -> None:
    assert Criteria(kind="refusal", from_ms=5).spelt() == {"kind": "refusal", "from_ms": 5}
