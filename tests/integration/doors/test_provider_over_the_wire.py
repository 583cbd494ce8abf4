"""Sign-in through npm's oidc-provider, end to end: from the hub's address for the browser to an open session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sharing.v1 import sessions_pb2

from hub.main import Hub
from tests.integration.doors.conftest import SECRET
from tests.integration.doors.front_door import Opened, issuer_table, open_deployment
from tests.integration.doors.visitor import REDIRECT, Visitor, told, visiting
from tests.lib.browser import BroughtBack, sign_in
from tests.lib.deployment import Deployment, hub_in_process

PUBLIC, SECRETIVE = "public", "secretive"
SECRET_FILE = 'client_secret = "keys/issuer.secret"\nalgorithms = ["ES256"]'


def opened_with(folder: Path, real_issuers: tuple[str, str]) -> Opened:
    """Make a deployment that knows both issuers; the careful person is s.patel here, and strong there."""
    first, second = real_issuers
    tied = {"n.okafor": "n.okafor", "careful-person": "s.patel", "shut.out": "shut.out", "no.office": "no.office"}
    opened = open_deployment(
        folder,
        settings=issuer_table(PUBLIC, first) + issuer_table(SECRETIVE, second, SECRET_FILE),
        identities={(url, subject): account for url in real_issuers for subject, account in tied.items()},
    )
    (folder / "keys" / "issuer.secret").write_text(SECRET, encoding="utf-8")
    return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A hub that runs here between real issuers."""

    opened: Opened
    hub: Hub

    @property
    def deployment(self) -> Deployment:
        return self.opened.deployment

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        async with visiting(self.deployment, self.hub.requesters_port) as visitor:
            yield visitor


@pytest.fixture
async def hall(tmp_path: Path, real_issuers: tuple[str, str]) -> AsyncIterator[Hall]:
    opened = opened_with(tmp_path / "deployment", real_issuers)
    async with hub_in_process(opened.deployment) as hub:
        yield Hall(opened=opened, hub=hub)


@pytest.fixture
async def visitor(hall: Hall) -> AsyncIterator[Visitor]:
    async with hall.visitor() as visitor:
        yield visitor


async def go(visitor: Visitor, issuer: str, person: str) -> tuple[str, BroughtBack]:
    """Begin, and let the browser go to the issuer and come back as a person."""
    begun, _ = await visitor.begin_external(issuer)
    return begun.handle, await sign_in(begun.url, person, REDIRECT)


async def come_back(visitor: Visitor, handle: str, back: BroughtBack) -> sessions_pb2.SignInResponse:
    """Finish with what the browser has brought."""
    return await visitor.finish_external(handle, back["state"], back["code"], back["iss"])


@pytest.mark.parametrize("issuer", [PUBLIC, SECRETIVE])
async def test_whoever_an_issuer_vouches_for_is_signed_in_to_the_account_that_they_are_tied_to(
    issuer: str, hall: Hall, visitor: Visitor
) -> None:
    said = await come_back(visitor, *await go(visitor, issuer, "n.okafor"))
    assert (said.display_name, said.access_level, said.agency) == ("N.OKAFOR", "health_visitor", "health")
    assert not said.is_stepped_up
    assert await visitor.is_let_in()
    assert hall.opened.recorded("signed_in") == [
        ("signed_in", {"requester": "n.okafor", "access_level": "health_visitor"})
    ]


async def test_a_level_of_assurance_that_counts_as_strong_is_a_second_factor_and_no_other_is(visitor: Visitor) -> None:
    weak = await come_back(visitor, *await go(visitor, PUBLIC, "n.okafor"))
    strong = await come_back(visitor, *await go(visitor, PUBLIC, "careful-person"))
    assert (weak.is_stepped_up, strong.is_stepped_up) == (False, True)
    assert (strong.display_name, strong.access_level) == ("S.PATEL", "social_worker")


async def test_the_issuer_is_asked_to_ask_again_whoever_it_has_not_asked_lately(visitor: Visitor) -> None:
    """See that a browser which is left signed in at the issuer gives nobody a fresh second factor."""
    _, asked = await visitor.begin_external(PUBLIC)
    assert (asked["acr_values"], asked["max_age"]) == ("aal2", "300")


async def test_whoever_is_not_let_in_is_told_no_more_than_whoever_mistypes_a_password(
    hall: Hall, visitor: Visitor
) -> None:
    usual = await told(visitor.sign_in(password="wrong"))
    for person in ("nobody-here", "shut.out", "no.office"):
        assert await told(come_back(visitor, *await go(visitor, PUBLIC, person))) == usual, person
    tried = [body["account"] for _, body in hall.opened.recorded("sign_in_refused")]
    assert tried == ["n.okafor", "", "shut.out", "no.office"]


async def test_an_answer_of_the_issuer_opens_one_session_for_the_client_that_began(
    hall: Hall, visitor: Visitor
) -> None:
    usual = await told(visitor.sign_in(password="wrong"))
    handle, back = await go(visitor, PUBLIC, "n.okafor")
    async with hall.visitor() as thief:
        # The thief has seen the address that the browser came back to: without the handle it is worth nothing.
        theirs, _ = await thief.begin_external(PUBLIC)
        assert await told(come_back(thief, theirs.handle, back)) == usual
        assert await told(come_back(thief, "", back)) == usual
        # Nor do people end up in the thief's session who are sent back with the thief's answer (fixation).
        mine, mine_back = await go(thief, PUBLIC, "careful-person")
        victim_s, _ = await visitor.begin_external(PUBLIC)
        assert await told(come_back(visitor, victim_s.handle, mine_back)) == usual
        assert (await come_back(thief, mine, mine_back)).access_level == "social_worker"
    assert await come_back(visitor, handle, back)
    assert await told(come_back(visitor, handle, back)) == usual


async def test_what_one_issuer_said_is_nothing_at_the_other_and_a_foreign_state_uses_the_handle_up(
    visitor: Visitor,
) -> None:
    usual = await told(visitor.sign_in(password="wrong"))
    handle, back = await go(visitor, PUBLIC, "n.okafor")
    other, other_back = await go(visitor, SECRETIVE, "n.okafor")
    mixed = visitor.finish_external(other, other_back["state"], back["code"], back["iss"])
    assert await told(mixed) == usual
    assert await told(visitor.finish_external(handle, other_back["state"], back["code"], back["iss"])) == usual
    assert await told(come_back(visitor, handle, back)) == usual


async def test_an_account_of_whose_tie_nothing_is_left_is_not_opened(
    hall: Hall, visitor: Visitor, real_issuers: tuple[str, str]
) -> None:
    usual = await told(visitor.sign_in(password="wrong"))
    handle, back = await go(visitor, PUBLIC, "n.okafor")
    kept = hall.hub.rooms.desk.sign_in._kept.identities
    assert kept.remove(real_issuers[0], "n.okafor")  # type: ignore[attr-defined]  # the store's own, which the desk only reads
    assert await told(come_back(visitor, handle, back)) == usual
