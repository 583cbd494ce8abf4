import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.hardening.restarting import ALLOCATOR, TUNABLES, hardened

PROBE = """
import os, sys
from hub.hardening.restarting import restart_hardened
from hub.hardening.closing import harden
before = os.getpid()
if sys.argv[1] == "restart":
    restart_hardened(os.environ)
found = harden(wanted=True)
print(found.overwrites_freed, found.core_dumps_off, found.is_private, len(found.losses), sys.argv[2])
"""


def probed(repository: Path, how: str, *, before: str = "", **environment: str) -> list[str]:
    """Run a program that says how hardened it is; it is started over or not."""
    places = f"{repository}{os.pathsep}{repository / 'protos'}"
    command = [sys.executable, "-c", before + PROBE, how, "an argument"]
    done = subprocess.run(
        command, env={"PYTHONPATH": places, **environment}, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.split(maxsplit=4)


def test_what_the_environment_says_already_is_kept_where_it_does_not_contradict() -> None:
    said = {"HOME": "/", TUNABLES: "glibc.malloc.top_pad=2:glibc.malloc.perturb=0:nonsense", ALLOCATOR: "malloc"}
    ours = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1"
    assert hardened(said) == {
        "HOME": "/",
        TUNABLES: f"glibc.malloc.top_pad=2:{ours}",
        ALLOCATOR: "pymalloc_debug",
    }
    assert hardened(hardened(said)) == hardened(said)


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's settings are for Linux")
def test_a_program_that_is_started_over_overwrites_what_it_frees_and_keeps_its_arguments(repository: Path) -> None:
    overwrites, no_dumps, is_private, _, argument = probed(repository, "restart")
    assert (overwrites, no_dumps, is_private, argument) == ("True", "True", "True", "an argument\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's settings are for Linux")
def test_a_system_that_takes_the_settings_away_again_does_not_start_it_over_without_end(repository: Path) -> None:
    stripping = "import os\nos.environ.pop('GLIBC_TUNABLES', None)\n"
    assert probed(repository, "restart", before=stripping)[-1] == "an argument\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's settings are for Linux")
def test_that_freed_memory_is_not_overwritten_is_found_out(repository: Path) -> None:
    assert probed(repository, "stay")[0] == "False"
    # With the C library's own allocator the last bytes of each block are spared, and short values hide there.
    half = {ALLOCATOR: "malloc", TUNABLES: "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}
    assert probed(repository, "stay", **half)[0] == "False"
    put_aside = {ALLOCATOR: "pymalloc_debug", TUNABLES: "glibc.malloc.perturb=165"}
    assert probed(repository, "stay", **put_aside)[0] == "False"
