"""Making a deployment ready: its settings, keys and store, its accounts, its agencies' certificates."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts, texts_in
from hub.accounts import sealing
from hub.accounts.hashing_cost import HashingCost, measured_cost
from hub.accounts.passwords import Passwords, new_password
from hub.agreeing.process import as_bytes
from hub.audit import agreed, checkpoints
from hub.audit.leaves import read_leaf
from hub.keys import Authority, new_secret_key, write_secret
from hub.model.account import USER_NAME, Account
from hub.model.policy import LevelKind
from hub.recording import epochs
from hub.recording.epochs import new_epoch
from hub.recording.kept import log_as_kept
from hub.recording.opening import opened_ledger, read_signer
from hub.settings import FILE_NAME, Settings, read_settings
from hub.store.accounts import AccountExists, Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.engine import Engine, open_store, sole_use
from hub.store.publications import Publications
from hub.store.receipts import Receipts

_SETTINGS = """\
# Settings of this hub; docs/operating.md explains each, and those that are not set here.

[listen]
requesters = "{requesters}"  # where professionals' clients connect
links = "{links}"  # where agencies' adapters dial in

[passwords]
# What this machine bears, measured when the deployment was made.
memory_kib = {memory_kib}
passes = {passes}

[people]
# Once real people are asked about: NHS numbers that begin with 999 are for tests, and are refused then.
# test_numbers = false
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

    def add_account(  # a whole account
        self, user_name: str, *, display_name: str, level: str, agency: str, areas: tuple[str, ...] = ()
    ) -> str:
        """Add an account, in all areas of its agency unless some are named, and return its password.

        The password is kept nowhere. For the first accounts, while no hub runs on the store: those after them are made
        by people, with the agreement of others. Raises CannotDeploy, or SettingsError while a hub runs.
        """
        self._check_account(user_name, level, agency)
        served = self.policy.agencies[agency].areas
        if not set(areas) <= set(served):
            raise CannotDeploy(f"{agency} does not serve all of these areas.", f"It serves: {', '.join(served)}.")
        cost = HashingCost(**self.settings.passwords.model_dump())
        passwords, password = Passwords(cost), new_password()
        account = Account(
            user_name=user_name,
            display_name=display_name,
            access_level=level,
            agency=agency,
            areas=areas or served,
            password_hash=passwords.hash(password),
        )
        passwords.close()
        with sole_use(self.settings.store_url()), _store(self.settings) as engine:
            self._keep(engine, account)
        return password

    def issue_certificate(self, agency: str, into: Path) -> None:
        """Write an agency's certificate and key, and the authorities' own, into a folder; raise CannotDeploy."""
        self._check_agency(agency)
        keys = self.settings.keys
        trusted = self.settings.path(keys.authority).read_bytes()
        authority = Authority.read(trusted, self.settings.path(keys.authority_key).read_bytes())
        try:
            authority.agency(agency).write(into, agency)
        except FileExistsError:
            raise CannotDeploy(f"{into} holds a key of {agency} already.", "Name another folder.") from None
        (into / "ca.pem").write_bytes(trusted)

    def _keep(self, engine: Engine, account: Account) -> None:
        """Add an account, and say so in the audit log: who can write to the store is not unseen for that."""
        with opened_ledger(engine, self.settings, read_signer(self.settings)) as log:
            try:
                Accounts(engine).add(account)
            except AccountExists:
                raise CannotDeploy(
                    f"{account.user_name} has an account already.", "User names are unique: choose another."
                ) from None
            now_ms = time.time_ns() // 1_000_000
            log.append([agreed.account_changed("added_by_operator", account.user_name, now_ms, actor="")])

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
    write_secret(keys / "log.key", new_secret_key(checkpoints.KEY_BYTES))
    new_epoch(keys / "pseudonyms")
    write_secret(keys / "seal.key", new_secret_key(sealing.KEY_BYTES))
    shutil.copytree(policies, folder / "policies")
    (folder / "data").mkdir(mode=0o700)
    cost = measured_cost()
    said = _SETTINGS.format(requesters=requesters, links=links, memory_kib=cost.memory_kib, passes=cost.passes)
    (folder / FILE_NAME).write_text(said, encoding="utf-8")
    open_store(read_settings(folder).store_url()).dispose()


def open_deployment(folder: Path) -> Deployment:
    """Read a deployment; raise ConfigurationError with every fault in its settings or its policy.

    Its policy is what was published last; before anything was, what its folder holds.
    """
    settings = read_settings(folder)
    with _store(settings) as engine:
        published = Publications(engine).in_force()
    texts = as_bytes(published.texts) if published else texts_in(settings.path(settings.policies))
    return Deployment(settings=settings, policy=compile_policy(rulebook_from_texts(texts)))


@contextmanager
def kept_log(folder: Path) -> Iterator[Iterator[bytes]]:
    """Open a deployment's log as it is kept, line by line as an export, whatever is wrong with it; a hub may run.

    Raises SettingsError, and NotGenuine where an entry, or its receipt, is not what was recorded.
    """
    settings = read_settings(folder)
    signer = read_signer(settings)
    with _store(settings) as engine, closing(AuditEntries(engine)) as rows:
        yield log_as_kept(rows, Receipts(engine).by_position(), signer)


def destroy_epoch(folder: Path, epoch: int) -> None:
    """Destroy the key of an epoch under which nobody is named any more, running hub or not; raise CannotDeploy."""
    settings = read_settings(folder)
    with _store(settings) as engine:
        begun = AuditEntries(engine).newest(1, ("epoch_begun",))
        newest = max((int(read_leaf(entry.leaf)["epoch"]) for _, entry in begun), default=0)
    mend = f"Begin another with `hub audit new-epoch {folder}`, and start the hub again."
    if epoch >= newest:
        raise CannotDeploy(f"People are named by the key of epoch {epoch} still.", mend)
    try:
        epochs.destroy_epoch(settings.path(settings.keys.pseudonyms), epoch)
    except epochs.EpochInUse as error:
        raise CannotDeploy(f"It cannot be destroyed: {error}.", mend) from None


@contextmanager
def _store(settings: Settings) -> Iterator[Engine]:
    engine = open_store(settings.store_url())
    try:
        yield engine
    finally:
        engine.dispose()
