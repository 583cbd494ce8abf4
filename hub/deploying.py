"""Making a deployment ready: its settings, keys and store, its accounts, its agencies' certificates."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from hub.access.policy import Policy, load_policy
from hub.accounts import sealing
from hub.accounts.hashing_cost import HashingCost, measured_cost
from hub.accounts.passwords import Passwords, new_password
from hub.audit.pseudonyms import KEY_BYTES
from hub.keys import Authority, new_secret_key, write_secret
from hub.model.account import USER_NAME, Account
from hub.model.policy import LevelKind
from hub.settings import FILE_NAME, Settings, read_settings
from hub.store.accounts import AccountExists, Accounts
from hub.store.engine import open_store

_SETTINGS = """\
# Settings of this hub; docs/operating.md explains each, and those that are not set here.

[listen]
requesters = "{requesters}"  # where professionals' clients connect
links = "{links}"  # where agencies' adapters dial in

[passwords]
# What this machine bears, measured when the deployment was made.
memory_kib = {memory_kib}
passes = {passes}
"""


class CannotDeploy(Exception):
    """Is raised when something cannot be made as it was asked for; `mend` says what to do next."""

    def __init__(self, what: str, mend: str) -> None:
        """Take the words for an operator."""
        super().__init__(what)
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment whose settings and policy are in order."""

    settings: Settings
    policy: Policy

    def add_account(self, user_name: str, *, display_name: str, level: str, agency: str) -> str:
        """Add an account and return its password, which is kept nowhere; raise CannotDeploy."""
        self._check_account(user_name, level, agency)
        cost = HashingCost(**self.settings.passwords.model_dump())
        passwords, password = Passwords(cost), new_password()
        account = Account(
            user_name=user_name,
            display_name=display_name,
            access_level=level,
            agency=agency,
            password_hash=passwords.hash(password),
        )
        passwords.close()
        engine = open_store(self.settings.store_url())
        try:
            Accounts(engine).add(account)
        except AccountExists:
            raise CannotDeploy(
                f"{user_name} has an account already.", "User names are unique: choose another."
            ) from None
        finally:
            engine.dispose()
        return password

    def issue_certificate(self, agency: str, into: Path) -> None:
        """Write an agency's certificate and key, and the authority's certificate, into a folder; raise CannotDeploy."""
        self._check_agency(agency)
        certificate = self.settings.path(self.settings.keys.authority)
        authority = Authority.read(certificate.read_bytes(), certificate.with_suffix(".key").read_bytes())
        try:
            authority.agency(agency).write(into, agency)
        except FileExistsError:
            raise CannotDeploy(f"{into} holds a key of {agency} already.", "Name another folder.") from None
        (into / "ca.pem").write_bytes(authority.certificate)

    def _check_account(self, user_name: str, level: str, agency: str) -> None:
        if not USER_NAME.fullmatch(user_name):
            raise CannotDeploy(
                "That cannot be a user name.", "Take 2 to 64 small letters, digits, '.' or '-', a letter first."
            )
        self._check_agency(agency)
        found = self.policy.levels.get(level)
        if found is None or found.kind is LevelKind.ABSTRACT:
            levels = [one.id for one in self.policy.levels.values() if one.kind is not LevelKind.ABSTRACT]
            raise CannotDeploy(f"Nobody can hold an access level {level}.", f"There are: {', '.join(levels)}.")
        if found.agency not in (None, agency):
            raise CannotDeploy(f"Level {level} is not for {agency}.", f"It is for {found.agency}.")

    def _check_agency(self, agency: str) -> None:
        if agency not in self.policy.agencies:
            raise CannotDeploy(f"There is no agency {agency}.", f"There are: {', '.join(self.policy.agencies)}.")


def make_deployment(folder: Path, *, hosts: list[str] | None, requesters: str, links: str, policies: Path) -> None:
    """Make a deployment: settings, keys, policies and an empty store; raise CannotDeploy, replace nothing."""
    if (folder / FILE_NAME).exists():
        raise CannotDeploy(f"{folder} is a deployment already.", "Choose another folder, or remove this one first.")
    if not policies.is_dir():
        raise CannotDeploy(f"There are no policies in {policies}.", "Name their folder with --policies.")
    keys = folder / "keys"
    authority = Authority.new("Sharing hub authority")
    authority.leaf.write(keys, "authority")
    authority.server(hosts or ("localhost", "127.0.0.1")).write(keys, "hub")
    write_secret(keys / "pseudonym.key", new_secret_key(KEY_BYTES))
    write_secret(keys / "seal.key", new_secret_key(sealing.KEY_BYTES))
    shutil.copytree(policies, folder / "policies")
    (folder / "data").mkdir(mode=0o700)
    cost = measured_cost()
    said = _SETTINGS.format(requesters=requesters, links=links, memory_kib=cost.memory_kib, passes=cost.passes)
    (folder / FILE_NAME).write_text(said, encoding="utf-8")
    open_store(read_settings(folder).store_url()).dispose()


def open_deployment(folder: Path) -> Deployment:
    """Read a deployment; raise ConfigurationError with every fault in its settings or its policy."""
    settings = read_settings(folder)
    return Deployment(settings=settings, policy=load_policy(settings.path(settings.policies)))
