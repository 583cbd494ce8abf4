"""`python -m tests.linkage bolton`: starts the example as it ships, asks, and scores what is shown by the truth."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from hub.cli.demonstration.deployment import Deployment, running_deployment
from hub.cli.demonstration.script import read_script
from hub.client.client import HubAddress
from tests.linkage.bolton import table
from tests.linkage.bolton.asking import Desk, Reply, read_journals
from tests.linkage.bolton.questions import Kind, Question, questions
from tests.linkage.bolton.scoring import Score, Scoring
from tests.linkage.bolton.town import Town, read_town

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "bolton"
WHO = "r.holt"
QUESTIONS = 2_000
LONGEST_SECONDS = 900
SAID_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Bolton, running, with the truth beside it."""

    town: Town
    systems: Path
    desk: Desk


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.linkage bolton", description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="in all, of each kind as many")
    parser.add_argument("--seed", type=int, default=1, help="draws who is asked about; the town stays as it is")
    parser.add_argument("--json", type=Path, help="write the figures here")
    return parser.parse_args(arguments)


@contextmanager
def running_stage() -> Iterator[Stage]:
    """Build and start the example in a folder of its own, and end it whatever happens."""
    script = read_script(EXAMPLE)
    with tempfile.TemporaryDirectory(prefix="linkage ") as place:
        truth, folder = Path(place) / "truth", Path(place) / "deployment"
        folder.mkdir()
        built = script.model_copy(update={"build": [*script.build, "--truth", str(truth)]})
        with running_deployment(EXAMPLE, built, folder) as deployment:
            systems = folder / "data"
            yield Stage(town=read_town(systems, truth), systems=systems, desk=_desk(deployment))


def _desk(deployment: Deployment) -> Desk:
    seat = deployment.seat(WHO)
    target = (seat / "client.toml").read_text(encoding="utf-8").partition('"')[2].partition('"')[0]
    password = (seat / "password").read_text(encoding="utf-8").strip()
    address = HubAddress(target=target, ca=(seat / "ca.pem").read_bytes())
    return Desk(address=address, user_name=WHO, password=password)


async def ask_all(desk: Desk, wanted: Sequence[Question]) -> list[Reply]:
    """Ask everything, and say how far it is."""
    replies: list[Reply] = []
    async with asyncio.timeout(LONGEST_SECONDS):
        async for reply in desk.ask_all(wanted):
            replies.append(reply)
            if len(replies) % SAID_EVERY == 0:
                print(f"{len(replies):,} of {len(wanted):,} asked", file=sys.stderr, flush=True)
    return replies


def measure(count: int, seed: int) -> tuple[dict[Kind, Score], list[Reply]]:
    """Start, ask and score."""
    with running_stage() as stage:
        replies = asyncio.run(ask_all(stage.desk, list(questions(stage.town, count, seed))))
        agencies = sorted({agency for agency, _ in stage.town.owners})
        scoring = Scoring(town=stage.town, journals=read_journals(stage.systems, agencies))
        return scoring.score(replies), replies


def main(arguments: Sequence[str]) -> int:
    """Print the table; exit code 1 when anybody else was shown as certainly the child."""
    chosen, began = options(arguments), time.monotonic()
    scores, replies = measure(chosen.questions, chosen.seed)
    print("\n".join(table.lines(scores)))
    waited = sorted(reply.seconds * 1_000 for reply in replies)
    print(f"An answer took {waited[len(waited) // 2]:.0f} ms in the middle, {waited[-1]:.0f} ms at most, six at once.")
    print(f"{len(replies):,} questions, seed {chosen.seed}, {time.monotonic() - began:.0f} s.")
    if chosen.json:
        chosen.json.write_bytes(orjson.dumps(table.document(scores), option=orjson.OPT_INDENT_2))
    return 1 if any(score.wrong for score in scores.values()) else 0
