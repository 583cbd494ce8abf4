"""Made-up addresses of a made-up town."""

import random
from dataclasses import replace

from tests.lib.lookalikes.people import Home

_FIRST = ("Ash", "Birch", "Cedar", "Church", "Elm", "Green", "Hawthorn", "High", "Mill", "Moor", "North", "Oak", "Park")
_SECOND = ("bank", "croft", "dale", "field", "ford", "gate", "hill", "hurst", "lea", "side", "view", "wood")
KINDS = ("Road", "Street", "Avenue", "Close", "Drive", "Lane", "Grove", "Crescent")
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
TOWN, AREA, DISTRICTS = "Northby", "ZN", range(1, 13)


def make_home(rng: random.Random) -> Home:
    """Make an address; the postcode's area is nobody's."""
    house = str(rng.randrange(1, 180))
    if rng.random() < 0.12:
        house = f"Flat {rng.randrange(1, 30)}, {house}"
    street = f"{rng.choice(_FIRST)}{rng.choice(_SECOND)} {rng.choice(KINDS)}"
    inward = f"{rng.randrange(10)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}"
    return Home(house=house, street=street, town=TOWN, postcode=f"{AREA}{rng.choice(DISTRICTS)} {inward}")


def near(home: Home, rng: random.Random) -> Home:
    """Make another house of the same street and postcode."""
    return replace(home, house=str(rng.randrange(1, 180)))
