"""Mutants of what a review found of the hub: what opens is recorded, and what is protected finds nobody."""

from tests.mutants.mutant import Mutant, mutant

CARDS, WORDS = "hub/asking/cards.py", "hub/sessions/words.py"
OPENED = "tests/unit/hub/asking/test_words_and_what_they_open.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "reviewing: whoever a word on another makes sure of is recorded before it is shown",
        CARDS,
        "            if after.sights != before.sights:\n",
        "            if after.sights != before.sights and after.whole.agency in confirmed:\n",
        f"{OPENED}::test_whom_a_word_on_another_makes_sure_of_is_shown_whole_once_that_is_recorded[]",
    ),
    mutant(
        "reviewing: a word on one namesake is none on another",
        WORDS,
        "return _identity(found) if is_one else (*_identity(found), *_place(found))",
        "return _identity(found)",
        f"{OPENED}::test_a_word_on_one_namesake_opens_no_other_now_or_later",
    ),
    mutant(
        "reviewing: an emergency of one person opens no search",
        "hub/asking/asked.py",
        "        require_no_emergency(asked)\n",
        "",
        "tests/unit/hub/asking/test_searching.py::test_an_emergency_that_was_opened_for_one_person_opens_no_search",
    ),
    mutant(
        "reviewing: a protected address is not told by finding who is asked for by it",
        "hub/model/person.py",
        "return bool(self.address or self.postcode) and not (self.has_number or self.has_full_name)",
        "return False",
        "tests/unit/hub/asking/test_leaving.py"
        "::test_a_protected_address_is_not_told_by_finding_who_is_asked_for_by_it[postcode]",
    ),
    mutant(
        "reviewing: what was withheld at first keeps everybody from being told",
        "hub/asking/answering.py",
        "        self.shields.update(_protected(arrival))\n        if arrival.records is None:\n",
        "        if arrival.records is None:\n",
        "tests/unit/hub/asking/test_noticing.py"
        "::test_of_somebody_withheld_when_first_asked_nobody_is_told_whatever_is_said_when_asked_again",
    ),
    mutant(
        "reviewing: a word makes nobody the person whose number is another",
        "hub/linkage/people.py",
        "        if all(not number or (of_kind[kind] or of_words[kind]) == {number} for kind, number in held):\n",
        "        if held:\n",
        "tests/unit/hub/linkage/test_people.py"
        "::test_a_word_makes_nobody_the_person_whose_number_turns_out_to_be_another",
    ),
    mutant(
        "reviewing: of whom it was said that it is somebody else nothing stays in memory",
        "hub/asking/ask.py",
        "            gathering.forget()\n",
        "            gathering.close()\n",
        f"{OPENED}::test_of_whom_it_was_said_that_it_is_somebody_else_nothing_stays_in_memory",
    ),
    mutant(
        "reviewing: whom there is no time to ask again is looked for as before",
        "hub/asking/ask.py",
        "        for agency in asked:\n",
        "        for agency in (*asks, *asked):\n",
        "tests/unit/hub/asking/test_second_round.py"
        "::test_of_whom_there_is_no_time_to_ask_again_what_was_sent_is_about_whom_it_was_asked_about",
    ),
    mutant(
        "reviewing: the card of somebody shown apart tells no day of a record",
        "hub/combining/joined.py",
        'evidence=tuple(replace(said, since="") for said in card.evidence)',
        "evidence=card.evidence",
        f"{OPENED}::test_the_card_of_somebody_shown_apart_tells_no_day_of_a_record",
    ),
)
