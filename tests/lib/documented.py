"""What the adapters' pages show: manifests, and the road's files and commands in their order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<language>\w*)(?: (?P<words>[^\n]*))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: under which heading, what stands behind its fence, and what is in it."""

    page: str
    section: str
    language: str
    words: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Read the fenced blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    found, section, end = [], "", 0
    for each in FENCE.finditer(text):
        section = ([section, *HEADING.findall(text[end : each.start()])])[-1]
        end = each.end()
        words = {"language": each["language"], "words": each["words"] or "", "text": each["text"]}
        found.append(Block(page=page.name, section=section, **words))
    return found


def pages(repository: Path) -> list[Path]:
    """List the pages about adapters."""
    return [repository / "docs" / "adapters.md", *sorted((repository / "docs" / "adapters").glob("*.md"))]


def manifests(repository: Path) -> Iterator[Block]:
    """Yield every whole manifest that the pages show."""
    for page in pages(repository):
        for each in blocks(page):
            if each.language == "yaml" and re.search("^manifest: 1", each.text, re.MULTILINE) and "…" not in each.text:
                yield each
