"""Mutants of the register: who is absent from a search, how wide it may be, and that pages are recorded first."""

from tests.mutants.mutant import Mutant, mutant

SEARCHING, REGISTER, SQL = "adapters/kit/searching.py", "adapters/kit/running.py", "adapters/sql/searching.py"
CRITERIA, PAGES, LEAVING, FILTER = (
    "hub/model/criteria.py",
    "hub/asking/pages.py",
    "hub/release/leaving.py",
    "hub/release/filter.py",
)
AT_AGENCY, AT_HUB = "tests/unit/adapters/test_searching.py", "tests/unit/hub/asking/test_searching.py"
OVER_LINK = "tests/integration/adapters/test_register.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "whoever is shielded is absent from a search",
        SEARCHING,
        "return is_given_away or said.hides(with_shielded=search.with_shielded)",
        "return is_given_away",
        f"{AT_AGENCY}::test_whoever_is_protected_is_absent_and_nobody_else[P-]",
    ),
    mutant(
        "another record of the same person is absent too",
        SEARCHING,
        "if id(row) not in gone and hidden.isdisjoint(marks(row))",
        "if id(row) not in gone",
        f"{AT_AGENCY}::test_another_record_of_the_same_person_is_absent_too",
    ),
    mutant(
        "a protected address is not told by where a search looks",
        SEARCHING,
        "search.locates and said.shield == _ADDRESS and not search.with_shielded",
        "search.locates and said.shield == _ADDRESS and search.with_shielded",
        f"{AT_AGENCY}::test_a_shielded_address_is_not_given_away_by_where_a_search_looks",
    ),
    mutant(
        "the hub does not tell a protected address by where a search looks",
        LEAVING,
        "        sent = without_given_away(sent)\n",
        "        sent = sent\n",
        f"{AT_HUB}::test_a_protected_address_is_not_told_by_being_found",
    ),
    mutant(
        "an agency tells of no more people than it may",
        SEARCHING,
        "if len(told) > search.most:",
        "if len(told) > search.most * 100:",
        f"{AT_AGENCY}::test_too_many_people_are_told_of_not_at_all_and_the_protected_do_not_count",
    ),
    mutant(
        "a wildcard is a letter",
        SQL,
        "        text = text.replace(sign, ESCAPE + sign)\n",
        "        text = text.replace(sign, sign)\n",
        f"{AT_AGENCY}::test_a_wildcard_finds_only_itself[!%]",
    ),
    mutant(
        "a record set is searched only where its agency has opened it",
        REGISTER,
        "if not may_be_searched or not isinstance(reader, Searches):",
        "if not isinstance(reader, Searches):",
        f"{OVER_LINK}::test_a_record_set_that_its_agency_has_not_opened_cannot_be_searched[sql]",
    ),
    mutant(
        "a search that is too wide is refused",
        CRITERIA,
        "if not is_of_somebody or points(criteria) < ENOUGH_POINTS:",
        "if not is_of_somebody:",
        f"{AT_HUB}::test_a_search_that_is_too_wide_asks_nobody_and_is_recorded[criteria1-SEARCH_TOO_WIDE]",
    ),
    mutant(
        "a search is of somebody and not of a place",
        CRITERIA,
        "if not is_of_somebody or points(criteria) < ENOUGH_POINTS:",
        "if points(criteria) < ENOUGH_POINTS:",
        f"{AT_HUB}::test_a_search_that_is_too_wide_asks_nobody_and_is_recorded[criteria2-SEARCH_TOO_WIDE]",
    ),
    mutant(
        "who does not fit is dropped",
        FILTER,
        "asked_rows = asked_columns.only(fitting(asked_columns, asked))",
        "asked_rows = asked_columns",
        f"{AT_HUB}::test_who_does_not_fit_is_dropped_and_counted_as_over_answering",
    ),
    mutant(
        "a page is shown only of an answer that is still held",
        PAGES,
        "            held = look()\n            held.parts[:]",
        "            held.parts[:]",
        f"{AT_HUB}::test_what_is_closed_while_a_page_is_recorded_is_not_shown",
    ),
    mutant(
        "a search has no match cards, by which somebody behind a page could be shown",
        "hub/asking/cards.py",
        "        if held.request.is_search:\n",
        "        if not held.request:\n",
        "tests/integration/journey/test_register.py::test_nobody_behind_a_page_is_shown_by_way_of_a_match_card",
    ),
    mutant(
        "a page is shown once it is recorded",
        PAGES,
        "            await self._audit.record(*entries, self._searched(request, page, found))\n            # Others",
        "            self._audit.submit(*entries, self._searched(request, page, found))\n            # Others",
        f"{AT_HUB}::test_a_page_that_cannot_be_recorded_is_not_shown_and_comes_again",
    ),
)
