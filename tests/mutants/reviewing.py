"""Mutants of what a review found of the hub's side: what opens is recorded, and nobody is found by what is protected."""

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
)
