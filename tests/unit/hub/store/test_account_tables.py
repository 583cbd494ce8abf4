import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from hub.model.account import Account, Invitation, InvitationKind, Passkey
from hub.model.proposal import AccountChange
from hub.store import engine as engine_module
from hub.store.account_changes import apply_changes
from hub.store.accounts import AccountExists, Accounts
from hub.store.code_seeds import CodeSeeds
from hub.store.engine import open_store
from hub.store.external_identities import ExternalIdentities
from hub.store.invitations import Invitations
from hub.store.known_devices import MOST_KNOWN, KnownDevices
from hub.store.passkeys import Passkeys
from hub.store.tables import metadata

ACCOUNT = Account(
    user_name="n.okafor",
    display_name="N Okafor",
    access_level="health_visitor",
    agency="health",
    password_hash="$x",
    areas=("north", "south_west"),
)
OTHER = replace(ACCOUNT, user_name="s.patel", areas=())
PASSKEY = Passkey(
    credential_id=b"id", user_name="n.okafor", public_key=b"key", sign_count=3, label="Telephone", added_at_ms=5
)


@pytest.fixture
def store(engine: Engine) -> Engine:
    Accounts(engine).add_all([ACCOUNT, OTHER])
    return engine


@pytest.fixture
def second_process(engine: Engine, file: Path) -> Iterator[Engine]:
    """Open the same file again, as another process of the hub would."""
    assert engine.url.database == str(file)
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.dispose()


def invitation(digest: bytes = b"d", kind: InvitationKind = InvitationKind.NEW_PASSWORD) -> Invitation:
    return Invitation(digest=digest, user_name="n.okafor", kind=kind, expires_at_ms=1_000)


def successes(attempt: Callable[[], bool], *others: Callable[[], bool]) -> int:
    """Run attempts at the same moment on threads of their own and count those that succeed."""
    attempts = (attempt, *others)
    barrier, done = threading.Barrier(len(attempts)), []

    def run(one: Callable[[], bool]) -> None:
        barrier.wait()
        done.append(one())

    threads = [threading.Thread(target=run, args=(one,)) for one in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(attempts)
    return sum(done)


def test_an_account_is_read_as_it_was_written_with_its_areas(store: Engine) -> None:
    assert Accounts(store).find("n.okafor") == ACCOUNT
    assert Accounts(store).all() == (ACCOUNT, OTHER)


def test_of_many_accounts_all_are_added_or_none(store: Engine) -> None:
    new = replace(ACCOUNT, user_name="a.brown")
    with pytest.raises(AccountExists, match=r"s\.patel"):
        Accounts(store).add_all([new, OTHER])
    assert Accounts(store).find("a.brown") is None


def test_a_user_name_twice_in_one_list_is_told_too(store: Engine) -> None:
    new = replace(ACCOUNT, user_name="a.brown")
    with pytest.raises(AccountExists, match=r"a\.brown"):
        Accounts(store).add_all([new, new])


def test_each_change_changes_one_account_and_says_so(store: Engine) -> None:
    accounts = Accounts(store)
    assert accounts.set_office("n.okafor", access_level="school_nurse", agency="schools", areas=("east",))
    assert accounts.set_last_signed_in("n.okafor", 7)
    assert accounts.set_password("n.okafor", "$y")
    assert accounts.disable("n.okafor")
    assert accounts.find("n.okafor") == replace(
        ACCOUNT,
        access_level="school_nurse",
        agency="schools",
        areas=("east",),
        last_signed_in_ms=7,
        password_hash="$y",
        disabled=True,
    )
    assert accounts.enable("n.okafor")
    assert accounts.find("s.patel") == OTHER


def test_no_change_finds_an_account_that_there_is_not(store: Engine) -> None:
    accounts = Accounts(store)
    assert not accounts.set_office("nobody", access_level="", agency="health", areas=())
    assert not accounts.set_password("nobody", "$y")
    assert not accounts.disable("nobody")


def test_a_hash_made_anew_never_overwrites_a_password_that_was_changed_meanwhile(store: Engine) -> None:
    accounts = Accounts(store)
    accounts.set_password("n.okafor", "$changed")
    assert not accounts.set_password("n.okafor", "$made anew", former="$x")
    assert accounts.set_password("n.okafor", "$made anew", former="$changed")


def test_an_invitation_sets_the_password_once_and_forgets_devices(store: Engine) -> None:
    KnownDevices(store).add("n.okafor", b"device", 1)
    CodeSeeds(store).begin("n.okafor", b"sealed")
    invitations = Invitations(store)
    invitations.add(invitation())
    assert invitations.find(b"d", 999) == invitation()
    assert invitations.use(invitation(), "$new", 999)
    assert not invitations.use(invitation(), "$newer", 999)
    found = Accounts(store).find("n.okafor")
    assert found is not None
    assert found.password_hash == "$new"
    assert not KnownDevices(store).knows("n.okafor", b"device")
    assert CodeSeeds(store).find("n.okafor") is not None


def test_a_change_that_removes_factors_takes_the_password_and_the_devices_too(store: Engine) -> None:
    CodeSeeds(store).begin("n.okafor", b"sealed")
    Passkeys(store).add(PASSKEY)
    KnownDevices(store).add("n.okafor", b"device", 1)
    with store.begin() as connection:
        apply_changes(connection, [AccountChange(user_name="n.okafor", remove_factors=True)])
    assert CodeSeeds(store).find("n.okafor") is None
    assert Passkeys(store).of("n.okafor") == ()
    assert not KnownDevices(store).knows("n.okafor", b"device")
    found = Accounts(store).find("n.okafor")
    assert found is not None
    assert (found.password_hash, found.access_level) == ("", ACCOUNT.access_level)


def test_an_invitation_that_is_over_or_replaced_no_longer_holds(store: Engine) -> None:
    invitations = Invitations(store)
    invitations.add(invitation())
    assert invitations.find(b"d", 1_000) is None
    assert not invitations.use(invitation(), "$new", 1_000)
    invitations.add(invitation(b"newer"))
    assert invitations.find(b"d", 1) is None
    assert not invitations.use(invitation(), "$new", 1)
    assert Accounts(store).find("n.okafor") == ACCOUNT


def test_of_two_processes_that_use_an_invitation_at_once_one_does(store: Engine, second_process: Engine) -> None:
    for number in range(20):
        one = invitation(str(number).encode())
        Invitations(store).add(one)
        used = [lambda e=engine, i=one: Invitations(e).use(i, "$new", 1) for engine in (store, second_process)]
        assert successes(*used) == 1


def test_only_the_newest_devices_of_an_account_are_known(store: Engine) -> None:
    devices = KnownDevices(store)
    devices.add("s.patel", b"theirs", 0)
    for number in range(MOST_KNOWN + 2):
        devices.add("n.okafor", bytes([number]), number)
    known = [number for number in range(MOST_KNOWN + 2) if devices.knows("n.okafor", bytes([number]))]
    assert known == [2, 3, 4, 5, 6]
    assert devices.knows("s.patel", b"theirs")
    assert not devices.knows("n.okafor", b"theirs")
    devices.forget("n.okafor")
    assert not devices.knows("n.okafor", b"\x06")
    assert devices.knows("s.patel", b"theirs")


def test_a_seed_is_begun_confirmed_and_then_neither_replaced_nor_confirmed_again(store: Engine) -> None:
    seeds = CodeSeeds(store)
    assert seeds.begin("n.okafor", b"first")
    assert seeds.begin("n.okafor", b"second")
    assert not seeds.accept("n.okafor", 10)
    assert not seeds.confirm("n.okafor", b"first", 10)
    assert seeds.confirm("n.okafor", b"second", 10)
    assert not seeds.confirm("n.okafor", b"second", 11)
    assert not seeds.begin("n.okafor", b"third")
    found = seeds.find("n.okafor")
    assert found is not None
    assert (found.sealed, found.is_confirmed, found.last_step) == (b"second", True, 10)
    assert seeds.remove("n.okafor")
    assert not seeds.remove("n.okafor")


def test_a_time_step_is_accepted_once_and_no_earlier_one_after_it(store: Engine) -> None:
    seeds = CodeSeeds(store)
    seeds.begin("n.okafor", b"sealed")
    seeds.confirm("n.okafor", b"sealed", 10)
    assert [seeds.accept("n.okafor", step) for step in (10, 12, 12, 11, 13)] == [False, True, False, False, True]


def test_of_two_processes_that_accept_a_time_step_at_once_one_does(store: Engine, second_process: Engine) -> None:
    CodeSeeds(store).begin("n.okafor", b"sealed")
    CodeSeeds(store).confirm("n.okafor", b"sealed", 0)
    for step in range(1, 21):
        accepted = [lambda e=engine, s=step: CodeSeeds(e).accept("n.okafor", s) for engine in (store, second_process)]
        assert successes(*accepted, *accepted) == 1


def test_a_passkey_belongs_to_one_account_and_its_count_moves_on_from_what_it_was(store: Engine) -> None:
    passkeys = Passkeys(store)
    assert passkeys.add(PASSKEY)
    assert not passkeys.add(replace(PASSKEY, user_name="s.patel"))
    assert passkeys.find(b"id") == PASSKEY
    assert passkeys.count(b"id", former=3, new=4)
    assert not passkeys.count(b"id", former=3, new=5)
    assert passkeys.of("n.okafor") == (replace(PASSKEY, sign_count=4),)
    assert not passkeys.remove("s.patel", b"id")
    assert passkeys.remove("n.okafor", b"id")
    assert passkeys.find(b"id") is None


def test_an_external_identity_opens_one_account_that_there_is(store: Engine) -> None:
    identities = ExternalIdentities(store)
    assert identities.add("https://login.example.org", "248289", "n.okafor")
    assert not identities.add("https://login.example.org", "248289", "s.patel")
    assert not identities.add("https://login.example.org", "9", "nobody")
    assert identities.find("https://login.example.org", "248289") == "n.okafor"
    assert identities.find("https://other.example.org", "248289") is None
    assert identities.of("n.okafor") == (("https://login.example.org", "248289"),)
    assert identities.remove("https://login.example.org", "248289")
    assert not identities.remove("https://login.example.org", "248289")


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(engine_module._MIGRATIONS).replace("%", "%%"))
    with closing(engine.connect()) as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
        connection.commit()


def test_accounts_of_the_former_version_survive_the_migration_both_ways(store: Engine) -> None:
    Accounts(store).set_last_signed_in("n.okafor", 7)
    migrate(store, "0001", down=True)
    with store.connect() as connection:
        assert "areas" not in {column["name"] for column in sa.inspect(connection).get_columns("account")}
        kept = connection.exec_driver_sql("select user_name, password_hash from account order by user_name").all()
    assert [tuple(row) for row in kept] == [("n.okafor", "$x"), ("s.patel", "$x")]
    migrate(store, "head")
    assert Accounts(store).all() == (replace(ACCOUNT, areas=()), OTHER)


def test_the_migrations_make_the_same_columns_and_keys_as_the_code_describes(store: Engine) -> None:
    described = sa.create_engine("sqlite://")

    metadata.create_all(described)
    for table in metadata.tables:
        made, said = sa.inspect(store), sa.inspect(described)
        assert [str(column) for column in made.get_columns(table)] == [
            str(column) for column in said.get_columns(table)
        ]
        assert made.get_pk_constraint(table) == said.get_pk_constraint(table)
        assert made.get_foreign_keys(table) == said.get_foreign_keys(table)
        assert made.get_indexes(table) == said.get_indexes(table)
    described.dispose()
