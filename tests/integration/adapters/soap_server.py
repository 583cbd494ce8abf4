"""A real SOAP service for tests, run as a program of its own since spyne is old enough to warn at import."""

import importlib.util
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "lib" / "soap_service.py"
SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapServer:
    """A service that runs."""

    url: str
    output: IO[str]

    def wsdl(self) -> bytes:
        """Give the service's WSDL."""
        with urllib.request.urlopen(f"{self.url}open/?wsdl") as opened:  # noqa: S310  it is on this machine
            content: bytes = opened.read()
            return content

    def called(self) -> str:
        """Wait for the next call and give the operation with the conditions that it was called with."""
        return self.output.readline().strip()


@contextmanager
def running_soap_server() -> Iterator[SoapServer]:
    """Start the service and end it; where spyne is missing the test is skipped, but never where nothing may be."""
    if importlib.util.find_spec("spyne") is None:
        if os.environ.get("CI_NOTHING_SKIPPED") == "1":
            pytest.fail("spyne is not installed, and nothing may be skipped here")
        pytest.skip("spyne is not installed: pip install spyne")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    with subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            yield SoapServer(url=f"http://127.0.0.1:{int(program.stdout.readline())}/", output=program.stdout)
        finally:
            program.stdin.close()
            program.wait(SECONDS)
