"""Mutants of the record, of sessions and of the edge."""

from tests.mutants.mutant import Mutant, mutant

ASK, LOG, SESSION, REGISTRY = (
    "hub/asking/ask.py",
    "hub/audit/log.py",
    "hub/sessions/session.py",
    "hub/sessions/registry.py",
)
BORDER = "hub/edge/border.py"
UNIT, JOURNEY = "tests/unit/hub", "tests/integration/journey"
ASKING, SESSIONS = f"{UNIT}/asking/test_ask.py", f"{UNIT}/sessions/test_sessions.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "the intent is on disk before any agency is asked",
        ASK,
        "await self._audit.record(_intent(request, plan, policy, person))",
        "self._audit.submit(_intent(request, plan, policy, person))",
        f"{ASKING}::test_the_intent_is_on_disk_before_any_agency_is_asked",
        f"{ASKING}::test_without_an_intent_on_disk_nobody_is_asked_and_nothing_is_held",
    ),
    mutant(
        "a question is recorded at all",
        ASK,
        "await self._audit.record(_intent(request, plan, policy, person))",
        "pass",
        f"{ASKING}::test_no_two_questions_have_one_request_id",
        f"{JOURNEY}/test_crash.py::test_a_hub_killed_at_any_moment_has_recorded_what_anybody_received",
    ),
    mutant(
        "whoever reads no more of an answer keeps no place among those who are answered",
        "hub/edge/border.py",
        "            async with asyncio.timeout(self._unread_seconds):\n",
        "            if True:\n",
        "tests/unit/hub/edge/test_border.py::test_whoever_reads_no_more_keeps_nobody_waiting_and_is_told_why",
    ),
    mutant(
        "a disclosure is on disk before it is shown",
        ASK,
<<<<<<< HEAD
        "await self._audit.record(*self._disclosures(",
        "self._audit.submit(*self._disclosures(",
=======
        "            await self._audit.record(*self._disclosures(request, answering, answers, self._now_ms()))\n",
        "            self._audit.submit(*self._disclosures(request, answering, answers, self._now_ms()))\n",
>>>>>>> search
        f"{ASKING}::test_what_is_shown_was_on_disk_as_disclosed_before",
        f"{ASKING}::test_without_a_disclosure_on_disk_nothing_is_shown_or_held_and_no_receipt_is_sent",
    ),
    mutant(
        "a record that cannot be written refuses",
        LOG,
        "group.recorded.set_exception(why())",
        "group.recorded.set_result(0)",
        f"{UNIT}/audit/test_log.py::test_a_store_that_fails_refuses_those_who_wait_and_the_next_try_anew",
        f"{ASKING}::test_without_an_intent_on_disk_nobody_is_asked_and_nothing_is_held",
        f"{JOURNEY}/test_unwritable_record.py::test_without_a_record_no_agency_is_asked",
    ),
    mutant(
        "the writer owns the entries of callers that go away",
        LOG,
        "entries = [entry for group in batch for entry in group.entries]",
        "entries = [entry for group in batch if not group.recorded.cancelled() for entry in group.entries]",
        f"{UNIT}/audit/test_log.py::test_a_waiting_entry_is_written_though_its_caller_has_gone",
    ),
    mutant(
        "every commit is synced to the disk",
        "hub/store/engine.py",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        f"{UNIT}/store/test_store.py::test_every_connection_syncs_every_commit",
        f"{UNIT}/store/test_store.py::test_connections_on_other_threads_sync_too",
    ),
    mutant(
        "pseudonyms are keyed",
        "hub/audit/pseudonyms.py",
        'hmac.digest(key, way.encode(), "sha256")',
        'hmac.digest(b"", way.encode(), "sha256")',
        f"{UNIT}/audit/test_pseudonyms.py::test_without_the_key_nobody_can_compare",
    ),
    mutant(
        "a refusal is recorded in words of the vocabulary only",
        ASK,
        '    return typed if typed in listed else ""\n',
        "    return typed if listed else typed\n",
        f"{ASKING}::test_a_refusal_is_recorded_in_words_of_the_vocabulary_only",
        f"{JOURNEY}/test_canaries.py::test_no_planted_value_is_in_the_log_or_in_any_file",
    ),
    mutant(
        "the name of a source is not recorded",
        "hub/audit/journey.py",
        "fields=() if records is None else records.columns,",
        "fields=() if records is None else (*records.columns, records.source),",
        f"{UNIT}/audit/test_entries.py::test_the_name_that_an_agency_gives_its_source_is_not_recorded",
        f"{JOURNEY}/test_canaries.py::test_no_planted_value_is_in_the_log_or_in_any_file",
    ),
    mutant(
        "keys of a person are not shown",
        "hub/model/person.py",
        "given = [key for key in self.__slots__ if getattr(self, key)]",
        "given = [getattr(self, key) for key in self.__slots__ if getattr(self, key)]",
        f"{UNIT}/model/test_person.py::test_the_repr_of_keys_says_which_were_given_and_none_of_their_values",
    ),
    mutant(
        "the end of a session drops what it held",
        SESSION,
<<<<<<< HEAD
        "        self._cut(list(self._running))\n        self.words.forget()\n        return self._drop_all()",
        "        self._cut(list(self._running))\n        self.words.forget()\n        return len(self._held)",
=======
        "        self.words.forget()\n        return self._drop_all()",
        "        return len(self._held)",
>>>>>>> search
        f"{SESSIONS}::test_signing_out_drops_everything_and_ends_the_session",
        f"{SESSIONS}::test_what_was_held_is_freed_not_only_forgotten",
        f"{JOURNEY}/test_forgetting.py::test_what_was_held_is_freed",
    ),
    mutant(
        "the end of a session cuts what still runs",
        SESSION,
        "            self.ended_by = by\n        self._cut(list(self._running))\n",
        "            self.ended_by = by\n",
        f"{SESSIONS}::test_the_end_cuts_every_running_question",
        f"{ASKING}::test_a_session_that_ends_asks_no_longer",
    ),
    mutant(
        "closing an answer cuts its question",
        SESSION,
        "        self._cut([request_id])\n        self._held.pop(request_id).empty()\n",
        "        self._held.pop(request_id).empty()\n",
        f"{SESSIONS}::test_closing_an_answer_that_is_still_coming_cuts_its_question",
        f"{ASKING}::test_an_answer_that_is_closed_while_it_is_coming_comes_no_further",
    ),
    mutant(
        "an ended session holds nothing more",
        SESSION,
        "        self.require_wanted(request.request_id)\n",
        "",
        f"{SESSIONS}::test_an_ended_session_keeps_nothing_more",
    ),
    mutant(
        "an idle session ends",
        SESSION,
        "return EndedBy.IDLE if now - self.last_used >= self._rules.idle_seconds else None",
        "return None",
        f"{SESSIONS}::test_an_idle_session_ends_and_a_used_one_does_not",
        f"{JOURNEY}/test_forgetting.py::test_what_was_held_is_freed[idle]",
    ),
    mutant(
        "a session ends at its hour however much it is used",
        SESSION,
        "if now >= self.expires_at:",
        "if False:",
        f"{SESSIONS}::test_a_session_ends_at_its_hour_however_much_it_is_used",
    ),
    mutant(
        "tokens are kept as hashes only",
        REGISTRY,
        "return hashlib.sha256(token.encode()).digest()",
        "return token.encode()",
        f"{SESSIONS}::test_a_token_opens_its_session_and_is_kept_nowhere",
    ),
    mutant(
        "what a session may hold is bounded",
        SESSION,
        "if len(self._held.keys() | self._running.keys()) >= self._rules.most_held:",
        "if False:",
        f"{SESSIONS}::test_the_bound_on_held_answers_counts_running_ones_too",
    ),
    mutant(
        "the text of an unknown error stays inside",
        BORDER,
        'message = f"The hub failed. Tell its operator this number: {correlation}."',
        'message = f"{error} {correlation}"',
        f"{UNIT}/edge/test_border.py::test_an_unknown_error_becomes_internal_with_a_number_and_none_of_its_text",
    ),
    mutant(
        "a request that is no message is refused in our own words",
        BORDER,
        "deserializer = _reading(deserializer)",
        "pass",
        f"{UNIT}/edge/test_border.py::test_a_request_that_is_no_message_is_refused_before_anything_reads_it",
        f"{JOURNEY}/test_bad_input.py::test_bytes_that_are_no_message_are_refused_in_our_own_words",
    ),
    mutant(
        "a cancelled call leaves a status behind",
        BORDER,
        "        if context.cancelled():\n            raise error",
        "        raise error",
        f"{UNIT}/edge/test_border.py::test_a_cancelled_call_leaves_a_status_behind",
    ),
    mutant(
        "a request is at most 16 KiB",
        "hub/edge/servers.py",
        "MAX_REQUEST_BYTES = 16 * 1024",
        "MAX_REQUEST_BYTES = 1024 * 1024",
        f"{JOURNEY}/test_bad_input.py::test_a_message_that_is_too_large_is_refused_before_it_is_read",
    ),
    mutant(
        "metadata is at most 8 KiB",
        "hub/edge/servers.py",
        "MAX_METADATA_BYTES = 8 * 1024",
        "MAX_METADATA_BYTES = 15 * 1024",
        f"{JOURNEY}/test_bad_input.py::test_metadata_that_is_too_large_is_refused[12000]",
    ),
    mutant(
        "a hub that is going away takes nothing new",
        "hub/edge/questions.py",
        "if self.is_draining:",
        "if False:",
        f"{JOURNEY}/test_draining.py::test_a_hub_that_is_told_to_end_finishes_what_runs_and_takes_nothing_new",
    ),
    mutant(
        "a hub that ends lets running questions finish",
        "hub/main.py",
        "            await _drained(hub.asking, drain_seconds)\n",
        "",
        f"{JOURNEY}/test_draining.py::test_a_hub_that_is_told_to_end_finishes_what_runs_and_takes_nothing_new",
    ),
)
