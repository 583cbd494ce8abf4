"""A hub whose every way in is open, with accounts of every kind; what tests do at its door, and what it recorded."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyotp

from hub.accounts.one_time_codes import OneTimeCodes
from hub.accounts.sealing import Seal
from hub.main import Hub
from hub.model.account import Account
from hub.store.accounts import Accounts
from hub.store.code_seeds import CodeSeeds
from hub.store.engine import Engine, open_store
from hub.store.external_identities import ExternalIdentities
from tests.integration.doors.visitor import Visitor, visiting
from tests.lib.deployment import Deployment, hub_in_process, make_deployment
from tests.lib.hostile_issuer import HostileIssuer

PARTY = "hub.example.org"
ORIGIN = "https://hub.example.org"
ISSUER = "trust"
STRONG = "aal2"
# What every entry has, and what every start leaves.
COMMON = frozenset({"v", "kind", "at_ms"})
AT_START = ("epoch_begun", "policy_in_force")
SIGN_IN = f'[sign_in]\nrelying_party = "{PARTY}"\norigin = "{ORIGIN}"\n'

# Beside the usual accounts: all of them with the usual password, each with something about it.
CHANGES: Mapping[str, dict[str, object]] = {
    "with.codes": {},
    "guessed": {},
    "shut.out": {"disabled": True},
    "no.office": {"access_level": ""},
    "lost.level": {"access_level": "astronomer"},
    "p.admin": {"access_level": "policy_administrator", "agency": "social_care"},
}
WITH_CODES = ("with.codes", "p.admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A deployment with these accounts, and the authenticators of those that have one."""

    deployment: Deployment
    codes: Mapping[str, pyotp.TOTP] = field(repr=False)

    def code(self, user_name: str, steps: int = 0) -> str:
        """Return what an authenticator shows now, or some steps away from now."""
        return self.codes[user_name].at(time.time(), counter_offset=steps)

    def recorded(self, kind: str = "%") -> list[tuple[str, dict[str, object]]]:
        """Return the particulars of the log's entries, oldest first: of one kind, or all of them since the start."""
        query = "select kind, body from audit_entry where kind like ? and kind not in (?, ?) order by position"
        with closing(sqlite3.connect(self.deployment.folder / "data" / "hub.sqlite")) as database:
            found = database.execute(query, [kind, *AT_START]).fetchall()
        return [(one, _particulars(json.loads(body))) for one, body in found]


def _particulars(leaf: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in leaf.items() if name not in COMMON}


def issuer_table(id_: str, url: str, further: str = "") -> str:
    """Write an issuer as hub.toml has it."""
    table = f'[[issuers]]\nid = "{id_}"\ntitle = "The {id_}"\nissuer = "{url}"\nclient_id = "hub"\n'
    return f'{table}strong_acr = ["{STRONG}"]\n{further}\n'


def open_deployment(folder: Path, *, settings: str = "", identities: Mapping[tuple[str, str], str]) -> Opened:
    """Make a deployment; `identities` says which account is tied to which subject of which issuer."""
    deployment = make_deployment(folder, settings=f"{SIGN_IN}\n{settings}")
    engine = open_store(deployment.settings().store_url())
    usual = Accounts(engine).find("n.okafor")
    assert usual is not None
    Accounts(engine).add_all(_changed(usual, name) for name in CHANGES)
    for (issuer, subject), user_name in identities.items():
        assert ExternalIdentities(engine).add(issuer, subject, user_name)
    seal = Seal((folder / "keys" / "seal.key").read_bytes())
    codes = {name: _with_codes(engine, seal, name) for name in WITH_CODES}
    engine.dispose()
    return Opened(deployment=deployment, codes=codes)


def _changed(usual: Account, name: str) -> Account:
    return replace(usual, user_name=name, display_name=name.upper(), **CHANGES[name])


def _with_codes(engine: Engine, seal: Seal, name: str) -> pyotp.TOTP:
    enrolment, sealed = OneTimeCodes(seal).new_seed(name)
    assert CodeSeeds(engine).begin(name, sealed)
    assert CodeSeeds(engine).confirm(name, sealed, 0)
    return pyotp.TOTP(enrolment.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor:
    """A hub that runs here, and an issuer of ours that says of its users what a test wants."""

    opened: Opened
    hub: Hub
    issuer: HostileIssuer

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        """Come to the door with a connection of one's own."""
        async with visiting(self.opened.deployment, self.hub.requesters_port) as visitor:
            yield visitor

    def code(self, user_name: str, steps: int = 0) -> str:
        """Return what an authenticator shows now, or some steps away from now."""
        return self.opened.code(user_name, steps)

    def recorded(self, kind: str = "%") -> list[tuple[str, dict[str, object]]]:
        """Return the entries of the audit log, oldest first: of one kind, or all."""
        return self.opened.recorded(kind)

    def pass_by(self, seconds: float) -> None:
        """Let time pass for the sessions."""
        clock = self.hub.sessions._clock
        self.hub.sessions._clock = lambda: clock() + seconds

    async def back_from_issuer(self, visitor: Visitor, subject: str, *, acr: str = STRONG) -> tuple[str, str]:
        """Begin at the issuer and come back as one of its users; return handle and state, the code is any."""
        begun, said = await visitor.begin_external(ISSUER)
        self.issuer.nonce, self.issuer.now = said["nonce"], time.time()
        self.issuer.minted = self.issuer.honest(sub=subject, acr=acr, auth_time=int(self.issuer.now))
        return begun.handle, said["state"]


@asynccontextmanager
async def front_door(folder: Path, *, settings: str = "") -> AsyncIterator[FrontDoor]:
    """Open a hub here; every account is tied to the issuer's user of the same name, and `stranger` to none."""
    async with HostileIssuer(now=time.time()) as issuer:
        names = ("n.okafor", "s.patel", "a.brown", *CHANGES)
        identities = {(issuer.url, name): name for name in names}
        table = issuer_table(ISSUER, issuer.url)
        opened = open_deployment(folder, settings=f"{settings}\n{table}", identities=identities)
        async with hub_in_process(opened.deployment) as hub:
            yield FrontDoor(opened=opened, hub=hub, issuer=issuer)
