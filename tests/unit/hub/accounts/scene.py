"""A sign-in desk over a real store, with clocks that tests set, a cheap hash, and invented people."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyotp

from hub.accounts.ceremonies import RelyingParty
from hub.accounts.credentials import Credentials, SignedIn
from hub.accounts.desk import Clocks, Desk, open_desk
from hub.accounts.hashing_cost import HashingCost
from hub.accounts.kept import Kept
from hub.accounts.passwords import Passwords
from hub.accounts.sealing import Seal
from hub.model.account import Account
from hub.store.accounts import Accounts
from hub.store.code_seeds import CodeSeeds
from hub.store.engine import Engine, open_store
from hub.store.external_identities import ExternalIdentities
from hub.store.invitations import Invitations
from hub.store.known_devices import KnownDevices
from hub.store.passkeys import Passkeys

PASSWORD = "kestrel harbour thimble"
OFFICE = "198.51.100.7"
CHEAP = HashingCost(memory_kib=64, passes=1)
PARTY = RelyingParty(id="hub.example.org", origin="https://hub.example.org")
BEGINNING = 1_795_000_000.0


@dataclass
class Clock:
    """Time as the test has it, in seconds since 1970."""

    now: float = BEGINNING

    def __call__(self) -> float:
        return self.now

    def ms(self) -> int:
        return int(self.now * 1_000)


@dataclass
class Scene:
    """A desk with everything that it is made of."""

    desk: Desk
    kept: Kept
    engine: Engine
    passwords: Passwords
    clock: Clock
    levels: set[str]
    codes: dict[str, pyotp.TOTP] = field(default_factory=dict)

    def account(self, user_name: str = "n.okafor") -> Account:
        found = self.kept.accounts.find(user_name)
        assert found is not None
        return found

    def add(self, user_name: str, **changed: object) -> Account:
        """Add an account with the usual password."""
        account = Account(
            user_name=user_name,
            display_name=user_name.upper(),
            access_level="health_visitor",
            agency="health",
            password_hash=self.passwords.hash(PASSWORD),
        )
        account = replace(account, **changed)
        Accounts(self.engine).add(account)
        return account

    async def sign_in(
        self,
        user_name: str = "n.okafor",
        password: str = PASSWORD,
        code: str = "",
        device: str = "",
        source: str = OFFICE,
    ) -> SignedIn:
        credentials = Credentials(user_name=user_name, password=password, code=code, device=device, source=source)
        return await self.desk.sign_in.sign_in(credentials)

    async def enrol(self, user_name: str = "n.okafor") -> pyotp.TOTP:
        """Give an account an authenticator, and let its first code pass by."""
        enrolment = await self.desk.second_factor.enrol(user_name)
        codes = self.codes[user_name] = pyotp.TOTP(enrolment.seed)
        await self.desk.second_factor.finish_enrolment(user_name, self.code(user_name))
        self.clock.now += 60
        return codes

    def code(self, user_name: str = "n.okafor", steps: int = 0) -> str:
        """Return what the authenticator shows now, or some steps away from now."""
        return self.codes[user_name].at(self.clock.now, counter_offset=steps)

    def another_process(self) -> Desk:
        """Open a second desk over the same store, as another process of the hub would."""
        return desk_over(self.kept, self.passwords, self.clock, lambda: self.levels)


def kept_in(engine: Engine) -> Kept:
    return Kept(
        accounts=Accounts(engine),
        devices=KnownDevices(engine),
        seeds=CodeSeeds(engine),
        passkeys=Passkeys(engine),
        invitations=Invitations(engine),
        identities=ExternalIdentities(engine),
    )


def desk_over(
    kept: Kept,
    passwords: Passwords,
    clock: Clock,
    levels: Callable[[], set[str]],
    *,
    party: RelyingParty | None = PARTY,
    key: bytes = b"k" * 32,
) -> Desk:
    return open_desk(
        kept,
        passwords=passwords,
        seal=Seal(key),
        known_levels=levels,
        party=party,
        clocks=Clocks(steady=clock, since_1970=clock, now_ms=clock.ms),
    )


def make_scene(folder: Path, passwords: Passwords | None = None) -> Scene:
    """Make a desk with one account, n.okafor."""
    engine, clock, levels = open_store(f"sqlite:///{folder}/hub.sqlite"), Clock(), set[str]()
    passwords = passwords or Passwords(CHEAP)
    levels |= {"health_visitor", "social_worker"}
    kept = kept_in(engine)
    scene = Scene(
        desk=desk_over(kept, passwords, clock, lambda: levels),
        kept=kept,
        engine=engine,
        passwords=passwords,
        clock=clock,
        levels=levels,
    )
    scene.add("n.okafor")
    return scene
