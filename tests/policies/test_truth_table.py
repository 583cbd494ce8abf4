"""The shipped policy's own tests: that what Casbin compiled is what they say, and that no rule is without its two."""

from dataclasses import dataclass, replace

import pytest
import yaml

from hub.access.compile import compile_profiles
from hub.access.policy import Policy, load_policy
from hub.access.reading import read_rulebook
from hub.access.rows import Cell, cells_of
from hub.model.catalogue import Listing
from hub.model.policy import Grant, Level, Office, Rulebook
from tests.lib.policies_of_size import SHIPPED_POLICIES

OWN_TESTS = SHIPPED_POLICIES / "tests.yaml"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence of the policy's own tests that is about a rule."""

    level: str
    part: str
    number: int
    may: bool
    cell: Cell

    def sentence(self, book: Rulebook) -> Grant:
        level = book.levels[self.level]
        return (level.grants if self.part == "grant" else level.denials)[self.number - 1]


def _read() -> list[Line]:
    """Read the sentences in another way than the hub does."""
    lines = []
    for test in yaml.safe_load(OWN_TESTS.read_text(encoding="utf-8"))["tests"]:
        if "rule" in test:
            level, part, number = test["rule"].replace(",", "").split()
            for key in ("may", "may_not"):
                _, question, _, agency, _, purpose, _, _, field_class = test[key].split()
                cell = Cell(question, agency, field_class, purpose, "bolton")
                lines.append(Line(level=level, part=part, number=int(number), may=key == "may", cell=cell))
    return lines


LINES = _read()


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


def _name(line: Line) -> str:
    return f"{line.level}-{line.part}-{line.number}-{'may' if line.may else 'may-not'}"


def _allows(policies: Listing, level: str, cell: Cell) -> bool:  # type: ignore[type-arg]  # of profiles
    return cell.field_class in policies[level].classes.get((cell.question, cell.agency, cell.purpose, cell.area), ())


@pytest.mark.parametrize("line", LINES, ids=_name)
def test_the_shipped_policy_as_casbin_judges_it_says_what_its_own_tests_say(policy: Policy, line: Line) -> None:
    assert _allows(policy.profiles, line.level, line.cell) is line.may


def test_every_rule_of_every_shipped_level_has_one_thing_allowed_and_one_denied(book: Rulebook) -> None:
    written = [(line.level, line.part, line.number, line.may) for line in LINES]
    expected = {
        (level.id, part, number, may)
        for level in book.levels.values()
        for part, sentences in (("grant", level.grants), ("denial", level.denials))
        for number in range(1, len(sentences) + 1)
        for may in (True, False)
    }
    assert set(written) == expected
    assert len(written) == len(expected)


@pytest.mark.parametrize("line", [line for line in LINES if line.part == "grant" and line.may], ids=_name)
def test_without_its_grant_a_thing_may_not_be_asked(book: Rulebook, line: Line) -> None:
    assert line.cell in set(cells_of(line.sentence(book), book.catalogue))
    level = book.levels[line.level]
    without = tuple(grant for grant in level.grants if grant is not line.sentence(book))
    assert not _allows(_profiles(book, replace(level, grants=without)), line.level, line.cell)


@pytest.mark.parametrize("line", [line for line in LINES if line.part == "denial" and not line.may], ids=_name)
def test_a_denial_wins_over_a_grant_of_everything_and_only_it_does(book: Rulebook, line: Line) -> None:
    catalogue, level = book.catalogue, book.levels[line.level]
    denial = line.sentence(book)
    assert line.cell in set(cells_of(denial, catalogue))
    everything = Grant(
        because="Everything.",
        questions=tuple(catalogue.questions),
        agencies=tuple(book.agencies),
        classes=tuple(catalogue.field_classes),
        purposes=tuple(catalogue.purposes),
        areas=tuple(catalogue.areas),
    )
    generous = replace(level, grants=(*level.grants, everything))
    assert not _allows(_profiles(book, generous), line.level, line.cell)
    without = replace(generous, denials=tuple(found for found in level.denials if found is not denial))
    assert _allows(_profiles(book, without), line.level, line.cell)


def _profiles(book: Rulebook, changed: Level) -> Listing:  # type: ignore[type-arg]  # of profiles
    """Compile one changed level with what it inherits from."""
    kept = {name: book.levels[name] for name in changed.inherits} | {changed.id: changed}
    return compile_profiles(replace(book, levels=Listing(kept)))


@pytest.mark.parametrize(
    "level", ["policy_administrator", "auditor", "data_guardian", "designated_officer", "practitioner"]
)
def test_nobody_asks_anything_as_administrator_auditor_or_in_the_abstract(policy: Policy, level: str) -> None:
    for agency in policy.agencies:
        for question in policy.catalogue.questions:
            assert policy.purposes(Office(level, agency, ("bolton",)), question) == ()


def test_the_levels_are_those_that_the_partnership_agreed_on(policy: Policy) -> None:
    held = {level.id: level.agency for level in policy.levels.values()}
    assert held == {
        "practitioner": None,
        "designated_officer": None,
        "safeguarding_unit_manager": "social_care",
        "health_visitor": "health",
        "school_nurse": "health",
        "social_worker": "social_care",
        "social_care_duty": "social_care",
        "designated_safeguarding_lead": "schools",
        "education_welfare_officer": "schools",
        "youth_offending_worker": "youth_offending",
        "connexions_adviser": "connexions",
        "policy_administrator": None,
        "auditor": None,
        "data_guardian": None,
    }


@pytest.mark.parametrize("level", ["designated_safeguarding_lead", "education_welfare_officer"])
def test_schools_never_see_orders_of_a_court(policy: Policy, level: str) -> None:
    assert not any("youth_justice" in classes for classes in policy.profiles[level].classes.values())


def test_a_connexions_adviser_never_sees_what_worries_the_youth_offending_team(policy: Policy) -> None:
    profile = policy.profiles["connexions_adviser"]
    told = [classes for (_, agency, _, _), classes in profile.classes.items() if agency == "youth_offending"]
    assert not any("concern" in classes for classes in told)
