"""Silver: asked to look wider, the adapter finds what it can, sends no crowd, and keeps as silent as before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, Looking, Reply
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench, rows_of, said
from adapters.conformance.rules import Broken
from adapters.conformance.trials.silence import LIKE_UNKNOWN, same_bytes

if TYPE_CHECKING:
    from adapters.conformance.people import Shielded, Withheld

MOST_PEOPLE = 10
NAMES = ("given_name", "family_name", "date_of_birth")


async def found_otherwise(bench: Bench) -> str:
    """Ask for people as somebody might type them, as wide as it goes, and look for the values that were promised."""
    asked = 0
    for number, person in enumerate(bench.people.otherwise, start=1):
        for question, values in person.answers.items():
            who = f"person {number} under `otherwise`, {question}"
            answer = await bench.reply(_wide(bench, question, person.keys.person()), who, remembers=False)
            asked += 1
            rows = rows_of(answer.reply.records)
            if not any(all(row.get(name, "") == value for name, value in values.items()) for row in rows):
                raise Broken(
                    f"one row about {who} with all values of the people file",
                    said(answer.reply),
                    "Set accents, hyphens, apostrophes and blanks aside on both sides before names are compared.",
                )
    return f"{asked} answers" if asked else "the people file names nobody under `otherwise`"


async def crowds_not_sent(bench: Bench) -> str:
    """Find out how many people a wide look brings, then allow one fewer: nothing may be sent."""
    crowd = bench.people.crowd
    if crowd is None:
        return "the people file names no `crowd`"
    person, who = crowd.keys.person(), f"the crowd, {crowd.question}"
    answer = await bench.reply(_wide(bench, crowd.question, person), who, remembers=False)
    people = _people(answer.reply)
    if people > MOST_PEOPLE:
        raise Broken(
            f"UNABLE about {who}, since more than {MOST_PEOPLE} people are near",
            said(answer.reply),
            "Count the people whom records are about, and send none where there are more than `most_people`.",
        )
    if people > 1:
        few = await bench.reply(
            _wide(bench, crowd.question, person, most_people=people - 1), f"{who}, with one fewer", remembers=False
        )
        if few.reply.status != links_pb2.REPLY_STATUS_UNABLE or few.reply.HasField("records"):
            raise Broken(
                f"UNABLE and no records about {who}, where {people - 1} may be sent and {people} are near",
                said(few.reply),
                "Send none of them: whoever is left out could be the one who is meant.",
            )
    return f"{people} people"


async def shielded_in_wide_asks(bench: Bench) -> str:
    """Ask wide for whoever is shielded or withheld, by their keys and by a name with a slip; compare the bytes."""
    asked = 0
    for who, question, person in _silent(bench):
        unknown = await bench.reply(
            _wide(bench, question, bench.unknown()), f"unknown person 1, {question}", remembers=False
        )
        answer = await bench.reply(_wide(bench, question, person), who, remembers=False)
        asked += 1
        if same_bytes(answer.reply) != same_bytes(unknown.reply):
            raise Broken(
                f"the same bytes about {who}, asked wide, as about somebody unknown: {said(unknown.reply)}",
                said(answer.reply),
                LIKE_UNKNOWN,
            )
    return f"{asked} answers" if asked else "the people file has nobody under `shielded` or `withheld`"


def _silent(bench: Bench) -> Iterator[tuple[str, str, PersonKeys]]:
    """Go through those of whom nothing is told: name in the report, question, keys as they are and with a slip."""
    groups: Mapping[str, Sequence[Shielded | Withheld]] = {
        "shielded": bench.people.shielded,
        "withheld": bench.people.withheld,
    }
    for group, people in groups.items():
        for number, one in enumerate(people, start=1):
            person = one.keys.person()
            for question in one.questions:
                yield f"{group} person {number}, {question}", question, person
                if all(getattr(person, name) for name in NAMES):
                    yield f"{group} person {number} with a slip, {question}", question, _with_a_slip(person)


def _with_a_slip(person: PersonKeys) -> PersonKeys:
    return PersonKeys(
        given_name=person.given_name + person.given_name[-1],
        family_name=person.family_name,
        date_of_birth=person.date_of_birth,
    )


def _wide(bench: Bench, question: str, person: PersonKeys, *, most_people: int = MOST_PEOPLE) -> Ask:
    looking = Looking(width=links_pb2.LOOKING_WIDTH_FUZZY, most_people=most_people)
    return bench.make(question, person, looking=looking)


def _people(reply: Reply) -> int:
    """Count the different people whom rows are about."""
    return len({tuple(row.get(name, "").casefold() for name in NAMES) for row in rows_of(reply.records)})
