"""An answer for people: who is meant, what is held, where agencies differ, and at the end who did not answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from hub.cli.cards import show_card, show_ways_on
from hub.cli.grounds.banner import show_banner
from hub.cli.indicating import show_indicator
from hub.cli.tables import cell, heading, lines, make_table, sentence
from hub.client.answer import Answer, Person, Value
from hub.client.consents import standing_words
from hub.client.words import completeness_statement, possible_sentence, uncertain_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Titles:
    """What people call agencies and fields."""

    agencies: Mapping[str, str]
    fields: Mapping[str, str]

    def agency(self, name: str) -> str:
        return self.agencies.get(name, name)

    def field(self, name: str) -> str:
        return self.fields.get(name, name)


def show_answer(console: Console, answer: Answer) -> None:
    """Paint a whole answer."""
    titles = _Titles(agencies={outcome.agency: outcome.title for outcome in answer.outcomes}, fields=answer.titles)
    console.print(cell(answer.wording or answer.question, "bold"), overflow="fold")
    sentence(
        console, f"Asked for {answer.purpose}, under policy {answer.policy_version}; request {answer.request_id}", "dim"
    )
    if answer.break_glass_until:
        moment = answer.break_glass_until.partition(".")[0].replace("T", " ")
        show_banner(console, moment)
    certain = [person for person in answer.people if person.certain]
    apart = [person for person in answer.people if not person.certain]
    if answer.indicator is not None:
        show_indicator(console, answer, answer.indicator)
    for person in certain:
        _show_person(console, answer, person, titles)
    if not answer.people and answer.indicator is None:
        console.print()
        sentence(console, "No agency shows anything about this person.")
    if apart:
        heading(console, "Possibly, but not certainly, this person")
        has_cards = all(person.card is not None for person in apart)
        sentence(console, possible_sentence(len(apart)) if has_cards else uncertain_sentence(len(apart)), "yellow")
    for person in apart:
        _show_person(console, answer, person, titles)
        show_ways_on(console, answer, person)
    _show_handling(console, answer, titles)
    _show_consents(console, answer)
    _show_sources(console, answer.people, titles)
    _show_completeness(console, answer)


def _show_person(console: Console, answer: Answer, person: Person, titles: _Titles) -> None:
    """Paint one person: why it is thought to be this one, then each value once, with all who hold it."""
    heading(console, _who(person))
    show_card(console, answer, person)
    table = make_table(("Field", "Value", "Held by"), widths=(3, 5, 6))
    numbers = _numbers(person)
    for name, values in person.fields.items():
        shown = titles.field(name)
        for value, held in _by_value(values).items():
            table.add_row(cell(shown), cell(value), lines(_holders(held, titles, numbers)))
            shown = ""
    console.print(table)
    if person.disagreements:
        _show_disagreements(console, person, titles)


def _show_disagreements(console: Console, person: Person, titles: _Titles) -> None:
    """Paint the values that differ side by side with who says what."""
    console.print()
    sentence(console, "The agencies do not agree:", "bold yellow")
    table = make_table(("Field", "Value", "Who says so"), widths=(3, 5, 6))
    for disagreement in person.disagreements:
        shown = titles.field(disagreement.field)
        for saying in disagreement.sayings:
            table.add_row(cell(shown), cell(saying.value), lines(map(titles.agency, saying.agencies)))
            shown = ""
    console.print(table)


def _show_handling(console: Console, answer: Answer, titles: _Titles) -> None:
    """Paint what may be done with what is shown."""
    shown = {name for person in answer.people for name in person.fields}
    for said in answer.handling:
        if names := [name for name in said.fields if name in shown]:
            heading(console, f"What you may do with {said.title}")
            sentence(console, said.words, "bold yellow")
            sentence(console, f"This is about: {', '.join(map(titles.field, names))}.")


def _show_consents(console: Console, answer: Answer) -> None:
    """Paint how consent stands at each agency that says so."""
    standing = [(outcome, consent) for outcome in answer.outcomes for consent in outcome.consents]
    if standing:
        heading(console, "How consent stands")
    for outcome, consent in standing:
        sentence(console, f"{outcome.title}: {standing_words(consent, datetime.now(UTC).date().isoformat())}.")


def _show_sources(console: Console, people: Iterable[Person], titles: _Titles) -> None:
    """Paint which systems were read, and when."""
    read = dict.fromkeys(
        (value.agency, value.source, value.retrieved_at or "")
        for person in people
        for values in person.fields.values()
        for value in values
    )
    if not read:
        return
    heading(console, "Where this comes from")
    table = make_table(("Agency", "System", "Read at (UTC)"), widths=(4, 5, 5))
    for agency, source, retrieved_at in read:
        moment = retrieved_at.partition(".")[0].replace("T", " ")
        table.add_row(cell(titles.agency(agency)), cell(source), cell(moment))
    console.print(table)


def _show_completeness(console: Console, answer: Answer) -> None:
    """Paint the completeness statement."""
    heading(console, "How complete this is")
    *said, verdict = completeness_statement(answer)
    for text in said:
        sentence(console, text)
    sentence(console, verdict, "green" if answer.complete else "bold red")


def _who(person: Person) -> str:
    """Say who a person is, in one line."""
    names = " ".join(name for key in ("given_name", "family_name") if (name := person.identity.get(key)))
    parts = [names or "A person without a name"]
    for key, words in (("date_of_birth", "born"), ("nhs_number", "NHS number"), ("upn", "UPN")):
        if value := person.identity.get(key):
            parts.append(f"{words} {value}")
    return ", ".join(parts)


def _by_value(values: Sequence[Value]) -> Mapping[str, list[Value]]:
    """Bring together those who hold the same value."""
    holders: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        holders[value.value].append(value)
    return holders


def _numbers(person: Person) -> Mapping[int, int]:
    """Give each record of an agency with several its number: record of the person → record of the agency."""
    of_agency: dict[str, set[int]] = defaultdict(set)
    for values in person.fields.values():
        for value in values:
            of_agency[value.agency].add(value.record)
    return {
        record: number
        for records in of_agency.values()
        if len(records) > 1
        for number, record in enumerate(sorted(records), start=1)
    }


def _holders(values: Sequence[Value], titles: _Titles, numbers: Mapping[int, int]) -> list[str]:
    """Say who holds a value: a line for each agency, with its records where it has several, and the newest day."""
    by_agency: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        by_agency[value.agency].append(value)
    return [_holder(titles.agency(agency), held, numbers) for agency, held in by_agency.items()]


def _holder(title: str, held: Sequence[Value], numbers: Mapping[int, int]) -> str:
    records = ", ".join(str(numbers[value.record]) for value in held if value.record in numbers)
    newest = max(value.record_date or "" for value in held)
    words = f"{title} (record {records})" if records else title
    return f"{words}, {newest}" if newest else words
