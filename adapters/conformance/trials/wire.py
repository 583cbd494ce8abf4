"""Silver: what the whole run showed on the wire, whom the adapter dials, and what it takes back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.conformance.authority import Pair, RunAuthority
from adapters.conformance.bench import Bench
from adapters.conformance.held_link import Oddity
from adapters.conformance.people import Change
from adapters.conformance.program import Program
from adapters.conformance.relay import Relay
from adapters.conformance.rules import Broken, NotTried

IMPOSTER_SECONDS = 6.0
WORD_SECONDS = 0.5
TRIES = 2


def never(oddity: Oddity, mend: str) -> Callable[[Bench], Awaitable[None]]:
    """Make the trial that something was never sent in the whole run."""

    async def trial(bench: Bench) -> None:
        if count := bench.hub.oddities[oddity]:
            raise Broken(f"never {oddity.value}", f"{count} times", mend)

    return trial


async def refuses_imposters(bench: Bench) -> str:
    """Let the adapter dial hubs that cannot prove who they are; it must not say a word to them."""
    stranger = RunAuthority("Nobody's authority")
    imposters = (
        ("whose certificate is of another authority", stranger.server("localhost", "127.0.0.1")),
        ("whose certificate names another host", bench.hub.authority.server("elsewhere.example")),
    )
    await asyncio.gather(*(_refuse_one(bench, what, pair) for what, pair in imposters))
    return f"{len(imposters)} imposters"


async def _refuse_one(bench: Bench, what: str, pair: Pair) -> None:
    async with _imposter(bench, pair) as (relay, spoken):
        tries, word = (asyncio.ensure_future(one) for one in (relay.until_dialled(TRIES), spoken.wait()))
        await asyncio.wait((tries, word), timeout=IMPOSTER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((word,), timeout=WORD_SECONDS)
        for waiting in (tries, word):
            waiting.cancel()
        if spoken.is_set():
            raise Broken(
                f"not a word to a hub {what}",
                "it spoke",
                "Trust SHARING_HUB_CA alone, and compare the host of the address with the certificate.",
            )
        if not relay.dialled:
            raise Broken("that it dials SHARING_HUB_ADDRESS", "it did not", "Read the address when you start.")


@asynccontextmanager
async def _imposter(bench: Bench, pair: Pair) -> AsyncIterator[tuple[Relay, asyncio.Event]]:
    """Start the adapter a second time, on the address of a hub that is none; what is told is whether it spoke."""
    spoken = asyncio.Event()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await reader.read(1):
                spoken.set()
        except OSError:
            # It has hung up, which is what it should.
            return
        finally:
            writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=_context(bench.folder, pair))
    program = Program(command=bench.program.command, environment=bench.program.environment, folder=bench.program.folder)
    try:
        async with Relay() as relay:
            relay.target = server.sockets[0].getsockname()[1]
            journal = bench.folder / f"imposter-{relay.port}.sqlite"
            await program.start(f"localhost:{relay.port}", journal)
            yield relay, spoken
            await program.kill()
    finally:
        await program.kill()
        server.close()


def _context(folder: Path, pair: Pair) -> ssl.SSLContext:
    number = len(list(folder.glob("imposter-*.pem")))
    certificate, key = folder / f"imposter-{number}.pem", folder / f"imposter-{number}.key"
    certificate.write_bytes(pair.certificate)
    key.touch(mode=0o600)
    key.write_bytes(pair.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    return context


async def takes_back(bench: Bench) -> str:
    """Change what the source says about letting a record leave, and wait for the withdrawal of what was answered."""
    if not bench.people.changes:
        if any(reply.records.terms for _, reply in bench.answers):
            raise NotTried("the adapter sends terms, and the people file has no `changes`")
        return "it sends no terms, so there is nothing to take back"
    for number, change in enumerate(bench.people.changes, start=1):
        await _take_back(bench, number, change)
    return f"{len(bench.people.changes)} changes"


async def _take_back(bench: Bench, number: int, change: Change) -> None:
    link = await bench.link()
    ask = bench.make(change.question, change.keys.person())
    answer = await bench.reply(ask, f"change {number}", link)
    if not answer.reply.records.record_dates:
        raise NotTried(f"nothing is held about the person of change {number}, so nothing can be taken back")
    await bench.run_command(change.begin)
    try:
        async with asyncio.timeout(change.within_seconds):
            while await link.withdrawals.get() != ask.request_id:
                pass
    except TimeoutError:
        raise Broken(
            f"a withdrawal within {change.within_seconds:g} s of change {number}",
            "none",
            "Look at the terms of held answers again, until the hub says `dropped`, and withdraw when less may leave.",
        ) from None
    finally:
        await bench.run_command(change.end)
