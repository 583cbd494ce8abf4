"""The files of a policy that came from the hub: shown line by line, or written into a folder of their own."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hub.cli.errors import CommandError
from hub.cli.printable import printable
from hub.client.errors import BadAnswer

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})?")


def write_into(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Write the files into a new or empty folder; a name that leads out of it is not written, and nothing else is."""
    if strange := [name for name in texts if not _NAME.fullmatch(name)]:
        raise BadAnswer(f"{len(strange)} of the policy's files have names that are none of a policy")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(
                "FOLDER_NOT_EMPTY", f"There is something in {folder} already.", mend="Name a folder that is empty."
            )
        for name, content in texts.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise CommandError(
            "FOLDER_NOT_WRITABLE", f"{folder} cannot be written ({error.strerror}).", mend="Name another folder."
        ) from None


def print_text(content: bytes) -> None:
    """Print a file, with whatever could steer the terminal spelt out."""
    for line in spelt(content).splitlines():
        sys.stdout.write(printable(line) + "\n")


def spelt(content: bytes) -> str:
    """Read a file as text; bytes that are none are spelt out."""
    return content.decode("utf-8", "backslashreplace")


def only(texts: Mapping[str, bytes], name: str) -> Mapping[str, bytes]:
    """Take one file out; raise CommandError where it is not there."""
    if name not in texts:
        raise CommandError(
            "NO_SUCH_FILE", f"The policy has no file {name}.", mend=f"It has: {', '.join(sorted(texts))}."
        )
    return {name: texts[name]}
