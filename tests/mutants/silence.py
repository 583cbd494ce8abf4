"""Mutants of silence that is safe, of the terms on which records leave, and of looking again."""

from tests.mutants.mutant import Mutant, mutant

SHAPING, FINDING, DOCUMENTS = "adapters/kit/shaping.py", "adapters/kit/finding.py", "adapters/kit/documents.py"
TERMS, TERMS_SHAPING, TERMS_MAPPING = (
    "adapters/kit/terms.py",
    "adapters/kit/terms_shaping.py",
    "adapters/kit/terms_mapping.py",
)
WATCHING, LINK, GATHERING = "adapters/kit/watching.py", "adapters/kit/link.py", "hub/links/gathering.py"
UNIT, LEAVING = "tests/unit/adapters", "tests/integration/adapters/test_leaving.py"
TICKS = "tests/unit/hub/links/test_ticks.py"
SAME_BYTES = (
    f"{LEAVING}::test_somebody_shielded_is_answered_for_as_unknown_in_the_same_bytes_and_the_journal_says_what_was"
)
IN_A_SECOND = f"{LEAVING}::test_an_answer_is_taken_back_within_a_second_when_its_source_changes_its_mind"
UNREADABLE_LIMIT = f"{UNIT}/test_terms.py::test_a_limit_that_cannot_be_read_is_no_consent"
FEWER = f"{UNIT}/test_terms.py::test_each_thing_that_becomes_stricter_lets_less_leave_and_the_way_back_does_not"
COVERS = f"{UNIT}/test_terms.py::test_what_consent_covers_is_never_more_than_is_listed"

KEEPING_SILENT: tuple[Mutant, ...] = (
    mutant(
        "a shielded person is not told of",
        TERMS,
        "return self.shield == ABSOLUTE or (self.shield == PERSON and not with_shielded)",
        "return self.shield == ABSOLUTE",
        f"{SAME_BYTES}[sql-R]",
        f"{SAME_BYTES}[fhir-R]",
    ),
    mutant(
        "who is shielded absolutely is told of to nobody",
        TERMS,
        "return self.shield == ABSOLUTE or (self.shield == PERSON and not with_shielded)",
        "return self.shield in (ABSOLUTE, PERSON) and not with_shielded",
        f"{UNIT}/test_terms.py::test_what_is_shielded_absolutely_is_hidden_from_everybody",
        f"{LEAVING}::test_who_may_see_the_shielded_sees_them_with_their_shield_unless_it_is_absolute[sql]",
    ),
    mutant(
        "one shielded record of a person hides the others",
        SHAPING,
        "        if hidden:\n            return nothing_told(shape.columns, shielded=hidden)\n",
        "        if len(hidden) == len(counted) and hidden:\n"
        "            return nothing_told(shape.columns, shielded=hidden)\n",
        f"{UNIT}/test_terms.py"
        "::test_one_shielded_record_of_a_person_hides_the_others_and_what_is_left_is_what_an_unknown_person_has",
    ),
    mutant(
        "what is kept silent about has the status of somebody unknown",
        "adapters/kit/answering.py",
        "status = _status(result.outcome) if found is None else links_pb2.REPLY_STATUS_ANSWERED",
        "status = _status(result.outcome)",
        f"{UNIT}/test_answering.py::test_a_veto_reads_as_somebody_unknown_unless_whoever_asks_may_see_the_protected",
    ),
    mutant(
        "for somebody kept silent about every way to look is tried, as for somebody unknown",
        FINDING,
        "            silent = silent or found\n",
        "            silent = silent or found\n            break\n",
        f"{UNIT}/test_finding.py::test_for_somebody_kept_silent_about_every_way_to_look_is_tried[shielded]",
        f"{UNIT}/test_finding.py::test_for_somebody_kept_silent_about_every_way_to_look_is_tried[withheld]",
    ),
    mutant(
        "what another way to look finds does not break the silence",
        FINDING,
        "return told if silent is None else _kept_silent(answerer, silent, rules)",
        "return told if told.found is not None and told.found.record_dates or silent is None "
        "else _kept_silent(answerer, silent, rules)",
        f"{UNIT}/test_finding.py::test_what_another_way_to_look_finds_does_not_break_the_silence",
    ),
    mutant(
        "nothing more is read about somebody shielded than about somebody unknown",
        DOCUMENTS,
        "            if hidden:\n                return nothing_told(fields, shielded=hidden)\n",
        "",
        f"{LEAVING}::test_no_request_is_made_about_somebody_shielded_that_is_not_made_about_somebody_unknown[rest]",
        f"{LEAVING}::test_no_request_is_made_about_somebody_shielded_that_is_not_made_about_somebody_unknown[fhir]",
    ),
    mutant(
        "what shows nothing is told on a tick",
        GATHERING,
        "        if self._shows_nothing(arrival):\n",
        "        if False:\n",
        f"{TICKS}::test_what_shows_nothing_is_told_on_the_next_tick_whenever_it_came[1-1-nothing_held]",
        f"{TICKS}::test_in_which_order_agencies_said_that_they_hold_nothing_is_not_told",
    ),
    mutant(
        "in which order agencies said that they hold nothing is not told",
        GATHERING,
        "sorted(waiting, key=lambda arrival: self._agencies.index(arrival.agency))",
        "list(waiting)",
        f"{TICKS}::test_in_which_order_agencies_said_that_they_hold_nothing_is_not_told",
    ),
    mutant(
        "what the rules drop without trace is told on a tick too",
        "hub/asking/ask.py",
        "[agency for agency, _ in plan.asked], answering.shows_nothing, answering.may_be_asked_again()",
        "[agency for agency, _ in plan.asked], may_be_asked_again=answering.may_be_asked_again()",
        "tests/unit/hub/asking/test_silence.py::test_what_the_rules_drop_without_trace_is_told_on_a_tick[another area]",
    ),
)

DOUBTING: tuple[Mutant, ...] = (
    mutant(
        "a code that is not listed counts as the safe word",
        TERMS_SHAPING,
        'return lambda text: codes.get(text.casefold(), unlisted if text else "")',
        'return lambda text: codes.get(text.casefold(), "")',
        f"{UNIT}/test_terms.py::test_a_code_of_shielding_that_is_not_listed_shields_the_person[??-person]",
        f"{UNIT}/test_terms.py::test_a_code_of_opting_out_that_is_not_listed_is_the_parents[Q-parents]",
        f"{SAME_BYTES}[sql-??]",
    ),
    mutant(
        "a value that is no text counts as a code that is not listed",
        TERMS_SHAPING,
        'return as_text(value) or ("" if value is None or isinstance(value, str) else UNREADABLE)',
        "return as_text(value)",
        f"{UNIT}/test_terms.py::test_something_that_is_no_text_shields_the_person_too[value0]",
    ),
    mutant(
        "of several words the strictest counts",
        TERMS,
        "self.words[max((self.words.index(word) for word in found), default=0)]",
        "self.words[min((self.words.index(word) for word in found), default=0)]",
        f"{UNIT}/test_terms.py::test_of_several_columns_the_strictest_word_counts",
    ),
    mutant(
        "a limit that cannot be read is no consent",
        TERMS_SHAPING,
        "        if said in GIVEN and limit is None:\n",
        "        if False:\n",
        f"{UNREADABLE_LIMIT}[30/02/2026-not_said-]",
        f"{UNREADABLE_LIMIT}[end of term-not_said-]",
    ),
    mutant(
        "consent covers nothing where it does not say what",
        TERMS_SHAPING,
        "_list(form, texts_of, empty=(NOT_LISTED,))",
        "_list(form, texts_of, empty=())",
        f"{COVERS}[-classes4]",
    ),
    mutant(
        "what is not listed is not covered",
        TERMS_SHAPING,
        "return word if _WORD.fullmatch(word) else NOT_LISTED",
        "return word if _WORD.fullmatch(word) else ALL",
        f"{COVERS}[Z-classes3]",
        f"{UNIT}/test_terms.py::test_an_area_that_is_not_listed_is_nobodys_and_none_is_not_said",
    ),
    mutant(
        "a manifest cannot make codes that are not listed harmless",
        TERMS_MAPPING,
        "if form.otherwise is not None and form.otherwise not in words.safe:",
        "if False:",
        f"{UNIT}/test_manifest_file.py::test_terms_that_would_let_more_leave_than_is_said_are_refused",
    ),
)

LOOKING_AGAIN: tuple[Mutant, ...] = (
    mutant(
        "answers that are held are looked at again",
        "adapters/kit/answering.py",
        "        self._watch(ask, hub, result, withdrawn)\n",
        "",
        f"{IN_A_SECOND}[sql-consent0]",
        f"{IN_A_SECOND}[files-shield]",
    ),
    mutant(
        "an answer is taken back when less may leave",
        WATCHING,
        "less = is_less(look.said, found.terms_by_record())",
        "less = False",
        f"{IN_A_SECOND}[rest-consent0]",
        f"{UNIT}/test_watching.py::test_an_answer_is_taken_back_within_a_second_once_less_may_leave[now0]",
    ),
    mutant(
        "an answer is taken back when its record is gone",
        TERMS,
        "    if len(now) < len(before):\n        return True\n",
        "",
        f"{UNIT}/test_terms.py::test_a_record_that_is_gone_lets_less_leave_and_one_that_has_come_does_not",
    ),
    mutant(
        "a shield that is put up takes answers back",
        TERMS,
        "SHIELDS.words.index(now.shield) > SHIELDS.words.index(before.shield)\n        or ",
        "",
        f"{FEWER}[stricter0]",
    ),
    mutant(
        "an objection takes answers back",
        TERMS,
        "or OPT_OUTS.words.index(now.opt_out) > OPT_OUTS.words.index(before.opt_out)\n        ",
        "",
        f"{FEWER}[stricter1]",
        f"{IN_A_SECOND}[sql-s117]",
    ),
    mutant(
        "an earlier end of consent takes answers back",
        TERMS,
        "(bool(now.until) and (not before.until or now.until < before.until))\n        or ",
        "",
        f"{FEWER}[stricter3]",
        f"{IN_A_SECOND}[sql-until]",
    ),
    mutant(
        "consent that covers less takes answers back",
        TERMS,
        "return bool(now) and (not before or not set(before) <= set(now))",
        "return False",
        f"{FEWER}[stricter4]",
        f"{IN_A_SECOND}[sql-covers]",
    ),
    mutant(
        "what nobody could look at for a minute is taken back",
        WATCHING,
        "        except SourceFault:\n            less = now - self._seen_at.get(key, now) >= UNSEEN_SECONDS\n",
        "        except SourceFault:\n            less = False\n",
        f"{UNIT}/test_watching.py::test_a_source_that_is_down_for_a_minute_takes_answers_back[down]",
    ),
    mutant(
        "what the hub has dropped is forgotten",
        LINK,
        "                self.answering.watching.end(self.hub, request_id)\n",
        "                pass\n",
        f"{LEAVING}::test_what_the_hub_holds_no_longer_is_not_looked_at_and_what_lets_more_leave_takes_nothing_back[sql]",
    ),
    mutant(
        "looks are no more than a source is to bear",
        WATCHING,
        "wait = max(turn.due[0][0], turn.last + 1 / self.looks_per_second) - now",
        "wait = turn.due[0][0] - now",
        f"{UNIT}/test_watching.py::test_looks_are_no_more_than_allowed_and_the_log_says_when_they_fall_behind",
    ),
    mutant(
        "what cannot be taken back over one link is taken back over the next",
        WATCHING,
        "            self._owed.setdefault(hub, []).append(request_id)\n",
        "            return\n",
        f"{UNIT}/test_watching.py"
        "::test_what_cannot_be_said_yet_is_said_over_the_next_link_and_each_hub_hears_of_its_own",
    ),
    mutant(
        "what was taken back over a link that then ended is taken back once more",
        WATCHING,
        "        for said in unheard:\n",
        "        for said in unheard[:0]:\n",
        f"{UNIT}/test_watching.py::test_what_was_taken_back_over_a_link_that_has_ended_since_is_said_over_another",
    ),
)

MUTANTS = (*KEEPING_SILENT, *DOUBTING, *LOOKING_AGAIN)
