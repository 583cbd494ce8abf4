"""Policies for withdrawals: one under which health visitors see most, and what each withdrawal leaves of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from hub.access.reading import texts_in
from tests.lib.policies_of_size import SHIPPED_POLICIES

Texts = Mapping[str, bytes]

QUESTION, PURPOSE = "child_services", "safeguarding"
# In the order in which they answer; the slow ones leave answers open for a while.
SLOW = ("schools", "youth_offending", "connexions")
OTHERS = ("social_care", *SLOW)
INVOLVEMENT = frozenset({"service", "involvement_status", "involved_since", "worker_name", "worker_phone"})
LEVEL = "levels/health_visitor.yaml"
FOR_EVER = "2035-12-31"


def permissive() -> dict[str, bytes]:
    """Return the shipped policy with agreements of two parties each, so that one can end without the others."""
    shipped = texts_in(SHIPPED_POLICIES)
    # Its own tests speak of its own agreements.
    kept = {name: text for name, text in shipped.items() if name != "tests.yaml" and not name.startswith("agreements/")}
    kept |= {_file(other): _agreement("health", other, FOR_EVER) for other in OTHERS}
    for other in SLOW:
        kept[f"agreements/social_care_{other}.yaml"] = _agreement("social_care", other, FOR_EVER)
    return kept


def without_question(texts: Texts) -> dict[str, bytes]:
    """Return the policy in which health visitors may no longer ask which services work with a child."""
    return _with_grant(texts, None)


def without_agency(texts: Texts, agency: str) -> dict[str, bytes]:
    """Return the policy in which they may no longer ask it of one agency."""
    agencies = [found for found in ("health", *OTHERS) if found != agency]
    return _with_grant(texts, {"agencies": agencies})


def without_involvement(texts: Texts) -> dict[str, bytes]:
    """Return the policy in which they may see who somebody is, and no longer which service is involved."""
    return _with_grant(texts, {"classes": ["basic"]})


def ended_early(texts: Texts, agency: str) -> dict[str, bytes]:
    """Return the policy in which the agreement with one agency ended yesterday."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return {**texts, _file(agency): _agreement("health", agency, yesterday.date().isoformat())}


def ending(texts: Texts, moments: Mapping[str, datetime]) -> dict[str, bytes]:
    """Return the policy in which the agreements with some agencies end at moments of their own."""
    files = {_file(agency): _agreement("health", agency, at.isoformat()) for agency, at in moments.items()}
    return {**texts, **files}


def _with_grant(texts: Texts, change: Mapping[str, Any] | None) -> dict[str, bytes]:
    level = yaml.safe_load(texts[LEVEL])
    kept = []
    for grant in level["grants"]:
        if grant["questions"] != [QUESTION]:
            kept.append(grant)
        elif change is not None:
            kept.append(grant | change)
    return {**texts, LEVEL: _spelt(level | {"grants": kept})}


def _file(agency: str) -> str:
    return f"agreements/health_{agency}.yaml"


def _agreement(one: str, other: str, until: str) -> bytes:
    return _spelt(
        {
            "id": f"{one}_{other}",
            "title": f"Agreement of {one} and {other}",
            "parties": [one, other],
            "gateway": "CA2004_S11",
            "purposes": [PURPOSE],
            "classes": ["basic", "involvement", "concern"],
            "from": "2024-01-01",
            "until": until,
            "review": "2025-01-01",
            "signed_by": [{"agency": party, "office": "Director", "date": "2023-12-01"} for party in (one, other)],
        }
    )


def _spelt(document: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000).encode()
