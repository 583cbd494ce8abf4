"""Mutants of match cards and of the second round."""

from tests.mutants.mutant import Mutant, mutant

SIGHT, WHOM, HELD = "hub/release/sight.py", "hub/release/whom.py", "hub/sessions/held.py"
CARDS, ASK, AGAIN = "hub/asking/cards.py", "hub/asking/ask.py", "hub/asking/again.py"
JOINED, WORDS, SECOND = "hub/combining/joined.py", "hub/sessions/words.py", "hub/links/second_round.py"
UNIT = "tests/unit/hub"
SHOWN, ROUND, FILTER = (
    f"{UNIT}/asking/test_cards.py",
    f"{UNIT}/asking/test_second_round.py",
    f"{UNIT}/release/test_filter.py",
)
APART = f"{SHOWN}::test_of_somebody_who_is_possibly_the_person_only_what_tells_apart_is_shown_and_recorded"
GOES = f"{SHOWN}::test_what_is_behind_goes_with_what_is_shown"
SAID = f"{SHOWN}::test_the_same_person_said_of_a_card_merges_it_opens_it_and_is_told_to_its_agency"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "cards: of somebody who is only possibly the person no more is shown than tells apart",
        JOINED,
        "(Sight.APART,) * len(records)",
        "(Sight.WHOLE,) * len(records)",
        APART,
        "tests/integration/journey/test_cards.py"
        "::test_what_is_behind_reaches_nobody_before_it_is_asked_for_and_nobody_after_it_is_closed",
    ),
    mutant(
        "cards: of their postcode half is shown",
        SIGHT,
        "cells[row * width + place] = first_half(cells[row * width + place])",
        "cells[row * width + place] = cells[row * width + place]",
        APART,
    ),
    mutant(
        "cards: the day of their record is not shown",
        SIGHT,
        '"" if sight is Sight.APART else day',
        "day",
        APART,
    ),
    mutant(
        "cards: details are on record before they are shown",
        CARDS,
        "await self._audit.record(*entries)",
        "self._audit.submit(*entries)",
        f"{SHOWN}::test_details_that_cannot_be_recorded_are_not_shown",
    ),
    mutant(
        "cards: what is behind is decided upon with what is shown",
        HELD,
        "self.behind[answer.agency].whole if answer.agency in self.behind else answer for",
        "answer for",
        f"{SHOWN}::test_a_rule_that_forbids_only_what_is_behind_takes_the_answer_back",
    ),
    mutant(
        "cards: what is behind is dropped when the answer is closed",
        "hub/sessions/session.py",
        "        self._held.pop(request_id).empty()\n",
        "        self._held.pop(request_id)\n",
        GOES,
    ),
    mutant(
        "cards: an answer that was closed meanwhile shows no details",
        CARDS,
        "                self._require_same(session, held)\n                held.change(",
        "                held.change(",
        f"{SHOWN}::test_an_answer_that_is_closed_while_details_are_recorded_shows_none",
    ),
    mutant(
        "cards: two numbers of one kind are never made one person by a word",
        CARDS,
        "                _require_no_contradiction(held, rows)\n",
        "                pass\n",
        f"{SHOWN}::test_two_numbers_of_one_kind_are_two_people_whatever_anybody_says",
    ),
    mutant(
        "cards: a word holds for its case only",
        WORDS,
        "told = (request.case_reference, *way,",
        "told = (*way,",
        SAID,
    ),
    mutant(
        "cards: words are forgotten with the session",
        WORDS,
        "        self._said.clear()\n",
        "",
        f"{SHOWN}::test_what_is_said_is_forgotten_with_the_session_and_holds_nothing_of_a_case",
    ),
    mutant(
        "cards: a candidate who is somebody else leaves no trace",
        WHOM,
        "sum(not is_candidate for is_candidate in _candidates(others, asked))",
        "len(others)",
        f"{FILTER}::test_a_candidate_who_is_somebody_else_goes_without_a_trace",
    ),
    mutant(
        "cards: an agency's own number brings nobody who has another number than was asked for",
        WHOM,
        "(bool(number) and number != wanted and is_valid(kind, number))",
        "False",
        f"{FILTER}::test_an_agency_s_own_number_brings_nobody_who_has_another_number_than_was_asked_for",
    ),
    mutant(
        "cards: an agency sends no more people than it may",
        "hub/model/matching.py",
        "MOST_CANDIDATES = 10",
        "MOST_CANDIDATES = 1_000",
        f"{FILTER}::test_of_more_people_than_an_agency_may_send_only_the_one_asked_for_passes",
    ),
    mutant(
        "cards: a number goes from one agency to another under an agreement only",
        AGAIN,
        "    return policy.may_flow(source, receiver, purpose=request.purpose, field_class=field.field_class, at=at)",
        "    return True",
        f"{ROUND}::test_without_an_agreement_between_the_two_nobody_is_told_the_number",
    ),
    mutant(
        "cards: a second round is on record before it begins",
        ASK,
        "await self._audit.record(*_second_round(",
        "self._audit.submit(*_second_round(",
        f"{ROUND}::test_a_second_round_that_cannot_be_recorded_is_none",
    ),
    mutant(
        "cards: somebody whom their source protects teaches nobody a number",
        AGAIN,
        "    return terms.shield is Shield.NONE\n",
        "    return True\n",
        f"{ROUND}::test_somebody_whom_their_source_protects_teaches_nobody_a_number",
    ),
    mutant(
        "cards: somebody who is only possibly the person teaches nobody a number",
        AGAIN,
        "is_shown = (one.whole.agency, row) in same and one.sights[row] is Sight.WHOLE",
        "is_shown = True",
        f"{ROUND}::test_somebody_who_is_only_possibly_the_person_teaches_nobody_a_number",
    ),
    mutant(
        "cards: a second round begins no third",
        "hub/asking/answering.py",
        "taught = [one for one in self.behind() if one.whole.agency not in self._looked_for]",
        "taught = self.behind()",
        f"{ROUND}::test_what_is_learned_in_the_second_round_begins_no_third",
    ),
    mutant(
        "cards: what is not an agency's last word is not told as that",
        SECOND,
        "        self._waiting[arrival.agency] = arrival\n        self._has_news = True\n        return True\n",
        "        self._waiting[arrival.agency] = arrival\n        self._has_news = True\n        return False\n",
        f"{ROUND}::test_who_found_nobody_by_name_is_asked_once_more_by_the_number_alone",
    ),
)
