"""Made-up policies for Hypothesis: small, and with everything in them that the language can say."""

from datetime import datetime

from hypothesis import strategies as st

from tests.policies import oracle

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
