"""Where a call comes from, as gRPC writes it and as the throttle counts it."""

from dataclasses import dataclass
from typing import cast

import pytest

from hub.accounts.throttle import source_key
from hub.edge.callers import Context, source_of


@dataclass(frozen=True, slots=True)
class Call:
    """A call of which only its peer is known."""

    written: str

    def peer(self) -> str:
        return self.written


def key(peer: str) -> str:
    return source_key(source_of(cast("Context", Call(peer))))


@pytest.mark.parametrize(
    ("peer", "counted_as"),
    [
        ("ipv4:192.0.2.1:50000", "192.0.2.1"),
        ("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:50000", "2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:2::6]:50000", "2001:db8:1:2::/64"),
        ("ipv6:%5B::ffff:192.0.2.1%5D:50000", "192.0.2.1"),
        ("unix:/run/hub.socket", "unix:/run/hub.socket"),
        ("", ":"),
    ],
)
def test_an_address_is_read_as_grpc_writes_it_and_a_network_of_one_household_is_one_source(
    peer: str, counted_as: str
) -> None:
    assert key(peer) == counted_as
