"""Writes the folder that an agency begins with: a manifest to fill in, and what belongs beside it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from adapters.kit.dot_env import DOT_ENV
from adapters.kit.errors import ScaffoldRefused
from adapters.kit.manifest import Source
from adapters.kit.manifest_schema import SCHEMA_FILE
from adapters.kit.mapping import WORD_PATTERN

PIECES = Path(__file__).with_name("scaffold")
SCHEMA_NAME = "manifest.schema.json"
PRIVATE_FOLDERS = ("journal", "tls")
OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600
PUPIL = {"KEY": "upn", "KNOWN": "N350218000017", "UNKNOWN": "P350218099999"}
PATIENT = {"KEY": "nhs_number", "KNOWN": "9990000107", "UNKNOWN": "9990000190"}
_MARK = re.compile(r"@([A-Z]+)@")
_UNFIT_FOR_UNITS = re.compile(r'["\\\n%$]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Which agency begins, with which kind of system, where, and the command line that runs an adapter there."""

    agency: str
    kind: str
    folder: Path
    program: str

    @property
    def manifest(self) -> Path:
        """Name the manifest's file."""
        return self.folder / f"{self.agency}.yaml"


def kinds() -> tuple[str, ...]:
    """List the kinds of system that a manifest can describe and a folder can be written for."""
    known = [get_args(source.model_fields["kind"].annotation)[0] for source in get_args(Source)]
    return tuple(kind for kind in known if (PIECES / f"{kind}.yaml").is_file())


def write_folder(beginning: Beginning) -> list[Path]:
    """Write every file, or none where one is there already; raises ScaffoldRefused. Returns what was written."""
    if not re.fullmatch(WORD_PATTERN, beginning.agency):
        raise ScaffoldRefused(
            f"`{beginning.agency}` is no agency's id", "Use a-z, 0-9 and _, beginning with a letter: the hub's own id."
        )
    if _UNFIT_FOR_UNITS.search(str(beginning.folder)):
        raise ScaffoldRefused("a service cannot be set up in a folder of that name", "Choose a plainer one.")
    texts = _texts(beginning)
    there = [name for name in texts if os.path.lexists(beginning.folder / name)]
    if there:
        raise ScaffoldRefused(
            f"`{beginning.folder / there[0]}` is there already", "Nothing was written. Choose another folder with --at."
        )
    try:
        return _write(beginning.folder, texts)
    except OSError as fault:
        raise ScaffoldRefused(
            f"`{beginning.folder}` cannot be written ({fault.strerror})", "Choose another folder with --at."
        ) from None


def _write(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in PRIVATE_FOLDERS:
        (folder / name).mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    written = []
    for name, text in texts.items():
        mode = OWNER_ONLY_FILE if name.startswith(DOT_ENV) else 0o644
        # Never over something that has come meanwhile.
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as to:
            to.write(text)
        written.append(folder / name)
    return written


def _texts(beginning: Beginning) -> dict[str, str]:
    """Spell every file, by its name."""
    agency, folder = beginning.agency, beginning.folder.absolute()
    words = {
        "AGENCY": agency,
        "TITLE": agency.replace("_", " ").capitalize(),
        "USER": f"adapter-{agency.replace('_', '-')}"[:31],
        "FOLDER": str(folder),
        "PROGRAM": beginning.program,
        "QUOTED": f'"{folder / f"{agency}.yaml"}"',
        **{name.upper(): f'"{folder / name}"' for name in PRIVATE_FOLDERS},
        **(PATIENT if beginning.kind == "fhir" else PUPIL),
    }
    return {
        f"{agency}.yaml": _filled(words, "head.yaml", f"{beginning.kind}.yaml"),
        f"{DOT_ENV}.sample": _filled(words, "env.head", f"{beginning.kind}.env"),
        "people.yaml": _filled(words, "people.yaml"),
        f"adapter-{agency}.service": _filled(words, "unit.service"),
        SCHEMA_NAME: SCHEMA_FILE.read_text(encoding="utf-8"),
        ".gitignore": _filled(words, "ignore"),
    }


def _filled(words: Mapping[str, str], *pieces: str) -> str:
    text = "".join((PIECES / piece).read_text(encoding="utf-8") for piece in pieces)
    return _MARK.sub(lambda mark: words[mark[1]], text)
