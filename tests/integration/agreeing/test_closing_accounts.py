"""Closing accounts: what ends at once, also for those who are just signing in, and what it takes to open one again."""

import asyncio

import pytest
from sharing.v1 import accounts_pb2, policies_pb2, questions_pb2, sessions_pb2

from tests.lib.administration import AUDITOR, FIRST, SECOND, Administration, Seat, guardian, office, refusal_of
from tests.lib.deployment import PASSWORD
from tests.lib.drafts import HEALTH_VISITOR, SHORTER_SESSIONS, changed
from tests.lib.gate import PATIENCE_SECONDS, Gate
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people

NURSE = "n.okafor"


async def disable(seat: Seat, user_name: str = NURSE) -> int:
    request = accounts_pb2.DisableAccountRequest(user_name=user_name)
    return (await seat.call(seat.accounts.DisableAccount, request)).ended_sessions


async def menu(seat: Seat) -> questions_pb2.MenuResponse:
    return await seat.call(seat.questions.Menu, questions_pb2.MenuRequest())


async def agreed(administration: Administration, change: policies_pb2.AccountChange) -> None:
    """Have a change of an account proposed, approved and published."""
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose_accounts(change)
    await second.approve(proposal)
    await first.publish(proposal)


def signing_in(administration: Administration) -> Gate:
    """Keep whoever signs in at the very last step, when everything has been found to be in order."""
    opening = administration.hub.rooms.desk.sign_in._opening
    gate = Gate(opening._accounts, "set_last_signed_in")
    opening._accounts = gate
    return gate


async def test_disabling_ends_sessions_and_running_questions_at_once(administration: Administration) -> None:
    first, nurse, other = await administration.seats(FIRST, NURSE, NURSE)
    slow = GoodAdapter("health", delay=PATIENCE_SECONDS)
    async with connected(administration.deployment, administration.hub.links_port, slow):
        asking = asyncio.create_task(refusal_of(nurse.ask(next(people()))))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await slow.was_asked.wait()
        assert await disable(first) == 2
        assert await asking == "NOT_SIGNED_IN"
    for seat in (nurse, other):
        assert await refusal_of(menu(seat)) == "NOT_SIGNED_IN"
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"
    kinds = [one.get("what", one["kind"]) for one in administration.audited()]
    assert kinds.index("disabled") < kinds.index("session_ended")
    assert await refusal_of(disable(first, "nobody")) == "NO_ACCOUNT"


async def test_a_sign_in_that_is_just_under_way_does_not_survive_the_disabling(
    administration: Administration,
) -> None:
    first, gate = await administration.seat(FIRST), signing_in(administration)
    entering = asyncio.create_task(refusal_of(administration.sign_in(NURSE)))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    assert await disable(first) == 0
    gate.open()
    assert await entering == "SIGN_IN_REFUSED"
    assert [session.requester.user_name for session in administration.hub.sessions] == [FIRST]


@pytest.mark.parametrize("everywhere", [True, False])
async def test_nor_does_it_survive_a_changed_password_or_signing_out_everywhere(
    everywhere: bool,  # noqa: FBT001  (which of the two)
    administration: Administration,
) -> None:
    nurse, gate = await administration.seat(NURSE), signing_in(administration)
    entering = asyncio.create_task(refusal_of(administration.sign_in(NURSE)))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    if everywhere:
        await nurse.call(nurse.sessions.SignOut, sessions_pb2.SignOutRequest(everywhere=True))
    else:
        request = accounts_pb2.ChangePasswordRequest(present=PASSWORD, password="lantern-orchard-ferry")
        await nurse.call(nurse.credentials.ChangePassword, request)
    gate.open()
    assert await entering == "SIGN_IN_REFUSED"
    assert len(administration.hub.sessions) == (0 if everywhere else 1)


async def test_a_level_that_is_gone_before_a_sign_in_ends_lets_nobody_in(administration: Administration) -> None:
    gate = signing_in(administration)
    entering = asyncio.create_task(refusal_of(administration.sign_in(NURSE)))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    await agreed(administration, office(NURSE, "", ""))
    gate.open()
    assert await entering == "SIGN_IN_REFUSED"


async def test_an_administrator_who_goes_away_while_disabling_leaves_no_session_open(
    administration: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, nurse = await administration.seats(FIRST, NURSE)
    accounts = administration.hub.rooms.accounts
    gate = Gate(accounts, "disable")
    monkeypatch.setattr(accounts, "disable", gate.disable)
    request = accounts_pb2.DisableAccountRequest(user_name=NURSE)
    call = first.accounts.DisableAccount(request, metadata=first.metadata)
    waiting = asyncio.ensure_future(call)
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    ended = asyncio.create_task(administration.until_ended(NURSE))
    gate.open()
    await ended
    assert await refusal_of(menu(nurse)) == "NOT_SIGNED_IN"


async def test_a_disabled_account_is_opened_again_by_agreement_only(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    await disable(first)
    reset = accounts_pb2.ResetPasswordRequest(user_name=NURSE)
    token = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    await first.credentials.AcceptInvitation(accounts_pb2.AcceptInvitationRequest(token=token, password=PASSWORD[::-1]))
    again = accounts_pb2.AcceptInvitationRequest(token=token, password=PASSWORD)
    assert await refusal_of(first.credentials.AcceptInvitation(again)) == "INVITATION_REFUSED"
    token = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    again = accounts_pb2.AcceptInvitationRequest(token=token, password=PASSWORD)
    await first.credentials.AcceptInvitation(again)
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"
    await agreed(administration, policies_pb2.AccountChange(user_name=NURSE, keep_office=True, enable=True))
    assert (await administration.sign_in(NURSE)).access_level == "health_visitor"


async def test_a_reset_keeps_second_factors_and_only_an_agreement_removes_them(
    administration: Administration,
) -> None:
    first, nurse = await administration.seats(FIRST, NURSE)
    codes = await administration.enrol(nurse)
    reset = accounts_pb2.ResetPasswordRequest(user_name=NURSE)
    token = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    assert (await menu(nurse)).questions
    await first.credentials.AcceptInvitation(accounts_pb2.AcceptInvitationRequest(token=token, password=PASSWORD))
    assert await refusal_of(menu(nurse)) == "NOT_SIGNED_IN"
    later = administration.turn_codes(60)
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"
    assert (await administration.sign_in(NURSE, code=codes.at(later))).is_stepped_up
    await agreed(administration, policies_pb2.AccountChange(user_name=NURSE, keep_office=True, remove_factors=True))
    # What was a second factor's protection is not left to the password: it goes too, and a new one is sent.
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"
    token = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    await first.credentials.AcceptInvitation(accounts_pb2.AcceptInvitationRequest(token=token, password=PASSWORD))
    assert not (await administration.sign_in(NURSE)).is_stepped_up


async def test_nobody_alone_resets_who_sets_or_reviews_the_rules_without_a_second_factor(
    administration: Administration,
) -> None:
    first, health = await administration.seats(FIRST, guardian("health"))

    async def reset(user_name: str) -> accounts_pb2.ResetPasswordResponse:
        return await first.call(first.accounts.ResetPassword, accounts_pb2.ResetPasswordRequest(user_name=user_name))

    for user_name in (SECOND, AUDITOR, health.user_name):
        assert await refusal_of(reset(user_name)) == "NEEDS_AGREEMENT"
    await administration.enrol(health)
    assert (await reset(health.user_name)).invitation.token
    await agreed(administration, policies_pb2.AccountChange(user_name=AUDITOR, keep_office=True, remove_factors=True))
    assert (await reset(AUDITOR)).invitation.token


async def test_an_office_that_changes_ends_the_account_s_sessions(administration: Administration) -> None:
    nurse, social_worker = await administration.seats(NURSE, "s.patel")
    await agreed(administration, office(NURSE, "school_nurse", "health"))
    assert await refusal_of(menu(nurse)) == "NOT_SIGNED_IN"
    assert (await menu(social_worker)).questions
    assert (await administration.sign_in(NURSE)).access_level == "school_nurse"
    await agreed(administration, office(NURSE, "", ""))
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"


async def test_a_level_s_limits_shorten_its_sessions(administration: Administration) -> None:
    first, second, nurse, other = await administration.seats(FIRST, SECOND, NURSE, "s.patel")
    assert (await administration.sign_in(NURSE)).idle_seconds == 900
    proposal = await first.propose(SHORTER_SESSIONS)
    await second.approve(proposal)
    await first.publish(proposal)
    assert (await administration.sign_in(NURSE)).idle_seconds == 840
    # Also those of the sessions that are open already, and of nobody else's.
    opened = [(session.requester.user_name, session.rules.idle_seconds) for session in administration.hub.sessions]
    assert {seconds for name, seconds in opened if name == nurse.user_name} == {840}
    assert (other.user_name, 900) in opened
    roomy = changed((HEALTH_VISITOR, "agency: health\n", "agency: health\nsession: {idle_minutes: 60}\n"))
    proposal = await first.propose(roomy)
    assert list(proposal.missing)
    for other in (SECOND, *(guardian(agency) for agency in proposal.opens)):
        await (await administration.seat(other)).approve(proposal)
    await first.publish(proposal)
    assert (await administration.sign_in(NURSE)).idle_seconds == 900
