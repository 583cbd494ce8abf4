"""Mutants of what may be asked, released and joined."""

from tests.mutants.mutant import Change, Mutant, mutant

ANSWERING, ASK, FILTER = "hub/asking/answering.py", "hub/asking/ask.py", "hub/release/filter.py"
LEAVING, RELEASING = "hub/release/leaving.py", "hub/asking/releasing.py"
REQUEST, PERSON = "hub/model/request.py", "hub/model/person.py"
SPEC, UNIT = "tests/spec/test_behaviour.py", "tests/unit/hub"
SEEN = f"{SPEC}::test_the_requester_sees_what_the_table_says"
REFUSED = f"{SPEC}::test_each_question_is_refused_as_the_table_says_and_nobody_is_asked"
OVER_ANSWERING = f"{UNIT}/release/test_filter.py::test_over_answering_never_passes"

MUTANTS = (
    Mutant(
        control="what comes back passes the field filter",
        changes=(
            Change(
                file=LEAVING,
                old="passed = rules.filter.apply(known, asked, by.source)",
                new='passed = __import__("hub.release.filter", fromlist=["x"]).Filtered(records=known)',
            ),
        ),
        tests=(f"{SEEN}[Fields that were not asked for]", f"{SEEN}[People who were not asked for]"),
    ),
    Mutant(
        control="fields that were not asked for are dropped",
        changes=(
            Change(file=FILTER, old="if name in self._fits)\n        if len", new=")\n        if len"),
            Change(file=FILTER, old="self._fits[name]", new="self._fits.get(name, bool)"),
        ),
        tests=(OVER_ANSWERING, f"{SEEN}[Fields that were not asked for]"),
    ),
    mutant(
        "rows about people who were not asked for are dropped",
        FILTER,
        "asked_rows, unasked_rows = only_asked(asked_columns, asked, agency, self._standings)",
        "asked_rows, unasked_rows = asked_columns, 0",
        OVER_ANSWERING,
        f"{SEEN}[People who were not asked for]",
    ),
    mutant(
        "values that are not of their field's kind are dropped",
        FILTER,
        "records, unfit_cells = self._only_fitting(asked_rows)",
        "records, unfit_cells = asked_rows, 0",
        OVER_ANSWERING,
        f"{SEEN}[Values that are not of their field's kind]",
    ),
    mutant(
        "texts are looked at for control characters",
        FILTER,
        ' and "".join(records.cells).isprintable()',
        "",
        f"{UNIT}/release/test_filter.py::test_a_value_that_is_not_of_its_field_s_kind_is_emptied_and_counted",
    ),
    mutant(
        "a name without a letter is not the name of those who have none",
        "hub/release/whom.py",
        "(standing is Standing.POSSIBLY and is_named)",
        "standing is Standing.POSSIBLY",
        f"{UNIT}/release/test_filter.py::test_a_name_without_a_letter_is_not_the_name_of_those_who_have_none",
    ),
    mutant(
        "an agency that told only of others has not said that it holds nothing",
        LEAVING,
        "outcome=Outcome.NO_ANSWER if is_empty else Outcome.HELD,",
        "outcome=Outcome.NOTHING_HELD if is_empty else Outcome.HELD,",
        f"{SEEN}[Nobody but people who were not asked for]",
    ),
    mutant(
        "each agency is asked only if it may be",
        "hub/asking/plan.py",
        "(permit.agency, permit.fields) for permit in permits if permit.refusal is None",
        "(permit.agency, permit.fields) for permit in permits",
        f"{UNIT}/asking/test_plan.py",
    ),
    Mutant(
        control="each agency is asked only if it may be, neither as planned nor once it is recorded",
        changes=(
            Change(
                file="hub/asking/plan.py",
                old="(permit.agency, permit.fields) for permit in permits if permit.refusal is None",
                new="(permit.agency, permit.fields) for permit in permits",
            ),
            Change(
                file="hub/asking/answering.py",
                old="by_agency = {permit.agency: permit for permit in permits if permit.refusal is None}",
                new="by_agency = {permit.agency: permit for permit in permits}",
            ),
        ),
        tests=(f"{SPEC}::test_the_agencies_are_asked_for_what_the_table_says",),
    ),
    Mutant(
        control="it is decided again on what came back",
        changes=(
            Change(file=RELEASING, old="if permit.refusal is not None:", new="if False:"),
            Change(
                file=RELEASING,
                old="fields = planned if permit.fields == planned else "
                "tuple(name for name in planned if name in permit.fields)",
                new="fields = planned",
            ),
        ),
        tests=(
            f"{UNIT}/asking/test_ask.py::test_an_agreement_that_ends_while_a_question_runs_withholds_what_comes_afterwards",
            f"{UNIT}/asking/test_ask.py::test_a_level_that_loses_its_grant_while_a_question_runs_sees_nothing_of_it",
        ),
    ),
    mutant(
        "what no agreement covers does not flow",
        "hub/access/policy.py",
        "if agency != office.agency:",
        "if False:",
        f"{SEEN}[No agreement covers an agency]",
        f"{SPEC}::test_the_agencies_are_asked_for_what_the_table_says",
    ),
    mutant(
        "an answer closes only when every planned agency has its outcome",
        ANSWERING,
        "        if any(agency not in self._outcomes for agency in self._plan.planned):\n"
        "            return None\n"
        "        self.is_closed = True",
        "        self.is_closed = True",
        f"{SEEN}[An agency does not answer in time]",
        f"{UNIT}/asking/test_ask.py::test_whatever_the_agencies_do_each_planned_one_has_exactly_one_outcome",
    ),
    mutant(
        "silence is no answer",
        "hub/model/outcome.py",
        "return self not in (Outcome.NO_ANSWER, Outcome.NOT_PERMITTED)",
        "return True",
        f"{UNIT}/model/test_outcome.py",
        f"{SEEN}[An agency does not answer in time]",
    ),
    mutant(
        "a reply carries the nonce of its ask",
        "hub/links/link.py",
        "if reply.nonce != pending.nonce:",
        "if False:",
        f"{SEEN}[An agency's reply is for another question]",
    ),
    mutant(
        "a link is opened with an agency's certificate only",
        "hub/edge/servers.py",
        "dynamic_ssl_server_credentials(initial, changed, with_certificates)",
        "dynamic_ssl_server_credentials(initial, changed, False)",
        "tests/integration/hub/test_link_admission.py::test_nothing_is_served_without_a_certificate",
    ),
    mutant(
        "a case reference has no room for a sentence",
        REQUEST,
        "if not _CASE_REFERENCE.fullmatch(typed) or not any(character.isdigit() for character in typed):",
        "if False:",
        f"{UNIT}/model/test_request.py",
        f"{REFUSED}[The case reference is required, and has no room for a sentence or a name]",
    ),
    mutant(
        "a case reference holds a digit, as no name does",
        REQUEST,
        " or not any(character.isdigit() for character in typed)",
        "",
        f"{UNIT}/model/test_request.py",
    ),
    mutant(
        "an NHS number is checked before anybody is asked for it",
        "hub/model/typed_keys.py",
        "if fault is not None:",
        "if False:",
        f"{UNIT}/model/test_person.py",
        f"{REFUSED}[Somebody must be named, by what can be right]",
    ),
    mutant(
        "ten equal digits are nobody's number",
        "hub/model/identifiers.py",
        "    return NumberFault.ALL_ALIKE if len(set(number)) == 1 else None\n",
        "",
        f"{UNIT}/model/test_identifiers.py::test_ten_equal_digits_are_nobodys_number_though_the_library_takes_some",
    ),
    mutant(
        "menus cannot be probed",
        "hub/access/authorise.py",
        "is not Standing.MAY_ASK:",
        "is Standing.UNKNOWN_QUESTION:",
        f"{REFUSED}[A question that is not on the menu reads like one that does not exist]",
    ),
    mutant(
        "a purpose must be one for which the level may ask",
        "hub/access/authorise.py",
        "if purpose not in purposes:",
        "if False:",
        f"{REFUSED}[The purpose is required, and must be one for which this level may ask]",
    ),
    mutant(
        "a lawful basis must be one that the question accepts",
        "hub/access/authorise.py",
        "if basis not in accepted:",
        "if False:",
        f"{REFUSED}[The lawful basis is required, and must be one that the question accepts]",
    ),
)
