"""Starting over with an allocator that overwrites what is freed; only the environment of a new program can say so.

With these settings Python, for its blocks, and the C library, for its own, overwrite what is freed; nothing is put
aside unwiped for the next request, as the C library otherwise does; and all threads are served from one place, so that
one of them can sweep it (`sweeping`).
"""

import os
import sys
from collections.abc import Mapping

ALLOCATOR = "PYTHONMALLOC"
TUNABLES = "GLIBC_TUNABLES"
# Holds the number of the process that has been started over: what a system takes out of the environment again, as it
# does with a program that has rights beyond its user's, would else start it over without end.
STARTED_OVER = "SHARING_HUB_STARTED_OVER"
ALLOCATOR_THAT_GUARDS = "pymalloc_debug"
TUNABLES_THAT_OVERWRITE = {
    "glibc.malloc.perturb": "165",
    "glibc.malloc.tcache_count": "0",
    "glibc.malloc.arena_max": "1",
}


def hardened(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the settings that overwrite, and all that it says already beside them."""
    tunables = ":".join(f"{name}={value}" for name, value in (_tunables(environment) | TUNABLES_THAT_OVERWRITE).items())
    return {**environment, ALLOCATOR: ALLOCATOR_THAT_GUARDS, TUNABLES: tunables}


def restart_hardened(environment: Mapping[str, str]) -> None:
    """Start this program over, once, under the settings that overwrite, unless it runs under them already.

    Call it before anything has been opened and before there are threads: none of them comes along. The process keeps
    its number.
    """
    wanted = hardened(environment)
    own = str(os.getpid())
    if wanted == dict(environment) or environment.get(STARTED_OVER) == own:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**wanted, STARTED_OVER: own})  # noqa: S606  (our own program, as it was typed)


def _tunables(environment: Mapping[str, str]) -> dict[str, str]:
    """Read name=value:name=value; what is not of that form the C library would ignore as well."""
    parts = (part.partition("=") for part in environment.get(TUNABLES, "").split(":"))
    return {name: value for name, equals, value in parts if equals}
