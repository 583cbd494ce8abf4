"""A policy's own tests: what they can say, and that a policy is refused whose tests do not hold."""

import re
from pathlib import Path

import pytest

from hub.access.policy import load_policy
from hub.access.reading import rulebook_from_texts, texts_in
from hub.access.version import content_of
from hub.errors import Fault, PolicyError
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.unit.hub.access.two_areas import DENIED_IN_BURY, two_areas

SEES = "ask child_services of social_care for safeguarding and see involvement"
ORDERS = "ask youth_order of youth_offending for safeguarding and see youth_justice"


def _faults(tests: str, texts: dict[str, bytes] | None = None) -> tuple[Fault, ...]:
    """Return the faults of a policy with other tests of its own."""
    found = texts_in(SHIPPED_POLICIES) if texts is None else texts
    try:
        rulebook_from_texts(found | {"tests.yaml": tests.encode()})
    except PolicyError as refused:
        return refused.faults
    return ()


def _test(*lines: str) -> str:
    return "tests:\n  - " + "\n    ".join(lines) + "\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("rule: health_visitor, grant 1", f"may: {SEES}"),
        ("rule: health_visitor, grant 1", f"may: {SEES} in bolton"),
        ("rule: health_visitor, grant 1", f"may: {SEES} on 2027-01-01"),
        ("rule: health_visitor, grant 1", f"may: {SEES} in bolton on 2027-01-01"),
        ("rule: health_visitor, grant 1", f"may: [{SEES}, {SEES} in bolton]"),
        ("level: health_visitor", "may: >-", "  ask child_services of social_care", "  for safeguarding and see basic"),
        ("level: health_visitor", f"may_not: {ORDERS}"),
        ("level: health_visitor", f"may_not: {SEES} on 2031-01-01"),
        ("level: health_visitor", "may: ask child_health of health for health_care and see health on 2050-01-01"),
        ("level: health_visitor", "may_not: ask child_health of schools for health_care and see health"),
        ("rule: health_visitor, denial 1", "may: ask child_basics of youth_offending for safeguarding and see basic"),
    ],
)
def test_what_is_so_may_be_said_in_many_ways(lines: tuple[str, ...]) -> None:
    assert _faults(_test(*lines)) == ()


def test_the_example_on_the_page_about_policies_is_true_of_the_shipped_policy(repository: Path) -> None:
    page = (repository / "docs" / "policies.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(tests:\n.+?)```", page, re.DOTALL)
    assert _faults(example) == ()


def test_a_policy_may_come_without_tests() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    assert _faults("tests: []\n") == ()
    del texts["tests.yaml"]
    assert rulebook_from_texts(texts).levels


def test_tests_decide_nothing_and_so_do_not_change_the_version() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    with_tests = content_of(rulebook_from_texts(texts))
    del texts["tests.yaml"]
    assert content_of(rulebook_from_texts(texts)) == with_tests


def test_a_failing_test_names_its_line_what_the_policy_says_instead_and_the_rule_that_decides() -> None:
    denied = "ask child_concerns of youth_offending for safeguarding and see concern"
    (fault,) = _faults(_test("level: health_visitor", f"may: [{SEES}, {denied}]"))
    assert str(fault) == (
        "tests.yaml:3: The policy's own test fails: health_visitor, denial 1 denies it."
        " Mend the sentence here, or the rule."
    )


def test_every_failing_sentence_is_told_at_once() -> None:
    faults = _faults(_test("level: health_visitor", f"may_not: {SEES}", f"may: {ORDERS}"))
    assert [fault.line for fault in faults] == [3, 4]


def test_a_grant_that_comes_nearest_is_named_with_what_it_lacks() -> None:
    concerns = "ask child_concerns of social_care for early_help and see concern"
    (fault,) = _faults(_test("level: health_visitor", f"may: {concerns}"))
    assert "nothing grants it; health_visitor, grant 3 comes nearest and lacks “early_help”" in fault.what


def test_the_grants_of_an_ancestor_count_and_are_named_by_its_name() -> None:
    basics = "ask child_basics of social_care for safeguarding and see basic"
    assert _faults(_test("level: health_visitor", f"may: {basics}")) == ()
    (fault,) = _faults(_test("level: health_visitor", f"may_not: {basics}"))
    assert "practitioner, grant 1 allows it" in fault.what


def test_a_sentence_without_an_area_is_about_every_area_in_which_the_level_is_held() -> None:
    texts = two_areas({"levels/social_worker.yaml": (b"grants:", DENIED_IN_BURY)})
    assert _faults(_test("level: social_worker", f"may: {ORDERS} in bolton", f"may_not: {ORDERS} in bury"), texts) == ()
    (fault,) = _faults(_test("level: social_worker", f"may: {ORDERS}"), texts)
    assert "social_worker, denial 1 denies it in “bury”" in fault.what
    (fault,) = _faults(_test("level: social_worker", f"may_not: {ORDERS}"), texts)
    assert "social_worker, grant 6 allows it in “bolton”" in fault.what


@pytest.mark.parametrize(("until", "fails"), [("2027-01-01", 0), ("2026-12-31", 1), ("2027-01-01T09:00:00Z", 1)])
def test_a_day_demands_an_agreement_that_is_in_force_all_day(until: str, fails: int) -> None:
    texts = texts_in(SHIPPED_POLICIES)
    name = "agreements/safeguarding_all_partners.yaml"
    texts[name] = texts[name].replace(b"2030-12-31", until.encode())
    sees = SEES.replace("social_care", "connexions")
    assert len(_faults(_test("level: health_visitor", f"may: {sees} on 2027-01-01"), texts)) == fails
    assert _faults(_test("level: health_visitor", f"may: {sees}"), texts) == ()


def test_one_that_may_not_on_a_day_holds_only_if_nothing_flows_at_any_hour_of_it() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    name = "agreements/safeguarding_all_partners.yaml"
    texts[name] = texts[name].replace(b"2030-12-31", b"2027-01-01T09:00:00Z")
    sees = SEES.replace("social_care", "connexions")
    assert len(_faults(_test("level: health_visitor", f"may_not: {sees} on 2027-01-01"), texts)) == 1
    assert _faults(_test("level: health_visitor", f"may_not: {sees} on 2027-01-02"), texts) == ()


def test_an_agreement_without_the_identity_class_is_none() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    for name in [name for name in texts if name.startswith("agreements/") and "children" not in name]:
        del texts[name]
    name = "agreements/children_partnership.yaml"
    texts[name] = texts[name].replace(b"[basic, involvement,", b"[involvement,")
    assert len(_faults(_test("level: health_visitor", f"may: {SEES} on 2027-01-01"), texts)) == 1


def test_a_policy_whose_own_test_fails_is_not_loaded(tmp_path: Path) -> None:
    for name, text in texts_in(SHIPPED_POLICIES).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    assert load_policy(tmp_path).version == load_policy(SHIPPED_POLICIES).version
    (tmp_path / "tests.yaml").write_text(_test("level: auditor", f"may: {SEES}"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"tests\.yaml:3: The policy's own test fails: nothing is granted"):
        load_policy(tmp_path)
