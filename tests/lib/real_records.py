"""Runs a real FHIR server and a real OAuth 2 provider, from npm, over resources of invented people."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lib.node import require_node

SECRET = "a secret: 100% of it+"
CLIENT, POSTER = "adapter: 1", "poster"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealRecords:
    """Where both are: `open` is the FHIR server as it is, `guarded` the same for whoever carries a token."""

    issuer: str
    open: str
    guarded: str

    @property
    def token_url(self) -> str:
        return f"{self.issuer}token"


@contextmanager
def real_records(resources: Iterable[Mapping[str, object]], folder: Path, seconds: int = 60) -> Iterator[RealRecords]:
    """Start both; a token lives so many seconds."""
    file = folder / "resources.ndjson"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in resources), encoding="utf-8")
    command = require_node().command("records.js", str(file), SECRET, str(seconds))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as node:
        assert node.stdin
        assert node.stdout
        yield RealRecords(**json.loads(node.stdout.readline()))
        node.stdin.close()
        assert node.wait(10) == 0
