import pytest
from sharing.v1.links_pb2 import Looking
from sharing.v1.records_pb2 import LocalNumber, PersonKeys

from adapters.kit.looking import ways_to_look, wider_ways
from adapters.kit.mapping import ColumnKey, Keys, Wider
from adapters.kit.nearness import Near, Width, may_be_one

ZOE = ("O'Neill-Brown", "Zoë", "2012-03-07", "BL1 1AA")
PERSON = PersonKeys(family_name=ZOE[0], given_name=ZOE[1], date_of_birth=ZOE[2], postcode=ZOE[3])
BOTH = (Width.NORMALISED, Width.FUZZY)


def near(width: Width, held: tuple[str, ...], asked: tuple[str, ...] = ZOE) -> bool:
    return Near(width=width, asked=asked).accepts(held)


@pytest.mark.parametrize("width", BOTH)
def test_accents_hyphens_apostrophes_and_spaces_make_no_difference(width: Width) -> None:
    assert near(width, ("ONEILL BROWN", "Zoe", "2012-03-07", ""))


@pytest.mark.parametrize(
    "held",
    [
        ("Oneil-Brown", "Zoe", "2012-03-07", ""),
        ("Zoe", "O'Neill-Brown", "2012-03-07", ""),
        ("O'Neill", "Zoe", "2012-03-07", ""),
        ("Whitworth", "Zoe", "2012-03-07", ""),
        ("O'Neill-Brown", "Zoe", "2012-07-03", ""),
        ("O'Neill-Brown", "Zoe", "2012-03-08", ""),
    ],
    ids=["slip", "swapped", "half", "married", "day and month", "slip of a day"],
)
def test_what_is_spelled_alike_is_near_to_a_fuzzy_look_alone(held: tuple[str, ...]) -> None:
    assert [near(width, held) for width in BOTH] == [False, True]


@pytest.mark.parametrize(
    "held",
    [
        ("O'Neill-Brown", "Kit", "2012-03-07", ""),
        ("Whitworth", "Adam", "2012-03-07", "BL1 1AA"),
        ("O'Neill-Brown", "Zoe", "1984-11-21", ""),
        ("Oneil-Brown", "Zoe", "1984-11-21", "BL1 1AA"),
        ("", "", "2012-03-07", "BL1 1AA"),
        ("O'Neill-Brown", "Zoe", "", ""),
        ("", "", "", ""),
    ],
    ids=["twin", "stranger", "namesake", "aunt", "nameless", "no day", "nothing"],
)
def test_whoever_differs_more_is_never_near(held: tuple[str, ...]) -> None:
    assert not [width for width in BOTH if near(width, held) and held[0]]


def test_a_month_agrees_with_each_of_its_days_and_a_name_alone_is_not_enough() -> None:
    month = (*ZOE[:2], "2012-03", "")
    assert near(Width.NORMALISED, ZOE, month)
    assert not near(Width.FUZZY, (*ZOE[:2], "2012-04-07", ""), month)
    assert not near(Width.FUZZY, ZOE, (ZOE[0], ZOE[1], "", ""))
    assert near(Width.NORMALISED, ZOE, (ZOE[0], "", "", "BL1 1AA"))
    assert not near(Width.FUZZY, (*ZOE[:3], "BL2 2BB"), (ZOE[0], "", "", "BL1 1AA"))


def test_the_day_before_and_the_day_after_are_near_also_across_the_end_of_a_month() -> None:
    asked = (*ZOE[:2], "2012-03-01", "")
    assert near(Width.FUZZY, (*ZOE[:2], "2012-02-29", ""), asked)
    assert near(Width.FUZZY, asked, (*ZOE[:2], "2012-02-29", ""))
    assert not near(Width.FUZZY, (*ZOE[:2], "2012-02-28", ""), asked)


def test_two_records_may_be_one_persons_as_near_as_a_fuzzy_look_goes() -> None:
    assert may_be_one(ZOE, ("Oneill Brown", "Zoe", "2012-03-07", "BL9 9ZZ"))
    assert not may_be_one(ZOE, ("O'Neill-Brown", "Kit", "2012-03-07", "BL1 1AA"))


WIDER = Wider(width="fuzzy", by=[["date_of_birth"], ["family_name", "postcode"]])


def test_an_adapter_looks_no_wider_than_hub_and_manifest_both_say() -> None:
    asked = Looking(width=2, most_people=3)
    ways = wider_ways(WIDER, PERSON, asked)
    assert [[name for name, _ in way.wanted] for way in ways] == WIDER.by
    assert {(way.near.width, way.near.most_people) for way in ways if way.near} == {(Width.NORMALISED, 3)}
    assert not wider_ways(None, PERSON, asked)
    assert not wider_ways(WIDER, PERSON, Looking(width=1))
    assert not wider_ways(WIDER, PERSON, Looking())


def test_no_hub_has_more_people_sent_than_ten_and_no_half_key_is_looked_by() -> None:
    (way,) = wider_ways(WIDER, PersonKeys(date_of_birth="2012-03-07"), Looking(width=3, most_people=5000))
    assert way.near is not None
    assert way.near.most_people == 10
    assert not wider_ways(WIDER, PersonKeys(family_name="O'Neill", date_of_birth="2012-03"), Looking(width=3))


def test_an_agency_is_looked_in_by_its_own_number_and_by_a_learner_number() -> None:
    keys: Keys[ColumnKey] = Keys[ColumnKey].model_validate({"local_number": "ref", "uln": "uln"})
    person = PersonKeys(uln="1000000000", local_numbers=[LocalNumber(agency="schools", number="P7")])
    (way,) = ways_to_look(keys.mapped(), person)
    assert way.wanted == (("uln", "1000000000"), ("local_number", "P7"))
    assert "P7" not in repr(way)
    assert "Zoë" not in repr(Near(width=Width.FUZZY, asked=ZOE))
