"""Every bad policy is refused, with the file, the line and the mend; and all faults of a policy are told at once."""

from pathlib import Path

import pytest

from hub.access.policy import load_policy
from hub.access.reading import rulebook_from_texts
from hub.errors import Fault, PolicyError
from tests.policies.bad_policies import Bad, bad_policies, shipped_texts

BAD_POLICIES = bad_policies()


def _faults(texts: dict[str, bytes]) -> tuple[Fault, ...]:
    with pytest.raises(PolicyError) as refused:
        rulebook_from_texts(texts)
    return refused.value.faults


@pytest.mark.parametrize("bad", BAD_POLICIES, ids=lambda bad: bad.name)
def test_a_bad_policy_is_refused_with_file_line_and_mend(bad: Bad) -> None:
    texts = bad.texts()
    faults = _faults(texts)
    expected = [
        fault for fault in faults if fault.file == Path(bad.file) and bad.what in fault.what and bad.mend in fault.mend
    ]
    assert expected, f"not among the faults:\n{PolicyError(faults)}"
    assert bad.line(texts) in [fault.line for fault in expected], PolicyError(faults)


@pytest.mark.parametrize("bad", BAD_POLICIES, ids=lambda bad: bad.name)
def test_a_fault_fits_on_two_lines_and_shows_no_control_character(bad: Bad) -> None:
    for fault in _faults(bad.texts()):
        assert len(str(fault)) < 400
        assert str(fault).isprintable()
        assert fault.line >= 1


def test_no_two_bad_policies_are_the_same() -> None:
    assert len({bad.name for bad in BAD_POLICIES}) == len(BAD_POLICIES) >= 300
    assert len({tuple(sorted(bad.texts().items())) for bad in BAD_POLICIES}) == len(BAD_POLICIES)


def test_the_shipped_policy_has_no_fault() -> None:
    assert rulebook_from_texts(shipped_texts()).levels


def test_faults_of_several_files_are_told_at_once_in_the_order_of_the_files() -> None:
    mistakes = [
        bad
        for bad in BAD_POLICIES
        if bad.name
        in {"a repeated key", "an unknown field", "regexMatch", "ending before beginning", "a misspelt effect"}
    ]
    texts = shipped_texts()
    for bad in mistakes:
        texts[bad.file] = bad.texts()[bad.file]
    faults = _faults(texts)
    assert {bad.file for bad in mistakes} == {str(fault.file) for fault in faults}
    assert [(str(fault.file), fault.line) for fault in faults] == sorted((str(f.file), f.line) for f in faults)


def test_one_unreadable_file_does_not_make_everything_else_look_unknown() -> None:
    texts = shipped_texts() | {"agencies.yaml": b"agencies: ["}
    assert {str(fault.file) for fault in _faults(texts)} == {"agencies.yaml"}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(tmp_path)
    missing = {fault.file.name for fault in refused.value.faults}
    assert missing == {"model.conf", "vocabulary.yaml", "agencies.yaml", "fields.yaml", "questions", "levels"}


def test_a_policy_that_grants_nothing_is_refused() -> None:
    texts = {name: text for name, text in shipped_texts().items() if not name.startswith("levels/")}
    texts["levels/auditor.yaml"] = shipped_texts()["levels/auditor.yaml"]
    del texts["tests.yaml"]
    assert [fault.what for fault in _faults(texts)] == ["No level grants anything: the policy is empty"]
