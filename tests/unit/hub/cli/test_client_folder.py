"""The client's folder: settings that say what is wrong with them, and a token that nobody else reads."""

import stat
from pathlib import Path

import pytest

from hub.cli.errors import CommandError
from hub.cli.folder import ClientFolder
from hub.client.errors import BadAnswer, NotSignedIn

CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
TOKEN = "An-opaque_token"


@pytest.fixture
def folder(tmp_path: Path) -> ClientFolder:
    (tmp_path / "ca.pem").write_text(CA, encoding="ascii")
    (tmp_path / "client.toml").write_text('address = "localhost:7443"\nca = "ca.pem"\n', encoding="utf-8")
    tmp_path.chmod(0o755)
    return ClientFolder(path=tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_settings_say_where_the_hub_is_and_who_vouches_for_it(folder: ClientFolder) -> None:
    address = folder.address()
    assert (address.target, address.ca, address.server_name) == ("localhost:7443", CA.encode(), "")


def test_the_token_is_kept_for_its_owner_only_in_a_folder_for_its_owner_only(folder: ClientFolder) -> None:
    folder.keep(TOKEN)
    assert folder.token() == TOKEN
    assert mode(folder.path / "token") == 0o600
    assert mode(folder.path) == 0o700


def test_a_token_takes_the_place_of_the_one_before_and_leaves_nothing_beside_it(folder: ClientFolder) -> None:
    folder.keep("the-first")
    folder.keep(TOKEN)
    assert folder.token() == TOKEN
    assert sorted(path.name for path in folder.path.iterdir()) == ["ca.pem", "client.toml", "token"]


def test_a_token_that_others_could_read_is_not_used(folder: ClientFolder) -> None:
    folder.keep(TOKEN)
    (folder.path / "token").chmod(0o644)
    with pytest.raises(NotSignedIn) as refused:
        folder.token()
    assert refused.value.reason == "TOKEN_UNFIT"


def test_a_token_that_is_a_link_to_elsewhere_is_not_used(
    folder: ClientFolder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "token"
    elsewhere.write_text(TOKEN, encoding="ascii")
    elsewhere.chmod(0o600)
    (folder.path / "token").symlink_to(elsewhere)
    with pytest.raises(NotSignedIn):
        folder.token()


@pytest.mark.parametrize("damaged", ["", "two words", "line\nbreak", "\x00", "é"])
def test_a_damaged_token_is_not_used(folder: ClientFolder, damaged: str) -> None:
    folder.keep(TOKEN)
    (folder.path / "token").write_text(damaged, encoding="utf-8")
    with pytest.raises(NotSignedIn):
        folder.token()


@pytest.mark.parametrize("token", ["", "with blank", "with\nbreak", "x" * 513])
def test_what_is_no_token_is_never_kept(folder: ClientFolder, token: str) -> None:
    with pytest.raises(BadAnswer):
        folder.keep(token)
    assert not (folder.path / "token").exists()


def test_a_token_is_forgotten_only_if_no_other_has_taken_its_place(folder: ClientFolder) -> None:
    folder.keep(TOKEN)
    folder.forget("one-that-has-ended")
    assert folder.token() == TOKEN
    folder.forget(TOKEN)
    folder.forget(TOKEN)
    with pytest.raises(NotSignedIn):
        folder.token()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("address = ", "not TOML"),
        ('ca = "ca.pem"', "address is missing"),
        ('address = 7443\nca = "ca.pem"', "address is missing"),
        ('address = "localhost"\nca = "ca.pem"', "a machine, a colon and a port"),
        ('address = "https://hub:1"\nca = "ca.pem"', "a machine, a colon and a port"),
        ('address = "localhost:1"', "ca is missing"),
        ('address = "localhost:1"\nca = "other.pem"', "cannot be read"),
        ('address = "localhost:1"\nca = "client.toml"', "holds no certificate"),
        ('address = "localhost:1"\nca = "ca.pem"\nadress = "x"', "unknown keys: adress"),
    ],
)
def test_settings_that_are_wrong_say_what_is_wrong_with_them(folder: ClientFolder, settings: str, says: str) -> None:
    (folder.path / "client.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        folder.address()
    assert says in refused.value.message
    assert refused.value.mend


def test_a_folder_without_settings_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        ClientFolder(path=tmp_path / "nowhere").address()
    assert refused.value.reason == "NO_CLIENT_TOML"
    assert "--at" in refused.value.mend


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        ClientFolder(path=tmp_path / "nowhere").keep(TOKEN)
    assert refused.value.reason == "FOLDER_NOT_WRITABLE"
