import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.audit.checkpoints import default_origin
from hub.errors import RecordError, SettingsError
from hub.recording.opening import opened_ledger, read_signer
from hub.settings import Settings, read_settings
from hub.store.engine import open_store
from tests.lib.ledgers import entry

LISTEN = '[listen]\nrequesters = "127.0.0.1:0"\nlinks = "127.0.0.1:0"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "hub.toml").write_text(LISTEN, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "log.key").write_bytes(bytes(range(32)))
    return read_settings(tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    opened = open_store(settings.store_url())
    yield opened
    opened.dispose()


def test_a_log_is_named_after_its_key_or_as_the_settings_say(settings: Settings, tmp_path: Path) -> None:
    signer = read_signer(settings)
    assert signer.origin == default_origin(signer.public_key)
    (tmp_path / "hub.toml").write_text(f'{LISTEN}[log]\norigin = "sharing.example/log"\n', encoding="utf-8")
    assert read_signer(read_settings(tmp_path)).origin == "sharing.example/log"


@pytest.mark.parametrize("origin", ["two words", "a+b", "a\\nb", "ä", "x" * 101])
def test_a_name_that_no_checkpoint_can_carry_is_refused(tmp_path: Path, origin: str) -> None:
    (tmp_path / "hub.toml").write_text(f'{LISTEN}[log]\norigin = "{origin}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="origin"):
        read_settings(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"short", bytes(33)])
def test_a_key_that_is_missing_or_of_another_length_is_a_fault(settings: Settings, content: bytes | None) -> None:
    file = settings.path(settings.keys.log)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="no agency believes") as refused:
        read_signer(settings)
    assert [fault.file for fault in refused.value.faults] == [file]


def test_a_log_that_is_shorter_than_its_newest_checkpoint_is_refused_with_words_and_a_mend(
    settings: Settings, engine: Engine
) -> None:
    signer = read_signer(settings)
    with opened_ledger(engine, settings, signer) as ledger:
        ledger.append([entry("a"), entry("b")])
    with closing(sqlite3.connect(settings.folder / "data" / "hub.sqlite", isolation_level=None)) as other:
        other.execute("delete from audit_entry where position = 1")
    with pytest.raises(RecordError) as refused, opened_ledger(engine, settings, signer):
        pass
    (fault,) = refused.value.faults
    assert fault.file == settings.folder / "data" / "hub.sqlite"
    assert "1 entries, and its newest checkpoint is of 2" in fault.what
    assert "hub audit verify" in fault.mend
