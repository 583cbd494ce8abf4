"""Bronze: the adapter connects, answers every question that it declares, and says nothing that was not asked."""

import asyncio
import re
import unicodedata
from datetime import UTC, datetime

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, ConnectResponse, Reply
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench, holds_nothing, rows_of, said
from adapters.conformance.catalogue import FieldRule, is_day
from adapters.conformance.held_link import Answer
from adapters.conformance.rules import Broken

CONTRACT = 1
PONG_SECONDS = 5.0
MOST_ROWS, LONGEST_CELL, LONGEST_SOURCE, LARGEST_REPLY = 500, 2_000, 100, 256 * 1024
DAY_MS = 86_400_000
STRONG = ("nhs_number", "upn")
NAMES = ("given_name", "family_name", "date_of_birth")
_INSTANCE = re.compile(r"[A-Za-z0-9-]{16,64}")


async def connects(bench: Bench) -> str:
    """Look at how it introduces itself."""
    link = await bench.link()
    first, hello = bench.hub.first_frames[0], link.hello
    faults = [
        (first is None or not first.HasField("hello"), "the first message is no hello"),
        (first is not None and len(first.ListFields()) > 1, "the first message carries more than the hello"),
        (link.agency != bench.hub.agency, "the certificate names another agency"),
        (hello.contract != CONTRACT, "it speaks another version of the contract"),
        (not _INSTANCE.fullmatch(hello.instance), "its instance is not 16 to 64 letters, digits and `-`"),
        (not hello.program or not hello.program.isprintable(), "it does not name its program"),
    ]
    for is_fault, came in faults:
        if is_fault:
            raise Broken(
                "a hello, alone, with contract, instance and program",
                came,
                "Send ConnectRequest{hello: {contract: 1, instance: 24 random letters, program, questions}} first.",
            )
    return hello.program


async def declares(bench: Bench) -> str:
    """Compare what it declares with the catalogue and with the people file."""
    declared = set((await bench.link()).hello.questions)
    wanted = {question for _, _, question, _ in bench.known()} | set(bench.people.refused)
    wanted |= {search.question for search in bench.people.searches}
    unknown, missing = declared - set(bench.catalogue.questions), wanted - declared
    if unknown or missing:
        came = [f"declared, but in no catalogue: {', '.join(sorted(unknown))}"] if unknown else []
        came += [f"not declared: {', '.join(sorted(missing))}"] if missing else []
        raise Broken(
            "the questions of the people file, and none that the catalogue has not",
            "; ".join(came),
            "List in hello.questions what it answers or refuses, spelt as the catalogue does.",
        )
    return f"{len(declared)} questions"


async def echoes_pings(bench: Bench) -> None:
    """Send a ping and wait for its number."""
    link = await bench.link()
    number = 900_000 + len(bench.sent)
    link.send(ConnectResponse(ping=number))
    try:
        async with asyncio.timeout(PONG_SECONDS):
            while await link.pongs.get() != number:
                pass
    except TimeoutError:
        raise Broken(
            f"the ping's number as pong within {PONG_SECONDS:g} s", "none", "Echo `ping` as `pong`, unchanged."
        ) from None


async def answers_known(bench: Bench) -> str:
    """Ask every question about everybody who is known, and look for the values that were promised."""
    asked = 0
    for who, person, question, values in bench.known():
        answer = await bench.reply(bench.make(question, person), who)
        rows = rows_of(answer.reply.records)
        asked += 1
        if answer.reply.status != links_pb2.REPLY_STATUS_ANSWERED or not answer.reply.records.record_dates:
            raise Broken(
                f"ANSWERED with at least one row about {who}",
                said(answer.reply),
                "Look the person up by these keys in the source itself; then compare the mapping of the keys.",
            )
        if not any(all(row.get(name, "") == value for name, value in values.items()) for row in rows):
            wrong = sorted(name for name, value in values.items() if all(row.get(name) != value for row in rows))
            raise Broken(
                f"one row about {who} with all values of the people file",
                f"none; different: {', '.join(wrong) or 'not all in one row'}",
                "Compare the mapping of these fields with the source, or mend the people file.",
            )
    return f"{asked} answers"


async def unknown_is_nothing(bench: Bench) -> None:
    """Ask about whoever is unknown: that nothing is held is an answer and no error."""
    for number, unknown in enumerate(bench.people.unknown, start=1):
        for question in {question for _, _, question, _ in bench.known()}:
            who = f"unknown person {number}, {question}"
            answer = await bench.reply(bench.make(question, unknown.keys.person()), who)
            if not holds_nothing(answer.reply):
                raise Broken(
                    f"ANSWERED with 0 rows about {who}",
                    said(answer.reply),
                    "Reply ANSWERED without cells where the source was read and nobody is there; never an error.",
                )


async def tables_in_form(bench: Bench) -> None:
    """Look at the form of every table that came so far."""
    for ask, reply in [pair for pair in bench.answers if pair[1].records.cells or pair[1].records.record_dates]:
        if came := _form_fault(reply):
            raise Broken(
                f"a table in the contract's form ({ask.question})",
                came,
                "See Records in records.proto: columns once, cells row after row, one record date for each row.",
            )


def _form_fault(reply: Reply) -> str:
    records, rows = reply.records, len(reply.records.record_dates)
    now_ms = datetime.now(UTC).timestamp() * 1_000
    places, terms = list(records.terms_of_row), len(records.terms)
    faults = [
        (len(records.cells) != rows * len(records.columns), "cells, columns and record dates do not fit one another"),
        (len(set(records.columns)) != len(records.columns), "a column is there twice"),
        (rows > MOST_ROWS, f"more than {MOST_ROWS} rows"),
        (any(len(cell) > LONGEST_CELL for cell in records.cells), f"a cell of more than {LONGEST_CELL} characters"),
        (reply.ByteSize() > LARGEST_REPLY, "a reply of more than 256 KiB"),
        (not records.source.isprintable() or not 0 < len(records.source) <= LONGEST_SOURCE, "no name of the source"),
        (any(day and not is_day(day) for day in records.record_dates), "a record date that is no day"),
        (abs(now_ms - records.retrieved_at_ms) > DAY_MS, "`retrieved_at_ms` is not the present time"),
        (bool(places) and (len(places) != rows or max(places) > terms), "`terms_of_row` does not fit"),
        (bool(terms) and not places, "terms that belong to no row"),
    ]
    return next((came for is_fault, came in faults if is_fault), "")


async def values_fit(bench: Bench) -> str:
    """Look at every value that came so far, by the type of its field."""
    hostile = {hostile.keys.person().SerializeToString() for hostile in bench.people.hostile}
    seen = 0
    for ask, reply in bench.answers:
        if ask.person.SerializeToString() in hostile:
            continue
        for row in rows_of(reply.records):
            for name, cell in row.items():
                seen += 1
                if fault := bench.catalogue.fields.get(name, FieldRule()).fault(cell):
                    raise Broken(
                        f"values of `{name}` as the catalogue has them ({ask.question})",
                        f"one that {fault}",
                        "Convert it, or send an empty text for what cannot be converted.",
                    )
    return f"{seen} values"


async def answers_batches(bench: Bench) -> None:
    """Send asks about several people in one message; each reply must be about its own."""
    pairs = [(person, question) for _, person, question, _ in bench.known()] * 2
    asks = [bench.make(question, person) for person, question in pairs]
    asks += [bench.make(pairs[0][1], bench.unknown()) for _ in range(2)]
    answers = await bench.send(asks)
    came = _batch_fault(answers, len(pairs))
    if came:
        raise Broken(
            f"{len(asks)} replies to {len(asks)} asks in one message, each of its own",
            came,
            "Begin every ask of a message, and let none wait for another's reply.",
        )


def _batch_fault(answers: list[Answer | None], known: int) -> str:
    there = [answer for answer in answers if answer is not None]
    if len(there) != len(answers):
        return f"{len(there)} replies"
    if any(not answer.reply.records.record_dates for answer in there[:known]):
        return "a reply without rows about somebody who is known"
    return "rows about somebody who is unknown" if any(not holds_nothing(one.reply) for one in there[known:]) else ""


async def asked_fields_only(bench: Bench) -> None:
    """Ask for some of the fields of each question, and look at all that came in the run: nothing else may come."""
    for who, person, question, _ in bench.known():
        fields = bench.asked(question)
        for some in (fields[: max(1, len(fields) // 2)], fields[-1:]):
            await bench.reply(bench.make(question, person, some), who)
    for ask, reply in bench.answers:
        more = sorted(set(reply.records.columns) - set(ask.fields))
        if more:
            raise Broken(
                f"no column but the {len(ask.fields)} asked for ({ask.question})",
                f"also {', '.join(map(repr, more))}",
                "Read and send the fields of the ask, and no others.",
            )


async def one_person_only(bench: Bench) -> None:
    """Look whether every row that came is about whom was asked."""
    for ask, reply in bench.answers:
        given = {descriptor.name for descriptor, _ in ask.person.ListFields()}
        if given <= set(ask.fields) and any(not _is_about(row, ask) for row in rows_of(reply.records)):
            raise Broken(
                f"rows about the person of the ask, and nobody else ({ask.question})",
                "a row with neither an identifier nor the names and date of birth that were asked for",
                "Compare what the source gives with what was looked for, and drop the rest.",
            )


def _is_about(row: dict[str, str], ask: Ask) -> bool:
    person = ask.person
    if any(getattr(person, name) and row.get(name) == getattr(person, name) for name in STRONG):
        return True
    if not any(name in row for name in (*STRONG, *NAMES)):
        return True
    return bool(person.family_name) and all(
        plain_text(row.get(name, "")) == plain_text(getattr(person, name)) for name in NAMES
    )


def plain_text(text: str) -> str:
    """Set aside accents, capitals and all that is neither letter nor digit."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if mark.isalnum())


async def no_keys_nobody(bench: Bench) -> None:
    """Ask about nobody in particular: that must not be everybody."""
    _, _, question = bench.first_known()
    answer = await bench.reply(bench.make(question, PersonKeys()), "nobody in particular", remembers=False)
    if answer.reply.status != links_pb2.REPLY_STATUS_UNABLE and not holds_nothing(answer.reply):
        raise Broken(
            "UNABLE to an ask without any key",
            said(answer.reply),
            "Reply UNABLE where none of the keys can be used; never search without a condition.",
        )


async def undeclared_question(bench: Bench) -> None:
    """Ask what it does not declare."""
    ask = bench.make("question_of_no_catalogue", bench.first_known()[1], ("nhs_number", "upn", *NAMES))
    answer = await bench.reply(ask, "a question that was not declared")
    refusals = (links_pb2.REPLY_STATUS_UNABLE, links_pb2.REPLY_STATUS_REFUSED)
    if answer.reply.status not in refusals or answer.reply.records.cells:
        raise Broken(
            "UNABLE or REFUSED to a question that it does not declare",
            said(answer.reply),
            "Reply UNABLE to every question that you do not know.",
        )
