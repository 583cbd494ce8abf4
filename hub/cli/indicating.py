"""An indicator for people: how many agencies hold something, whom to speak to there, and of whom nothing is known."""

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from hub.cli.tables import cell, heading, lines, make_table, sentence
from hub.client.answer import AgencyOutcome, Answer
from hub.client.indicators import kind_words, verdict_sentence
from hub.client.moments import day_words
from hub.client.words import outcome_sentence
from hub.model.indicator import Holding, Indicator, Verdict

_COLOURS: Mapping[Verdict, str] = {Verdict.YES: "bold yellow", Verdict.NO: "green", Verdict.NOT_ALL_ASKED: "bold red"}


def show_indicator(console: Console, answer: Answer, indicator: Indicator) -> None:
    """Paint what it comes to, then agency by agency; every planned agency is named once."""
    outcomes = {outcome.agency: outcome for outcome in answer.outcomes}
    console.print()
    sentence(console, verdict_sentence(indicator), _COLOURS[indicator.verdict])
    if indicator.holdings:
        _show_holdings(console, indicator, outcomes)
    if indicator.without:
        heading(console, "Asked, and holding nothing of the kind")
        sentence(console, f"{', '.join(outcomes[agency].title for agency in indicator.without)}.")
    if indicator.unknown:
        heading(console, "Of these nothing is known")
    for agency in indicator.unknown:
        sentence(console, outcome_sentence(outcomes[agency], is_indicated=True))
    if indicator.holdings:
        console.print()
        sentence(console, "What is held is not shown. Speak to them, or ask a question that shows it: hub menu")


def _show_holdings(console: Console, indicator: Indicator, outcomes: Mapping[str, AgencyOutcome]) -> None:
    console.print()
    table = make_table(("Agency", "Of what kind", "Since", "Speak to"), widths=(4, 4, 3, 5))
    for holding in indicator.holdings:
        table.add_row(cell(outcomes[holding.agency].title), _kinds(holding), _since(holding), _contact(holding))
    console.print(table)


def _kinds(holding: Holding) -> Text:
    if holding.is_possible_only:
        return cell("not told: it may be about somebody else", "yellow")
    return lines(map(kind_words, holding.kinds)) if holding.kinds else cell("it does not say")


def _since(holding: Holding) -> Text:
    if holding.is_possible_only:
        return cell("not told", "yellow")
    return cell(day_words(holding.since) if holding.since else "it does not say")


def _contact(holding: Holding) -> Text:
    said = [words for words in (holding.contact, holding.telephone) if words]
    return lines(said) if said else cell("it does not say")
