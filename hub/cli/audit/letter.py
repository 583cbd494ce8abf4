"""The letter to a person who wished to know who looked at them: plain text, in plain English."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from hub.client.moments import spell_for_people
from hub.client.told import Told

_WIDTH = 78


def letter(told: Told, case: str, today: date) -> Iterator[str]:
    """Write the letter, line by line; whom it goes to is filled in by hand, so that no name is printed twice."""
    yield from (f"Our reference: {case}", f"Date: {today:%d %B %Y}", "", "Dear ______________________,", "")
    yield from _paragraph(
        "You asked who has looked at information about you. The organisations that work together in this partnership "
        "each keep a list of what they have passed on. We asked these lists, and this is what they say."
    )
    yield from _looks(told)
    yield from _agencies(told)
    # In every letter, so that it says nothing of any one of them.
    yield from _paragraph(
        "The law lets organisations leave something out of this list, for some time or for good: for example where "
        "telling somebody could put a person in danger, or spoil an investigation. Every letter of this kind says so, "
        "whether or not anything was left out."
    )
    yield from _paragraph(
        "The list names the organisation and the kind of work of whoever looked, and not the member of staff. If you "
        "think that somebody should not have looked, tell us, or the organisation itself. You can also complain to "
        "the Information Commissioner's Office: www.ico.org.uk, telephone 0303 123 1113."
    )
    yield "Yours sincerely,"


def _looks(told: Told) -> Iterator[str]:
    if not told.looks:
        yield from _paragraph("They tell of nobody who has looked.")
    for number, look in enumerate(told.looks, start=1):
        yield f"{number}. {spell_for_people(look.at_ms).partition(' ')[0]}"
        yield from _row("Who", f"{look.office}, {look.agency}")
        yield from _row("What", _listed(look.kinds))
        yield from _row("From", _listed(look.sources))
        yield from _row("What for", look.purpose)
        yield from _row("Lawful basis", look.lawful_basis)
        yield ""


def _agencies(told: Told) -> Iterator[str]:
    yield from _paragraph(f"We asked: {_listed([source.title for source in told.agencies])}.")
    if missing := [source.title for source in told.agencies if source.reason is not None]:
        yield from _paragraph(
            f"This letter is not complete. We got no answer from: {_listed(missing)}. We will ask again, and write to "
            "you again."
        )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) if words else "not known"


def _row(title: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH, initial_indent=f"   {title + ':':<14}", subsequent_indent=" " * 17)


def _paragraph(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH)
    yield ""
