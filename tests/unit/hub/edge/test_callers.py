"""Who calls: the address that the throttle counts by, and what an office is for that nobody can hold any more."""

import ipaddress

import pytest

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.accounts.throttle import source_key
from hub.edge.callers import Callers, source_of, token_in
from hub.errors import NotSignedIn
from hub.model.policy import LevelKind
from hub.model.request import Requester
from hub.sessions.registry import Sessions
from hub.sessions.session import SessionRules


class Call:
    """A call as gRPC shows it to its handler: whence it comes, and with what metadata."""

    def __init__(self, peer: str = "", **metadata: str | bytes) -> None:
        self._peer = peer
        self._metadata = tuple(metadata.items())

    def peer(self) -> str:
        return self._peer

    def invocation_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        return self._metadata


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:127.0.0.1:50123", "127.0.0.1"),
        ("ipv6:[2001:db8::1]:50123", "2001:db8::1"),
        ("ipv6:%5B2001:db8::1%5D:50123", "2001:db8::1"),
    ],
)
def test_the_address_of_a_call_is_one_that_can_be_read(peer: str, address: str) -> None:
    assert source_of(Call(peer)) == address
    assert ipaddress.ip_address(source_of(Call(peer)))


def test_one_household_is_one_source_from_whichever_of_its_addresses() -> None:
    keys = {source_key(source_of(Call(f"ipv6:%5B2001:db8:1:2::{host:x}%5D:{host + 1}"))) for host in range(50)}
    assert keys == {"2001:db8:1:2::/64"}


def test_an_older_address_within_a_newer_one_is_the_same_source() -> None:
    assert source_key(source_of(Call("ipv6:%5B::ffff:192.0.2.1%5D:50000"))) == "192.0.2.1"


def test_a_peer_without_an_address_is_a_source_too() -> None:
    assert source_of(Call("unix:")) == ""


@pytest.mark.parametrize("said", ["", "token", "bearer token", "Basic token", b"Bearer token"])
def test_what_is_no_token_signs_nobody_in(said: str | bytes) -> None:
    with pytest.raises(NotSignedIn):
        token_in(Call(authorization=said))


@pytest.mark.parametrize(
    ("level", "agency", "areas", "kind"),
    [
        ("data_guardian", "health", ("bolton",), LevelKind.GUARDIAN),
        ("data_guardian", "no_longer_a_partner", ("bolton",), LevelKind.ABSTRACT),
        ("data_guardian", "health", (), LevelKind.ABSTRACT),
        ("data_guardian", "health", ("elsewhere",), LevelKind.ABSTRACT),
        ("no_such_level", "health", ("bolton",), LevelKind.ABSTRACT),
        ("practitioner", "health", ("bolton",), LevelKind.ABSTRACT),
    ],
)
def test_an_office_that_nobody_can_hold_is_for_nothing(
    level: str, agency: str, areas: tuple[str, ...], kind: LevelKind, policy: Policy
) -> None:
    sessions = Sessions(SessionRules(), clock=lambda: 0.0, on_end=lambda _session, _dropped: None)
    token = sessions.open(Requester(user_name="hana", display_name="H", access_level=level, agency=agency, areas=areas))
    actor = Callers(sessions, PolicyInForce(policy)).actor(Call(authorization=f"Bearer {token}"))
    assert actor.kind is kind
