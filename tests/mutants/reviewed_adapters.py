"""Mutants of what a review of the adapters mended: silence, the switch, what a source is believed and can cost."""

from tests.mutants.mutant import mutant

UNIT = "tests/unit/adapters"

MUTANTS = (
    mutant(
        "reviewed: who looked is not told once answers were stopped meanwhile",
        "adapters/kit/journal_asks.py",
        "    if is_stopped(connection):\n        return None\n",
        "",
        f"{UNIT}/test_journal_asks.py"
        "::test_who_looked_is_not_told_any_more_once_answers_were_stopped_while_it_was_looked_for",
    ),
)
