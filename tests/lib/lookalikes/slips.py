"""How fingers slip and ears mishear: one wrong key, two letters the wrong way round, a name as it sounds."""

import random
from datetime import date

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    letter: "".join(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
    for row in _ROWS
    for place, letter in enumerate(row)
}
# What is heard for what is said, as people write who do not know a name.
_HEARD = (("ph", "f"), ("ck", "k"), ("ee", "ea"), ("ie", "ei"), ("y", "i"), ("ss", "s"), ("ll", "l"), ("nn", "n"))
_HEARD_BOTH = (*_HEARD, *((heard, said) for said, heard in _HEARD if len(heard) > 1 or heard in "fkyi"))


def typo(text: str, rng: random.Random) -> str:
    """Slip once: leave a letter out, double it, take its neighbour, or change two round; the first is rarely hit."""
    letters = [place for place, letter in enumerate(text) if letter.isalnum()]
    if len(letters) < 2:
        return text
    at = rng.choice(letters[1:] if rng.random() < 0.9 else letters[:1])
    match rng.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[: at + 1] + text[at:]
        case 2:
            near = _BESIDE.get(text[at].lower(), "")
            return text[:at] + (rng.choice(near) if near else text[at]) + text[at + 1 :]
        case _:
            return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :] if at else text[1] + text[0] + text[2:]


def misheard(text: str, rng: random.Random) -> str:
    """Write a name as it may sound; unchanged where nothing in it is doubtful."""
    lower = text.lower()
    doubtful = [(said, heard) for said, heard in _HEARD_BOTH if said in lower[1:]]
    if not doubtful:
        return text
    said, heard = rng.choice(doubtful)
    at = lower.index(said, 1)
    return text[:at] + heard + text[at + len(said) :]


def wrong_digit(number: str, rng: random.Random) -> str:
    """Mistype one digit of a number, or change two neighbours round."""
    digits = [place for place, letter in enumerate(number) if letter.isdigit()]
    at = rng.choice(digits[:-1])
    if rng.random() < 0.5:
        return number[:at] + str((int(number[at]) + rng.randrange(1, 10)) % 10) + number[at + 1 :]
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def slipped_date(born: date, rng: random.Random) -> str:
    """Get a date wrong as clerks do: day and month changed round, a digit, the year, or only the year known."""
    while True:
        chance = rng.random()
        if chance < 0.2:
            wrong = f"{born.year}-{born.day:02d}-{born.month:02d}"
        elif chance < 0.65:
            wrong = wrong_digit(f"{born.month:02d}{born.day:02d}", rng)
            wrong = f"{born.year}-{wrong[:2]}-{wrong[2:]}"
        elif chance < 0.85:
            wrong = f"{born.year + rng.choice((-1, 1))}-{born.month:02d}-{born.day:02d}"
        else:
            wrong = f"{born.year}-01-01"
        if _exists(wrong) and wrong != born.isoformat():
            return wrong
        if (born.month, born.day) == (1, 1):
            return f"{born.year - 1}-01-01"


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
