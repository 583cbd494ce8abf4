"""Reading a policy from a folder, or from texts that are kept elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from hub.access.documents import LARGEST_FILE
from hub.access.papers import read_papers
from hub.access.validate import validated
from hub.errors import Fault, PolicyError
from hub.model.policy import Rulebook


def read_rulebook(folder: Path) -> Rulebook:
    """Read and validate the policy in a folder; raise PolicyError with every fault found."""
    return validated(read_papers(folder, texts_in(folder)))


def rulebook_from_texts(texts: Mapping[str, bytes]) -> Rulebook:
    """Read and validate a policy given as file names, relative to its folder, and contents."""
    return validated(read_papers(Path(), texts))


def texts_in(folder: Path) -> dict[str, bytes]:
    """Read the files of a policy folder; hidden ones, which editors and systems leave behind, are passed over."""
    if not folder.is_dir():
        raise PolicyError([Fault(file=folder, line=1, what="There is no such folder", mend="Name the policy folder.")])
    texts: dict[str, bytes] = {}
    faults: list[Fault] = []
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if any(part.startswith(".") for part in name.parts) or file.is_dir():
            continue
        if not file.is_file():
            # A link that leads nowhere would otherwise take its denials away without a word.
            faults.append(Fault(file=file, line=1, what="This is not a file", mend="Mend the link, or remove it."))
            continue
        try:
            with file.open("rb") as opened:
                # One byte too many is enough to see that it is too large.
                texts[name.as_posix()] = opened.read(LARGEST_FILE + 1)
        except OSError as error:
            what = f"The file cannot be read: {error.strerror}"
            faults.append(Fault(file=file, line=1, what=what, mend="Mend its permissions, or remove it."))
    if faults:
        raise PolicyError(faults)
    return texts
