"""What clerks, forms and time do to the truth: each system combines these in its own way and measure."""

import random
import unicodedata
from datetime import date, timedelta

from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Child

SOUNDS = (
    ("ph", "f"),
    ("ie", "y"),
    ("ck", "k"),
    ("ee", "ea"),
    ("ll", "l"),
    ("tt", "t"),
    ("nn", "n"),
    ("s", "z"),
    ("c", "k"),
)
PLAIN = str.maketrans({"ł": "l", "Ł": "L"})


def misspelt(name: str, rng: random.Random) -> str:
    """Write a name as misheard or mistyped: one sound for another, two letters changed about, one lost or doubled."""
    fitting = [(sound, other) for sound, other in SOUNDS if sound in name[1:]]
    if fitting and rng.random() < 0.4:
        sound, other = rng.choice(fitting)
        return name[0] + name[1:].replace(sound, other, 1)
    if len(name) < 4:
        return name
    at = rng.randrange(1, len(name) - 1)
    match rng.randrange(3):
        case 0:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        case 1:
            return name[:at] + name[at + 1 :]
        case _:
            return name[:at] + name[at] + name[at:]


def heard(name: str, names: Names, rng: random.Random, *, otherwise: float, wrong: float) -> str:
    """Write a name as heard: with one chance another usual spelling of it, with another a mistake."""
    drawn = rng.random()
    if drawn < otherwise:
        return names.spelt_otherwise(name, rng)
    return misspelt(name, rng) if drawn < otherwise + wrong else name


def plain(text: str) -> str:
    """Drop the marks that an old system cannot hold: Wiśniewski becomes Wisniewski."""
    decomposed = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def written_birth(born: date, rng: random.Random, *, swapped: float, estimated: float = 0.0) -> date:
    """Give the date of birth as written: sometimes with day and month changed about, sometimes as 1 January."""
    drawn = rng.random()
    if drawn < swapped and born.day <= 12:
        return date(born.year, born.day, born.month)
    return date(born.year, 1, 1) if drawn > 1 - estimated else born


def known_family(child: Child, rng: random.Random, *, lag: float) -> str:
    """Give the family name that a system knows: with a chance still the one before it changed."""
    return child.former_family if child.former_family and rng.random() < lag else child.family


def known_address(child: Child, rng: random.Random, *, lag: float) -> Address:
    """Give the address that a system knows: with a chance still the one before the last move."""
    return child.former_address if rng.random() < lag else child.address


def day_between(first: date, last: date, rng: random.Random) -> date:
    """Pick a day from the first to the last, both included; the last when they are the wrong way round."""
    return first + timedelta(days=rng.randint(0, (last - first).days)) if first <= last else last


def day_within(last: date, days: int, rng: random.Random) -> date:
    """Pick a day of the so many before the last."""
    return last - timedelta(days=rng.randint(0, days))


def birthday(born: date, age: int) -> date:
    """Give the day on which somebody reaches an age; 28 February stands in for a leap day."""
    return born.replace(year=born.year + age, day=28 if (born.month, born.day) == (2, 29) else born.day)
