"""Bolton's systems as test systems: python -m tests.conformance.systems FOLDER WHAT breaks one of them, or mends it.

An HTTP system runs beside its folder, which holds `module`, `port` and `pid`; a database or a file is what is in it.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

LOCK = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN EXCLUSIVE'); "
HELD = "print('held', flush=True); import time; time.sleep(600)"
NONSENSE = """
import http.server
class Nonsense(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.end_headers()
        self.wfile.write(b'{"resourceType": "Bundle", "data": [')
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
import sys
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Nonsense)
print("listening", flush=True)
server.serve_forever()
"""


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def up(folder: Path) -> None:
    """Start the HTTP system on its port, and wait until it listens."""
    module, port = ((folder / name).read_text(encoding="utf-8") for name in ("module", "port"))
    _start(folder, "-m", module, "--folder", str(folder), "--port", port)


def down(folder: Path) -> None:
    """End what was started; what was not is left alone."""
    pid_file = folder / "pid"
    if pid_file.exists():
        pid = int(pid_file.read_text(encoding="utf-8"))
        pid_file.unlink()
        os.kill(pid, signal.SIGCONT)
        os.kill(pid, signal.SIGKILL)
        _reap(pid)


def pause(folder: Path) -> None:
    """Let it hang: connections are taken, and nothing is answered."""
    os.kill(int((folder / "pid").read_text(encoding="utf-8")), signal.SIGSTOP)


def resume(folder: Path) -> None:
    """Let it go on."""
    os.kill(int((folder / "pid").read_text(encoding="utf-8")), signal.SIGCONT)


def nonsense(folder: Path) -> None:
    """Put a server in its place that answers half a document."""
    down(folder)
    _start(folder, "-c", NONSENSE, (folder / "port").read_text(encoding="utf-8"))


def again(folder: Path) -> None:
    """Put the system back in its place."""
    down(folder)
    up(folder)


def lock(folder: Path) -> None:
    """Lock a database, so that whoever reads it waits."""
    _start(folder, "-c", LOCK + HELD, str(_database(folder)))


def scramble(folder: Path) -> None:
    """Put something in the place of a database that is none."""
    database = _database(folder)
    database.rename(database.with_suffix(".aside"))
    database.write_bytes(b"nothing that SQLite has written" * 200)


def unscramble(folder: Path) -> None:
    """Put the database back."""
    database = _database(folder)
    database.with_suffix(".aside").replace(database)


def hide(folder: Path) -> None:
    """Take the whole folder away."""
    folder.rename(folder.with_name(f"{folder.name}-aside"))


def show(folder: Path) -> None:
    """Put it back."""
    folder.with_name(f"{folder.name}-aside").rename(folder)


def cut_short(folder: Path) -> None:
    """Leave the clients' file as a job does that was killed half way."""
    file = folder / "clients.csv"
    text = file.read_bytes()
    (folder / "clients.whole").write_bytes(text)
    (folder / "clients.new").write_bytes(text[: len(text) // 2])
    (folder / "clients.new").replace(file)


def make_whole(folder: Path) -> None:
    """Put the whole file back."""
    (folder / "clients.whole").replace(folder / "clients.csv")


def sql(folder: Path, *statements: str) -> None:
    """Change a database."""
    with closing(sqlite3.connect(_database(folder))) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def mark(folder: Path, file: str, whose: str, old: str, new: str) -> None:
    """Replace a passage of the first line that names somebody, and start the system anew if it runs."""
    whole = folder / file
    encoding = "cp1252" if file.endswith(".csv") else "utf-8"
    lines = whole.read_text(encoding=encoding).split("\n")
    place = next(number for number, line in enumerate(lines) if whose in line and old in line)
    lines[place] = lines[place].replace(old, new)
    (folder / "mark.new").write_text("\n".join(lines), encoding=encoding)
    (folder / "mark.new").replace(whole)
    if (folder / "pid").exists():
        again(folder)


def _database(folder: Path) -> Path:
    return next(folder.glob("*.sqlite"))


def _start(folder: Path, *arguments: str) -> None:
    program = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    (folder / "pid").write_text(str(program.pid), encoding="utf-8")
    if program.stdout is None or not program.stdout.readline():
        raise RuntimeError("the system did not start")
    program.stdout.close()
    # It outlives this program, which only started it.
    program.returncode = 0


def _reap(pid: int) -> None:
    """Take note of the end of a child of this process; one that another started is not ours to wait for."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return


COMMANDS: tuple[Callable[..., None], ...] = (
    up, down, pause, resume, nonsense, again, lock, scramble, unscramble, hide, show, cut_short, make_whole, sql, mark,
)  # fmt: skip

if __name__ == "__main__":
    named = {command.__name__: command for command in COMMANDS}
    named[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
