"""Those who set the rules, agree to them or review who asked what: they ask nothing, whatever their level says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.access.policy import compile_policy
from hub.access.reading import read_rulebook, rulebook_from_texts, texts_in
from hub.model.catalogue import Listing
from hub.model.policy import Office, Refusal
from tests.lib.policies_of_size import SHIPPED_POLICIES

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("level", ["policy_administrator", "data_guardian", "auditor", "practitioner"])
def test_who_is_no_professional_asks_nothing_even_under_a_rulebook_that_nobody_checked(level: str) -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    generous = replace(book.levels[level], grants=book.levels["social_worker"].grants)
    policy = compile_policy(replace(book, levels=Listing({**book.levels, level: generous})))
    office = Office(level, "social_care", ("bolton",))
    assert policy.profiles[level].classes
    assert policy.menu(office, NOW) == ()
    permits = policy.permits(office, question="child_services", purpose="safeguarding", at=NOW)
    assert {permit.refusal for permit in permits} == {Refusal.ACCESS_LEVEL}


@pytest.mark.parametrize("status", ["voluntary", "invited"])
def test_an_agency_that_is_no_public_body_may_ask_what_it_is_granted_by_name(status: str) -> None:
    texts = texts_in(SHIPPED_POLICIES)
    texts["agencies.yaml"] = texts["agencies.yaml"].replace(
        b"title: Connexions\n    status: public_body", b"title: Connexions\n    status: " + status.encode()
    )
    policy = compile_policy(rulebook_from_texts(texts))
    menu = policy.menu(Office("connexions_adviser", "connexions", ("bolton",)), NOW)
    assert "young_person_destination" in {item.question for item in menu}


def test_a_level_may_shorten_the_sessions_of_its_holders() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    name = "levels/auditor.yaml"
    texts[name] += b"session: {idle_minutes: 5, absolute_hours: 8}\n"
    level = rulebook_from_texts(texts).levels["auditor"]
    assert (level.idle_seconds, level.absolute_seconds) == (300, 28_800)
