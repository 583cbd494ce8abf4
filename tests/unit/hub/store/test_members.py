from dataclasses import replace

import pytest
from sqlalchemy import Engine

from hub.model.membership import EnrolmentToken, IssuedCertificate, Member, MemberState
from hub.store.members import Members

NOW = 1_000
MEMBER = Member(agency="schools", state=MemberState.SUSPENDED, changed_at_ms=5, changed_by="ada", revoked_at_ms=3)
TOKEN = EnrolmentToken(digest=b"d" * 32, agency="schools", expires_at_ms=NOW + 1)
ISSUED = IssuedCertificate(serial="a1", agency="schools", issued_at_ms=NOW, ends_at_ms=NOW + 100)


@pytest.fixture
def kept(engine: Engine) -> Members:
    return Members(engine)


def test_how_an_agency_stands_is_kept_and_replaced(kept: Members) -> None:
    kept.change(MEMBER)
    kept.change(replace(MEMBER, agency="health"))
    kept.change(replace(MEMBER, state=MemberState.ADMITTED))
    assert set(kept.all()) == {replace(MEMBER, agency="health"), replace(MEMBER, state=MemberState.ADMITTED)}


def test_a_token_takes_the_place_of_the_agency_s_former_one_and_holds_for_its_time(kept: Members) -> None:
    kept.invite(TOKEN)
    kept.invite(replace(TOKEN, digest=b"e" * 32))
    kept.invite(replace(TOKEN, agency="health"))
    assert {token.digest for token in kept.tokens(NOW)} == {b"e" * 32, b"d" * 32}
    assert kept.tokens(NOW + 1) == ()


def test_a_token_opens_one_enrolment_in_its_time(kept: Members) -> None:
    kept.invite(TOKEN)
    assert not kept.enrol(TOKEN.digest, MEMBER, ISSUED, NOW + 1)
    assert not kept.enrol(b"e" * 32, MEMBER, ISSUED, NOW)
    assert not kept.enrol(TOKEN.digest, replace(MEMBER, agency="health"), ISSUED, NOW)
    assert kept.all() == ()
    assert kept.enrol(TOKEN.digest, MEMBER, ISSUED, NOW)
    assert (kept.all(), kept.tokens(NOW), kept.certificates(NOW)) == ((MEMBER,), (), (ISSUED,))
    assert not kept.enrol(TOKEN.digest, MEMBER, replace(ISSUED, serial="b2"), NOW)


def test_an_agency_that_is_revoked_loses_its_token_and_its_certificates_and_no_other_does(kept: Members) -> None:
    other = replace(ISSUED, serial="b2", agency="health")
    kept.invite(TOKEN)
    kept.issue(ISSUED)
    kept.issue(other)
    kept.change(replace(MEMBER, state=MemberState.REVOKED))
    assert (kept.tokens(NOW), kept.certificates(NOW)) == ((), (other,))


def test_certificates_that_have_ended_are_kept_no_longer(kept: Members) -> None:
    kept.issue(ISSUED)
    later = replace(ISSUED, serial="b2", issued_at_ms=ISSUED.ends_at_ms, ends_at_ms=ISSUED.ends_at_ms + 1)
    kept.issue(later)
    assert kept.certificates(0) == (later,)
