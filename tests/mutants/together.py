"""Mutants of indicators and of match cards as the thin client says them."""

from tests.mutants.mutant import Mutant, mutant

COMBINING, ASKING = "hub/combining/indicator.py", "hub/asking/indicating.py"
UNIT, JOURNEY = "tests/unit/hub", "tests/integration/journey/test_indicator.py"
INDICATOR, WORDS = f"{UNIT}/combining/test_indicator.py", f"{UNIT}/client/test_likeness.py"
TELLING = f"{UNIT}/asking/test_telling.py"
COMMANDS = "tests/integration/client/test_card_commands.py"
BAD = "tests/policies/test_bad_policies.py::test_a_bad_policy_is_refused_with_file_line_and_mend"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "no record leaves with an indicator",
        COMBINING,
        "        reason=reason,\n        records=None,\n",
        "        reason=reason,\n",
        f"{INDICATOR}::test_no_record_is_shown_and_only_what_is_told_counts_as_disclosed",
        f"{JOURNEY}::test_it_says_who_holds_what_and_whom_to_speak_to_and_no_record_leaves",
    ),
    mutant(
        "of what may be about somebody else neither the kinds nor the day are told",
        COMBINING,
        "        if counting.is_possible_only:\n            return Holding(",
        "        if False:\n            return Holding(",
        f"{INDICATOR}::test_of_what_is_possibly_about_somebody_else_only_the_contact_is_told",
        f"{JOURNEY}::test_of_somebody_who_is_possibly_another_only_the_contact_is_told",
    ),
    mutant(
        "what is possibly about somebody else is not mixed with what is certain",
        COMBINING,
        "for there, found in zip(says, standings, strict=True)]",
        "for there, found in zip(says, standings, strict=True)] if False else says",
        f"{INDICATOR}::test_what_is_possibly_about_somebody_else_is_not_mixed_with_what_is_certain",
        f"{INDICATOR}::test_rows_about_somebody_else_do_not_count",
    ),
    mutant(
        "to know a child is not told as holding a concern",
        COMBINING,
        "        return [bool(kind or day) for kind, day in zip(kinds, days, strict=True)]",
        "        return [True for kind, day in zip(kinds, days, strict=True)]",
        f"{INDICATOR}::test_to_know_the_child_is_not_to_hold_a_concern",
        f"{JOURNEY}::test_it_says_who_holds_what_and_whom_to_speak_to_and_no_record_leaves",
    ),
    mutant(
        "what is not known is never a no",
        COMBINING,
        "Verdict.NOT_ALL_ASKED if unknown else Verdict.NO",
        "Verdict.NO",
        f"{INDICATOR}::test_one_of_whom_nothing_is_known_makes_a_no_impossible",
        f"{INDICATOR}::test_who_has_not_been_heard_of_yet_is_unknown",
        f"{JOURNEY}::test_an_agency_that_is_away_makes_a_no_impossible",
    ),
    mutant(
        "what consent keeps back is not a no",
        COMBINING,
        "        if of_kind:\n",
        "        if False:\n",
        f"{INDICATOR}::test_what_consent_keeps_back_is_not_a_no",
    ),
    mutant(
        "what an agency's records cannot say is not a no",
        COMBINING,
        "        if answer.unfit_cells or not has_kind:\n",
        "        if False:\n",
        f"{INDICATOR}::test_an_agency_whose_records_cannot_say_it_has_not_answered",
    ),
    mutant(
        "only what is told is recorded as disclosed",
        COMBINING,
        "        return records.without(silent)",
        "        return records",
        f"{INDICATOR}::test_no_record_is_shown_and_only_what_is_told_counts_as_disclosed",
        f"{JOURNEY}::test_what_is_told_is_what_the_agency_gets_a_receipt_of",
    ),
    mutant(
        "what an indicator rests on is held, so that it can be taken back",
        ASKING,
        "if whole.records is not None and self._told[agency].holding is not None",
        "if False",
        f"{JOURNEY}::test_what_a_source_takes_back_is_taken_back_though_no_record_was_shown",
    ),
    mutant(
        "who holds nothing of the kind cannot give away that it knows the child",
        ASKING,
        "if whole.records is not None and self._told[agency].holding is not None",
        "if whole.records is not None",
        f"{JOURNEY}::test_who_holds_nothing_of_the_kind_cannot_take_the_answer_back",
    ),
    mutant(
        "an indicator has nobody to look at or to judge",
        ASKING,
        "            joining=None,\n",
        "",
        f"{JOURNEY}::test_it_says_who_holds_what_and_whom_to_speak_to_and_no_record_leaves",
    ),
    mutant(
        "nothing is fetched from an agency that could not tell of what kind it is",
        "hub/asking/permitted.py",
        "        if permit.refusal is not None or kind in permit.fields\n",
        "        if True\n",
        f"{TELLING}::test_whoever_no_agreement_lets_tell_of_what_kind_is_refused_whole",
        f"{TELLING}::test_what_the_level_itself_may_not_see_is_said_to_be_the_levels",
    ),
    mutant(
        "an indicator's contact never says who the child is",
        "hub/access/indicator_checks.py",
        "    if found.identity:\n",
        "    if False:\n",
        f"{BAD}[a contact that would tell the child's name]",
    ),
    mutant(
        "nothing is fetched that an indicator does not tell",
        "hub/access/indicator_checks.py",
        "        if name not in told:\n",
        "        if False:\n",
        f"{BAD}[a field that is fetched and told to nobody]",
    ),
    mutant(
        "the client reads a no off the agencies, whatever the hub says",
        "hub/client/indicators.py",
        "    return Verdict.NOT_ALL_ASKED if said.unknown else Verdict.NO",
        "    return Verdict.NO",
        f"{UNIT}/client/test_indicators.py::test_a_no_of_the_hubs_does_not_stand_while_an_agency_is_unknown",
    ),
    mutant(
        "an indicator that omits an agency is not shown",
        "hub/client/indicators.py",
        "    if sorted(named) != sorted(planned):\n",
        "    if False:\n",
        f"{UNIT}/client/test_indicators.py::test_an_indicator_that_leaves_an_agency_out_is_refused",
    ),
    mutant(
        "whoever is only possibly the person is never called certain",
        "hub/client/likeness.py",
        "card.per_mille >= _CERTAIN and card.standing is Standing.SAME",
        "card.per_mille >= _CERTAIN",
        f"{WORDS}::test_whoever_is_only_possibly_the_person_is_never_certain",
    ),
    mutant(
        "a standing that the client does not know is no more than possible",
        "hub/client/cards.py",
        "Standing.SAME if card.standing in _SAME else Standing.POSSIBLY",
        "Standing.POSSIBLY if card.standing == questions_pb2.STANDING_POSSIBLY else Standing.SAME",
        f"{WORDS}::test_a_standing_that_this_client_does_not_know_is_no_more_than_possible",
    ),
    mutant(
        "a program that shows details says that they are needed",
        "hub/cli/card_commands.py",
        "    if not yes:\n",
        "    if False:\n",
        f"{COMMANDS}::test_without_a_terminal_details_need_a_yes",
    ),
    mutant(
        "on a terminal somebody must say that the details are needed",
        "hub/cli/card_commands.py",
        "    if said.lower() not in _YES:\n",
        "    if False:\n",
        f"{COMMANDS}::test_on_a_terminal_somebody_must_say_that_they_need_it",
    ),
)
