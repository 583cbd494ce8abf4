"""Reading policies from folders, and what makes two of them the same."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.documents import read_document
from hub.access.policy import compile_policy, load_policy
from hub.access.reading import read_rulebook, rulebook_from_texts, texts_in
from hub.access.version import content_of, version_of
from hub.errors import PolicyError
from hub.model.catalogue import FieldType
from hub.model.policy import TellDifferences
from tests.lib.policies_of_size import SHIPPED_POLICIES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED_POLICIES, tmp_path / "my policies"))


def _version(texts: dict[str, bytes]) -> str:
    return version_of(content_of(rulebook_from_texts(texts)))


def test_the_version_is_twelve_hexadecimal_digits_of_what_the_policy_says() -> None:
    policy = load_policy(SHIPPED_POLICIES)
    assert policy.version == version_of(content_of(read_rulebook(SHIPPED_POLICIES)))
    assert len(policy.version) == 12
    assert int(policy.version, 16) >= 0
    assert policy.version == load_policy(SHIPPED_POLICIES).version


def test_comments_and_layout_do_not_change_the_version_and_everything_else_does() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    before = _version(texts)
    visitor = texts["levels/health_visitor.yaml"]
    assert _version(texts | {"levels/health_visitor.yaml": b"# Reviewed.\n\n" + visitor}) == before
    assert _version(texts | {"levels/health_visitor.yaml": visitor.replace(b"\n", b"\r\n")}) == before
    for old, new in (
        (b"Health visitor", b"Health Visitor"),
        (b"out of date.", b"outdated."),
        (b", transition]", b"]"),
        (b"[social_care, health, schools]", b"[health, social_care, schools]"),
    ):
        assert _version(texts | {"levels/health_visitor.yaml": visitor.replace(old, new, 1)}) != before


def test_a_folder_and_its_texts_make_the_same_rulebook(folder: Path) -> None:
    assert _version(texts_in(folder)) == load_policy(folder).version


def test_files_that_systems_leave_behind_are_passed_over(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0\0")
    (folder / "levels" / ".health_visitor.yaml.swp").write_bytes(b"\0\0")
    assert load_policy(folder).version == load_policy(SHIPPED_POLICIES).version


def test_a_link_that_leads_nowhere_is_refused(folder: Path) -> None:
    (folder / "levels" / "guest.yaml").symlink_to(folder / "gone.yaml")
    with pytest.raises(PolicyError, match=r"guest\.yaml:1: This is not a file"):
        read_rulebook(folder)


def test_a_pipe_does_not_stop_the_hub_from_starting(folder: Path) -> None:
    os.mkfifo(folder / "levels" / "guest.yaml")
    with pytest.raises(PolicyError, match="This is not a file"):
        read_rulebook(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no such folder"):
        load_policy(tmp_path / "nowhere")


def test_words_that_yaml_would_read_as_something_else_stay_words() -> None:
    document, faults = read_document(Path("x.yaml"), b"a: no\nb: 08\nc: 2024-01-01\nd: ~\ne: on\non: 1_0\n")
    assert faults == ()
    assert document.content == {"a": "no", "b": "08", "c": "2024-01-01", "d": "~", "e": "on", "on": "1_0"}


def test_every_value_knows_its_line() -> None:
    document, _ = read_document(Path("x.yaml"), b"# first\na:\n  - b\n  - c: d\n")
    assert document.lines[("a",)] == 2
    assert document.lines[("a", 0)] == 3
    assert document.lines[("a", 1, "c")] == 4
    assert document.fault(("a", 1, "missing"), "what", "mend").line == 4


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"#\n ,?%@`\t", max_size=80).map(str.encode))
def test_no_bytes_whatever_make_reading_fail_otherwise_than_with_a_fault(raw: bytes) -> None:
    texts = texts_in(SHIPPED_POLICIES) | {"levels/guest.yaml": raw}
    with pytest.raises(PolicyError):
        rulebook_from_texts(texts)


def test_dates_cover_whole_days_in_utc_and_moments_count_to_the_second() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    name = "agreements/early_help_and_transition.yaml"
    agreement = rulebook_from_texts(texts).agreements["early_help_and_transition"]
    assert agreement.starts.isoformat() == "2024-09-01T00:00:00+00:00"
    assert agreement.ends.isoformat() == "2030-09-01T00:00:00+00:00"
    to_the_second = texts[name].replace(b"2030-08-31", b"2030-08-31T17:00:01+01:00")
    exact = rulebook_from_texts(texts | {name: to_the_second}).agreements["early_help_and_transition"]
    assert exact.ends.isoformat() == "2030-08-31T16:00:01+00:00"


def test_the_catalogue_is_the_one_that_was_agreed() -> None:
    catalogue = read_rulebook(SHIPPED_POLICIES).catalogue
    assert catalogue.identity_fields == ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")
    assert {field.field_class for field in catalogue.fields.values() if field.comparable} == {"basic"}
    assert catalogue.fields["sen_support"].choices == ("none", "support", "plan")
    assert catalogue.fields["attendance_percent"].type is FieldType.NUMBER
    assert list(catalogue.lawful_bases) == ["A6_A", "A6_C", "A6_D", "A6_E"]
    assert catalogue.classes_of("child_services") == ("basic", "involvement")
    for question in catalogue.questions.values():
        assert question.fields[:5] == catalogue.identity_fields
        assert len(set(question.fields)) == len(question.fields)


def test_a_rulebook_that_was_refused_is_not_compiled(folder: Path) -> None:
    (folder / "levels" / "guest.yaml").write_text("id: guest\n", encoding="utf-8")
    with pytest.raises(PolicyError):
        compile_policy(read_rulebook(folder))


def test_an_agreement_says_whether_differences_are_told_with_their_values() -> None:
    texts = texts_in(SHIPPED_POLICIES)
    name = "agreements/early_help_and_transition.yaml"
    identifier = "early_help_and_transition"
    assert rulebook_from_texts(texts).agreements[identifier].tell_differences is TellDifferences.THAT_THEY_DIFFER
    telling = texts | {name: texts[name] + b"tell_differences: values\n"}
    assert rulebook_from_texts(telling).agreements[identifier].tell_differences is TellDifferences.VALUES
    with pytest.raises(PolicyError, match=r"early_help_and_transition.yaml:\d+: .*everything"):
        rulebook_from_texts(texts | {name: texts[name] + b"tell_differences: everything\n"})
