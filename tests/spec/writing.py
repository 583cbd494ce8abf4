"""Write the scenarios as a page of documentation."""

from collections.abc import Iterable
from typing import assert_never

from tests.spec import tables
from tests.spec.scenario import Case, Chapter, Menus, Plan, Question, Refusals, Scenario

_HEAD = """\
# What the hub does, by example

This page is written from the tables in `tests/spec/`, which are run against the hub's own code: what stands here is what
happens. Write it anew with `python -m tests.spec`. Numbers that belong to a child are written nhs:A and upn:A; other numbers
are written as they are. An empty cell means that there is no value.
"""


def page(chapters: Iterable[Chapter]) -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *(_chapter(chapter) for chapter in chapters)])


def _chapter(chapter: Chapter) -> str:
    return "\n".join([f"## {chapter.title}\n", f"{chapter.words}\n", *(_case(case) for case in chapter.cases)])


def _case(case: Case) -> str:
    lines = [f"### {case.title}\n"]
    if case.because:
        lines.append(f"{case.because}\n")
    match case:
        case Scenario():
            lines += _scenario(case)
        case Plan():
            lines += [_asks(case.question), f"Asked are:\n\n{_table(case.asked)}\n"]
        case Refusals() | Menus():
            lines.append(f"{_table(case.rows)}\n")
        case _:
            assert_never(case)
    return "\n".join(lines)


def _scenario(scenario: Scenario) -> list[str]:
    complete = "The answer is complete." if scenario.complete else "The answer is **not** complete."
    lines = [
        _asks(scenario.question),
        f"The agencies answer:\n\n{_table(scenario.sources)}\n",
        f"The requester sees:\n\n{_table(scenario.outcomes)}\n",
    ]
    if scenario.people:
        lines.append(f"{_table(scenario.people)}\n")
    if scenario.disagreements:
        lines.append(f"They disagree (person: field) on {scenario.disagreements}.\n")
    return [*lines, f"{complete}\n"]


def _asks(question: Question) -> str:
    return (
        f"A *{question.level}* asks *{question.question}* for *{question.purpose}* on basis {question.basis} about "
        f"{question.about}, on {question.at:%Y-%m-%d}{_stated(question)}.\n"
    )


def _stated(question: Question) -> str:
    """Say what else the requester relies on."""
    words = [
        f"special condition {question.condition}" if question.condition else "",
        f"ground {question.ground} ({question.why})" if question.ground else "",
        f"confirmed by the officer of {question.officers}" if question.officers else "",
        "under break-glass access" if question.glass else "",
        "saying that less would not do" if question.more else "",
    ]
    said = ", ".join(word for word in words if word)
    return f", {said}" if said else ""


def _table(text: str) -> str:
    rows = tables.read(text)
    order = [name.strip() for name in text.strip().splitlines()[0].split("|")]
    return tables.markdown(rows, order)
