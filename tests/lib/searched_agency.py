"""An agency's real adapter on a small database of invented children, whom a hub may search."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.lib.adapter_process import AdapterProcess, write_certificates
from tests.lib.deployment import Deployment

MANIFEST = """
manifest: 1
agency: {agency}
title: An agency
hub: {{addresses: ["127.0.0.1:{port}"], ca: ca.pem, certificate: {agency}.pem, key: {agency}.key}}
journal: journal.sqlite
questions: {{child_register: care.child}}
sources:
  care:
    kind: sql
    name: Care Records
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        search: true
        keys:
          nhs_number: nhs
          family_name: family
          given_name: given
          date_of_birth: {{column: born, date: "%Y-%m-%d"}}
        record_id: id
        fields: {{nhs_number: nhs, family_name: family, given_name: given, date_of_birth: born, postcode: postcode}}
        terms:
          shield: {{column: shield, values: {{R: person, X: absolute, A: address}}}}
"""
COLUMNS = "nhs, family, given, born, postcode, shield"

Child = tuple[str, str, str, str, str, str]


def child(given: str, family: str = "Smithson", *, nhs: str = "", shield: str = "") -> Child:
    """Make an invented child, as the database has one."""
    return nhs, family, given, "2014-03-09", "BL1 2AB", shield


def namesakes(count: int, first: int = 0) -> list[Child]:
    """Make children whose given names all begin with the same letters, and follow each other."""
    return [child(f"Za{chr(97 + number // 26)}{chr(97 + number % 26)}") for number in range(first, first + count)]


class SearchedAgency:
    """The folder of one agency: its database, its manifest and its adapter, a program of its own."""

    def __init__(self, deployment: Deployment, agency: str, folder: Path, port: int) -> None:
        """Write everything that the adapter needs; nothing runs yet."""
        write_certificates(deployment, agency, folder)
        manifest = folder / "agency.yaml"
        manifest.write_text(MANIFEST.format(agency=agency, port=port), encoding="utf-8")
        self.agency = agency
        self.adapter = AdapterProcess(manifest)
        self._file = folder / "care.sqlite"
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute(f"CREATE TABLE child (id INTEGER PRIMARY KEY, {COLUMNS})")

    def hold(self, children: Sequence[Child]) -> None:
        """Hold these children and no others."""
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute("DELETE FROM child")
            database.executemany(
                f"INSERT INTO child ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  (the columns are ours)
                children,
            )

    def shield(self, given: str, code: str = "R") -> None:
        """Protect whoever has this given name."""
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute("UPDATE child SET shield = ? WHERE given = ?", (code, given))
