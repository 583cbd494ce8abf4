"""The compiled policy against an independent opinion: on every cell of the shipped policy, and on made-up ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product, starmap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.access.papers import read_papers
from hub.access.policy import Policy, compile_policy, load_policy
from hub.access.rulebook import rulebook_from
from hub.model.policy import Office
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.policies import oracle

ONE_SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def files() -> oracle.Files:
    return oracle.files_in(SHIPPED_POLICIES)


def _cells(files: oracle.Files) -> Iterator[oracle.Cell]:
    return starmap(
        oracle.Cell,
        product(
            files.questions,
            [agency["id"] for agency in files.agencies],
            [term["id"] for term in files.vocabulary["field_classes"]],
            [term["id"] for term in files.vocabulary["purposes"]],
            [term["id"] for term in files.vocabulary["areas"]],
        ),
    )


def _compare_cells(policy: Policy, files: oracle.Files) -> tuple[int, int]:
    """Compare every cell of every level; return how many there are, and how many of them are allowed."""
    assert set(policy.profiles) == set(files.levels)
    judged = allowed = 0
    for level, cell in product(files.levels, _cells(files)):
        said = oracle.allows(files, level, cell)
        compiled = policy.profiles[level].classes.get((cell.question, cell.agency, cell.purpose, cell.area), ())
        assert (cell.field_class in compiled) is said, (level, cell)
        judged, allowed = judged + 1, allowed + said
    return judged, allowed


def test_every_cell_of_every_shipped_level_is_as_the_oracle_says(shipped: Policy, files: oracle.Files) -> None:
    judged, allowed = _compare_cells(shipped, files)
    assert judged == len(files.levels) * 7 * 5 * 7 * 7 * len(files.vocabulary["areas"])
    assert 300 < allowed < 1000


def test_every_permit_of_the_shipped_policy_is_as_the_oracle_says(shipped: Policy, files: oracle.Files) -> None:
    turns = {turn for said in files.agreements.values() for turn in (oracle.first_second(said), oracle.end(said))}
    for at in sorted({turn + shift for turn in turns for shift in (-ONE_SECOND, timedelta(0))}):
        _compare_permits(shipped, files, at)


def _holders(files: oracle.Files) -> Iterator[oracle.Holder]:
    """Yield every office that there is: each level in its agency, or in each, for each combination of areas."""
    areas = [area["id"] for area in files.vocabulary["areas"]]
    for level, said in files.levels.items():
        agencies = [said["agency"]] if "agency" in said else [agency["id"] for agency in files.agencies]
        for agency, number in product(agencies, range(len(areas) + 1)):
            yield from (oracle.Holder(level, agency, chosen) for chosen in combinations(areas, number))


def _compare_permits(policy: Policy, files: oracle.Files, at: datetime) -> None:
    for holder, (question, content) in product(_holders(files), files.questions.items()):
        for purpose in content["purposes"]:
            permits = policy.permits(Office(*holder), question=question, purpose=purpose, at=at)
            assert [permit.agency for permit in permits] == content["agencies"]
            for permit in permits:
                expected = oracle.permit(files, holder, permit.agency, question, purpose, at)
                assert (permit.fields, permit.refusal) == expected, (holder, question, permit, purpose, at)
                assert policy.needs_step_up([permit]) is oracle.needs_step_up(files, permit.fields)


AGENCIES = ("alder", "birch", "cedar")
CLASSES = ("basic", "concern", "health")
PURPOSES = ("help", "care", "justice")
QUESTIONS = ("first", "second", "third")
AREAS = ("north", "south")
LEVELS = ("bottom", "middle", "other", "top")
DAYS = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")
FIELDS: list[oracle.Content] = [
    {"id": "number", "label": "Number", "class": "basic", "type": "identifier", "identity": True},
    {"id": "name", "label": "Name", "class": "basic", "type": "text", "identity": True},
    {"id": "street", "label": "Street", "class": "basic", "type": "text"},
    {"id": "worry", "label": "Worry", "class": "concern", "type": "text"},
    {"id": "seen", "label": "Last seen", "class": "health", "type": "date"},
]


def _some(of: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=1, unique=True)


def _some_or_all(of: tuple[str, ...]) -> st.SearchStrategy[object]:
    return st.just("all") | _some(of)


def _terms(identifiers: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": name, "title": name.title(), "explanation": "Made up."} for name in identifiers]


SENTENCES = st.fixed_dictionaries(
    {
        "because": st.just("Made up."),
        "questions": _some_or_all(QUESTIONS),
        "agencies": _some_or_all(AGENCIES),
        "classes": _some_or_all(CLASSES) | st.just("all"),
        "purposes": _some_or_all(PURPOSES),
    },
    optional={"areas": _some_or_all(AREAS)},
)
KINDS = [
    {"kind": "abstract"},
    *({"kind": kind} for kind in ("guardian", "administrator", "auditor")),
    *({"agency": agency} for agency in AGENCIES * 2),
]


@st.composite
def made_up_files(draw: st.DrawFn) -> oracle.Files:
    """Draw a small policy: inheritance over several ways, denials, all, areas, agreements that begin and end.

    It is not validated: so there are guardians, administrators and auditors who are granted questions, too.
    """
    questions = {
        name: {
            "id": name,
            "wording": f"The {name} question?",
            "agencies": draw(_some(AGENCIES)),
            "fields": draw(_some(tuple(str(field["id"]) for field in FIELDS))),
            "purposes": draw(_some(PURPOSES)),
            "lawful_bases": ["A6_E"],
        }
        for name in QUESTIONS
    }
    levels = {
        name: {
            "id": name,
            "title": name.title(),
            **draw(st.sampled_from(KINDS)),
            "inherits": draw(st.lists(st.sampled_from(LEVELS[:number]), unique=True)) if number else [],
            "grants": draw(st.lists(SENTENCES, max_size=3)),
            "denials": draw(st.lists(SENTENCES, max_size=2)),
        }
        for number, name in enumerate(LEVELS)
    }
    agreements = {f"agreement_{number}": _agreement(draw, number) for number in range(draw(st.integers(0, 3)))}
    return oracle.Files(
        vocabulary={
            "purposes": _terms(PURPOSES),
            "lawful_bases": _terms(("A6_E",)),
            "field_classes": [{**term, "step_up": draw(st.booleans())} for term in _terms(CLASSES)],
            "areas": _terms(AREAS),
            "gateways": _terms(("CA2004_S10",)),
        },
        agencies=[_agency(draw, name) for name in AGENCIES],
        fields=FIELDS,
        questions=questions,
        levels=levels,
        agreements=agreements,
    )


def _agency(draw: st.DrawFn, name: str) -> oracle.Content:
    served = draw(st.just({}) | st.fixed_dictionaries({"areas": _some_or_all(AREAS)}))
    return {"id": name, "title": name.title(), "status": "public_body", **served}


def _agreement(draw: st.DrawFn, number: int) -> oracle.Content:
    first, last = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
    return {
        "id": f"agreement_{number}",
        "title": "Made up",
        "parties": draw(st.lists(st.sampled_from(AGENCIES), min_size=2, unique=True)),
        "gateway": "CA2004_S10",
        "purposes": draw(_some(PURPOSES)),
        "classes": draw(_some(CLASSES)),
        "from": datetime.fromisoformat(first).date(),
        "until": datetime.fromisoformat(last).date(),
        "review": datetime.fromisoformat(last).date(),
        "signed_by": [{"agency": "alder", "office": "Office", "date": datetime.fromisoformat(first).date()}],
    }


def _compare(files: oracle.Files) -> None:
    papers = read_papers(Path("made-up"), files.written())
    assert {fault.what for fault in papers.faults} == {"The file is missing"}  # the model, which is fixed in code
    policy = compile_policy(rulebook_from(papers))
    _compare_cells(policy, files)
    for day in DAYS:
        _compare_permits(policy, files, datetime.fromisoformat(day).replace(tzinfo=UTC))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=made_up_files())
def test_made_up_policies_are_compiled_as_the_oracle_says(files: oracle.Files) -> None:
    _compare(files)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=made_up_files())
def test_a_thousand_made_up_policies_are_compiled_as_the_oracle_says(files: oracle.Files) -> None:
    _compare(files)
