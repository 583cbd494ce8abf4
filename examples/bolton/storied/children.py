"""Who the storied children truly are; README.md tells their stories."""

from datetime import date

from examples.bolton.population.identifiers import nhs_number, upn
from examples.bolton.population.people import Address, Child, Gender, Home, School, System
from examples.bolton.population.places import COLLEGE_NUMBER, FIRST_HIGH, FIRST_PRIMARY, schools

BOLTON = 350
S = System
SCHOOLS = {school.number: school for school in schools()}
LARKFIELD, ST_WINIFRED, AL_NOOR = (SCHOOLS[FIRST_PRIMARY + place] for place in (0, 1, 5))
SPINDLE_PARK, MOOR_EDGE, LEVER_VALE = (SCHOOLS[FIRST_HIGH + place] for place in (0, 2, 4))
SIXTH_FORM = SCHOOLS[COLLEGE_NUMBER]

LOOM_STREET = Address(house="14", street="Loom Street", district="Farnworth", postcode="BL4 7QD")
ROWAN_AVENUE = Address(house="Flat 2, 31", street="Rowan Avenue", district="Tonge Moor", postcode="BL2 2PX")
TWILL_ROAD = Address(house="88", street="Twill Road", district="Deane", postcode="BL3 4RJ")
SHUTTLE_BROW = Address(house="5", street="Shuttle Brow", district="Breightmet", postcode="BL2 6HN")
WEFT_CLOSE = Address(house="Flat 9, 40", street="Weft Close", district="Great Lever", postcode="BL3 2TW")
YARROW_LANE = Address(house="3", street="Yarrow Lane", district="Horwich", postcode="BL6 5AU")
HEDDLE_GROVE = Address(house="27", street="Heddle Grove", district="Heaton", postcode="BL1 5ED")
MILL_TERRACE = Address(house="61", street="Mill Terrace", district="Kearsley", postcode="BL4 8LS")
VELVET_DRIVE = Address(house="19", street="Velvet Drive", district="Smithills", postcode="BL1 6PB")
WARP_STREET = Address(house="102", street="Warp Street", district="Daubhill", postcode="BL3 3NZ")
DYER_STREET = Address(house="7", street="Dyer Street", district="Daubhill", postcode="BL3 3GW")


def children() -> tuple[Child, ...]:
    """List them all."""
    return (
        _child("kayden", 11, "Kayden", "Whitworth", Gender.MALE, date(2017, 3, 14), LOOM_STREET, school=ST_WINIFRED,
               former_family="Marsh", moved=(ROWAN_AVENUE, date(2026, 1, 9)), practice="Lever Park Practice", mother="Gemma Whitworth",
               trouble=0.7, known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS, S.YOUTH_OFFENDING})),
        _child("zara", 21, "Zara", "Malik", Gender.FEMALE, date(2019, 6, 2), TWILL_ROAD, school=AL_NOOR, twin=True,
               practice="Weavers Medical Practice", mother="Nadia Malik", household=2,
               known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})),
        _child("sara", 31, "Sara", "Malik", Gender.FEMALE, date(2019, 6, 2), TWILL_ROAD, school=AL_NOOR, twin=True,
               practice="Weavers Medical Practice", mother="Nadia Malik", household=2,
               known_to=frozenset({S.HEALTH, S.SCHOOLS})),
        _child("jordan", 41, "Jordan", "Ashworth", Gender.MALE, date(2011, 5, 9), SHUTTLE_BROW, school=MOOR_EDGE, household=3,
               practice="", mother="Kelly Ashworth", trouble=0.6,
               known_to=frozenset({S.SCHOOLS, S.YOUTH_OFFENDING, S.CONNEXIONS})),
        _child("ifrah", 51, "Ifrah", "Warsame", Gender.FEMALE, date(2024, 8, 21), WEFT_CLOSE, household=4,
               practice="Croft Lane Health Centre", mother="Hodan Farah", known_to=frozenset({S.HEALTH})),
        _child("teodor", 61, "Teodor", "Wiśniewski", Gender.MALE, date(2020, 1, 30), YARROW_LANE, household=5, practice="",
               mother="Agnieszka Wiśniewska", known_to=frozenset()),
        _child("hannah", 71, "Hannah", "Okafor", Gender.FEMALE, date(2013, 10, 3), HEDDLE_GROVE, school=LEVER_VALE, household=6,
               practice="Beacon View Surgery", mother="Ngozi Okafor", trouble=0.8,
               known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})),
        _child("chloe", 81, "Chloe", "Entwistle", Gender.FEMALE, date(2009, 2, 17), MILL_TERRACE, household=7, left=SIXTH_FORM,
               practice="Kearsley Bank Surgery", mother="Donna Entwistle", trouble=0.7,
               known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS, S.CONNEXIONS})),
        _child("yusuf", 91, "Yusuf", "Patel", Gender.MALE, date(2010, 4, 11), VELVET_DRIVE, school=SIXTH_FORM, household=8,
               practice="Northfold Medical Centre", mother="Safiya Patel",
               known_to=frozenset({S.HEALTH, S.SCHOOLS, S.CONNEXIONS})),
        _child("hussain-june", 101, "Muhammad", "Hussain", Gender.MALE, date(2014, 6, 5), WARP_STREET, school=SPINDLE_PARK,
               household=9, practice="Quarry Brow Surgery", mother="Samina Hussain", known_to=frozenset({S.HEALTH, S.SCHOOLS})),
        _child("hussain-may", 111, "Mohammed", "Hussain", Gender.MALE, date(2014, 5, 6), DYER_STREET, school=SPINDLE_PARK,
               household=10, practice="Quarry Brow Surgery", mother="Shazia Hussain", trouble=0.3,
               known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})),
    )  # fmt: skip


def by_name() -> dict[str, Child]:
    """Give the children by the word at the end of their keys."""
    return {child.key.removeprefix("storied-"): child for child in children()}


def _child(word: str, serial: int, given: str, family: str, gender: Gender, born: date, home: Address, *, practice: str,
           mother: str, known_to: frozenset[System], household: int = 1, former_family: str = "", twin: bool = False,
           moved: tuple[Address, date] | None = None, school: School | None = None, left: School | None = None,
           trouble: float = 0.1) -> Child:  # fmt: skip
    number = next(number for number in map(nhs_number, range(serial, serial + 10)) if number)
    first_year = born.year + (4 if (born.month, born.day) < (9, 1) else 5)
    homes = (Home(address=home, since=born), *((Home(address=moved[0], since=moved[1]),) if moved else ()))
    return Child(
        key=f"storied-{word}",
        household=-household,
        origin="storied",
        given=given,
        family=family,
        former_family=former_family,
        gender=gender,
        born=born,
        twin=twin,
        homes=homes,
        nhs_number=number,
        upn=upn(BOLTON, FIRST_PRIMARY, first_year, serial % 100) if school or left else "",
        practice=practice,
        school=school,
        former_school=left,
        mother=mother,
        phone=f"07700 900{serial:03d}",
        trouble=trouble,
        known_to=known_to,
    )
