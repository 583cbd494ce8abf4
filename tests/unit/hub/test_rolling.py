"""The files of keys while authorities change: of use after every step, and taken up only when they fit."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from hub import rolling
from hub.deploying import CannotDeploy
from hub.errors import SettingsError
from hub.keyring import Keyring
from hub.keys import Authority
from hub.settings import FILE_NAME, Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    authority = Authority.new("First authority")
    authority.leaf.write(tmp_path / "keys", "authority")
    authority.server(["hub.example.org", "127.0.0.1"]).write(tmp_path / "keys", "hub")
    (tmp_path / FILE_NAME).write_text('[listen]\nrequesters = "a:1"\nlinks = "a:2"\n', encoding="utf-8")
    return read_settings(tmp_path)


def told(folder: Path) -> list[tuple[str, bool, bool]]:
    found = rolling.look(folder).authorities
    today = datetime.now(UTC).date()
    return [(one.title.removeprefix("CN=").replace(f" {today}", ""), one.issues, one.vouches) for one in found]


def test_an_authority_is_replaced_in_three_steps(settings: Settings) -> None:
    folder, first, second = settings.folder, "First authority", "Sharing hub authority"
    assert told(folder) == [(first, True, True)]
    rolling.begin(folder)
    assert told(folder) == [(second, True, False), (first, False, True)]
    rolling.switch(folder)
    assert told(folder) == [(second, True, True), (first, False, False)]
    rolling.retire(folder)
    assert told(folder) == [(second, True, True)]


def test_the_hub_keeps_its_names_and_its_keys_stay_secret(settings: Settings) -> None:
    rolling.begin(settings.folder)
    rolling.switch(settings.folder)
    keys = settings.folder / "keys"
    certificate = x509.load_pem_x509_certificate((keys / "hub.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["hub.example.org", "127.0.0.1"]
    assert [stat.S_IMODE((keys / name).stat().st_mode) for name in ("hub.key", "authority.key")] == [0o600, 0o600]
    assert not [file.name for file in keys.iterdir() if file.name.endswith(".new")]


def test_each_step_is_of_use_only_after_the_one_before(settings: Settings) -> None:
    with pytest.raises(CannotDeploy, match="one authority only"):
        rolling.retire(settings.folder)
    rolling.begin(settings.folder)
    with pytest.raises(CannotDeploy, match="under way"):
        rolling.begin(settings.folder)
    with pytest.raises(CannotDeploy, match="still shows"):
        rolling.retire(settings.folder)


class Stopped(Exception):
    """The machine stops."""


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine stop before this change of a file: writing beside it and taking its place are one each."""
    left = [step]

    def counted(do: Callable[..., None]) -> Callable[..., None]:
        def done(*arguments: object, **named: object) -> None:
            if not left[0]:
                raise Stopped
            left[0] -= 1
            do(*arguments, **named)

        return done

    for name in ("_write_beside", "_put"):
        monkeypatch.setattr(rolling, name, counted(getattr(rolling, name)))


def taken_again_after_stop(
    take: Callable[[Path], None], folder: Path, stopped_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at(stopped_at, patch)
        with pytest.raises(Stopped):
            take(folder)
    take(folder)


@pytest.mark.parametrize("stopped_at", range(4))
def test_a_beginning_that_stopped_half_way_is_ended_by_beginning_again(
    settings: Settings, stopped_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_again_after_stop(rolling.begin, settings.folder, stopped_at, monkeypatch)
    assert told(settings.folder) == [("Sharing hub authority", True, False), ("First authority", False, True)]
    with pytest.raises(CannotDeploy, match="under way"):
        rolling.begin(settings.folder)


@pytest.mark.parametrize("stopped_at", range(4))
def test_a_switch_that_stopped_half_way_is_ended_by_switching_again(
    settings: Settings, stopped_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling.begin(settings.folder)
    taken_again_after_stop(rolling.switch, settings.folder, stopped_at, monkeypatch)
    assert told(settings.folder) == [("Sharing hub authority", True, True), ("First authority", False, False)]


@pytest.mark.parametrize("stopped_at", range(2))
def test_a_retirement_that_stopped_half_way_is_ended_by_retiring_again(
    settings: Settings, stopped_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling.begin(settings.folder)
    rolling.switch(settings.folder)
    taken_again_after_stop(rolling.retire, settings.folder, stopped_at, monkeypatch)
    assert told(settings.folder) == [("Sharing hub authority", True, True)]


def test_what_a_machine_that_stopped_left_half_written_is_made_anew(settings: Settings) -> None:
    for name in (".hub.key.new", ".authority.key.new", ".authority.pem.new"):
        (settings.folder / "keys" / name).write_bytes(b"left by a machine that stopped")
    rolling.begin(settings.folder)
    rolling.switch(settings.folder)
    assert told(settings.folder) == [("Sharing hub authority", True, True), ("First authority", False, False)]


def test_a_hub_whose_certificate_and_key_do_not_fit_says_what_ends_a_switch_that_stopped(settings: Settings) -> None:
    keys = settings.folder / "keys"
    former = (keys / "hub.pem").read_bytes()
    rolling.switch(settings.folder)
    (keys / "hub.pem").write_bytes(former)
    with pytest.raises(SettingsError, match=r"does not belong.*hub keys switch"):
        Keyring(settings)
    (keys / "hub.key").unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        Keyring(settings)


def test_what_is_trusted_without_the_key_to_sign_is_trusted_all_the_same(settings: Settings) -> None:
    (settings.folder / "keys" / "authority.key").unlink()
    keyring = Keyring(settings)
    assert keyring.signer is None
    assert len(keyring.fingerprints) == 1
    assert keyring.vouching.hex() == keyring.fingerprints[0]
    with pytest.raises(CannotDeploy, match="not in this folder"):
        rolling.switch(settings.folder)


def test_changed_files_are_taken_up_when_they_fit_and_when_that_is_said(settings: Settings) -> None:
    keyring = Keyring(settings)
    before = keyring.fingerprints
    assert keyring.changed() is None
    rolling.begin(settings.folder)
    found = keyring.changed()
    assert found is not None
    assert keyring.fingerprints == before
    # Whoever could not record it finds it again.
    assert keyring.changed() is not None
    keyring.take_up(found)
    assert (len(keyring.fingerprints), keyring.fingerprints[1]) == (2, before[0])
    assert keyring.changed() is None


@pytest.mark.parametrize(
    ("name", "content"), [("hub.key", b""), ("hub.pem", b"no certificate"), ("authority.key", b"x"), ("hub.key", None)]
)
def test_files_that_cannot_be_used_leave_everything_as_it_was(
    settings: Settings, name: str, content: bytes | None
) -> None:
    keyring, file = Keyring(settings), settings.folder / "keys" / name
    kept, before = file.read_bytes(), keyring.keys
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert keyring.changed() is None
    assert keyring.keys is before
    # It is looked at again each time until it is right.
    file.write_bytes(kept)
    assert keyring.changed() is not None


def test_a_hub_that_none_of_its_authorities_vouches_for_says_so(settings: Settings) -> None:
    elsewhere = Authority.new("Somebody else's authority").server(["hub.example.org"])
    for name, content in (("hub.pem", elsewhere.certificate), ("hub.key", elsewhere.key)):
        (settings.folder / "keys" / name).write_bytes(content)
    assert Keyring(settings).vouching == b""
