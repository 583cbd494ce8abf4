"""Proposals as rows: what two people do at once, and what fails half-way, leaves all of it or nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError

from hub.model.account import Account
from hub.model.proposal import AccountChange, Approval, Proposal, ProposalKind, ProposalState, Publication
from hub.store.accounts import Accounts
from hub.store.proposals import Proposals
from hub.store.publications import Publications

TIMES = 20
OLD, NEW = "a" * 64, "b" * 64
PROPOSAL = Proposal(
    id="p1",
    kind=ProposalKind.POLICY,
    state=ProposalState.OPEN,
    digest=OLD,
    base=1,
    proposer="ada",
    proposer_agency="social_care",
    proposer_guards="",
    reason="A reason that says something.",
    made_at_ms=1,
    opens=("health",),
)
ACCOUNTS = replace(
    PROPOSAL,
    kind=ProposalKind.ACCOUNTS,
    changes=(
        AccountChange(user_name="n.okafor", access_level="health_visitor", agency="health", areas=("bolton",)),
        AccountChange(user_name="s.patel", enable=True),
    ),
)
PUBLICATION = Publication(number=0, version="v", kind=ProposalKind.POLICY, at_ms=2, proposal="p1", texts={"x": "y"})


def approval(approver: str = "ben", digest: str = OLD) -> Approval:
    return Approval(approver=approver, approver_agency="health", digest=digest, guards="", at_ms=1)


def at_once(*calls: object) -> list[object]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(call) for call in calls]]  # type: ignore[arg-type]  # thunks


@pytest.fixture
def proposals(engine: Engine) -> Proposals:
    return Proposals(engine)


@pytest.fixture
def publications(engine: Engine) -> Publications:
    return Publications(engine)


@pytest.fixture
def accounts(engine: Engine) -> Iterator[Accounts]:
    kept = Accounts(engine)
    for name in ("n.okafor", "s.patel"):
        kept.add(
            Account(
                user_name=name, display_name=name, access_level="", agency="health", password_hash="", disabled=True
            )
        )
    return kept


def fail_at(engine: Engine, words: str) -> None:
    """Let every statement fail that holds these words."""

    def fail(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if words in statement:
            raise OSError("the disk is full")

    event.listen(engine, "before_cursor_execute", fail)


def test_a_proposal_is_read_as_it_was_kept(proposals: Proposals) -> None:
    proposals.add(ACCOUNTS, {"x": "\udcff"})
    assert proposals.find("p1") == ACCOUNTS
    assert proposals.texts("p1") == {"x": "\udcff"}
    assert proposals.find("p2") is None


def test_of_two_approvals_by_one_person_at_once_one_is_kept(proposals: Proposals) -> None:
    for number in range(TIMES):
        name = f"p{number}"
        proposals.add(replace(PROPOSAL, id=name), {})
        outcomes = at_once(*[lambda name=name: proposals.approve(name, approval())] * 2)
        assert sorted(outcomes) == [False, True]
        found = proposals.find(name)
        assert found is not None
        assert len(found.approvals) == 1


def test_approvals_by_two_people_at_once_are_both_kept(proposals: Proposals) -> None:
    for number in range(TIMES):
        name = f"p{number}"
        proposals.add(replace(PROPOSAL, id=name), {})
        assert at_once(
            lambda name=name: proposals.approve(name, approval("ben")),
            lambda name=name: proposals.approve(name, approval("hana")),
        ) == [True, True]
        found = proposals.find(name)
        assert found is not None
        assert {one.approver for one in found.valid_approvals} == {"ben", "hana"}


def test_an_approval_at_the_moment_of_an_edit_never_counts_for_what_it_has_become(proposals: Proposals) -> None:
    for number in range(TIMES):
        name = f"p{number}"
        proposals.add(replace(PROPOSAL, id=name), {"x": "old"})
        edited = replace(PROPOSAL, id=name, digest=NEW)
        at_once(
            lambda name=name: proposals.approve(name, approval()),
            lambda edited=edited: proposals.edit(edited, {"x": "new"}, formerly=OLD),
        )
        found = proposals.find(name)
        assert found is not None
        assert (found.digest, found.approvals, proposals.texts(name)) == (NEW, (), {"x": "new"})


def test_an_edit_takes_approvals_away_also_when_the_content_comes_back(proposals: Proposals) -> None:
    proposals.add(PROPOSAL, {})
    assert proposals.approve("p1", approval())
    assert proposals.edit(replace(PROPOSAL, digest=NEW), {}, formerly=OLD)
    assert proposals.edit(PROPOSAL, {}, formerly=NEW)
    found = proposals.find("p1")
    assert found is not None
    assert found.approvals == ()
    assert proposals.approve("p1", approval())


def test_what_is_no_longer_what_it_was_is_neither_approved_edited_moved_nor_published(
    proposals: Proposals, publications: Publications
) -> None:
    proposals.add(PROPOSAL, {})
    other = replace(PROPOSAL, digest=NEW)
    assert not proposals.approve("p1", approval(digest=NEW))
    assert not proposals.edit(other, {}, formerly=NEW)
    assert not proposals.move(other, ProposalState.WITHDRAWN)
    assert proposals.publish(other, PUBLICATION) is None
    assert proposals.move(PROPOSAL, ProposalState.WITHDRAWN)
    assert not proposals.approve("p1", approval())
    assert not proposals.edit(other, {}, formerly=OLD)
    assert proposals.publish(PROPOSAL, PUBLICATION) is None
    assert publications.newest(5) == ()


def test_of_two_publications_of_one_proposal_at_once_one_is_made(
    proposals: Proposals, publications: Publications
) -> None:
    for number in range(TIMES):
        proposal = replace(PROPOSAL, id=f"p{number}")
        proposals.add(proposal, {})
        outcomes = at_once(*[lambda proposal=proposal: proposals.publish(proposal, PUBLICATION)] * 2)
        assert sum(outcome is not None for outcome in outcomes) == 1
    assert [one.number for one in publications.newest(100)] == list(range(TIMES, 0, -1))


@pytest.mark.parametrize("words", ["UPDATE account SET disabled", "INSERT INTO publication"])
def test_a_publication_that_fails_half_way_changes_nothing(
    words: str, engine: Engine, proposals: Proposals, publications: Publications, accounts: Accounts
) -> None:
    proposals.add(ACCOUNTS, {})
    before = accounts.all()
    fail_at(engine, words)
    with pytest.raises(OSError, match="disk is full"):
        proposals.publish(ACCOUNTS, PUBLICATION)
    assert (accounts.all(), proposals.find("p1"), publications.newest(5)) == (before, ACCOUNTS, ())


def test_a_publication_changes_accounts_as_agreed(proposals: Proposals, accounts: Accounts) -> None:
    proposals.add(ACCOUNTS, {})
    kept = proposals.publish(ACCOUNTS, PUBLICATION)
    assert kept is not None
    assert kept.number == 1
    nurse, social_worker = accounts.all()
    assert (nurse.access_level, nurse.areas, nurse.disabled) == ("health_visitor", ("bolton",), True)
    assert (social_worker.access_level, social_worker.disabled) == ("", False)


def test_numbers_of_publications_are_unique(engine: Engine, publications: Publications) -> None:
    publications.add(PUBLICATION)
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("INSERT INTO publication SELECT * FROM publication")


def test_a_policy_is_in_force_until_the_next_policy_whatever_else_is_published(publications: Publications) -> None:
    assert publications.in_force() is None
    publications.add(PUBLICATION)
    publications.add(replace(PUBLICATION, kind=ProposalKind.ACCOUNTS, texts={}))
    found = publications.in_force()
    assert found is not None
    assert (found.number, found.texts) == (1, {"x": "y"})
