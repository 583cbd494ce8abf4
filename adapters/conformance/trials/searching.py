"""Silver: whoever searches the register finds who fits, of the protected nothing, and never a list of everybody."""

from collections.abc import Iterable, Iterator

from sharing.v1 import links_pb2
from sharing.v1.records_pb2 import Criteria

from adapters.conformance.bench import Bench, holds_nothing, rows_of, said
from adapters.conformance.held_link import Answer
from adapters.conformance.people import Search, SearchCriteria
from adapters.conformance.rules import Broken, NotTried
from adapters.conformance.trials.answering import plain_text
from adapters.conformance.trials.silence import LIKE_UNKNOWN, same_bytes

MOST_PEOPLE = 200
NO_REGISTER = "it answers no register"
_FIELDS = {
    "given_name": "given_name",
    "family_name": "family_name",
    "born_from": "date_of_birth",
    "born_to": "date_of_birth",
    "postcode_area": "postcode",
    "school": "school",
    "gp_practice": "gp_practice",
}


async def criteria_honoured(bench: Bench) -> str:
    """Search by what somebody fits: they are found, and whoever does not fit is not."""
    searches = await _searches(bench)
    for who, search in searches:
        answer = await _searched(bench, search, search.criteria, who)
        rows = rows_of(answer.reply.records)
        for wanted in search.finds:
            if not any(all(row.get(name, "") == value for name, value in wanted.items()) for row in rows):
                raise Broken(
                    f"a row with {', '.join(sorted(wanted))} of the people file, to {who}",
                    said(answer.reply),
                    "Look in the source by beginnings of names and by the span, and open it with `search`.",
                )
        if any(not _fits(row, search.criteria.message()) for row in rows):
            raise Broken(
                f"nobody but who fits every criterion of {who}",
                "a row that does not fit, or lacks the value",
                "Compare every row with every criterion, whatever the source found.",
            )
        nobody = await _searched(bench, search, search.nobody, f"{who}, for nobody")
        if not holds_nothing(nobody.reply):
            raise Broken(
                f"ANSWERED with 0 rows to {who}, for nobody", said(nobody.reply), "That nobody fits is an answer."
            )
    return _tried(searches)


async def bounded(bench: Bench) -> str:
    """Search for more people than may be told of: none is."""
    searches = await _searches(bench)
    for who, search in searches:
        answer = await _searched(bench, search, search.many, f"{who}, for many", most_people=1)
        if answer.reply.status != links_pb2.REPLY_STATUS_UNABLE or answer.reply.HasField("records"):
            raise Broken(
                f"UNABLE to {who}, of which more people fit than `looking.most_people`",
                said(answer.reply),
                "Tell of none where more people fit than may be told of; the first of them are no answer.",
            )
    return _tried(searches)


async def hidden_absent(bench: Bench) -> str:
    """Compare the bytes of a search that only somebody protected fits with those of one that nobody fits."""
    searches = await _searches(bench)
    for who, search in searches:
        if search.hidden is None:
            raise NotTried(f"{who} has nobody under `hidden`")
        nobody = await _searched(bench, search, search.nobody, f"{who}, for nobody")
        answer = await _searched(bench, search, search.hidden, f"{who}, for somebody hidden")
        if same_bytes(answer.reply) != same_bytes(nobody.reply):
            raise Broken(
                f"the same bytes to {who} whether it is for somebody hidden or for nobody",
                said(answer.reply),
                LIKE_UNKNOWN,
            )
    return _tried(searches)


async def asked_fields_only(bench: Bench) -> str:
    """Search for some of the fields only."""
    searches = await _searches(bench)
    for who, search in searches:
        fields = tuple(name for name in bench.asked(search.question) if name in _FIELDS.values())
        answer = await _searched(bench, search, search.criteria, who, fields=fields)
        if more := sorted(set(answer.reply.records.columns) - set(fields)):
            raise Broken(
                f"no column but the {len(fields)} asked for, to {who}",
                f"also {', '.join(map(repr, more))}",
                "Send the fields of the ask, and no others, also where more was read to compare.",
            )
    return _tried(searches)


async def _searches(bench: Bench) -> list[tuple[str, Search]]:
    """Return the searches of the people file; there must be one for each register that the adapter answers."""
    declared = set((await bench.link()).hello.questions)
    given = [(f"search {number}", search) for number, search in enumerate(bench.people.searches, start=1)]
    registers = {name for name, asked in bench.catalogue.questions.items() if asked.is_register and name in declared}
    if missing := registers - {search.question for _, search in given}:
        raise NotTried(f"the people file has no search under `searches` for {', '.join(sorted(missing))}")
    return given


async def _searched(
    bench: Bench,
    search: Search,
    criteria: SearchCriteria,
    who: str,
    *,
    fields: Iterable[str] | None = None,
    most_people: int = MOST_PEOPLE,
) -> Answer:
    ask = bench.make_search(search.question, criteria.message(), fields, most_people=most_people)
    # What is told to a search is about many, so the rules on answers about one do not judge it.
    return await bench.reply(ask, who, remembers=False)


def _fits(row: dict[str, str], criteria: Criteria) -> bool:
    return all(_fits_one(row, name, value) for name, value in _given(criteria))


def _given(criteria: Criteria) -> Iterator[tuple[str, str]]:
    return ((descriptor.name, value) for descriptor, value in criteria.ListFields())


def _fits_one(row: dict[str, str], name: str, wanted: str) -> bool:
    cell = row.get(_FIELDS[name], "")
    match name:
        case "born_from":
            return wanted <= cell
        case "born_to":
            return bool(cell) and cell <= wanted
        case "postcode_area":
            return cell.replace(" ", "").upper()[:-3] == wanted
        case "school" | "gp_practice":
            return plain_text(wanted) in plain_text(cell)
        case _:
            return plain_text(cell).startswith(plain_text(wanted))


def _tried(searches: list[tuple[str, Search]]) -> str:
    return f"{len(searches)} searches" if searches else NO_REGISTER
