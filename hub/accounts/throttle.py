"""How many guesses are evaluated: few from devices that an account does not know, and its own share for each it does.

Whoever guesses from elsewhere takes from the shares of the account, of where they are and of all strangers together;
never from that of a device from which the account's holder has signed in before. So guessing and spraying end, and
nobody is locked out of their own desk by them.
"""

import ipaddress
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from hub.accounts.buckets import Allowance, Buckets

# No hour sees more than 20 guesses at one account: 10 that were saved up and 10 that came back meanwhile.
ACCOUNT = Allowance(at_once=10, an_hour=10)
# Behind one address may sit a whole agency, whose people mistype; only refused attempts count.
SOURCE = Allowance(at_once=100, an_hour=20)
STRANGERS = Allowance(at_once=300, an_hour=300)
DEVICE = Allowance(at_once=10, an_hour=10)
# What somebody may try who is signed in: codes, and their own password when they change it.
SIGNED_IN = Allowance(at_once=10, an_hour=10)

LONGEST_SOURCE = 100
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one attempt has taken, from which buckets."""

    taken: tuple[tuple[Buckets, Hashable], ...]

    def give_back(self) -> None:
        """Put everything back: the attempt was no guess."""
        for buckets, key in self.taken:
            buckets.give_back(key)


class Throttle:
    """Says of each attempt whether it is evaluated; memory follows how many were in the last hours."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start with everything allowed; `clock` counts seconds and never goes back."""
        self._accounts = Buckets(ACCOUNT, clock)
        self._sources = Buckets(SOURCE, clock)
        self._strangers = Buckets(STRANGERS, clock)
        self._devices = Buckets(DEVICE, clock)
        self._signed_in = Buckets(SIGNED_IN, clock)

    def __len__(self) -> int:
        """Count the buckets that are kept."""
        kept = (self._accounts, self._sources, self._strangers, self._devices, self._signed_in)
        return sum(map(len, kept))

    def admit_stranger(self, user_name: str, source: str) -> Ticket | None:
        """Admit an attempt from a device that the account does not know; None when it is not to be evaluated.

        A name that nobody has is counted like any other, or what is left would tell which names there are.
        """
        where = source_key(source)
        return _admitted(((self._accounts, user_name), (self._sources, where), (self._strangers, None)))

    def admit_known(self, user_name: str, device: bytes) -> Ticket | None:
        """Admit an attempt from a device that the account knows; None when it is not to be evaluated."""
        return _admitted(((self._devices, (user_name, device)),))

    def admit_signed_in(self, user_name: str) -> Ticket | None:
        """Admit an attempt of somebody who is signed in; None when it is not to be evaluated."""
        return _admitted(((self._signed_in, user_name),))


def _admitted(wanted: tuple[tuple[Buckets, Hashable], ...]) -> Ticket | None:
    """Take one from each bucket, or from none: a source that may not guess must not use up an account's share."""
    if not all(buckets.has_one(key) for buckets, key in wanted):
        return None
    for buckets, key in wanted:
        buckets.take(key)
    return Ticket(wanted)


def source_key(source: str) -> str:
    """Return what counts as one source: an IPv4 address, or the IPv6 network of which one household has it all."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:LONGEST_SOURCE]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), IPV6_PREFIX), strict=False))
