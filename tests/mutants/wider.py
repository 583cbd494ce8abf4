"""Mutants of wide looks over HTTP, of the conformance suite's rules about them, and of who is asked again."""

from tests.mutants.mutant import mutant

TRIALS, DOCUMENTS = "adapters/conformance/trials/wider.py", "adapters/kit/documents.py"
WRONG = "tests/conformance/test_paper_agency.py::test_an_adapter_that_goes_wrong_in_one_way_breaks_one_rule"
HTTP = "tests/integration/adapters/test_looking_wider_over_http.py"

MUTANTS = (
    mutant(
        "wider: over HTTP, what may be about somebody shielded is left out",
        DOCUMENTS,
        "if self.reference(one) not in gone and not any(may_be_one(self.key_texts(one), other) for other in hidden)",
        "if self.reference(one) not in gone",
        f"{HTTP}::test_somebody_shielded_is_left_out_with_the_same_looks_as_for_somebody_unknown",
    ),
    mutant(
        "wider: over HTTP, more people than may be sent are not sent",
        DOCUMENTS,
        "        if people_in(list(map(self.key_texts, left))) > match.near.most_people:",
        "        if not match.near.most_people:",
        f"{HTTP}::test_more_people_than_may_be_sent_are_not_sent_at_all",
    ),
    mutant(
        "wider: an adapter that tells of the shielded when asked wide is noticed",
        TRIALS,
        "        if same_bytes(answer.reply) != same_bytes(unknown.reply):",
        "        if not same_bytes(answer.reply):",
        f"{WRONG}[tells_of_shielded_if_near]",
    ),
    mutant(
        "wider: an adapter that sends a crowd, or a part of it, is noticed",
        TRIALS,
        '        if few.reply.status != links_pb2.REPLY_STATUS_UNABLE or few.reply.HasField("records"):',
        "        if not few.reply.nonce:",
        f"{WRONG}[sends_a_crowd]",
        f"{WRONG}[cuts_a_crowd_short]",
    ),
    mutant(
        "wider: an adapter that does not find whom it says it finds is noticed",
        TRIALS,
        '            if not any(all(row.get(name, "") == value for name, value in values.items()) for row in rows):',
        "            if not answer.reply.nonce and rows:",
        f"{WRONG}[compares_by_letter]",
    ),
    mutant(
        "wider: who cannot look by what was given is asked again by a number that it may have",
        "hub/links/gathering.py",
        "        if reason is Reason.UNABLE and self._second.keeps(arrival):",
        "        if reason is Reason.LATE and self._second.keeps(arrival):",
        "tests/unit/hub/asking/test_second_round.py"
        "::test_who_cannot_look_by_what_was_given_is_asked_once_more_by_a_number_that_it_may_have",
    ),
)
