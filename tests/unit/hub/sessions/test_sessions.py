import gc
from dataclasses import dataclass, field, replace

import pytest

from hub.errors import NotHeld, NotSignedIn, TooMuch
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.sessions.registry import Sessions
from hub.sessions.session import EndedBy, Session, SessionRules
from tests.unit.hub.making import REQUESTER, nhs_number, question_about, table

RULES = SessionRules(idle_seconds=60, absolute_seconds=600, most_held=3, most_running=2)
PERSON = PersonKeys(nhs_number=nhs_number(1))


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Room:
    """Sessions with a clock that is set by hand, and what they said of sessions that ended."""

    clock: Clock = field(default_factory=Clock)
    ended: list[tuple[EndedBy | None, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions = Sessions(
            RULES, clock=self.clock, on_end=lambda session, dropped: self.ended.append((session.ended_by, dropped))
        )

    def open(self) -> tuple[str, Session]:
        token = self.sessions.open(REQUESTER)
        return token, self.sessions.require(token)


@pytest.fixture
def room() -> Room:
    return Room()


def part() -> AnswerPart:
    return AnswerPart(agencies=(AgencyAnswer(agency="health", outcome=Outcome.HELD, records=table({"service": "A"})),))


def hold(session: Session, *names: str) -> None:
    """Hold one complete answer under each name."""
    for name in names:
        session.begin(question_about(PERSON, name), lambda: None)
        session.hold(question_about(PERSON, name), part())
        session.finish(name)


def test_a_token_opens_its_session_and_is_kept_nowhere(room: Room) -> None:
    token, session = room.open()
    assert session.requester == REQUESTER
    assert len(token) >= 43
    assert not [key for key in room.sessions._by_token if token.encode() in key]


def test_tokens_are_never_alike() -> None:
    room = Room()
    assert len({room.open()[0] for _ in range(500)}) == 500


@pytest.mark.parametrize("token", ["", "x", "Bearer", "\x00", "é" * 50, "a" * 100_000])
def test_any_other_token_opens_nothing(room: Room, token: str) -> None:
    room.open()
    with pytest.raises(NotSignedIn):
        room.sessions.require(token)


def test_an_idle_session_ends_and_a_used_one_does_not(room: Room) -> None:
    token, session = room.open()
    for _ in range(5):
        room.clock.now += RULES.idle_seconds - 1
        room.sessions.sweep()
        assert room.sessions.require(token) is session
    room.clock.now += RULES.idle_seconds
    with pytest.raises(NotSignedIn):
        room.sessions.require(token)
    assert session.ended_by is EndedBy.IDLE
    assert not len(room.sessions)


def test_a_session_ends_at_its_hour_however_much_it_is_used(room: Room) -> None:
    token, session = room.open()
    for _ in range(19):
        room.clock.now += 30
        room.sessions.require(token)
    room.clock.now += 30
    with pytest.raises(NotSignedIn):
        room.sessions.require(token)
    assert session.ended_by is EndedBy.EXPIRY


@pytest.mark.parametrize(("seconds", "by"), [(60, EndedBy.IDLE), (600, EndedBy.EXPIRY)])
def test_the_sweeper_drops_what_nobody_comes_back_for(room: Room, seconds: int, by: EndedBy) -> None:
    _, session = room.open()
    hold(session, "r1", "r2")
    room.clock.now += seconds - 0.001 if by is EndedBy.IDLE else 0
    room.sessions.sweep()
    assert len(session.held()) == 2
    room.clock.now += seconds
    session.last_used = room.clock.now if by is EndedBy.EXPIRY else session.last_used
    room.sessions.sweep()
    assert session.held() == ()
    assert room.ended == [(by, 2)]


def test_signing_out_drops_everything_and_ends_the_session(room: Room) -> None:
    token, session = room.open()
    hold(session, "r1", "r2")
    assert room.sessions.sign_out(token) == 2
    assert session.held() == ()
    with pytest.raises(NotSignedIn):
        room.sessions.sign_out(token)
    assert room.ended == [(EndedBy.SIGN_OUT, 2)]


def test_revoking_an_account_ends_all_its_sessions_and_nobody_else_s(room: Room) -> None:
    (_, first), (_, second) = room.open(), room.open()
    hold(first, "r1")
    hold(second, "r2")
    assert room.sessions.revoke("somebody.else") == 0
    assert room.sessions.revoke(REQUESTER.user_name) == 2
    assert (first.held(), second.held()) == ((), ())
    assert room.ended == [(EndedBy.REVOKED, 1)] * 2


def test_a_hub_that_stops_ends_all_sessions(room: Room) -> None:
    (_, first), (_, second) = room.open(), room.open()
    hold(first, "r1")
    room.sessions.end_all()
    assert (first.ended_by, second.ended_by) == (EndedBy.SHUTDOWN, EndedBy.SHUTDOWN)
    assert first.held() == ()
    assert not len(room.sessions)


def test_the_end_cuts_every_running_question(room: Room) -> None:
    token, session = room.open()
    cuts: list[str] = []
    session.begin(question_about(PERSON, "r1"), lambda: cuts.append("r1"))
    session.begin(question_about(PERSON, "r2"), lambda: cuts.append("r2"))
    session.finish("r1")
    room.sessions.sign_out(token)
    assert cuts == ["r2"]


def test_ending_twice_does_nothing_more(room: Room) -> None:
    _, session = room.open()
    hold(session, "r1")
    assert session.end(EndedBy.IDLE) == 1
    assert session.end(EndedBy.SIGN_OUT) == 0
    assert session.ended_by is EndedBy.IDLE


def test_an_ended_session_keeps_nothing_more(room: Room) -> None:
    _, session = room.open()
    session.begin(question_about(PERSON, "r1"), lambda: None)
    session.end(EndedBy.SIGN_OUT)
    with pytest.raises(NotSignedIn):
        session.hold(question_about(PERSON), part())
    with pytest.raises(NotSignedIn):
        session.begin(question_about(PERSON, "r2"), lambda: None)
    with pytest.raises(NotSignedIn):
        session.require_open()
    assert session.held() == ()


def test_the_parts_of_one_answer_are_held_together_in_order(room: Room) -> None:
    _, session = room.open()
    session.begin(question_about(PERSON, "r1"), lambda: None)
    parts = [part(), part(), part()]
    for one in parts:
        assert session.hold(question_about(PERSON, "r1"), one) is one
    assert session.view("r1").parts == parts
    assert [held.request.request_id for held in session.held()] == ["r1"]


def test_closing_one_answer_leaves_the_others(room: Room) -> None:
    _, session = room.open()
    hold(session, "r1", "r2", "r3")
    assert session.close("r2") == 1
    assert [held.request.request_id for held in session.held()] == ["r1", "r3"]
    assert session.close("") == 2
    assert session.held() == ()


@pytest.mark.parametrize("name", ["r9", "", "r1"])
def test_what_is_not_held_cannot_be_viewed_or_closed_again(room: Room, name: str) -> None:
    _, session = room.open()
    hold(session, "r1")
    session.close("r1")
    with pytest.raises(NotHeld):
        session.view(name)
    if name:
        with pytest.raises(NotHeld):
            session.close(name)


@pytest.mark.parametrize("name", ["r1", ""])
def test_closing_an_answer_that_is_still_coming_cuts_its_question(room: Room, name: str) -> None:
    _, session = room.open()
    cuts: list[str] = []
    session.begin(question_about(PERSON, "r1"), lambda: cuts.append("r1"))
    session.hold(question_about(PERSON, "r1"), part())
    assert session.close(name) == 1
    assert cuts == ["r1"]
    with pytest.raises(NotHeld) as closed:
        session.hold(question_about(PERSON, "r1"), part())
    assert closed.value.reason == "CLOSED"
    assert session.held() == ()


def test_no_session_sees_what_another_holds(room: Room) -> None:
    (_, mine), (_, theirs) = room.open(), room.open()
    hold(mine, "r1")
    with pytest.raises(NotHeld):
        theirs.view("r1")
    with pytest.raises(NotHeld):
        theirs.close("r1")
    assert len(mine.held()) == 1


def test_the_bound_on_held_answers_counts_running_ones_too(room: Room) -> None:
    _, session = room.open()
    hold(session, "r1", "r2")
    session.begin(question_about(PERSON, "r3"), lambda: None)
    with pytest.raises(TooMuch) as refused:
        session.begin(question_about(PERSON, "r4"), lambda: None)
    assert refused.value.reason == "TOO_MANY_ANSWERS"
    session.close("r1")
    session.begin(question_about(PERSON, "r4"), lambda: None)


def test_the_bound_on_running_questions_is_lifted_when_one_finishes(room: Room) -> None:
    _, session = room.open()
    session.begin(question_about(PERSON, "r1"), lambda: None)
    session.begin(question_about(PERSON, "r2"), lambda: None)
    with pytest.raises(TooMuch) as refused:
        session.begin(question_about(PERSON, "r3"), lambda: None)
    assert refused.value.reason == "TOO_MANY_QUESTIONS"
    session.finish("r1")
    session.finish("r1")
    session.begin(question_about(PERSON, "r3"), lambda: None)


def test_held_answers_are_counted_over_all_sessions(room: Room) -> None:
    hold(room.open()[1], "r1", "r2")
    hold(room.open()[1], "r3")
    assert room.sessions.held_answers() == 3
    assert len(room.sessions) == 2


@pytest.mark.parametrize("how", ["close", "close all", "sign out", "idle", "revoke", "stop"])
def test_what_was_held_is_freed_not_only_forgotten(room: Room, how: str) -> None:
    token, session = room.open()
    gc.collect()
    before = sum(type(thing) is AnswerPart for thing in gc.get_objects())
    hold(session, "r1")
    assert sum(type(thing) is AnswerPart for thing in gc.get_objects()) == before + 1
    match how:
        case "close":
            session.close("r1")
        case "close all":
            session.close("")
        case "sign out":
            room.sessions.sign_out(token)
        case "idle":
            room.clock.now += 61
            room.sessions.sweep()
        case "revoke":
            room.sessions.revoke(REQUESTER.user_name)
        case _:
            room.sessions.end_all()
    assert sum(type(thing) is AnswerPart for thing in gc.get_objects()) == before


def test_a_level_shortens_its_sessions_and_never_lengthens_them(room: Room) -> None:
    short = room.sessions.require(room.sessions.open(REQUESTER, idle_seconds=10, absolute_seconds=100))
    long = room.sessions.require(room.sessions.open(REQUESTER, idle_seconds=10_000, absolute_seconds=100_000))
    assert (short.rules.idle_seconds, short.rules.absolute_seconds) == (10, 100)
    assert (long.rules.idle_seconds, long.rules.absolute_seconds) == (RULES.idle_seconds, RULES.absolute_seconds)
    room.clock.now += 10
    room.sessions.sweep()
    assert (short.ended_by, long.ended_by) == (EndedBy.IDLE, None)


def test_an_open_session_is_shortened_and_never_lengthened(room: Room) -> None:
    session = room.sessions.require(room.sessions.open(REQUESTER))
    lasts = session.expires_at
    session.shorten(None, None)
    session.shorten(10_000, 100_000)
    assert (session.rules, session.expires_at) == (RULES, lasts)
    session.shorten(10, 100)
    assert (session.rules.idle_seconds, session.expires_at) == (10, lasts - RULES.absolute_seconds + 100)
    session.shorten(None, 90)
    assert (session.rules.idle_seconds, session.expires_at) == (10, lasts - RULES.absolute_seconds + 90)


def test_a_second_factor_counts_as_just_given_for_a_while_only(room: Room) -> None:
    _, session = room.open()
    assert not session.is_stepped_up
    session.step_up()
    room.clock.now += RULES.step_up_seconds - 1
    assert session.is_stepped_up
    room.clock.now += 1
    assert not session.is_stepped_up
    assert room.sessions.require(room.sessions.open(REQUESTER, is_strong=True)).is_stepped_up


def test_stepping_up_gives_the_session_another_token_and_the_old_one_opens_nothing(room: Room) -> None:
    token, session = room.open()
    hold(session, "r1")
    renewed = room.sessions.step_up(token)
    assert renewed != token
    with pytest.raises(NotSignedIn):
        room.sessions.require(token)
    assert room.sessions.require(renewed) is session
    assert session.is_stepped_up
    assert [held.request.request_id for held in session.held()] == ["r1"]
    assert len(room.sessions) == 1


def test_signing_out_everywhere_ends_every_session_of_the_account_and_no_other(room: Room) -> None:
    (_, first), (_, second) = room.open(), room.open()
    other = room.sessions.require(room.sessions.open(replace(REQUESTER, user_name="s.patel")))
    hold(first, "r1")
    hold(second, "r2", "r3")
    assert room.sessions.sign_out_everywhere(REQUESTER.user_name) == 3
    assert (first.ended_by, second.ended_by, other.ended_by) == (EndedBy.SIGN_OUT, EndedBy.SIGN_OUT, None)


def test_no_session_opens_on_what_an_account_was_before_it_was_revoked(room: Room) -> None:
    before = room.sessions.revocations(REQUESTER.user_name)
    room.sessions.revoke(REQUESTER.user_name)
    with pytest.raises(NotSignedIn):
        room.sessions.open(REQUESTER, revocations=before)
    assert room.sessions.open(REQUESTER, revocations=room.sessions.revocations(REQUESTER.user_name))


def test_no_session_opens_on_the_password_that_an_account_had_before_it_was_changed(room: Room) -> None:
    _, session = room.open()
    before = room.sessions.revocations(REQUESTER.user_name)
    room.sessions.revoke_others(session)
    with pytest.raises(NotSignedIn):
        room.sessions.open(REQUESTER, revocations=before)
    assert session.ended_by is None


def test_what_is_withdrawn_is_dropped_and_cut_and_said_to_be_so(room: Room) -> None:
    _, session = room.open()
    cuts: list[str] = []
    hold(session, "r1")
    session.begin(question_about(PERSON, "r2"), lambda: cuts.append("r2"))
    for name in ("r1", "r2", "r9"):
        session.withdraw(name)
    assert cuts == ["r2"]
    assert session.held() == ()
    assert session.withdrawn() == ("r1", "r2")
    for name in ("r1", "r2"):
        with pytest.raises(NotHeld) as gone:
            session.view(name)
        assert gone.value.reason == "WITHDRAWN"
    with pytest.raises(NotHeld) as gone:
        session.hold(question_about(PERSON, "r2"), part())
    assert gone.value.reason == "WITHDRAWN"
    with pytest.raises(NotHeld) as never:
        session.view("r9")
    assert never.value.reason == "NOT_HELD"
