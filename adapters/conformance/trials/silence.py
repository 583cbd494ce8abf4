"""Silver: whom the agency protects reads as unknown, and what may not leave does not."""

import statistics

from sharing.v1 import links_pb2, records_pb2
from sharing.v1.links_pb2 import Reply
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench, holds_nothing, said
from adapters.conformance.rules import Broken, NotTried

PAIRS = 25
ALLOWED_SECONDS, ALLOWED_SHARE = 0.010, 0.25
"""Medians of shielded and unknown may differ by so much: the hub tells both on its next tick of 50 ms."""

LIKE_UNKNOWN = (
    "Reply ANSWERED with the same columns and no rows, as for somebody unknown, in silence and for all alike."
)
_SHIELDED = (records_pb2.SHIELD_PERSON, records_pb2.SHIELD_ABSOLUTE)


async def shielded_like_unknown(bench: Bench) -> str:
    """Compare the bytes about whoever is shielded with those about somebody unknown."""
    if not bench.people.shielded:
        raise NotTried("the people file has nobody under `shielded`")
    for number, shielded in enumerate(bench.people.shielded, start=1):
        for question in shielded.questions:
            who = f"shielded person {number}, {question}"
            for entitled in (False, True) if shielded.absolute else (False,):
                await _compare(bench, question, shielded.keys.person(), who, with_shielded=entitled)
    return f"{len(bench.people.shielded)} people"


async def _compare(bench: Bench, question: str, person: PersonKeys, who: str, *, with_shielded: bool) -> None:
    unknown = await bench.reply(
        bench.make(question, bench.unknown(), with_shielded=with_shielded), f"unknown person 1, {question}"
    )
    answer = await bench.reply(bench.make(question, person, with_shielded=with_shielded), who)
    if same_bytes(answer.reply) != same_bytes(unknown.reply):
        raise Broken(
            f"the same bytes about {who} as about somebody unknown: {said(unknown.reply)}",
            said(answer.reply),
            LIKE_UNKNOWN,
        )


def same_bytes(reply: Reply) -> bytes:
    """Give the bytes of a reply but for its number, its nonce and the moment of reading."""
    same = Reply()
    same.CopyFrom(reply)
    same.ask_id, same.nonce = 0, b""
    same.records.retrieved_at_ms = 1
    return same.SerializeToString(deterministic=True)


async def shielded_takes_as_long(bench: Bench) -> str:
    """Compare how long it takes to keep silent with how long it takes to find nobody."""
    if not bench.people.shielded:
        raise NotTried("the people file has nobody under `shielded`")
    shielded = bench.people.shielded[0]
    question = shielded.questions[0]
    took: tuple[list[float], list[float]] = ([], [])
    people = (bench.unknown(), shielded.keys.person())
    for turn in range(PAIRS * 2):
        # One after the other, and each first as often as second.
        which = (turn + turn // 2) % 2
        answer = await bench.reply(bench.make(question, people[which]), "somebody unknown or shielded")
        took[which].append(answer.seconds)
    unknown, silent = (statistics.median(each) for each in took)
    allowed = ALLOWED_SECONDS + ALLOWED_SHARE * unknown
    measured = f"{unknown * 1_000:.1f} ms unknown, {silent * 1_000:.1f} ms shielded (medians of {PAIRS})"
    if abs(silent - unknown) > allowed:
        raise Broken(
            f"times that differ by at most {allowed * 1_000:.1f} ms",
            measured,
            "Do the same work for both: try every way to look, and ask for nothing more.",
        )
    return measured


async def shield_travels(bench: Bench) -> None:
    """Ask for whoever is shielded as somebody who may see them: the row must say that it is protected."""
    liftable = [shielded for shielded in bench.people.shielded if not shielded.absolute]
    if not liftable:
        raise NotTried("the people file has nobody under `shielded` without `absolute`")
    for number, shielded in enumerate(liftable, start=1):
        for question in shielded.questions:
            who = f"shielded person {number}, {question}"
            answer = await bench.reply(bench.make(question, shielded.keys.person(), with_shielded=True), who)
            records = answer.reply.records
            if answer.reply.status == links_pb2.REPLY_STATUS_WITHHELD:
                continue
            if not records.record_dates or not any(terms.shield in _SHIELDED for terms in records.terms):
                raise Broken(
                    f"rows about {who} whose terms say SHIELD_PERSON, to whoever may see the protected",
                    f"{said(answer.reply)}, not shielded",
                    "Send the shield in `terms`, since the hub decides again by it.",
                )


async def veto_honoured(bench: Bench) -> None:
    """Ask about what the agency keeps back."""
    if not bench.people.withheld:
        raise NotTried("the people file has nobody under `withheld`")
    for number, withheld in enumerate(bench.people.withheld, start=1):
        for question in withheld.questions:
            who = f"withheld person {number}, {question}"
            answer = await bench.reply(bench.make(question, withheld.keys.person(), with_shielded=True), who)
            if answer.reply.status != links_pb2.REPLY_STATUS_WITHHELD:
                raise Broken(
                    f"WITHHELD about {who}, to whoever may see the protected",
                    said(answer.reply),
                    "Apply the agency's own veto to every row, before anything is sent.",
                )
            await _compare(bench, question, withheld.keys.person(), who, with_shielded=False)


async def refusals_honoured(bench: Bench) -> None:
    """Ask what the agency refuses to everybody, about known and unknown."""
    if not bench.people.refused:
        raise NotTried("the people file has no question under `refused`")
    for question in bench.people.refused:
        for person, who in ((bench.first_known()[1], "somebody known"), (bench.unknown(), "somebody unknown")):
            answer = await bench.reply(bench.make(question, person), f"{who}, {question}")
            if answer.reply.status != links_pb2.REPLY_STATUS_REFUSED:
                raise Broken(
                    f"REFUSED to {question}, whoever it is about",
                    f"{said(answer.reply)} about {who}",
                    "Refuse the question before the source is read.",
                )


async def nothing_beside_a_refusal(bench: Bench) -> None:
    """Look whether any reply that is no answer brought records all the same."""
    for ask, reply in bench.answers:
        if reply.status != links_pb2.REPLY_STATUS_ANSWERED and reply.HasField("records"):
            raise Broken(
                "records with ANSWERED only",
                f"{said(reply)} to {ask.question}",
                "Leave `records` out of every other reply.",
            )


def nothing_of(reply: Reply) -> bool:
    """Tell whether a reply tells of nobody: nothing is held, or the keys cannot be used."""
    return holds_nothing(reply) or (reply.status == links_pb2.REPLY_STATUS_UNABLE and not reply.HasField("records"))
