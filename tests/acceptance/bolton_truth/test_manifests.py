"""What Bolton's manifests make of its systems: storied children as told, of everybody else the right one only."""

import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from sharing.v1.records_pb2 import PersonKeys

from adapters.kit.terms import UNSAID, Terms
from tests.acceptance.bolton_truth.agencies import Agency, described, rows
from tests.acceptance.bolton_truth.built import Built

AGENCIES = ("social_care", "health", "schools", "youth_offending", "connexions")
SAMPLE = 120
EXPECTED = {
    ("social_care", "child_services", "kayden", ("service", "involvement_status", "worker_name")): {
        ("Referral and Assessment Team", "closed", "Joanne Tickle"), ("Family Support South", "open", "Ruksana Jiva")},
    ("social_care", "child_concerns", "kayden", ("concern_kind", "concern_since", "concern_status")): {
        ("domestic_abuse", "2025-11-24", "open"), ("neglect", "2026-09-17", "open")},
    ("social_care", "child_basics", "kayden", ("nhs_number", "family_name", "date_of_birth", "gender", "address")): {
        ("9990000115", "Whitworth", "2017-03-14", "male", "Flat 2, 31 Rowan Avenue, Tonge Moor, Bolton")},
    ("social_care", "child_services", "zara", ("given_name", "service")): {("Zara", "Disability Social Work Team")},
    ("social_care", "child_services", "sara", ("given_name", "service")): set(),
    ("social_care", "child_services", "chloe", ("service", "involvement_status")): {
        ("Looked After Children Team", "closed"), ("Leaving Care Team", "open")},
    ("social_care", "child_concerns", "hussain-june", ("concern_kind",)): set(),
    ("health", "child_basics", "kayden", ("family_name", "address", "postcode", "gp_practice")): {
        ("Marsh", "14 Loom Street, Farnworth, Bolton", "BL4 7QD", "Lever Park Practice")},
    ("health", "child_services", "kayden", ("service", "involvement_status", "involved_since", "worker_name")): {
        ("School nursing", "open", "2022-09-12", "Sajida Hanif")},
    ("health", "child_services", "sara", ("given_name", "service")): {("Sara", "")},
    ("health", "child_concerns", "kayden", ("concern_kind", "concern_since", "concern_status", "worker_name")): {
        ("domestic_abuse", "2025-12-03", "open", "Sajida Hanif")},
    ("health", "child_health", "ifrah", ("last_seen", "missed_appointments", "immunisations", "health_visitor")): {
        ("2025-08-26", "2", "incomplete", "Bushra Anwar")},
    ("health", "child_health", "sara", ("last_seen", "missed_appointments", "immunisations", "health_visitor")): {
        ("2025-10-07", "0", "complete", "")},
    ("schools", "child_basics", "kayden", ("family_name", "gender", "address", "school")): {
        ("Whitworth", "male", "Flat 2, 31 Rowan Avenue, Tonge Moor, Bolton", "St Winifred's RC Primary School")},
    ("schools", "child_services", "kayden", ("service", "involvement_status", "involved_since", "worker_phone")): {
        ("Pastoral care at school", "open", "2022-09-05", "01632 960101")},
    ("schools", "child_concerns", "kayden", ("concern_kind", "concern_since", "concern_status")): {
        ("attendance", "2026-10-09", "open"), ("neglect", "2026-09-16", "open")},
    ("schools", "child_attendance", "kayden",
     ("attendance_percent", "unauthorised_absences", "exclusions", "sen_support")): {("78.8", "15", "1", "support")},
    ("schools", "child_attendance", "chloe", ("attendance_percent",)): set(),
    ("schools", "young_person_destination", "jordan", ("activity", "activity_since", "adviser")): {
        ("education", "2022-09-05", "Mr Dootson")},
    ("schools", "young_person_destination", "kayden", ("activity",)): set(),
    ("youth_offending", "child_services", "kayden",
     ("family_name", "service", "involvement_status", "involved_since")): {
        ("WHITWORTH", "Youth Offending Team", "open", "2026-07-06")},
    ("youth_offending", "youth_order", "jordan", ("order_kind", "order_until", "order_status", "worker_name")): {
        ("Referral order", "2027-02-11", "current", "C. DUNNE")},
    ("youth_offending", "youth_order", "kayden", ("order_kind",)): set(),
    ("social_care", "staff_safety", "kayden", ("warning_kind", "warning_since", "warning_advice")): {
        ("threats", "2025-11-24", "visit_in_pairs")},
    ("health", "staff_safety", "kayden", ("warning_kind", "warning_since", "warning_advice")): {
        ("dog", "2021-05-04", "telephone_first")},
    ("youth_offending", "staff_safety", "jordan", ("warning_kind", "warning_since", "warning_advice")): {
        ("dog", "2026-05-11", "telephone_first")},
    ("youth_offending", "staff_safety", "kayden", ("warning_kind",)): set(),
    ("connexions", "child_services", "yusuf", ("service",)): set(),
    ("youth_offending", "child_concerns", "jordan", ("concern_kind", "concern_since", "concern_status")): {
        ("offending", "2026-04-27", "open"), ("substance_misuse", "2026-06-08", "open")},
    ("connexions", "child_services", "jordan", ("date_of_birth", "service", "involvement_status", "worker_name")): {
        ("2011-05-09", "Connexions", "open", "Julie Rigby")},
    ("connexions", "young_person_destination", "chloe", ("activity", "activity_since", "adviser")): {
        ("not_in_education_employment_or_training", "2026-06-26", "Kwame Asante")},
    ("connexions", "child_basics", "yusuf", ("family_name", "gender", "school")): {
        ("Patel", "male", "Bolton Sixth Form Centre")},
}  # fmt: skip
SHIELDED = (
    ("social_care", "child_services", "hannah"),
    ("health", "child_services", "hannah"),
    ("schools", "child_basics", "hannah"),
)
GIVEN, WITHDRAWN = "explicit", "withdrawn"
TERMS = {
    ("social_care", "child_services", "kayden"): Terms(
        state=GIVEN, given_by="parent", decided_on="2026-02-04", until="2027-02-04", review_due="2026-08-04",
        areas=("bolton",)),
    ("social_care", "child_services", "zara"): Terms(
        state="refused", given_by="parent", decided_on="2026-09-21", areas=("bolton",)),
    ("social_care", "child_concerns", "chloe"): Terms(
        state=WITHDRAWN, given_by="person", decided_on="2026-10-12", areas=("bolton",)),
    ("social_care", "child_services", "leon"): Terms(
        state=GIVEN, given_by="parent", decided_on="2026-06-15", classes=("involvement",), shield="address",
        areas=("bolton",)),
    ("social_care", "child_basics", "leon"): Terms(shield="address", areas=("bolton",)),
    ("health", "child_health", "kayden"): Terms(
        state=GIVEN, given_by="parent", decided_on="2025-06-23", review_due="2025-12-23"),
    ("health", "child_health", "chloe"): Terms(
        state=GIVEN, given_by="person", decided_on="2026-07-02", until="2026-12-31", classes=("health",)),
    ("health", "child_health", "ifrah"): Terms(state="sought", given_by="parent", decided_on="2026-08-27"),
    ("health", "child_health", "leon"): Terms(shield="address"),
    ("health", "child_health", "sara"): UNSAID,
    ("schools", "child_attendance", "jordan"): Terms(opt_out="pupil"),
    ("schools", "child_attendance", "hussain-june"): Terms(opt_out="parents"),
    ("schools", "child_attendance", "leon"): Terms(shield="address"),
    ("schools", "child_attendance", "kayden"): UNSAID,
    ("youth_offending", "youth_order", "jordan"): Terms(state="implied_by_statute"),
    ("connexions", "young_person_destination", "yusuf"): Terms(state="not_sought", opt_out="pupil"),
    ("connexions", "young_person_destination", "jordan"): Terms(
        state=GIVEN, given_by="parent", decided_on="2026-01-12", until="2026-07-31"),
    ("connexions", "young_person_destination", "chloe"): Terms(
        state=GIVEN, given_by="person", decided_on="2026-09-08", until="2027-03-08", classes=("involvement",)),
}  # fmt: skip
# How many of the children whom a system knows are found there by all their true keys: the rest are misspelt.
FOUND_AT_LEAST = {"social_care": 0.8, "health": 1.0, "schools": 1.0, "youth_offending": 0.4, "connexions": 0.8}


@pytest.fixture(scope="module")
def environment(bolton: Built, repository: Path) -> Iterator[dict[str, str]]:
    keys = {"BOLTON_HEALTH_KEY": "health's key", "BOLTON_SCHOOLS_KEY": "the schools' key"}
    unused = {"BOLTON_HUB": "localhost:1", "BOLTON_CERTIFICATES": str(bolton.systems / "none")}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as servers:
        for name, value in keys.items():
            patch.setenv(name, value)
        addresses = {}
        for module, variable in (("health", "BOLTON_HEALTH_URL"), ("schools", "BOLTON_SCHOOLS_URL")):
            command = [sys.executable, "-m", f"examples.bolton.{module}_server", "--folder", bolton.systems / module]
            server = subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE)
            servers.enter_context(server)
            servers.callback(server.terminate)
            addresses[variable] = server.stdout.readline().decode().removeprefix("listening ").strip()
        yield {"BOLTON_DATA": str(bolton.systems), **keys, **unused, **addresses}


@pytest.fixture
async def agencies(environment: dict[str, str], repository: Path) -> AsyncIterator[dict[str, Agency]]:
    made = {agency: described(repository, agency, environment) for agency in AGENCIES}
    for agency in made.values():
        await agency.open()
    yield made
    for agency in made.values():
        await agency.close()


async def test_every_agency_answers_the_questions_that_the_catalogue_gives_it(
    agencies: dict[str, Agency], repository: Path
) -> None:
    for path in sorted((repository / "policies/questions").glob("*.yaml")):
        question = yaml.safe_load(path.read_text(encoding="utf-8"))
        answering = {name for name, agency in agencies.items() if question["id"] in agency.manifest.questions}
        assert answering == set(question["agencies"]), question["id"]


@pytest.mark.parametrize(("agency", "question", "word", "fields"), EXPECTED)
async def test_a_storied_child_is_answered_as_told(
    agencies: dict[str, Agency], bolton: Built, agency: str, question: str, word: str, fields: tuple[str, ...]
) -> None:
    found = await agencies[agency].ask(question, _keys(bolton.children[f"storied-{word}"]), fields)
    assert rows(found) == EXPECTED[agency, question, word, fields]


@pytest.mark.parametrize(("agency", "question", "word"), SHIELDED)
async def test_who_is_shielded_is_told_of_only_to_those_who_may_see_it(
    agencies: dict[str, Agency], bolton: Built, agency: str, question: str, word: str
) -> None:
    keys = _keys(bolton.children[f"storied-{word}"])
    found = await agencies[agency].ask(question, keys, ("given_name",))
    assert found is not None
    assert found.shielded
    assert not found.cells
    seen = await agencies[agency].ask(question, keys, ("given_name",), with_shielded=True)
    assert seen is not None
    assert set(seen.cells) == {"Hannah"}


async def test_the_sealed_record_of_an_adopted_child_is_told_of_to_nobody(
    agencies: dict[str, Agency], bolton: Built
) -> None:
    keys = _keys(bolton.children["storied-isla"])
    for with_shielded in (False, True):
        found = await agencies["social_care"].ask("child_basics", keys, ("given_name",), with_shielded=with_shielded)
        assert found is not None
        assert found.shielded
    assert rows(await agencies["schools"].ask("child_basics", keys, ("given_name",))) == {("Isla",)}


@pytest.mark.parametrize(("agency", "question", "word"), TERMS)
async def test_what_a_family_says_about_letting_records_leave_is_told_with_them(
    agencies: dict[str, Agency], bolton: Built, agency: str, question: str, word: str
) -> None:
    found = await agencies[agency].ask(question, _keys(bolton.children[f"storied-{word}"]), ("given_name",))
    assert found is not None
    said = {terms for each in found.terms_by_record().values() for terms in each}
    assert said == {TERMS[agency, question, word]}


@pytest.mark.parametrize("agency", AGENCIES)
async def test_nobody_knows_teodor(agencies: dict[str, Agency], bolton: Built, agency: str) -> None:
    found = await agencies[agency].ask("child_basics", _keys(bolton.children["storied-teodor"]), ("given_name",))
    assert found is not None
    assert not found.record_dates
    assert not found.withheld
    assert not found.shielded


@pytest.mark.parametrize("agency", AGENCIES)
async def test_an_agency_finds_the_right_child_and_no_other(
    agencies: dict[str, Agency], bolton: Built, agency: str
) -> None:
    known = sorted(key for key, child in bolton.children.items() if agency in child["known_to"].split())
    sample = random.Random(17).sample(known, min(SAMPLE, len(known)))
    seen = 0
    for key in sample:
        found = await agencies[agency].ask("child_basics", _keys(bolton.children[key]), ("given_name", "family_name"))
        assert found is not None
        assert {bolton.owners[agency, reference] for reference in found.references} <= {key}
        seen += bool(found.references or found.withheld or found.shielded)
    assert seen / len(sample) >= FOUND_AT_LEAST[agency]


@pytest.mark.parametrize("agency", ["social_care", "youth_offending", "connexions"])
async def test_some_children_are_missed_for_want_of_a_number_and_a_right_spelling(
    agencies: dict[str, Agency], bolton: Built, agency: str
) -> None:
    known = sorted(key for key, child in bolton.children.items() if agency in child["known_to"].split())
    sample = random.Random(18).sample(known, min(SAMPLE, len(known)))
    found = [await agencies[agency].ask("child_basics", _keys(bolton.children[key]), ("given_name",)) for key in sample]
    assert any(not (each.references or each.withheld or each.shielded) for each in found if each is not None)


async def test_both_cousins_answer_to_one_spelling_at_school_and_a_birthday_tells_them_apart(
    agencies: dict[str, Agency],
) -> None:
    asked = {"given_name": "Mohammed", "family_name": "Hussain"}
    for born in ("2014-06-05", "2014-05-06"):
        found = await agencies["schools"].ask(
            "child_basics", PersonKeys(**asked, date_of_birth=born), ("date_of_birth",)
        )
        assert rows(found) == {(born,)}


def _keys(child: dict[str, str]) -> PersonKeys:
    return PersonKeys(
        nhs_number=child["nhs_number"],
        upn=child["upn"],
        given_name=child["given"],
        family_name=child["family"],
        date_of_birth=child["born"],
    )
