"""Mutants of looking into the record: who may, what is recorded of it first, and what a person is told."""

from tests.mutants.mutant import Change, Mutant, mutant

ROOMS = "hub/auditing"
UNIT = "tests/unit/hub/auditing"
LOOKING, SEARCHING = f"{UNIT}/test_looking.py", f"{UNIT}/test_searching.py"
COMPARING, RECONCILING = f"{UNIT}/test_comparing.py", f"{UNIT}/test_reconciling.py"
TELLING, SUBJECT, BREADTH = f"{UNIT}/test_telling.py", f"{UNIT}/test_subject.py", f"{UNIT}/test_breadth.py"
WHO_MAY = "tests/integration/agreeing/test_who_may.py::test_every_rpc_lets_through_exactly_those_whom_the_table_names"
ADMITS = f"{LOOKING}::test_only_auditors_look_and_guardians_search_and_whoever_is_refused_is_recorded"
FRESH = f"{LOOKING}::test_what_leaves_the_hub_takes_a_fresh_second_factor"
LEAVES_NO_TRACE = f"{SUBJECT}::test_what_is_held_back_leaves_no_trace"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "only those whose office it is look into the record",
        f"{ROOMS}/noting.py",
        "            actor.require(*kinds)\n",
        "",
        f"{ADMITS}[administrator-search]",
        f"{ADMITS}[administrator-subject]",
        f"{ADMITS}[guardian-export]",
        WHO_MAY,
    ),
    mutant(
        "a guardian exports nothing of the record",
        f"{ROOMS}/proving.py",
        'admit(actor, "export", LevelKind.AUDITOR, is_fresh=True)',
        'admit(actor, "export", LevelKind.AUDITOR, LevelKind.GUARDIAN, is_fresh=True)',
        f"{ADMITS}[guardian-export]",
        WHO_MAY,
    ),
    mutant(
        "an export of the record takes a fresh second factor",
        f"{ROOMS}/proving.py",
        ", LevelKind.AUDITOR, is_fresh=True)",
        ", LevelKind.AUDITOR)",
        f"{FRESH}[export]",
        WHO_MAY,
    ),
    mutant(
        "who looked at a person is asked with a fresh second factor only",
        f"{ROOMS}/subject.py",
        ", LevelKind.AUDITOR, is_fresh=True)",
        ", LevelKind.AUDITOR)",
        f"{FRESH}[subject]",
        WHO_MAY,
    ),
    mutant(
        "whoever would have looked into the record and may not is recorded",
        f"{ROOMS}/noting.py",
        "            self._audit.submit(noted)\n",
        "",
        f"{ADMITS}[administrator-search]",
    ),
    mutant(
        "a look into the record is recorded before it is answered",
        f"{ROOMS}/noting.py",
        "await self._audit.record(noted)\n\n    async def asked_journals",
        "self._audit.submit(noted)\n\n    async def asked_journals",
        f"{LOOKING}::test_what_cannot_be_recorded_is_not_shown[search]",
        f"{LOOKING}::test_what_cannot_be_recorded_is_not_shown[export]",
    ),
    mutant(
        "a journal is asked who looked at a person once that is recorded",
        f"{ROOMS}/noting.py",
        "await self._audit.record(*noted)",
        "self._audit.submit(*noted)",
        f"{LOOKING}::test_what_cannot_be_recorded_is_not_shown[subject]",
    ),
    mutant(
        "an agency whose journal was asked gets a receipt of it",
        "hub/audit/oversight.py",
        'entry("journal_asked", at_ms, agency, ',
        'entry("journal_asked", at_ms, "", ',
        f"{SUBJECT}::test_each_agency_that_is_asked_gets_a_receipt_of_it_before_it_is_asked",
    ),
    mutant(
        "what is searched for in the record is recorded, so it is no free text",
        f"{ROOMS}/criteria.py",
        "    if typed and not form.fullmatch(typed):\n",
        "    if False:\n",
        f"{SEARCHING}::test_what_no_entry_could_have_is_refused_since_searches_are_recorded[requester]",
    ),
    mutant(
        "a guardian finds in the record what concerns the own agency only",
        f"{ROOMS}/searching.py",
        " and (not guards or concerns(entry, guards))",
        "",
        f"{SEARCHING}::test_pages_together_are_exactly_what_a_look_at_every_entry_finds",
        f"{LOOKING}::test_a_guardian_finds_what_concerns_the_own_agency_and_nothing_else",
    ),
    mutant(
        "a guardian is not told by the record what else was asked of whom",
        f"{ROOMS}/criteria.py",
        "return agency in (entry.get(word) for word in _AGENCY)",
        "return agency in agencies_in(entry)",
        f"{SEARCHING}::test_a_guardian_sees_neither_what_else_was_asked_nor_of_whom",
        f"{LOOKING}::test_a_guardian_finds_what_concerns_the_own_agency_and_nothing_else",
    ),
    # Told by an entry's bytes first, and then by what it says: either alone would do.
    Mutant(
        control="a search by person finds nobody else's entries",
        changes=(
            Change(
                file=f"{ROOMS}/criteria.py",
                old='(pseudonyms is None or not pseudonyms.isdisjoint(entry.get("person", ())))',
                new="True",
            ),
            Change(file=f"{ROOMS}/criteria.py", old="        if pseudonyms is not None:\n", new="        if False:\n"),
        ),
        tests=(f"{LOOKING}::test_a_person_is_found_under_every_epoch_that_has_its_key_and_by_each_way_of_naming",),
    ),
    mutant(
        "a page of the record is bounded",
        f"{ROOMS}/searching.py",
        "        if most > MOST_FOUND:\n",
        "        if False:\n",
        f"{LOOKING}::test_a_page_is_no_longer_than_it_may_be",
    ),
    mutant(
        "people are told of a look for a purpose only after its days",
        f"{ROOMS}/telling.py",
        "entry.disclosed_at_ms + purpose.told_after_days * DAY_MS <= now_ms",
        "True",
        f"{TELLING}::test_a_look_is_told_once_the_days_of_its_purpose_have_passed",
        f"{LEAVES_NO_TRACE}[told_after_days]",
    ),
    mutant(
        "people are never told of a look for a purpose of which they never are",
        f"{ROOMS}/telling.py",
        "if purpose is None or purpose.never_told:",
        "if purpose is None:",
        f"{TELLING}::test_a_look_for_a_purpose_that_is_never_told_is_not",
        f"{LEAVES_NO_TRACE}[never_told]",
    ),
    mutant(
        "people are not told of a look whose purpose took its rule with it",
        f"{ROOMS}/telling.py",
        "    if purpose is None or purpose.never_told:\n        return False\n",
        "    if purpose is None:\n        return True\n    if purpose.never_told:\n        return False\n",
        f"{TELLING}::test_a_purpose_that_has_left_the_vocabulary_is_not_told_since_its_rule_went_with_it",
    ),
    mutant(
        "that a look was held back from a person shows nowhere",
        f"{ROOMS}/subject.py",
        "    return SubjectOutcome(agency=agency, outcome=Outcome.HELD if told else Outcome.NOTHING_HELD, looks=told)",
        "    held = Outcome.HELD if answer.entries else Outcome.NOTHING_HELD\n"
        "    return SubjectOutcome(agency=agency, outcome=held, looks=told)",
        f"{LEAVES_NO_TRACE}[never_told]",
        f"{LEAVES_NO_TRACE}[told_after_days]",
    ),
    mutant(
        "what a journal says beyond the vocabulary is repeated to nobody",
        f"{ROOMS}/telling.py",
        "    return otherwise if found is None else found.title",
        "    return name if found is None else found.title",
        f"{TELLING}::test_what_a_journal_says_beyond_the_vocabulary_is_repeated_to_nobody",
    ),
    mutant(
        "receipts that the journal lacks are found",
        f"{ROOMS}/comparing.py",
        "    if number in hub and number not in held:\n",
        "    if False:\n",
        f"{COMPARING}::test_a_receipt_that_the_journal_lacks_is_missing",
        f"{RECONCILING}::test_each_planted_discrepancy_is_found",
    ),
    mutant(
        "receipts that are altered are found",
        f"{ROOMS}/comparing.py",
        "if number in hub and number in held and hub[number] != held[number]:",
        "if False:",
        f"{COMPARING}::test_a_receipt_that_is_altered_on_either_side_differs",
    ),
    mutant(
        "receipts that the hub does not know are found",
        f"{ROOMS}/comparing.py",
        "    if number not in hub and number in held:\n",
        "    if False:\n",
        f"{COMPARING}::test_a_receipt_that_the_hub_does_not_know_is_unknown_to_it",
    ),
    mutant(
        "a gap in the hub's own receipts is found",
        f"{ROOMS}/comparing.py",
        "    if number not in hub and number <= newest:\n",
        "    if False:\n",
        f"{COMPARING}::test_a_receipt_that_is_gone_from_both_is_a_gap_all_the_same",
    ),
    mutant(
        "a record that was cut is found by what a journal has beyond it",
        f"{ROOMS}/reconciling.py",
        "list(self._beyond(agency, edge, newest) if last == newest else ())",
        "[]",
        f"{RECONCILING}::test_a_hub_whose_record_was_cut_is_found_by_what_the_journal_has_beyond",
    ),
    mutant(
        "a journal that answers beyond what it was asked is not believed",
        f"{ROOMS}/reconciling.py",
        "        if any(not span.first <= receipt.number <= span.last for receipt in answer.receipts):\n",
        "        if False:\n",
        f"{RECONCILING}::test_a_journal_that_answers_beyond_its_question_is_not_believed",
    ),
    mutant(
        "requesters who ask about unusually many people stand out",
        f"{ROOMS}/breadth.py",
        "people >= max(LEAST_PEOPLE, TIMES_USUAL * usual)",
        "people > 10 * max(LEAST_PEOPLE, TIMES_USUAL * usual)",
        f"{BREADTH}::test_whoever_asks_about_far_more_people_than_the_others_stands_out",
        f"{LOOKING}::test_breadth_counts_what_was_asked_in_its_days",
    ),
    mutant(
        "what a person is told of changes only by an agreed policy",
        "hub/access/looser.py",
        '        case ("purposes", _, "told_after_days" | "never_told"):\n',
        '        case ("purposes", _, "told_after_days" | "never_told") if False:\n',
        "tests/unit/hub/access/test_difference.py::"
        "test_protections_that_are_not_in_the_matrix_are_marked_when_they_fall[purposes.youth_justice.told_after_days]",
    ),
    mutant(
        "a key by which people are named is not destroyed",
        "hub/deploying.py",
        "    if epoch >= newest:\n",
        "    if False:\n",
        "tests/unit/hub/test_destroying_epochs.py::test_a_key_is_destroyed_once_a_hub_has_begun_another",
    ),
    mutant(
        "an entry that was added behind the hub's back does not verify",
        "hub/recording/kept.py",
        "max(end, counted)",
        "counted",
        "tests/unit/hub/test_kept_log.py::test_an_entry_that_is_added_behind_the_hub_s_back_is_noticed",
    ),
    mutant(
        "a receipt that was taken away, with the others numbered on, does not verify",
        "hub/recording/kept.py",
        "        if found != expected:\n",
        "        if (found is None) != (expected is None) and not self._next:\n",
        "tests/unit/hub/test_kept_log.py"
        "::test_a_receipt_that_is_not_what_was_given_is_noticed[taken away and numbered on]",
    ),
    mutant(
        "an entry of a store that is altered is found where it is",
        "hub/recording/kept.py",
        "            if Frontier.of(hashes).root() != tiles.get(first // WIDTH):\n",
        "            if False:\n",
        "tests/unit/hub/test_kept_log.py::test_what_is_wrong_is_said_with_its_place[altered]",
    ),
    mutant(
        "a file of the record is only for whoever exported it",
        "hub/cli/audit/new_file.py",
        "0o600",
        "0o644",
        "tests/unit/hub/cli/test_new_file.py::test_a_file_is_there_once_it_is_whole_and_only_for_its_owner",
    ),
    mutant(
        "a letter to a person always says that something may be left out",
        "hub/cli/audit/letter.py",
        '"telling somebody could put a person in danger, or spoil an investigation. Every letter of this kind says '
        'so, "\n'
        '        "whether or not anything was left out."',
        '"telling somebody could put a person in danger, or spoil an investigation."',
        "tests/unit/hub/cli/test_letter.py::test_a_letter_in_which_nothing_is_left_out_says_that_something_may_be",
    ),
)
