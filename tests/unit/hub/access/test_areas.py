"""Areas: where a level is held, and what follows from holding it in several."""

from datetime import UTC, datetime

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import rulebook_from_texts
from hub.errors import PolicyError
from hub.model.policy import Office, Refusal
from tests.unit.hub.access.two_areas import DENIED_IN_BURY, two_areas

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORKER = "levels/social_worker.yaml"
SHOWN_IN_BOLTON_ONLY = (b"classes: [basic, youth_justice, involvement]", b"classes: [basic, involvement]")
YOUTH_JUSTICE_IN_BOLTON = b"""grants:
  - because: Bolton has agreed to it.
    questions: [youth_order]
    agencies: [youth_offending]
    classes: [basic, youth_justice]
    purposes: [safeguarding]
    areas: [bolton]
"""


def _policy(*, old: bytes, new: bytes) -> Policy:
    texts = two_areas({WORKER: (old, new)})
    del texts["tests.yaml"]
    return compile_policy(rulebook_from_texts(texts))


def _orders(policy: Policy, *areas: str) -> tuple[tuple[str, ...], Refusal | None]:
    office = Office("social_worker", "social_care", areas)
    (permit,) = policy.permits(office, question="youth_order", purpose="safeguarding", at=NOW)
    return permit.fields, permit.refusal


def test_a_policy_that_names_no_area_says_the_same_in_each_and_in_all() -> None:
    policy = compile_policy(rulebook_from_texts(two_areas()))
    assert _orders(policy, "bolton") == _orders(policy, "bury") == _orders(policy, "bolton", "bury")
    assert _orders(policy, "bolton")[1] is None


def test_what_is_denied_in_one_area_is_denied_to_an_office_in_that_and_another() -> None:
    policy = _policy(old=b"grants:", new=DENIED_IN_BURY)
    assert _orders(policy, "bolton")[1] is None
    assert _orders(policy, "bury") == ((), Refusal.ACCESS_LEVEL)
    assert _orders(policy, "bolton", "bury") == ((), Refusal.ACCESS_LEVEL)
    assert _orders(policy, "bury", "bolton") == ((), Refusal.ACCESS_LEVEL)


def test_a_class_that_is_granted_in_one_area_only_is_not_shown_to_an_office_in_two() -> None:
    texts = two_areas({WORKER: SHOWN_IN_BOLTON_ONLY})
    texts[WORKER] = texts[WORKER].replace(b"grants:\n", YOUTH_JUSTICE_IN_BOLTON, 1)
    del texts["tests.yaml"]
    policy = compile_policy(rulebook_from_texts(texts))
    in_bolton, in_bury, in_both = (_orders(policy, *areas)[0] for areas in (("bolton",), ("bury",), ("bolton", "bury")))
    assert "order_kind" in in_bolton
    assert "order_kind" not in in_bury
    assert in_both == in_bury != ()


def test_the_menu_of_an_office_in_two_areas_has_what_both_have() -> None:
    policy = _policy(old=b"grants:", new=DENIED_IN_BURY)
    menus = {
        areas: policy.menu(Office("social_worker", "social_care", areas), NOW) for areas in (("bolton",), ("bury",))
    }
    both = policy.menu(Office("social_worker", "social_care", ("bolton", "bury")), NOW)
    assert "youth_order" in {item.question for item in menus["bolton",]}
    assert [item.question for item in both] == [item.question for item in menus["bury",]]


def test_nobody_asks_in_an_area_that_their_agency_does_not_serve() -> None:
    policy = compile_policy(rulebook_from_texts(two_areas()))
    for areas in (("bury",), ("bolton", "bury"), ()):
        office = Office("connexions_adviser", "connexions", areas)
        permits = policy.permits(office, question="young_person_destination", purpose="transition", at=NOW)
        assert {permit.refusal for permit in permits} == {Refusal.ACCESS_LEVEL}


def test_all_areas_stand_for_those_that_come_later_too() -> None:
    old = b"purposes: [safeguarding]\n  - because: Early help"
    policy = _policy(old=old, new=b"purposes: [safeguarding]\n    areas: all\n  - because: Early help")
    assert {key[3] for key in policy.profiles["social_worker"].classes} == {"bolton", "bury"}


def _naming_bury(level: str, sentence: bytes) -> dict[str, bytes]:
    texts = two_areas({f"levels/{level}.yaml": (sentence, sentence + b"\n    areas: [bury]")})
    del texts["tests.yaml"]
    return texts


def test_an_area_that_the_agency_does_not_serve_is_refused_in_a_grant() -> None:
    texts = _naming_bury("connexions_adviser", b"[careers_guidance, transition]")
    with pytest.raises(PolicyError, match=r"levels/connexions_adviser\.yaml:11: Nobody can hold"):
        rulebook_from_texts(texts)


def test_an_ancestor_may_name_an_area_in_which_some_heir_is_held() -> None:
    book = rulebook_from_texts(_naming_bury("practitioner", b"purposes: [safeguarding]"))
    assert book.levels["practitioner"].grants[0].areas == ("bury",)
