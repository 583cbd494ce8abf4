"""Who the storied children truly are; README.md tells their stories."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from examples.bolton.population.generate import BOLTON, DAY
from examples.bolton.population.identifiers import nhs_number, upn
from examples.bolton.population.people import Address, Child, Gender, Home, System, year_group
from examples.bolton.population.places import COLLEGE_NUMBER, FIRST_HIGH, FIRST_PRIMARY, schools

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
BOBBIN_COURT = Address(house="Flat 4, 12", street="Bobbin Court", district="Halliwell", postcode="BL1 8TL")
SELVEDGE_WAY = Address(house="22", street="Selvedge Way", district="Westhoughton", postcode="BL5 2RN")
DYER_STREET = Address(house="7", street="Dyer Street", district="Daubhill", postcode="BL3 3GW")


def children() -> tuple[Child, ...]:
    """List them all."""
    return (
        _kayden(),
        *_twins(),
        _jordan(),
        _ifrah(),
        _teodor(),
        _hannah(),
        _chloe(),
        _yusuf(),
        *_cousins(),
        _leon(),
        _isla(),
    )


def by_name() -> dict[str, Child]:
    """Give the children by the word at the end of their keys."""
    return {child.key.removeprefix("storied-"): child for child in children()}


def _kayden() -> Child:
    child = _child("kayden", 11, "Kayden Whitworth", Gender.MALE, date(2017, 3, 14), LOOM_STREET)
    return replace(
        child,
        former_family="Marsh",
        homes=(*child.homes, Home(address=ROWAN_AVENUE, since=date(2026, 1, 9))),
        practice="Lever Park Practice",
        school=ST_WINIFRED,
        mother="Gemma Whitworth",
        known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS, S.YOUTH_OFFENDING}),
    )


def _twins() -> Iterator[Child]:
    zara = _child("zara", 21, "Zara Malik", Gender.FEMALE, date(2019, 6, 2), TWILL_ROAD)
    sara = _child("sara", 31, "Sara Malik", Gender.FEMALE, date(2019, 6, 2), TWILL_ROAD)
    known_to = frozenset({S.HEALTH, S.SCHOOLS})
    for twin, services in ((zara, known_to | {S.SOCIAL_CARE}), (sara, known_to)):
        yield replace(
            twin,
            household=zara.household,
            twin=True,
            practice="Weavers Medical Practice",
            school=AL_NOOR,
            mother="Nadia Malik",
            known_to=services,
        )


def _jordan() -> Child:
    child = _child("jordan", 41, "Jordan Ashworth", Gender.MALE, date(2011, 5, 9), SHUTTLE_BROW)
    known_to = frozenset({S.SCHOOLS, S.YOUTH_OFFENDING, S.CONNEXIONS})
    return replace(child, school=MOOR_EDGE, mother="Kelly Ashworth", known_to=known_to)


def _ifrah() -> Child:
    child = _child("ifrah", 51, "Ifrah Warsame", Gender.FEMALE, date(2024, 8, 21), WEFT_CLOSE)
    return replace(child, practice="Croft Lane Health Centre", mother="Hodan Farah", known_to=frozenset({S.HEALTH}))


def _teodor() -> Child:
    """Make the one whom nobody knows: he has never been at a school here, and has no pupil number."""
    child = _child("teodor", 61, "Teodor Wiśniewski", Gender.MALE, date(2020, 1, 30), YARROW_LANE)
    return replace(child, upn="", mother="Agnieszka Wiśniewska")


def _hannah() -> Child:
    child = _child("hannah", 71, "Hannah Okafor", Gender.FEMALE, date(2013, 10, 3), HEDDLE_GROVE)
    known_to = frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})
    return replace(child, practice="Beacon View Surgery", school=LEVER_VALE, mother="Ngozi Okafor", known_to=known_to)


def _chloe() -> Child:
    child = _child("chloe", 81, "Chloe Entwistle", Gender.FEMALE, date(2009, 2, 17), MILL_TERRACE)
    return replace(
        child,
        practice="Kearsley Bank Surgery",
        former_school=SIXTH_FORM,
        mother="Donna Entwistle",
        known_to=frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS, S.CONNEXIONS}),
    )


def _yusuf() -> Child:
    child = _child("yusuf", 91, "Yusuf Patel", Gender.MALE, date(2010, 4, 11), VELVET_DRIVE)
    known_to = frozenset({S.HEALTH, S.SCHOOLS, S.CONNEXIONS})
    return replace(
        child, practice="Northfold Medical Centre", school=SIXTH_FORM, mother="Safiya Patel", known_to=known_to
    )


def _cousins() -> tuple[Child, Child]:
    june = _child("hussain-june", 101, "Muhammad Hussain", Gender.MALE, date(2014, 6, 5), WARP_STREET)
    may = _child("hussain-may", 111, "Mohammed Hussain", Gender.MALE, date(2014, 5, 6), DYER_STREET)
    known_to = frozenset({S.HEALTH, S.SCHOOLS})
    practice = "Quarry Brow Surgery"
    return (
        replace(june, practice=practice, school=SPINDLE_PARK, mother="Samina Hussain", known_to=known_to),
        replace(
            may, practice=practice, school=SPINDLE_PARK, mother="Shazia Hussain", known_to=known_to | {S.SOCIAL_CARE}
        ),
    )


def _leon() -> Child:
    child = _child("leon", 121, "Leon Grady", Gender.MALE, date(2016, 1, 19), BOBBIN_COURT)
    known_to = frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})
    return replace(child, practice="Croft Lane Health Centre", school=LARKFIELD, mother="Tara Grady", known_to=known_to)


def _isla() -> Child:
    child = _child("isla", 131, "Isla Fielding", Gender.FEMALE, date(2018, 7, 23), SELVEDGE_WAY)
    known_to = frozenset({S.SOCIAL_CARE, S.HEALTH, S.SCHOOLS})
    return replace(child, practice="Beacon View Surgery", school=AL_NOOR, mother="Ruth Fielding", known_to=known_to)


def _child(word: str, serial: int, name: str, gender: Gender, born: date, home: Address) -> Child:
    """Make a child whom nobody knows yet; the NHS number is the first valid one from the serial on."""
    given, family = name.split()
    began = born.year + (4 if (born.month, born.day) < (9, 1) else 5)
    at_school_age = year_group(born, DAY) >= 0
    return Child(
        key=f"storied-{word}",
        household=-serial,
        origin="storied",
        given=given,
        family=family,
        gender=gender,
        born=born,
        homes=(Home(address=home, since=born),),
        nhs_number=next(number for number in map(nhs_number, range(serial, serial + 10)) if number),
        upn=upn(BOLTON, FIRST_PRIMARY, began, serial % 100) if at_school_age else "",
        practice="",
        mother="",
        phone=f"07700 900{serial:03d}",
        trouble=0.5,
        known_to=frozenset(),
    )
