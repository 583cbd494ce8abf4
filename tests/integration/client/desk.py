"""A desk: the folder of one user, a scripted hub to call, and real processes of the command in between."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lib.scripted_hub import ScriptedHub
from tests.unit.hub.client import sample

PASSWORD = "correct horse battery staple"
ASK = (
    "ask",
    "child_services",
    "--nhs-number",
    "999 476 0009",
    "--purpose",
    "safeguarding",
    "--basis",
    "A6_E",
    "--case",
    "HV/2026-114",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Read stdout, which must be one JSON document and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A folder of one user, a hub to call, and the commands in between."""

    folder: Path
    repository: Path
    hub: ScriptedHub

    def environment(self, **more: str) -> dict[str, str]:
        """Make the whole environment of a command: nothing of the machine's own gets in."""
        here = str(self.repository)
        places = {
            "PYTHONPATH": f"{here}{os.pathsep}{here}/protos",
            "HOME": str(self.folder),
            "HUB_AT": str(self.folder),
        }
        return {**places, **more}

    async def run(self, *words: str, typed: str = "", **environment: str) -> Ran:
        """Run one command to its end."""
        started = await self.start(*words, **environment)
        out, err = await started.communicate(typed.encode())
        assert started.returncode is not None
        ran = Ran(code=started.returncode, out=out.decode(), err=err.decode())
        assert "Traceback" not in ran.out + ran.err
        return ran

    async def start(self, *words: str, **environment: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hub.cli",
            *words,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=self.environment(**environment),
            cwd=self.folder,
        )

    async def sign_in(self) -> Ran:
        return await self.run("signin", "r.adeyemi", "--password-file", "-", typed=PASSWORD + "\n")

    def be_signed_in(self) -> None:
        """Leave the token that signing in leaves, without the time that a process takes."""
        self.token.touch(mode=0o600)
        self.token.write_text(sample.TOKEN + "\n", encoding="ascii")

    @property
    def token(self) -> Path:
        return self.folder / "token"
