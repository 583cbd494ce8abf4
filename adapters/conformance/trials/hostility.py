"""Silver: what is hostile in a question or in a record does no harm, and nothing of anybody is printed."""

import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench, rows_of, said
from adapters.conformance.catalogue import FieldRule
from adapters.conformance.rules import Broken, NotTried
from adapters.conformance.trials.answering import LONGEST_CELL, answers_known
from adapters.conformance.trials.silence import nothing_of

SHORTEST_TRACE = 6
A_BIRTHDAY = "2011-03-07"

IN_TEXTS = (
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE child; --",
    "' UNION SELECT * FROM child --",
    "%",
    "_%",
    "*",
    ".*",
    "*)(uid=*",
    '{"$ne": null}',
    "$.*",
    "../../../passwd",
    "&family=a&given=b",
    "#",
    "|",
    ",",
    "a,b",
    "\\",
    "\r\nX-Injected: yes",
    "\x00",
    "\x1b[2J",
    "\u202enames",
    "<script>alert(1)</script>",
    "${jndi:ldap://localhost/a}",
    "{{7*7}}",
    "=HYPERLINK()",
    "A" * 100,
)
IN_DAYS = ("' OR '1'='1", "ge1900-01-01", "2011-02-31", "0000-00-00", "*", "%", "2011", "9" * 40)


def hostile_people(known: PersonKeys) -> Iterator[PersonKeys]:
    """Spell people out of the corpus: in identifiers, in names, and in the day beside a name that is known."""
    for text in IN_TEXTS:
        yield PersonKeys(nhs_number=text, upn=text)
        yield PersonKeys(family_name=text, given_name=text, date_of_birth=A_BIRTHDAY)
    for day in IN_DAYS:
        yield PersonKeys(
            family_name=known.family_name or "Nobody", given_name=known.given_name or "Known", date_of_birth=day
        )


async def injection_finds_nobody(bench: Bench) -> str:
    """Send the corpus in place of keys; nobody may be found, nothing may break."""
    _, known, question = bench.first_known()
    asks = [bench.make(question, person) for person in hostile_people(known)]
    answers = await bench.send(asks, remembers=False)
    for answer in answers:
        if answer is None or not nothing_of(answer.reply):
            raise Broken(
                f"nothing held, or UNABLE, to all {len(asks)} of the injection corpus",
                "no reply" if answer is None else said(answer.reply),
                "Pass keys as bound parameters, escaped as the source's own rules say; never put them into text.",
            )
    await answers_known(bench)
    return f"{len(asks)} asks"


async def hostile_values_harmless(bench: Bench) -> str:
    """Ask about those whose records hold hostile values: harmless, left out, or the whole answer refused."""
    if not bench.people.hostile:
        raise NotTried("the people file has nobody under `hostile`")
    seen = 0
    for number, hostile in enumerate(bench.people.hostile, start=1):
        for question in hostile.questions:
            who = f"hostile person {number}, {question}"
            answer = await bench.reply(bench.make(question, hostile.keys.person()), who)
            for row in rows_of(answer.reply.records):
                for name, cell in row.items():
                    seen += 1
                    fault = bench.catalogue.fields.get(name, FieldRule()).fault(cell)
                    fault = "is longer than 2,000 characters" if len(cell) > LONGEST_CELL else fault
                    if fault and not fault.startswith("is longer"):
                        raise Broken(
                            f"harmless values about {who}, or none",
                            f"a value of `{name}` that {fault}",
                            "Take control characters out, cut what is too long, and leave out what is no day.",
                        )
    await answers_known(bench)
    return f"{seen} values"


async def prints_nobody(bench: Bench) -> str:
    """Look through all that the adapter printed for anything of whom was asked about, or of who asked."""
    traces = frozenset(_traces(bench))
    printed = bench.program.printed().casefold()
    found = [kind for kind, text in traces if is_traced_in(printed, text)]
    if found:
        raise Broken(
            "nothing of a person, a case or a requester in the logs",
            f"{len(found)} traces: {', '.join(sorted(set(found)))}",
            "Log kinds of faults, questions and request ids; never keys, values, whole messages or a library's words.",
        )
    return f"{len(printed)} characters printed, {len(traces)} traces looked for"


def _traces(bench: Bench) -> Iterator[tuple[str, str]]:
    """List what must not be printed, with its kind."""
    yield from (
        ("a case reference or a requester", text) for text in (f"CASE-{bench.canary}", f"tester-{bench.canary}")
    )
    for ask in bench.sent:
        for descriptor, value in (*ask.person.ListFields(), *ask.criteria.ListFields()):
            if len(value) >= SHORTEST_TRACE and value.isprintable():
                yield f"a key: {descriptor.name}", value
    for _, reply in bench.answers:
        for row in rows_of(reply.records):
            for name, cell in row.items():
                personal = bench.catalogue.fields.get(name, FieldRule()).type in ("text", "identifier")
                if personal and len(cell) >= SHORTEST_TRACE and cell.casefold() not in reply.records.source.casefold():
                    yield f"a value: {name}", cell


async def secrets_stay_inside(bench: Bench) -> str:
    """Look for the source's credentials in all that was printed and sent."""
    if not bench.secrets:
        raise NotTried("no credentials are known: name their variables under `secrets` in the people file")
    printed = bench.program.printed().casefold()
    frames = [frame for link in bench.hub.links for frame in link.frames]
    for secret in bench.secrets:
        is_printed = is_traced_in(printed, secret)
        if is_printed or any(secret.encode() in frame for frame in frames):
            raise Broken(
                "the source's credentials neither in the logs nor on the wire",
                "in the logs" if is_printed else "in a message to the hub",
                "Never log a configuration, a URL with a password, or what a driver says of a failure.",
            )
    return f"{len(bench.secrets)} looked for"


def is_traced_in(printed: str, text: str) -> bool:
    """Tell whether a text was printed in any of its forms; a name within another word is no trace of anybody."""
    edge = r"\b" if text.isalpha() else ""
    return any(re.search(f"{edge}{re.escape(form)}{edge}", printed) for form in _forms(text))


def _forms(text: str) -> Sequence[str]:
    """Spell a text as logs may: plain, escaped as JSON or in an address, an NHS number in its three groups."""
    forms = [text, json.dumps(text)[1:-1], quote(text), quote(text, safe="")]
    if text.isdecimal() and len(text) == len("9434765919"):
        forms.append(f"{text[:3]} {text[3:6]} {text[6:]}")
    return [form.casefold() for form in forms]
