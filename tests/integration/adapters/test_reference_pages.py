"""The reference pages about adapters: each manifest reads a system of its shape, and each command does what it says."""

import asyncio
import json
import re
import shlex
import signal
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import structlog

from adapters.cli import make_reader
from adapters.kit.manifest import FileRecords, FilesSource, Manifest, SqlRecords, SqlSource
from adapters.kit.manifest_file import load_manifest
from adapters.kit.nobody import ways_to_nobody
from adapters.kit.reader import FindingState
from adapters.kit.record_sets import columns_mentioned
from tests.integration.adapters.http_server import Answers, HttpServer
from tests.integration.adapters.test_commands import ended, environment, exported, started
from tests.lib import documented
from tests.lib.documented import Block
from tests.lib.link_hub import LinkHub

REPOSITORY = Path(__file__).resolve().parents[3]
REFERENCE = ("manifest.md", "kinds.md", "behaviour.md")
SHOWN = [block for block in documented.manifests(REPOSITORY) if block.page in REFERENCE]
PARTS = [
    block
    for page in documented.pages(REPOSITORY)
    for block in documented.blocks(page)
    if block.words.startswith("part of a")
]
WHOLE = {
    "sql": "    kind: sql\n    name: x\n    url: sqlite:///x\n{part}"
    "    records: {{r: {{table: t, keys: {{upn: u}}, fields: {{upn: u}}}}}}\n",
    "rest": '    kind: rest\n    name: x\n    url: "http://localhost/"\n{part}'
    '    records: {{r: {{path: p, rows: "$", keys: {{upn: u}}, fields: {{upn: "$.u"}}}}}}\n',
}
AROUND = (
    "manifest: 1\nagency: a\ntitle: A\nhub: {{addresses: ['localhost:1'], ca: a, certificate: b, key: c}}\n"
    "journal: j\nquestions: {{q: s.r}}\nsources:\n  s:\n{source}"
)


class AnyPath(dict[str, Answers]):
    """Answers at every path with an empty page."""

    def __contains__(self, path: object) -> bool:
        return True

    def __missing__(self, path: str) -> Answers:
        if path.startswith("fhir/"):
            return lambda _: {"resourceType": "Bundle", "type": "searchset", "total": 0}
        return lambda _: {"items": []}


@pytest.fixture
async def server() -> AsyncIterator[HttpServer]:
    async with HttpServer(pages=AnyPath()) as running:
        yield running


def ports(server: HttpServer, text: str) -> Mapping[str, str]:
    """Fill in what a manifest leaves to the environment."""
    port = server.url.rstrip("/").rpartition(":")[2]
    return {name: port if name.endswith("PORT") else "x" for name in re.findall(r"\$\{([A-Z_]+)\}", text)}


def columns_of(records: SqlRecords | FileRecords) -> Mapping[str, set[str]]:
    """List what a record set mentions of each table or file, by the name that it has there."""
    own = records.table if isinstance(records, SqlRecords) else records.file
    real = {join.name: getattr(join, "table", None) or getattr(join, "file", "") for join in records.joins}
    found: dict[str, set[str]] = defaultdict(set)
    for name in (*columns_mentioned(records), *(left for join in records.joins for left in join.on)):
        prefix, dot, rest = name.partition(".")
        found[real.get(prefix, own)].add(rest if dot and prefix in real else name)
    for join in records.joins:
        found[real[join.name]] |= set(join.on.values())
    return found


def build(manifest: Manifest) -> None:
    """Make the databases and files that a manifest speaks of, with nobody in them."""
    for source in manifest.sources.values():
        wanted: dict[str, set[str]] = defaultdict(set)
        if isinstance(source, SqlSource | FilesSource):
            for records in source.records.values():
                for place, columns in columns_of(records).items():
                    wanted[place] |= columns
        if isinstance(source, SqlSource):
            connection = sqlite3.connect(source.url.removeprefix("sqlite:///"))
            for table, columns in wanted.items():
                connection.execute(f"CREATE TABLE {table} ({', '.join(sorted(columns))})")
            connection.close()
        elif isinstance(source, FilesSource):
            source.folder.mkdir()
            for file, columns in wanted.items():
                (source.folder / file).write_text(",".join(sorted(columns)) + "\n", encoding="utf-8")


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: f"{block.page} {block.section}")
async def test_a_manifest_reads_a_system_of_its_shape(block: Block, tmp_path: Path, server: HttpServer) -> None:
    file = tmp_path / "shown.yaml"
    await asyncio.to_thread(file.write_text, block.text, encoding="utf-8")
    manifest = load_manifest(file, ports(server, block.text))
    await asyncio.to_thread(build, manifest)
    for source in manifest.sources.values():
        reader = make_reader(source, manifest.limits, structlog.get_logger())
        await reader.open()
        try:
            assert not [one for one in await reader.check() if one.state is FindingState.FAULT]
            for name, records in source.records.items():
                deadline = asyncio.get_running_loop().time() + 5
                for way in ways_to_nobody(records.keys.mapped()):
                    found = await reader.find(name, way, tuple(records.fields), deadline)
                    assert not found.record_dates
        finally:
            await reader.close()


@pytest.mark.parametrize("block", PARTS, ids=lambda block: block.words)
def test_a_part_that_a_page_shows_fits_into_a_manifest(block: Block, tmp_path: Path) -> None:
    kind = block.words.split()[3]
    file = tmp_path / "whole.yaml"
    file.write_text(AROUND.format(source=WHOLE[kind].format(part=block.text)), encoding="utf-8")
    assert load_manifest(file, {"SCHOOLS_WRITE_KEY": "x"})


def commands() -> Iterator[str]:
    """List the commands of the reference pages in their order."""
    for page in documented.pages(REPOSITORY):
        if page.name in REFERENCE:
            for block in documented.blocks(page):
                if block.language == "sh":
                    yield from block.text.splitlines()


async def test_the_commands_of_the_reference_do_what_they_say(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "social_care"
    (folder / "tls").mkdir(parents=True)
    (folder / "journal").mkdir()
    file = folder / "social_care.yaml"
    async with LinkHub(folder / "tls") as hub:
        hub.issue("social_care")
        hub.log.disclose("social_care", "r1")
        shown = next(block.text for block in SHOWN if "agency: social_care" in block.text)
        await asyncio.to_thread(file.write_text, shown.replace("localhost:7401", hub.address), encoding="utf-8")
        await asyncio.to_thread(build, load_manifest(file, {}))
        running = await started(["run", str(file)], environment(repository))
        link = await hub.link()
        await link.bring(hub.log, await link.has_witnessed())
        running.send_signal(signal.SIGTERM)
        await ended(running)
        exported(hub.log, tmp_path).rename(tmp_path / "export.jsonl")
        typed = list(commands())
        assert len(typed) >= 5
        for command in typed:
            program, *words = shlex.split(command)
            assert program == "adapter"
            known = [str(tmp_path / word) if (tmp_path / word).exists() else word for word in words]
            code, said, _ = await ended(await started(known, environment(repository)))
            assert code == 0, (command, said)
            assert "--json" not in words or json.loads(said)["passed"]
