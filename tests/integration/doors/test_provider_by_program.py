"""`hub signin --with ISSUER`: the program itself, a hub that is a program too, and a browser that comes back."""

import asyncio
import json
import re
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.integration.doors.front_door import Opened
from tests.integration.doors.test_provider_over_the_wire import PUBLIC, SECRETIVE, opened_with
from tests.lib.browser import sign_in
from tests.lib.deployment import HubProcess, Ports, environment

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody's folder at a hub that runs as a program."""

    opened: Opened
    program: HubProcess
    folder: Path

    @asynccontextmanager
    async def command(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Start a command, and end it whatever happens."""
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "hub.cli", *words)
        there = environment() | {"HUB_AT": str(self.folder), "HOME": str(self.folder)}
        started = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=there)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                yield started
        finally:
            if started.returncode is None:
                started.kill()
            await started.communicate()

    async def ran(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; return how it ended, and all that it said."""
        async with self.command(*words) as started:
            out, err = await started.communicate()
            return started.returncode or 0, (out + err).decode()

    async def signed_in_with(self, issuer: str, person: str) -> tuple[int, str]:
        """Run the sign-in; the browser goes where the program says, and comes back to it as a person."""
        async with self.command("signin", "--with", issuer, "--no-browser", "--json") as started:
            assert started.stderr is not None
            assert b"browser" in await started.stderr.readline()
            url = (await started.stderr.readline()).decode().strip()
            redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/signed-in", redirect)
            back = await sign_in(url, person, redirect)
            await visited(back.url.replace(back["state"], "x" * 43), status=404)
            await visited(back.url, status=200)
            out, err = await started.communicate()
            return started.returncode or 0, (out + err).decode()


async def visited(url: str, *, status: int) -> None:
    """Open an address as a browser does."""
    async with aiohttp.ClientSession() as browser, browser.get(url) as page:
        assert page.status == status
        assert page.headers["Cache-Control"] == "no-store"
        await page.read()


def folder_at(folder: Path, opened: Opened, ports: Ports) -> Path:
    """Write the folder of somebody who uses the commands."""
    folder.mkdir(mode=0o700)
    (folder / "ca.pem").write_bytes(opened.deployment.authority.certificate)
    said = f'address = "127.0.0.1:{ports.requesters}"\nca = "ca.pem"\n'
    (folder / "client.toml").write_text(said, encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, real_issuers: tuple[str, str]) -> Iterator[Desk]:
    place = tmp_path_factory.mktemp("provider")
    opened = opened_with(place / "deployment", real_issuers)
    program = HubProcess(opened.deployment)
    try:
        yield Desk(opened=opened, program=program, folder=folder_at(place / "desk", opened, program.start()))
    finally:
        program.kill()


async def test_the_program_signs_in_whoever_comes_back_to_it_and_keeps_the_token_for_them_alone(desk: Desk) -> None:
    code, said = await desk.signed_in_with(SECRETIVE, "careful-person")
    assert code == 0, said
    token = desk.folder / "token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    kept = token.read_text(encoding="ascii").strip()
    assert kept not in said
    session = json.loads(said)
    assert (session["access_level"], session["agency"]) == ("social_worker", "social_care")
    # The one that was open before is ended, and another token takes its place.
    assert (await desk.signed_in_with(PUBLIC, "n.okafor"))[0] == 0
    assert token.read_text(encoding="ascii").strip() != kept
    ends = [body for _, body in desk.opened.recorded("session_ended")]
    assert [(body["requester"], body["why"]) for body in ends] == [("s.patel", "sign_out")]
    assert (await desk.ran("menu"))[0] == 0
    assert (await desk.ran("signout"))[0] == 0
    assert not token.exists()


async def test_the_program_says_no_more_of_somebody_who_is_tied_to_nobody_than_of_a_wrong_password(
    desk: Desk,
) -> None:
    code, said = await desk.signed_in_with(PUBLIC, "nobody-here")
    assert code == 3, said
    assert "do not match an account that may sign in" in said
    assert not (desk.folder / "token").exists()
    log = desk.program.log()
    assert b"nobody-here" not in log
