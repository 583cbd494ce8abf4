from dataclasses import dataclass

from hub.accounts.oidc.pending import PENDING_SECONDS, Pending, PendingSignIns
from hub.accounts.shares import MOST_OF_ONE


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def pending(name: str = "nhs") -> Pending:
    return Pending(issuer_id=name, redirect="http://127.0.0.1/", acr_values=(), max_age=None)


def test_a_sign_in_is_taken_once() -> None:
    waiting = PendingSignIns(Clock())
    kept = pending()
    handle = waiting.keep(kept)
    assert waiting.take(handle) is kept
    assert waiting.take(handle) is None
    assert len(waiting) == 0


def test_a_handle_is_kept_nowhere() -> None:
    waiting = PendingSignIns(Clock())
    handle = waiting.keep(pending())
    assert handle not in repr(vars(waiting))
    assert handle.encode() not in waiting._waiting


def test_where_there_are_too_many_the_oldest_goes() -> None:
    waiting = PendingSignIns(Clock(), most=3)
    handles = [waiting.keep(pending(str(number))) for number in range(5)]
    assert len(waiting) == 3
    assert [kept and kept.issuer_id for kept in map(waiting.take, handles)] == [None, None, "2", "3", "4"]


def test_those_that_are_too_old_are_forgotten_when_the_next_one_comes() -> None:
    clock = Clock()
    waiting = PendingSignIns(clock)
    old = waiting.keep(pending())
    clock.now = PENDING_SECONDS
    waiting.keep(pending())
    assert len(waiting) == 1
    assert waiting.take(old) is None


def test_a_verifier_and_its_challenge_have_the_form_that_pkce_wants() -> None:
    begun = pending()
    assert len(begun.verifier) == len(begun.challenge()) == 43
    assert begun.challenge() != begun.verifier
    assert len({begun.state, begun.nonce, begun.verifier}) == 3


def test_whoever_begins_again_and_again_loses_their_own_and_takes_nobody_s_place() -> None:
    waiting = PendingSignIns(Clock())
    mine = waiting.keep(pending(), "198.51.100.7")
    theirs = [waiting.keep(pending(), "192.0.2.1") for _ in range(MOST_OF_ONE + 5)]
    assert len(waiting) == MOST_OF_ONE + 1
    assert waiting.take(mine)
    assert [waiting.take(handle) is None for handle in theirs[:6]] == [True] * 5 + [False]
    assert all(map(waiting.take, theirs[6:]))
    assert (len(waiting), len(waiting._shares)) == (0, 0)
