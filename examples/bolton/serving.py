"""Serves a made-up back-office system on 127.0.0.1 until it is told to stop, and says where."""

import argparse
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

HOST = "127.0.0.1"
STOPPED_WITHIN_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Says what to serve from which folder, where, and under which key."""

    folder: Path
    port: int
    port_file: Path | None
    key: str


def parse(arguments: Sequence[str], *, program: str, key_variable: str, environment: dict[str, str]) -> Serving:
    """Read the command line; the API key comes from a file or the environment, since others can see a command line."""
    parser = argparse.ArgumentParser(prog=program, description=f"The API key is in {key_variable}, or in a file.")
    parser.add_argument("--folder", type=Path, required=True, help="the system's own folder, as built")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port, once it is listening")
    parser.add_argument("--key-file", type=Path, help=f"holds the API key; without it, {key_variable} does")
    options = parser.parse_args(arguments)
    key = options.key_file.read_text(encoding="utf-8") if options.key_file else environment.get(key_variable, "")
    if not key.strip():
        parser.error(f"no API key: set {key_variable}, or give --key-file")
    return Serving(folder=options.folder, port=options.port, port_file=options.port_file, key=key.strip())


def serve(app: Starlette, serving: Serving) -> None:
    """Listen, say so in one line on stdout, and serve until SIGTERM or SIGINT."""
    with socket.create_server((HOST, serving.port), backlog=256) as listening:
        port = listening.getsockname()[1]
        if serving.port_file:
            _write_whole(serving.port_file, f"{port}\n")
        sys.stdout.write(f"listening http://{HOST}:{port}\n")
        sys.stdout.flush()
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off",
                                timeout_graceful_shutdown=STOPPED_WITHIN_SECONDS)  # fmt: skip
        # Whoever stops the demo with Ctrl-C stops this too, and wants no traceback for it.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    unfinished = path.with_suffix(f"{path.suffix}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
