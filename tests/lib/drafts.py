"""Drafts of policies: the shipped one, and small changes of it whose meaning for who may see what is known."""

from collections.abc import Mapping

from hub.access.reading import texts_in
from tests.lib.deployment import REPOSITORY

Texts = Mapping[str, bytes]

SHIPPED: Texts = texts_in(REPOSITORY / "policies")
HEALTH_VISITOR, TESTS = "levels/health_visitor.yaml", "tests.yaml"

_ATTENDANCE = """  - because: A child who stays away from school may be ill.
    questions: [child_attendance]
    agencies: [schools]
    classes: [basic, education]
    purposes: [early_help]
denials:
"""
_SERVICES_OF = "    questions: [child_services]\n    agencies: "
_TESTED_OF = "  - rule: health_visitor, grant 1\n    may: ask child_services of "


def changed(*changes: tuple[str, str, str], texts: Texts = SHIPPED) -> Texts:
    """Change passages of files, each of which must stand there exactly once."""
    new = dict(texts)
    for name, old, will in changes:
        text = new[name].decode()
        if text.count(old) != 1:
            raise ValueError(f"{name} has {text.count(old)} times: {old}")
        new[name] = text.replace(old, will).encode()
    return new


# A health visitor may ask schools about attendance, too: opens the records of schools, and nothing else.
OPENING = changed((HEALTH_VISITOR, "denials:\n", _ATTENDANCE))
# A health visitor asks for a child's services of health only: opens nothing.
CLOSING = changed(
    (HEALTH_VISITOR, f"{_SERVICES_OF}all", f"{_SERVICES_OF}[health]"),
    (TESTS, f"{_TESTED_OF}social_care", f"{_TESTED_OF}health"),
)
# A health visitor asks for a child's services to safeguard the child, and for no other purpose: opens nothing.
NARROWER = changed(
    (
        HEALTH_VISITOR,
        f"{_SERVICES_OF}all\n    classes: [basic, involvement]\n    purposes: [safeguarding, early_help, transition]",
        f"{_SERVICES_OF}all\n    classes: [basic, involvement]\n    purposes: [safeguarding]",
    )
)
# A health visitor's session may be left alone for less long: closes something, and opens nothing.
SHORTER_SESSIONS = changed((HEALTH_VISITOR, "agency: health\n", "agency: health\nsession: {idle_minutes: 14}\n"))
# Health's most sensitive records no longer need a second factor: opens nothing more, and takes a protection away.
WITHOUT_STEP_UP = changed(("vocabulary.yaml", "no clinical notes.\n    step_up: true\n", "no clinical notes.\n"))
# Says in other words what the shipped policy says of a level: opens nothing and closes nothing.
REWORDED = changed((HEALTH_VISITOR, "title: Health visitor", "title: Health visitor for families"))
# A draft with two faults: a level that knows a question and a class which are not there.
FAULTY = changed(
    (
        HEALTH_VISITOR,
        "[child_health]\n    agencies: [health]\n    classes: [basic, health]",
        "[child_wealth]\n    agencies: [health]\n    classes: [basic, wealth]",
    )
)
