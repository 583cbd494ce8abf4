"""Accounts, from the invitation to the first session: nobody signs in on what one person alone has decided."""

import time

import pytest
from sharing.v1 import accounts_pb2, policies_pb2, sessions_pb2

from tests.lib.administration import (
    FIRST,
    SECOND,
    Administration,
    Seat,
    guardian,
    office,
    officer,
    refusal_of,
)
from tests.lib.deployment import PASSWORD

NEWCOMER, NEW_PASSWORD = "o.newcomer", "lantern-orchard-ferry"
DAY_MS = 24 * 60 * 60 * 1_000


async def create(seat: Seat, user_name: str = NEWCOMER, agency: str = "health", name: str = "Otis Newcomer") -> str:
    """Make an account, and return the token of its invitation."""
    request = accounts_pb2.CreateAccountRequest(user_name=user_name, display_name=name, agency=agency)
    return (await seat.call(seat.accounts.CreateAccount, request)).invitation.token


async def accept(seat: Seat, token: str, password: str = NEW_PASSWORD) -> accounts_pb2.AcceptInvitationResponse:
    request = accounts_pb2.AcceptInvitationRequest(token=token, password=password)
    return await seat.credentials.AcceptInvitation(request)


async def sign_in(administration: Administration, password: str = NEW_PASSWORD) -> sessions_pb2.SignInResponse:
    nobody = Seat(await administration.channel(), "", user_name="")
    return await nobody.sessions.SignIn(sessions_pb2.SignInRequest(user_name=NEWCOMER, password=password))


@pytest.mark.parametrize("proposer", [guardian("health"), FIRST])
async def test_an_account_signs_in_once_an_office_was_proposed_approved_and_published(
    proposer: str, administration: Administration
) -> None:
    first, second, proposing = await administration.seats(FIRST, SECOND, proposer)
    token = await create(first)
    assert await refusal_of(sign_in(administration)) == "SIGN_IN_REFUSED"
    assert (await accept(first, token)).user_name == NEWCOMER
    assert await refusal_of(sign_in(administration)) == "SIGN_IN_REFUSED"
    proposal = await proposing.propose_accounts(office(NEWCOMER, "health_visitor", "health"))
    assert await refusal_of(proposing.approve(proposal)) == "OWN_PROPOSAL"
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    await second.approve(proposal)
    assert await refusal_of(sign_in(administration)) == "SIGN_IN_REFUSED"
    published = (await first.publish(proposal)).publication
    assert (published.kind, published.number) == (policies_pb2.PROPOSAL_KIND_ACCOUNTS, 2)
    session = await sign_in(administration)
    assert (session.access_level, session.agency, session.last_signed_in_ms) == ("health_visitor", "health", 0)
    assert (await sign_in(administration)).last_signed_in_ms > 0
    told = [one for one in administration.audited() if NEWCOMER in (one.get("account"), *one.get("accounts", ()))]
    assert [one.get("what", one["kind"]) for one in told if one["kind"] != "sign_in_refused"] == [
        "created",
        "password_set",
        "proposed",
    ]


async def test_an_invitation_works_once_for_a_while_and_for_its_own_account(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    token = await create(first)
    for odd in ("", "x" * 43, token[:-1], f"{token} "):
        assert await refusal_of(accept(first, odd)) == "INVITATION_REFUSED"
    assert await refusal_of(accept(first, token, "short")) not in {"", "INVITATION_REFUSED"}
    another = await create(first, "p.newcomer")
    assert (await accept(first, another)).user_name == "p.newcomer"
    assert (await accept(first, token)).user_name == NEWCOMER
    for used in (token, another):
        assert await refusal_of(accept(first, used)) == "INVITATION_REFUSED"
    late = await create(first, "q.newcomer")
    administration.hub.rooms.desk.own_password._now_ms = lambda: time.time_ns() // 1_000_000 + 8 * DAY_MS
    assert await refusal_of(accept(first, late)) == "INVITATION_REFUSED"
    reset = accounts_pb2.ResetPasswordRequest(user_name="n.okafor")
    newer = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    newest = (await first.call(first.accounts.ResetPassword, reset)).invitation.token
    assert await refusal_of(accept(first, newer)) == "INVITATION_REFUSED"
    assert (await accept(first, newest)).user_name == "n.okafor"


async def test_what_cannot_be_an_account_is_not_made_and_not_recorded_as_made(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    for odd in ("", "n", "N.Okafor", "1st", "a b", "é.clair", "a" * 65, "an\0other", "../x"):
        assert await refusal_of(create(first, odd)) == "USER_NAME_UNFIT"
    for odd in ("", "   ", "x" * 201, "A\x07B", "A\u202eB"):
        assert await refusal_of(create(first, name=odd)) == "NAME_UNFIT"
    assert await refusal_of(create(first, agency="nowhere")) == "NO_AGENCY"
    assert await refusal_of(create(first, "n.okafor")) == "ACCOUNT_EXISTS"
    assert "account_changed" not in {one["kind"] for one in administration.audited()}


async def test_what_goes_beyond_an_office_or_fits_nothing_is_not_proposed(administration: Administration) -> None:
    health, first = await administration.seats(guardian("health"), FIRST)
    await create(first)
    await create(first, "p.newcomer", "schools")
    keeps = {"keep_office": True}
    beyond = (
        office(NEWCOMER, "social_worker", "social_care"),
        office(NEWCOMER, "data_guardian", "health"),
        office(NEWCOMER, "policy_administrator", "health"),
        office(NEWCOMER, "auditor", "health"),
        office("p.newcomer", "health_visitor", "health"),
        office("s.patel", "", ""),
        office(SECOND, "", ""),
        policies_pb2.AccountChange(user_name=guardian("health"), **keeps, remove_factors=True),
        policies_pb2.AccountChange(user_name="a.brown", **keeps, enable=True),
    )
    for change in beyond:
        assert await refusal_of(health.propose_accounts(change)) == "BEYOND_YOUR_OFFICE", change
    fits = office(NEWCOMER, "health_visitor", "health")
    assert await refusal_of(health.propose_accounts(fits, beyond[0])) == "CHANGE_UNFIT"
    assert await refusal_of(health.propose_accounts(fits, office("s.patel", "", ""))) == "BEYOND_YOUR_OFFICE"
    unfit = (
        office("nobody", "health_visitor", "health"),
        office(NEWCOMER, "no_such_level", "health"),
        office(NEWCOMER, "practitioner", "health"),
        office(NEWCOMER, "health_visitor", "schools"),
        office(NEWCOMER, "health_visitor", ""),
        office(NEWCOMER, "health_visitor", "health", "nowhere"),
        policies_pb2.AccountChange(user_name=NEWCOMER, access_level="health_visitor", agency="health"),
        policies_pb2.AccountChange(user_name=NEWCOMER, agency="nowhere"),
        policies_pb2.AccountChange(user_name=NEWCOMER, areas=["bolton"]),
        policies_pb2.AccountChange(user_name=NEWCOMER, **keeps),
        policies_pb2.AccountChange(user_name=NEWCOMER, **keeps, issuer="no such", subject="1"),
        policies_pb2.AccountChange(user_name=NEWCOMER, **keeps, subject="1"),
    )
    for change in unfit:
        assert await refusal_of(first.propose_accounts(change)) == "CHANGE_UNFIT", change
    assert await refusal_of(first.propose_accounts()) == "CHANGES_MISSING"
    many = [office(f"n{number}", "", "") for number in range(101)]
    assert await refusal_of(first.propose_accounts(*many)) == "CHANGES_MISSING"


async def test_a_guardian_s_proposal_is_within_the_office_when_it_is_published_too(
    administration: Administration,
) -> None:
    first, second, health = await administration.seats(FIRST, SECOND, guardian("health"))
    waiting = await health.propose_accounts(office("n.okafor", "school_nurse", "health"))
    await second.approve(waiting)
    sooner = await first.propose_accounts(office("n.okafor", "policy_administrator", "schools"))
    await second.approve(sooner)
    await first.publish(sooner)
    assert await refusal_of(first.publish(waiting)) == "BEYOND_YOUR_OFFICE"


async def test_what_was_agreed_of_an_account_that_has_changed_since_is_not_published(
    administration: Administration,
) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    waiting = await first.propose_accounts(office("n.okafor", "school_nurse", "health"))
    await second.approve(waiting)
    disable = accounts_pb2.DisableAccountRequest(user_name="n.okafor")
    await first.call(first.accounts.DisableAccount, disable)
    assert await refusal_of(first.publish(waiting)) == "OUT_OF_DATE"
    again = await first.propose_accounts(office("n.okafor", "school_nurse", "health"))
    await second.approve(again)
    assert (await first.publish(again)).publication.number == 2


async def test_nobody_approves_what_changes_their_own_account(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose_accounts(
        policies_pb2.AccountChange(user_name=SECOND, keep_office=True, remove_factors=True)
    )
    assert await refusal_of(second.approve(proposal)) == "OWN_ACCOUNT"
    health = await administration.seat(guardian("health"))
    assert not (await health.approve(proposal)).missing


async def test_accounts_are_listed_without_secrets_and_to_a_guardian_those_of_the_own_agency(
    administration: Administration,
) -> None:
    first, health = await administration.seats(FIRST, guardian("health"))
    await administration.enrol(health)
    everybody = (await first.call(first.accounts.ListAccounts, accounts_pb2.ListAccountsRequest())).accounts
    own = (await health.call(health.accounts.ListAccounts, accounts_pb2.ListAccountsRequest())).accounts
    assert {account.agency for account in everybody} >= {"health", "schools", "social_care"}
    assert {account.user_name for account in own} == {"n.okafor", guardian("health"), officer("health")}
    assert {account.user_name: account.has_second_factor for account in own} == {
        "n.okafor": False,
        guardian("health"): True,
        officer("health"): False,
    }
    assert PASSWORD.encode() not in b"".join(account.SerializeToString() for account in everybody)
