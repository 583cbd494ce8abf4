"""Made-up streets, schools and practices in the real districts of Bolton."""

import random
from dataclasses import dataclass

from examples.bolton.population.people import Address, School

DISTRICTS = {
    "Halliwell": "BL1", "Smithills": "BL1", "Heaton": "BL1", "Astley Bridge": "BL1",
    "Breightmet": "BL2", "Tonge Moor": "BL2", "Harwood": "BL2",
    "Great Lever": "BL3", "Deane": "BL3", "Daubhill": "BL3", "Little Lever": "BL3",
    "Farnworth": "BL4", "Kearsley": "BL4", "Westhoughton": "BL5", "Horwich": "BL6", "Bromley Cross": "BL7",
}  # fmt: skip
TREES_AND_TRADES = (
    "Alder", "Bobbin", "Carder", "Cotton", "Croft", "Damask", "Dyer", "Elder", "Fustian", "Gorse", "Hawthorn", "Heddle",
    "Larkfield", "Linnet", "Loom", "Mill", "Moorview", "Muslin", "Orchard", "Quarry", "Reed", "Rowan", "Shuttle",
    "Spindle",
    "Spinner", "Tanner", "Thimble", "Twill", "Velvet", "Warp", "Weaver", "Weft", "Whinberry", "Willow", "Worsted",
    "Yarrow",
)  # fmt: skip
KINDS = ("Street", "Road", "Avenue", "Close", "Drive", "Terrace", "Grove", "Lane", "Fold", "Brow")
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
STREETS = 260

PRACTICES = (
    "Moorside Medical Centre", "Spinners Fold Surgery", "Bridge House Practice", "Croft Lane Health Centre",
    "Quarry Brow Surgery", "Lever Park Practice", "Weavers Medical Practice", "Beacon View Surgery",
    "Dr Sen and Partners",
    "Dr Fairclough's Surgery", "Northfold Medical Centre", "Tonge Vale Health Centre", "Westbrook Family Practice",
    "Kearsley Bank Surgery", "Horrocks Fold Practice", "Rowan Tree Medical Centre",
)  # fmt: skip

PRIMARY_NAMES = (
    ("Larkfield Community Primary School", "Larkfield Primary"), ("St Winifred's RC Primary School", "St Winifreds"),
    ("Weavers Green Primary School", "Weavers Green"), ("Holy Cross CE Primary School", "Holy Cross CE"),
    ("Moorview Primary School", "Moorview Prim"), ("Al-Noor Primary Academy", "Al Noor Academy"),
    ("Quarry Bank Primary School", "Quarry Bank"), ("Croft Fold Primary Academy", "Croft Fold"),
    ("St Oswald's CE Primary School", "St Oswalds"), ("Beacon Hill Primary School", "Beacon Hill"),
    ("Whinberry Lane Primary School", "Whinberry Ln"), ("Tonge Vale Primary School", "Tonge Vale"),
    ("Kearsley Bank Primary School", "Kearsley Bank"), ("Shuttle Street Primary School", "Shuttle St"),
)  # fmt: skip
HIGH_NAMES = (
    ("Spindle Park High School", "Spindle Park HS"), ("St Brannoc's RC High School", "St Brannocs"),
    ("Moor Edge Academy", "Moor Edge"), ("Westbrook High School", "Westbrook High"), ("Lever Vale Academy",
    "Lever Vale"),
    ("Canon Holt CE High School", "Canon Holt"), ("Rowan Tree School", "Rowan Tree"),
)  # fmt: skip
FIRST_PRIMARY, FIRST_HIGH, COLLEGE_NUMBER = 2901, 4901, 8901


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Holds the streets of one generated Bolton, with its schools."""

    streets: tuple[tuple[str, str, str], ...]
    schools: tuple[School, ...]

    def address(self, rng: random.Random) -> Address:
        """Pick an address: a house, or one time in nine a flat."""
        street, district, postcode = rng.choice(self.streets)
        house = str(rng.randint(1, 180))
        if rng.random() < 0.11:
            house = f"Flat {rng.randint(1, 24)}, {house}"
        return Address(house=house, street=street, district=district, postcode=postcode)

    def school(self, year: int, district: str, rng: random.Random) -> School:
        """Pick a school that teaches a year group, mostly one of the two that serve the district."""
        fitting = [school for school in self.schools if school.first_year <= year <= school.last_year]
        nearest = sum(map(ord, district)) % len(fitting)
        if rng.random() < 0.8:
            return fitting[(nearest + rng.randint(0, 1)) % len(fitting)]
        return rng.choice(fitting)


def practice(district: str, rng: random.Random) -> str:
    """Pick a general practice, mostly one of the three that serve the district."""
    nearest = sum(map(ord, district)) % len(PRACTICES)
    return PRACTICES[(nearest + int(rng.choice((0, 0, 0, 1, 1, 2, 7)))) % len(PRACTICES)]


def build(rng: random.Random) -> Places:
    """Lay out the streets; the schools are the same for every seed."""
    names = [f"{first} {kind}" for first in TREES_AND_TRADES for kind in KINDS]
    districts = tuple(DISTRICTS)
    streets = tuple((name, district, _postcode(district, rng)) for name, district in
                    ((name, rng.choice(districts)) for name in rng.sample(names, STREETS)))  # fmt: skip
    return Places(streets=streets, schools=schools())


def _postcode(district: str, rng: random.Random) -> str:
    return f"{DISTRICTS[district]} {rng.randint(1, 9)}{rng.choice(INWARD_LETTERS)}{rng.choice(INWARD_LETTERS)}"


def schools() -> tuple[School, ...]:
    """List the schools and the college; telephone numbers are of the range reserved for drama."""
    primary = (School(number=FIRST_PRIMARY + i, name=name, short_name=short, first_year=0, last_year=6,
                      phone=f"01632 960{100 + i}") for i, (name, short) in enumerate(PRIMARY_NAMES))  # fmt: skip
    high = (School(number=FIRST_HIGH + i, name=name, short_name=short, first_year=7, last_year=11,
                   phone=f"01632 960{130 + i}") for i, (name, short) in enumerate(HIGH_NAMES))  # fmt: skip
    college = School(number=COLLEGE_NUMBER, name="Bolton Sixth Form Centre", short_name="Sixth Form Ctr", first_year=12,
                     last_year=13, phone="01632 960150")  # fmt: skip
    return (*primary, *high, college)
