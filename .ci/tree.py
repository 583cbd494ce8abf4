"""Say which files of the tree name a place of one machine or a package registry, or are too long for one subject.

Such names are put together here from pieces, so that this file holds none of them.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400

REGISTRIES = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            "deb\\.deb" + r"ian\.org",
            "arch" + r"ive\.ubuntu\.com",
            "proxy\\." + r"golang\.org",
            "crates" + r"\.io",
            "docker" + r"\.io",
            "ghcr" + r"\.io",
            "buf" + r"\.build",
            r"registry\.[a-z]+\.(org|com)",
        )
    ),
    re.IGNORECASE,
)
BEFORE = r"(?<![A-Za-z0-9_.~$}])/"
PLACES = re.compile(BEFORE + "(" + "|".join(("ro" + "ot", "ho" + "me", "Us" + "ers", "wo" + "rk", "far" + "m")) + ")/")
PASSING_PLACE = re.compile(BEFORE + "(var/)?" + "tm" + r"p\b")


def tracked() -> list[Path]:
    """List the files that are, or are about to be, part of the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted(Path(name) for name in set(listing.split("\0")) if name and (ROOT / name).is_file())


def faults_of(path: Path, text: str) -> Iterator[str]:
    """Yield what is wrong with one file, as `file:line: what`."""
    passing = None if path.parts[0] == "tests" else PASSING_PLACE
    for number, line in enumerate(text.splitlines(), start=1):
        if REGISTRIES.search(line):
            yield f"{path}:{number}: names a package registry"
        if PLACES.search(line):
            yield f"{path}:{number}: names a folder of one machine"
        if passing and passing.search(line):
            yield f"{path}:{number}: names the folder of temporary files; ask `tempfile` or `mktemp` for one"


def is_generated(path: Path) -> bool:
    """Tell the code that protoc writes."""
    return path.stem.endswith(("_pb2", "_pb2_grpc"))


def main() -> int:
    """Print every fault; exit code 1 when there is one."""
    faults: list[str] = []
    for path in tracked():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        faults.extend(faults_of(path, text))
        lines = text.count("\n")
        if path.suffix == ".py" and not is_generated(path) and lines > LONGEST:
            faults.append(f"{path}:{lines}: has more than {LONGEST} lines; it is asking for a second room")
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
