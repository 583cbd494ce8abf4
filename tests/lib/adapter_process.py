"""An agency's adapter as a program of its own, which a test may kill."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.lib.deployment import Deployment, environment

STOP_SECONDS = 15.0


class AdapterProcess:
    """Runs `adapter run` on a manifest; its log goes to a file beside that."""

    def __init__(self, manifest: Path, variables: Mapping[str, str] | None = None) -> None:
        """Take the manifest and what it needs of the environment; nothing runs yet."""
        self._manifest = manifest
        self._variables = dict(variables or {})
        self.log_file = manifest.with_suffix(".log")
        self._program: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it dials the hub by itself."""
        with self.log_file.open("ab") as log:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "adapters", "run", str(self._manifest)],
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=environment() | self._variables,
            )

    def kill(self) -> None:
        """End it as a power cut would. Idempotent."""
        if self._program is not None:
            self._program.kill()
            self._program.wait()
            self._program = None

    def terminate(self) -> int:
        """Ask it to end with SIGTERM, wait, and return its exit code."""
        if self._program is None:
            raise RuntimeError("the adapter does not run")
        self._program.send_signal(signal.SIGTERM)
        code = self._program.wait(STOP_SECONDS)
        self._program = None
        return code

    def log(self) -> str:
        """Return what it has written to its log, over all its starts."""
        return self.log_file.read_text(encoding="utf-8")


def write_certificates(deployment: Deployment, agency: str, folder: Path) -> None:
    """Write what an agency's adapter needs to be known to a deployment's hub: ca.pem, AGENCY.pem, AGENCY.key."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ca.pem").write_bytes(deployment.authority.certificate)
    deployment.authority.agency(agency).write(folder, agency)


def listen_for_links_on(deployment: Deployment, port: int) -> str:
    """Let the deployment's hub listen for links on one port at every start; return the address for a manifest."""
    file = deployment.folder / "hub.toml"
    text = file.read_text(encoding="utf-8").replace('links = "127.0.0.1:0"', f'links = "127.0.0.1:{port}"')
    file.write_text(text, encoding="utf-8")
    return f"127.0.0.1:{port}"
