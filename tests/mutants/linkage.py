"""Mutants of linking: what keeps one person's records from another's."""

from tests.mutants.mutant import mutant

COMPARING, JOINING, NAMES = "hub/linkage/comparing.py", "hub/linkage/joining.py", "hub/linkage/names.py"
FEATURES, VALUES, PEOPLE = "hub/linkage/features.py", "hub/linkage/values.py", "hub/linkage/people.py"
UNIT = "tests/unit/hub/linkage"
TABLE = f"{UNIT}/test_who_is_who.py::test_somebody_stands_to_the_person_asked_about_as_the_table_says"
COUSIN = "test_a_cousin_of_the_same_name_born_a_slip_apart_elsewhere_is_never_the_child"
WHO, LIKENESS = f"{UNIT}/test_people.py", f"{UNIT}/test_likeness.py"

MUTANTS = (
    mutant(
        "an identifier that contradicts forbids",
        COMPARING,
        "opposes = contradicts or (Agreement.OPPOSES",
        "opposes = (Agreement.OPPOSES",
        f"{TABLE}[both, one of them another's]",
    ),
    mutant(
        "an identifier that is not valid says nothing for anybody",
        FEATURES,
        "    if is_valid(kind, number):",
        "    if number:",
        f"{LIKENESS}::test_numbers",
        f"{TABLE}[a number that is nobody's]",
    ),
    mutant(
        "names and date of birth must all agree",
        COMPARING,
        "min(named) >= Agreement.NEARLY\n        ties",
        "max(named) >= Agreement.NEARLY\n        ties",
        f"{TABLE}[year only]",
    ),
    mutant(
        "a twin whose name is another name is somebody else",
        NAMES,
        "is_close=not are_two and _may_be_slip(one.spelled, other.spelled)",
        "is_close=True",
        f"{LIKENESS}::test_given_names[Tia-Tea-slip-no]",
    ),
    mutant(
        "a slip that makes another name is no slip",
        NAMES,
        "are_two = _is_name(one, is_known) and _is_name(other, is_known)",
        "are_two = False",
        f"{LIKENESS}::test_given_names[Amina-Amira-slip-opposes]",
    ),
    mutant(
        "a name that is also given apart is no agreement",
        NAMES,
        "if all(Rank.KIN in pair for pair in ranks) or",
        "if",
        f"{LIKENESS}::test_given_names[Jon-Jan-short_form-no]",
    ),
    mutant(
        "a common name with a slip in the date is not enough",
        COMPARING,
        "is_named and weight >= self._parameters.same and",
        "is_named and",
        f"{TABLE}[a common name, the day mistyped]",
    ),
    mutant(
        "a cousin of the same name is not taken for the child with a mistyped date",
        COMPARING,
        "if born.agreement is Agreement.NEARLY and not is_at_home:",
        "if False:",
        f"{TABLE}[a cousin, a day apart, next door]",
    ),
    mutant(
        "a number is in doubt where name and date of birth are somebody else's",
        COMPARING,
        "return len(opposed) >= NUMBER_IN_DOUBT if agrees",
        "return False if agrees",
        f"{TABLE}[her number typed for her brother]",
    ),
    mutant(
        "whoever has another given name is different, however much else agrees",
        COMPARING,
        "is_other = contradicts or _has_another_name(fields)",
        "is_other = contradicts",
        f"{TABLE}[a sister]",
    ),
    mutant(
        "whoever has another number is different where names do not agree",
        COMPARING,
        "is_other = contradicts or _has_another_name(fields)",
        "is_other = _has_another_name(fields)",
        f"{TABLE}[the same, with her own number]",
    ),
    mutant(
        "closure by names stops at a contradiction",
        JOINING,
        "if not self._is_crowded and not self._falls_apart(company):",
        "if not self._is_crowded:",
        f"{WHO}::test_the_number_asked_for_still_counts_where_a_namesake_with_another_comes_along",
    ),
    mutant(
        "closure by numbers stops at a contradiction",
        JOINING,
        "return self._undisputed(direct) if self._falls_apart(company) else company",
        "return company",
        f"{WHO}::test_closure_never_overrides_a_contradiction",
    ),
    mutant(
        "somebody possible whose records contradict each other falls apart",
        JOINING,
        "            if self._oppose_each_other(group):",
        "            if False:",
        f"{WHO}::test_records_of_somebody_possible_that_contradict_each_other_are_shown_one_by_one",
    ),
    mutant(
        "of two records with the number asked for that contradict each other neither is believed",
        JOINING,
        "return {place for place in unopposed if self._stands_up(place, unopposed)}",
        "return set(unopposed)",
        f"{WHO}::test_two_records_with_the_number_asked_for_that_contradict_each_other_are_both_in_doubt",
    ),
    mutant(
        "a pupil's temporary number contradicts nothing, and two lasting ones do",
        VALUES,
        "return None if kind == UPN and (valid[-1].isalpha() or others[-1].isalpha()) else likeness.CONTRADICTS",
        "return None if kind == UPN else likeness.CONTRADICTS",
        f"{LIKENESS}::test_numbers",
    ),
    mutant(
        "not the same, says the requester, and it is not",
        PEOPLE,
        "        if words.get(place, Word.NONE) is Word.NONE:",
        "        if words.get(place, Word.NONE) is not Word.SAME:",
        f"{WHO}::test_the_requester_s_word_moves_the_rows_of_which_it_was_said_and_no_others",
    ),
    mutant(
        "what stands for no name is no name",
        FEATURES,
        "if not spelled or spelled in NO_NAMES or",
        "if not spelled or",
        f"{WHO}::test_placeholders_for_names_and_dates_say_nothing",
    ),
)
