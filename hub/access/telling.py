"""Telling in plain words who may see what, and when; in the titles and wordings of the policy."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from hub.access.allowances import Allowance
from hub.access.coverage import Span
from hub.access.policy import Policy
from hub.access.spans import FOREVER, Spans
from hub.model.policy import Agency

_ONE_DAY = timedelta(days=1)


def told(allowance: Allowance, policy: Policy, at: datetime, *, may: str) -> str:
    """Make a sentence of an allowance; `may` is “may” or “may no longer”, `at` the instant that counts as now."""
    catalogue = policy.catalogue
    requester = policy.agencies[allowance.requester]
    when = when_told(allowance.spans, at)
    purposes = listed([catalogue.purposes[purpose].title for purpose in allowance.purposes], "or")
    return (
        f"{policy.levels[allowance.level].title} ({requester.title}){_areas_told(allowance, requester, policy)}"
        f" {may}{f', {when},' if when else ''} ask “{catalogue.questions[allowance.question].wording}”"
        f" of {policy.agencies[allowance.source].title} for {purposes} and see {_fields_told(allowance, policy)}."
    )


def when_told(spans: Spans, at: datetime) -> str:
    """Say in which spans something holds; nothing if that is from now on without end."""
    return listed([_span_told(span, at) for span in spans if span != (at, FOREVER)], "and")


def start_told(at: datetime) -> str:
    """Write an instant at which something begins: the day, if it begins with the day."""
    exactly = "auto" if at.second or at.microsecond else "minutes"
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d} {at.time().isoformat(exactly)} UTC"


def end_told(at: datetime) -> str:
    """Write an instant at which something ends, with its preposition."""
    return f"to the end of {at - _ONE_DAY:%Y-%m-%d}" if at.time() == time() else f"until {start_told(at)}"


def _span_told(span: Span, at: datetime) -> str:
    since, until = span
    words = [f"from {start_told(since)}"] if since > at else []
    return " ".join([*words, end_told(until)] if until != FOREVER else words)


def _areas_told(allowance: Allowance, requester: Agency, policy: Policy) -> str:
    """Name the areas, unless they are all in which the agency has offices."""
    if set(allowance.areas) == set(requester.areas):
        return ""
    return f" in {listed([policy.catalogue.areas[area].title for area in allowance.areas], 'or')}"


def _fields_told(allowance: Allowance, policy: Policy) -> str:
    """Name the fields class by class."""
    found = [policy.catalogue.fields[field] for field in allowance.fields]
    classes = [
        f"{policy.catalogue.field_classes[name].title}"
        f" ({', '.join(field.label for field in found if field.field_class == name)})"
        for name in allowance.classes
    ]
    return listed(classes, "and")


def listed(words: Sequence[str], last: str) -> str:
    """Put words in a row as a sentence does."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
