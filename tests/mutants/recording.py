"""Mutants of the Merkle log: the tree, its signatures, its start, its pseudonyms, and what happens when it fails."""

from tests.mutants.mutant import Mutant, mutant

TREE, CHECKPOINTS, LEDGER, LOG = (
    "hub/audit/tree.py",
    "hub/audit/checkpoints.py",
    "hub/audit/ledger.py",
    "hub/audit/log.py",
)
VERIFYING, STANDALONE, EPOCHS = "hub/audit/verifying.py", "adapters/kit/verifying.py", "hub/recording/epochs.py"
UNIT = "tests/unit/hub/audit"
TAMPERING = f"{UNIT}/test_tampering.py"
SIGNED_ANEW = f"{TAMPERING}::test_whatever_is_signed_anew_with_the_stolen_key_is_noticed_up_to_what_a_witness_saw"
ROLLED_BACK = f"{TAMPERING}::test_a_log_that_was_rolled_back_is_noticed_by_one_witness_and_by_nothing_else"
NOT_OPENED = f"{UNIT}/test_ledger.py::test_a_log_that_is_not_what_was_signed_is_not_opened"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "record: leaves and nodes are hashed apart",
        TREE,
        '_LEAF, _NODE = b"\\x00", b"\\x01"',
        '_LEAF, _NODE = b"", b""',
        f"{UNIT}/test_tree.py::test_leaves_and_nodes_are_hashed_apart",
        f"{UNIT}/test_tree.py::test_the_roots_of_the_known_leaves_are_the_known_ones",
    ),
    mutant(
        "record: a proof ends at the root",
        TREE,
        "return last == 0 and found == expected",
        "return True",
        f"{UNIT}/test_tree.py::test_every_leaf_has_its_proof_which_proves_nothing_else",
    ),
    mutant(
        "record: what a tree was before is part of the proof",
        TREE,
        "return last == 0 and before == old_root and after == new_root",
        "return last == 0 and after == new_root",
        f"{UNIT}/test_tree.py::test_a_rewritten_beginning_has_no_proof",
    ),
    mutant(
        "record: a checkpoint's signature is looked at",
        CHECKPOINTS,
        'Ed25519PublicKey.from_public_bytes(public_key).verify(signed[_HINT_BYTES:], parts["text"].encode())',
        "Ed25519PublicKey.from_public_bytes(public_key)",
        f"{UNIT}/test_checkpoints.py::test_every_flipped_bit_is_noticed",
        f"{UNIT}/test_checkpoints.py::test_a_changed_number_or_root_is_not_what_was_signed",
    ),
    mutant(
        "record: the hub compares a log with its witness",
        VERIFYING,
        "        _compare(frontier, seen)\n    if seen",
        "    if seen",
        SIGNED_ANEW,
    ),
    mutant(
        "record: the hub notices a log that is shorter than its witness saw",
        VERIFYING,
        "if seen is not None and frontier.size < seen.size:",
        "if False:",
        ROLLED_BACK,
    ),
    mutant(
        "record: the standalone verifier compares a log with its witness",
        STANDALONE,
        "if seen is not None and count == seen.size and _summed(digits) != seen.root:",
        "if False:",
        SIGNED_ANEW,
    ),
    mutant(
        "record: the standalone verifier notices a log that is shorter than its witness saw",
        STANDALONE,
        "if seen is not None and count < seen.size:",
        "if False:",
        ROLLED_BACK,
    ),
    mutant(
        "record: the standalone verifier compares entries with what was signed",
        STANDALONE,
        "if count != state.size or _summed(digits) != state.root:",
        "if False:",
        f"{TAMPERING}::test_every_single_bit_of_a_log_that_is_flipped_is_noticed",
    ),
    mutant(
        "record: the end of the log is compared with its checkpoint at the start",
        LEDGER,
        "if frontier.size != end or frontier.root() != signed.root:",
        "if False:",
        NOT_OPENED,
    ),
    mutant(
        "record: a log that is shorter than its newest checkpoint is not opened",
        LEDGER,
        "if end != signed.size:",
        "if False:",
        "tests/unit/hub/recording/test_opening.py::"
        "test_a_log_that_is_shorter_than_its_newest_checkpoint_is_refused_with_words_and_a_mend",
    ),
    mutant(
        "record: what is filed under another kind or time than it says is noticed",
        LEDGER,
        "if not kept_as_leaf(leaf, kind, at_ms):",
        "if False:",
        NOT_OPENED,
    ),
    mutant(
        "record: after a failure the log looks what is on disk",
        LEDGER,
        "        self._is_sure = False\n        self._rows.append(commit)",
        "        self._rows.append(commit)",
        f"{UNIT}/test_ledger.py::test_after_a_failure_the_log_goes_on_from_what_is_on_disk",
    ),
    mutant(
        "record: receipts are numbered without gaps",
        LEDGER,
        "numbers[entry.agency] = numbers.get(entry.agency, 0) + 1",
        "numbers[entry.agency] = numbers.get(entry.agency, 0) + 2",
        f"{UNIT}/test_ledger.py::test_receipts_are_numbered_without_gaps_for_each_agency_over_commits_and_starts",
    ),
    mutant(
        "record: a write that hangs refuses within a second",
        LOG,
        "PATIENCE_SECONDS = 0.9",
        "PATIENCE_SECONDS = 5.0",
        f"{UNIT}/test_log.py::"
        "test_a_disk_that_hangs_refuses_within_a_second_and_what_was_submitted_is_written_when_it_comes_back",
    ),
    mutant(
        "record: patience begins when somebody begins to wait, and not when their turn comes",
        LOG,
        "impatient = loop.call_at(batch[0].since + PATIENCE_SECONDS, self._give_up, batch)",
        "impatient = loop.call_later(PATIENCE_SECONDS, self._give_up, batch)",
        f"{UNIT}/test_log.py::test_a_slow_disk_is_no_excuse_to_those_who_came_while_it_was_busy",
    ),
    mutant(
        "record: a clock that was set back is not believed",
        LOG,
        "if now_ms < self._last_at_ms - MOST_BACK_MS:",
        "if False:",
        f"{UNIT}/test_log.py::test_a_clock_that_was_set_back_is_refused",
        f"{UNIT}/test_log.py::test_a_clock_that_was_set_back_while_no_hub_ran_is_refused_too",
    ),
    mutant(
        "record: a small step back is not the way to a large one",
        LOG,
        "self._last_at_ms = max(now_ms, self._last_at_ms)",
        "self._last_at_ms = now_ms",
        f"{UNIT}/test_log.py::test_a_small_step_back_is_not_the_way_to_a_large_one",
    ),
    mutant(
        "record: what was submitted together shares a commit",
        LOG,
        "while self._waiting and (not batch or count + len(self._waiting[0].entries) <= LONGEST_BATCH):",
        "while self._waiting and count < LONGEST_BATCH:",
        f"{UNIT}/test_log.py::test_what_is_submitted_together_stands_together_and_shares_a_commit",
    ),
    mutant(
        "record: that less would have done, and was not enough, stands in the intent",
        "hub/audit/journey.py",
        "        needs_more=request.needs_more,\n",
        "",
        "tests/unit/hub/asking/test_before_asking.py::test_that_more_was_needed_is_recorded",
        f"{UNIT}/test_entries.py::test_an_intent_says_who_asks_what_why_and_of_whom_and_nothing_of_the_person",
    ),
    mutant(
        "record: an entry that is of an agency cannot be without its receipt",
        "hub/audit/leaves.py",
        '    if particulars.get("agency", "") != receipted_to:\n',
        "    if False:\n",
        f"{UNIT}/test_entries.py::test_an_entry_that_is_of_an_agency_is_receipted_to_it_and_to_no_other",
    ),
    mutant(
        "record: a refusal says on what ground it was asked",
        "hub/asking/ask.py",
        "            ground=_known(asked.ground, catalogue.grounds),\n",
        "",
        "tests/unit/hub/asking/test_ask.py::test_a_refusal_is_recorded_in_words_of_the_vocabulary_only",
    ),
    mutant(
        "record: a disclosure names its own agency's officer only",
        "hub/audit/journey.py",
        'confirmed_by=_officers(request).get(answer.agency, ""),',
        "confirmed_by=_officers(request),",
        f"{UNIT}/test_entries.py::"
        "test_a_disclosure_is_of_one_agency_which_is_told_what_of_its_records_went_to_whom_and_why",
    ),
    mutant(
        "record: a destroyed key is gone from the disk",
        EPOCHS,
        "        old.write(new_secret_key(KEY_BYTES))\n",
        "",
        "tests/unit/hub/recording/test_epochs.py::test_what_was_in_the_key_s_place_on_the_disk_is_overwritten",
    ),
    mutant(
        "record: an epoch's number is never given again",
        EPOCHS,
        "if epoch not in known or epoch == known[-1]:",
        "if epoch not in known:",
        "tests/unit/hub/recording/test_epochs.py::test_the_current_epoch_and_one_that_is_not_there_are_not_destroyed",
    ),
)
