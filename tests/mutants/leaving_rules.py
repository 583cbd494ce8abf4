"""Mutants of what may leave: one for each rule on consent, objection, grounds, protection and areas."""

from tests.mutants.mutant import mutant

SHIELD, AREA, AGE = "hub/release/shield.py", "hub/release/area.py", "hub/release/age.py"
CONSENT, CIRCUMSTANCES = "hub/release/consent.py", "hub/release/circumstances.py"
LEAVING, RELEASING = "hub/release/leaving.py", "hub/asking/releasing.py"
STATING, WITHDRAWING = "hub/access/stating.py", "hub/asking/withdrawing.py"
LOOSER, CHECKS = "hub/access/leaving_looser.py", "hub/access/leaving_checks.py"
TERMS, SESSION = "hub/links/terms.py", "hub/sessions/session.py"
SPEC, UNIT = "tests/spec/test_behaviour.py", "tests/unit/hub"
SEEN = f"{SPEC}::test_the_requester_sees_what_the_table_says"
REFUSED = f"{SPEC}::test_each_question_is_refused_as_the_table_says_and_nobody_is_asked"
TAKEN_BACK = f"{UNIT}/asking/test_leaving.py"
TABLES = f"{UNIT}/release/test_leaving.py"
MATRIX = "tests/policies/test_release_matrix.py::test_a_stretch_of_the_matrix_is_as_the_oracle_says"
OVER_ANSWERING = "tests/policies/test_over_answering.py"
OVER = f"{OVER_ANSWERING}::test_five_thousand_over_answers_show_no_canary_that_the_oracle_does_not_allow"
PROTECTIONS = f"{UNIT}/access/test_difference.py::test_protections_that_are_not_in_the_matrix_are_marked_when_they_fall"
GROUNDS_LOOSER = (
    f"{UNIT}/access/test_difference.py::test_a_ground_more_or_one_that_no_officer_need_confirm_opens_records"
)
BAD = "tests/policies/test_bad_policies.py::test_a_bad_policy_is_refused_with_file_line_and_mend"
BAD_TERMS = f"{UNIT}/links/test_terms.py::test_terms_out_of_form_make_the_whole_reply_malformed"
CONDITIONS = "[What the law sets apart needs a special condition, and it must be one that counts]"
GROUNDS = "[A ground must be one that counts, and goes with a reason and with who has been told]"
FIRST = "[The question that asks for less comes first]"

MUTANTS = (
    mutant(
        "leaving: a protected person is nobody",
        SHIELD,
        "known = records.only([said.shield not in hidden for said in records.terms])",
        "known = records",
        f"{SEEN}[A person is protected]",
        f"{SEEN}[A person is protected absolutely]",
        f"{TABLES}::test_a_protected_row_beside_others_leaves_no_trace",
    ),
    mutant(
        "leaving: what is protected absolutely is shown to nobody",
        SHIELD,
        "hidden = frozenset({Shield.ABSOLUTE}) if is_entitled",
        "hidden = frozenset() if is_entitled",
        f"{SEEN}[A person is protected absolutely]",
    ),
    mutant(
        "leaving: a protected address is emptied",
        SHIELD,
        "return known.emptied(addresses, locating) if addresses else known",
        "return known",
        f"{SEEN}[An address is protected]",
    ),
    mutant(
        "leaving: only who is entitled is shown whom an agency protects",
        CIRCUMSTANCES,
        "return self.sees_shielded or self.break_glass_until is not None",
        "return True",
        f"{SEEN}[A person is protected]",
        f"{SEEN}[An agency holds something that may not leave, by its own veto]",
    ),
    mutant(
        "leaving: a veto reads as nothing held",
        RELEASING,
        "is_hidden = arrival.outcome is Outcome.WITHHELD and not by.may_see_protected",
        "is_hidden = False",
        f"{SEEN}[An agency holds something that may not leave, by its own veto]",
    ),
    mutant(
        "leaving: a source is asked for whom it protects only for those who may be shown them",
        "hub/asking/ask.py",
        "with_shielded=sees_protected(policy, request, self._now()),",
        "with_shielded=True,",
        f"{TAKEN_BACK}::test_a_source_is_told_when_nobody_holds_its_answer_any_more",
    ),
    mutant(
        "leaving: a record of another area is none",
        AREA,
        "return records.only([not said.areas or not areas.isdisjoint(said.areas) for said in records.terms])",
        "return records",
        f"{SEEN}[A record belongs to another area]",
    ),
    mutant(
        "leaving: old records stay away",
        AGE,
        "return records.only([not day or day >= oldest for day in records.record_dates])",
        "return records",
        f"{TABLES}::test_records_are_recent_up_to_their_last_day_and_undated_ones_stay",
    ),
    mutant(
        "leaving: what needs consent needs it",
        CONSENT,
        "if not objects and (not found.consent or consents(terms.consent, found.id, by)):",
        "if not objects:",
        f"{SEEN}[Nobody has asked for consent]",
        f"{SEEN}[Consent was refused]",
        f"{SEEN}[The source says nothing of consent]",
    ),
    mutant(
        "leaving: consent ends with its last day",
        "hub/model/terms.py",
        " and (not self.until or day <= self.until)\n",
        "\n",
        f"{SEEN}[Consent has ended the day before]",
    ),
    mutant(
        "leaving: consent is for the classes for which it was given",
        CONSENT,
        "        and (not consent.classes or field_class in consent.classes)\n",
        "",
        MATRIX,
    ),
    mutant(
        "leaving: consent is for the purposes for which it was given",
        CONSENT,
        "        and (not consent.purposes or by.purpose in consent.purposes)\n",
        "",
        MATRIX,
    ),
    mutant(
        "leaving: consent is for the agencies to which it was given",
        CONSENT,
        "        and (not consent.agencies or by.requester_agency in consent.agencies)\n",
        "",
        MATRIX,
    ),
    mutant(
        "leaving: an objection counts",
        CONSENT,
        "objects = objection is not None and objection <= beginning_of(by.today)",
        "objects = False",
        f"{SEEN}[Parents have objected]",
        f"{SEEN}[A pupil of 16 has objected]",
    ),
    mutant(
        "leaving: a pupil whose age nobody knows is old enough to object",
        CONSENT,
        "return _ALWAYS if day is None else beginning_of(day)",
        "return None if day is None else beginning_of(day)",
        f"{SEEN}[The age of a pupil who has objected is not known]",
    ),
    mutant(
        "leaving: against somebody's word an officer must confirm",
        CONSENT,
        "if needs_officer is False and not said_no:",
        "if needs_officer is False:",
        f"{SEEN}[A life is at risk, and consent was refused]",
    ),
    mutant(
        "leaving: a ground that needs an officer needs an officer",
        CONSENT,
        "if needs_officer is not None and by.confirmed_until is not None:",
        "if needs_officer is not None:",
        f"{SEEN}[The law requires it, and no officer has confirmed that]",
    ),
    mutant(
        "leaving: an officer decides for the records of one agency",
        "hub/model/request.py",
        "if found.agency == agency and at < found.until",
        "if at < found.until",
        f"{SEEN}[Another agency's officer has]",
    ),
    mutant(
        "leaving: an officer's word ends",
        "hub/model/request.py",
        "if found.agency == agency and at < found.until",
        "if found.agency == agency",
        f"{UNIT}/model/test_grounds.py::test_an_officer_s_word_holds_up_to_its_end_and_for_one_agency",
    ),
    mutant(
        "leaving: only levels that have it open break-glass access, while they have it",
        RELEASING,
        "is_open = level is not None and level.break_glass and request.is_break_glass(at)",
        "is_open = request.is_break_glass(at)",
        OVER,
    ),
    mutant(
        "leaving: break-glass access is asked for by levels that have it",
        "hub/asking/admitting.py",
        "if asked.break_glass and not policy.levels[requester.access_level].break_glass:",
        "if False:",
        f"{REFUSED}{FIRST}",
    ),
    mutant(
        "leaving: what no row may show goes as a whole",
        LEAVING,
        "    if withheld and not _tells_anything(records, rules.identity):\n",
        "    if False:\n",
        f"{SEEN}[Consent was refused]",
        f"{TABLES}::test_whoever_could_show_nothing_but_who_somebody_is_shows_nothing",
    ),
    mutant(
        "leaving: the lists that a source names are not told",
        LEAVING,
        "said = [replace(found.consent, classes=(), purposes=(), agencies=()) for found in terms]",
        "said = [found.consent for found in terms]",
        f"{TABLES}::test_what_names_a_source_s_lists_is_not_told_to_the_requester",
    ),
    mutant(
        "leaving: what the law sets apart needs a special condition",
        STATING,
        "if accepted is None or given in accepted:",
        "if True:",
        f"{REFUSED}{CONDITIONS}",
    ),
    mutant(
        "leaving: what has come to need another special condition is not shown",
        "hub/asking/permitted.py",
        "barred = policy.barred_fields(request.special_condition)",
        "barred = frozenset[str]()",
        OVER,
    ),
    mutant(
        "leaving: a ground must be one that the question takes",
        STATING,
        "    if stated.ground not in accepted:\n",
        "    if False:\n",
        f"{REFUSED}{GROUNDS}",
    ),
    mutant(
        "leaving: a ground goes with a reason",
        STATING,
        "    if fitting and not stated.override_reason:\n",
        "    if False:\n",
        f"{REFUSED}{GROUNDS}",
    ),
    mutant(
        "leaving: a ground goes with who has been told",
        STATING,
        "    if stated.informed is Informed.NOT_SAID:\n",
        "    if False:\n",
        f"{REFUSED}{GROUNDS}",
    ),
    mutant(
        "leaving: what asks for less comes first",
        "hub/asking/least.py",
        "if not first or request.needs_more or request.break_glass:",
        "if True:",
        f"{REFUSED}{FIRST}",
    ),
    mutant(
        "leaving: what a source takes back is taken back",
        "hub/links/link.py",
        "            if not self._watch.withdrawn(self.agency, withdrawal.request_id):\n",
        "            if not withdrawal.request_id:\n",
        f"{TAKEN_BACK}::test_what_a_source_takes_back_before_it_is_released_is_not_released",
        f"{TAKEN_BACK}::test_what_a_source_takes_back_while_it_is_held_goes_within_a_second",
    ),
    mutant(
        "leaving: what a source takes back while it is asked is not shown",
        WITHDRAWING,
        "counts = request is not None and self._is_asked(agency, request)",
        "counts = False",
        f"{TAKEN_BACK}::test_what_a_source_takes_back_before_it_is_released_is_not_released",
    ),
    mutant(
        "leaving: an agency takes back its own",
        WITHDRAWING,
        "counts = request is not None and self._is_asked(agency, request)",
        "counts = True",
        f"{TAKEN_BACK}::test_an_agency_takes_back_nothing_of_another_s",
    ),
    mutant(
        "leaving: what showed nothing is not taken back, for that would tell",
        WITHDRAWING,
        "counts = told.records is not None",
        "counts = True",
        f"{TAKEN_BACK}::test_what_was_dropped_without_trace_is_taken_back_without_one_while_others_are_waited_for",
        f"{TAKEN_BACK}::test_what_was_dropped_without_trace_is_taken_back_without_one_when_the_answer_is_held",
    ),
    mutant(
        "leaving: who takes back what there is not does not keep the hub looking for ever",
        "hub/links/link.py",
        "                if self._in_vain > MOST_IN_VAIN:\n",
        "                if False:\n",
        f"{UNIT}/links/test_link.py::test_a_link_on_which_too_much_is_taken_back_in_vain_ends",
    ),
    mutant(
        "leaving: what may be shown up to a moment goes at that moment",
        WITHDRAWING,
        "                    if held.limit is not None and held.limit <= at:\n",
        "                    if False:\n",
        f"{TAKEN_BACK}::test_an_answer_about_a_pupil_goes_when_the_pupil_is_old_enough_to_object",
        f"{TAKEN_BACK}::test_an_answer_goes_at_the_second_at_which_the_consent_ends_on_which_it_rests",
    ),
    mutant(
        "leaving: a consent that ends is watched to the second",
        WITHDRAWING,
        "for turn in (*policy.turns, *limits) if turn > looked",
        "for turn in policy.turns if turn > looked",
        f"{TAKEN_BACK}::test_an_answer_goes_at_the_second_at_which_the_consent_ends_on_which_it_rests",
    ),
    mutant(
        "leaving: what can no longer be taken back goes by itself",
        WITHDRAWING,
        "if at - since >= LONGEST_UNHEARD}",
        "if False}",
        f"{TAKEN_BACK}::test_an_answer_that_rests_on_consent_goes_when_its_source_has_not_been_heard_for_a_minute",
    ),
    mutant(
        "leaving: what may be objected to goes by itself too, when nobody could say that somebody does",
        WITHDRAWING,
        "classes[fields[name].field_class].is_kept_back for",
        "classes[fields[name].field_class].consent for",
        f"{TAKEN_BACK}::test_what_may_be_objected_to_goes_too_when_its_source_has_not_been_heard",
    ),
    mutant(
        "leaving: another process of an agency does not speak for the one that is gone",
        WITHDRAWING,
        "    return answer.agency, answer.instance\n",
        '    return answer.agency, "fedcba9876543210"\n',
        f"{TAKEN_BACK}::test_an_answer_that_rests_on_consent_goes_when_its_source_has_not_been_heard_for_a_minute",
    ),
    mutant(
        "leaving: held answers are decided anew, row by row",
        RELEASING,
        "    return again is not None and (again is shown or "
        "(again.columns, again.cells) == (shown.columns, shown.cells))\n",
        "    return True\n",
        f"{TAKEN_BACK}::test_a_policy_that_comes_to_need_consent_takes_back_what_has_none",
    ),
    mutant(
        "leaving: a source is told when it need not look again",
        SESSION,
        "                let_go()\n",
        "                del let_go\n",
        f"{TAKEN_BACK}::test_a_source_is_told_when_nobody_holds_its_answer_any_more",
    ),
    mutant(
        "leaving: terms of a later contract are not trusted",
        TERMS,
        "    if number not in known:\n        raise BadTermsError\n    return known[number]\n",
        "    return known.get(number, known[0])\n",
        f"{BAD_TERMS}[a shield of a later contract]",
        f"{BAD_TERMS}[a state of a later contract]",
    ),
    mutant(
        "leaving: a limit that cannot be read is not taken for none",
        TERMS,
        "    except ValueError:\n        raise BadTermsError from None\n",
        '    except ValueError:\n        return ""\n',
        f"{BAD_TERMS}[a day that does not exist]",
    ),
    mutant(
        "leaving: a class that loses consent is looser",
        LOOSER,
        "return _words(was, will) if isinstance(was, str) else bool(was)",
        "return _words(was, will) if isinstance(was, str) else None",
        f"{PROTECTIONS}[field_classes.health.consent]",
        f"{PROTECTIONS}[field_classes.education.opt_out]",
    ),
    mutant(
        "leaving: a ground more is looser",
        LOOSER,
        "return was is ABSENT or (will is not ABSENT and bool(was) and not will)",
        "return None",
        f"{GROUNDS_LOOSER}",
    ),
    mutant(
        "leaving: to be shown whom agencies protect is looser",
        LOOSER,
        "            return bool(will)\n",
        "            return None\n",
        f"{PROTECTIONS}[levels.health_visitor.sees_shielded]",
    ),
    mutant(
        "leaving: nobody's consent keeps back who somebody is",
        CHECKS,
        "    if found and (found.consent or found.opt_out):\n",
        "    if False:\n",
        f"{BAD}[consent for what says who a person is]",
        f"{BAD}[an objection to what says who a person is]",
    ),
    mutant(
        "leaving: no agreement is in force while its statute is not",
        CHECKS,
        "    yield from _outside_gateways(papers)\n",
        "",
        f"{BAD}[an agreement under a statute that is not in force yet]",
        f"{BAD}[an agreement under a statute that is repealed]",
    ),
)
