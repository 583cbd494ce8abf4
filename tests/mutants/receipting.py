"""Mutants of receipts: what an agency believes of the hub's log, what it keeps of it, and what it writes down."""

from tests.mutants.mutant import Mutant, mutant

VERIFYING, RECEIPTS, WITNESSING = "adapters/kit/verifying.py", "adapters/kit/receipts.py", "adapters/kit/witnessing.py"
DESK, ASKS, JOURNAL = "adapters/kit/desk.py", "adapters/kit/journal_asks.py", "adapters/kit/journal.py"
COURIER, QUESTIONS, WRITER = "hub/links/receipts.py", "hub/links/journal.py", "adapters/sql/writer.py"
UNIT = "tests/unit/adapters"
WITNESS = f"{UNIT}/test_witnessing.py"
REFUSED = f"{WITNESS}::test_what_does_not_follow_is_refused_told_and_written_down_and_nothing_of_it_is_kept"
ONE_WAY = f"{WITNESS}::test_of_two_continuations_without_receipts_only_one_is_ever_accepted"
HUB = "tests/unit/hub/links/test_receipts.py"
LINK = "tests/integration/adapters/test_journal_over_the_link.py"
NOTING = "tests/integration/adapters/test_write_back.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "receipts: a state of the log counts only with its key's signature",
        VERIFYING,
        '.verify(said[4:], "\\n".join((*lines[:3], "")).encode())\n',
        "\n",
        REFUSED,
    ),
    mutant(
        "receipts: a log that has become shorter is refused as that",
        WITNESSING,
        "    if state.size < standing.size:\n",
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: another root at the same length is refused as a fork",
        WITNESSING,
        "    if state.size == standing.size and state.root != standing.root:\n",
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: a log that does not continue what it was is refused",
        WITNESSING,
        "    if not proves_consistency(before, state, checkpoint.consistency):\n",
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: a receipt is of an entry that is in the log",
        WITNESSING,
        "    if not proves_inclusion(leaf, receipt.audit_position, state, receipt.proof):\n",
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: a gap in the numbers shows",
        WITNESSING,
        "    if receipt.number != number:\n",
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: no agency is shown what concerns another",
        WITNESSING,
        '    if said.get("agency") != agency:\n',
        "    if False:\n",
        REFUSED,
    ),
    mutant(
        "receipts: the log's key is the one that was trusted first",
        WITNESSING,
        "(standing.origin and (standing.origin, standing.key) != (origin, key))",
        "False",
        f"{WITNESS}::test_another_log_or_another_key_than_the_first_is_refused_and_the_first_stays",
    ),
    mutant(
        "receipts: a refusal is told over every link until somebody settles it",
        WITNESSING,
        "            has_refused=standing.has_refused or self._has_refused,\n",
        "            has_refused=self._has_refused,\n",
        REFUSED,
    ),
    mutant(
        "receipts: a journal never holds two continuations of one state",
        RECEIPTS,
        "            raise OutOfStep\n        if not now.origin:\n",
        "            pass\n        if not now.origin:\n",
        ONE_WAY,
    ),
    mutant(
        "receipts: an agency that two processes serve accuses nobody of what one of them did",
        WITNESSING,
        "            # Another process of this agency was quicker; the hub hears from where to go on.\n",
        "            self._has_refused = True\n",
        f"{WITNESS}::test_two_links_that_are_brought_the_same_keep_it_once_and_both_go_on",
    ),
    mutant(
        "receipts: what reads the journal cannot write it",
        JOURNAL,
        "?mode=ro",
        "?mode=rw",
        f"{UNIT}/test_journal.py::test_what_reads_the_journal_cannot_write_it",
    ),
    mutant(
        "receipts: one of an agency's links brings them at a time",
        COURIER,
        "            async with self._round.turn:\n",
        "            if True:\n",
        f"{HUB}::test_only_one_link_of_an_agency_brings_receipts_and_another_goes_on_when_it_ends",
    ),
    mutant(
        "receipts: what is brought follows on what the journal has, without a gap",
        COURIER,
        "after=heard.last_receipt, size=heard.size",
        "after=heard.last_receipt + 1, size=heard.size",
        f"{HUB}::test_what_an_agency_is_owed_comes_in_order_after_what_it_has_with_its_proofs",
    ),
    mutant(
        "receipts: an adapter that claims what the log never had is caught",
        COURIER,
        "        is_one_history = root == heard.root and heard.last_receipt <= here.ledger.last_number(here.agency)\n",
        "        is_one_history = root is not None\n",
        f"{HUB}::test_a_state_that_the_log_never_had_is_shown_the_log_once_and_counts_as_a_fault",
        f"{HUB}::test_a_receipt_that_the_hub_never_gave_is_no_state_of_this_log",
    ),
    mutant(
        "receipts: an adapter speaks of its journal when it was asked to",
        COURIER,
        "        if not self._is_expected or not is_in_form:\n",
        "        if not is_in_form:\n",
        f"{HUB}::test_a_flood_of_witnesses_ends_the_link",
    ),
    mutant(
        "receipts: an answer of a journal that is out of form reaches nobody",
        QUESTIONS,
        "        or not all(map(_is_in_form, reply.entries))\n",
        "",
        "tests/unit/hub/links/test_journal.py::test_an_answer_out_of_form_is_malformed_and_a_fault",
    ),
    mutant(
        "receipts: a contact is acknowledged when the journal holds it",
        DESK,
        "contact=contact)\n        try:\n            await witnessing.journal.put(entry)\n",
        "contact=contact)\n        try:\n            entry.contact.CheckInitialized()\n",
        f"{LINK}::test_a_contact_is_acknowledged_once_it_is_kept_alike_for_known_and_unknown",
    ),
    mutant(
        "receipts: the journal tells a person of disclosures of that person's records and of no others",
        ASKS,
        "    ON question = json_extract(found.value, '$[0]') AND own_reference = json_extract(found.value, '$[1]')\n",
        "    ON own_reference = json_extract(found.value, '$[1]')\n",
        f"{LINK}::test_the_journal_tells_who_asked_about_a_person_and_about_nobody_else",
    ),
    mutant(
        "receipts: one record that is kept silent about silences what the journal knows by another way",
        ASKS,
        "    return () if is_silent else own\n",
        "    return own\n",
        f"{UNIT}/test_journal_asks.py"
        "::test_the_journal_answers_for_somebody_kept_silent_about_as_for_somebody_unknown[shielded]",
    ),
    mutant(
        "receipts: the journal does not look for a person as one who may see the shielded",
        ASKS,
        "    for way in ways_to_look(answerer.keys, person):\n",
        "    for way in ways_to_look(answerer.keys, person, with_shielded=True):\n",
        f"{UNIT}/test_journal_asks.py"
        "::test_the_journal_answers_for_somebody_kept_silent_about_as_for_somebody_unknown[shielded]",
    ),
    mutant(
        "receipts: an entry of which the hub never gave a receipt is found",
        "adapters/kit/left_out.py",
        "for position, leaf in before if (position, leaf) not in held)",
        "for position, leaf in before[len(held) :])",
        f"{UNIT}/test_left_out.py::test_an_entry_that_never_got_a_number_is_found[one]",
    ),
    mutant(
        "receipts: what was left out is looked for in the log that the journal witnesses",
        "adapters/kit/left_out.py",
        "verify(named.noting(iter(lines)), note)",
        "verify(named.noting(iter(lines)))",
        f"{UNIT}/test_left_out.py::test_an_export_that_leaves_the_entry_out_as_well_is_not_what_was_witnessed",
    ),
    mutant(
        "receipts: a disclosure is noted once in the record that it was made from",
        WRITER,
        "        if connection.execute(there).first() is None:\n",
        "        if True:\n",
        f"{NOTING}::test_what_was_written_but_not_marked_when_the_adapter_died_is_not_written_again",
    ),
    mutant(
        "receipts: the connection that writes back may do nothing else",
        WRITER,
        "    connection.set_authorizer(partial(_may, table))\n",
        "",
        f"{NOTING}::test_the_connection_that_writes_may_do_nothing_else",
    ),
    mutant(
        "receipts: two processes do not write one event back at one time",
        "adapters/kit/write_back.py",
        "        if connection.execute(_TAKE, row).rowcount != 1:\n            raise OutOfStep\n",
        "        connection.execute(_TAKE, row)\n",
        f"{NOTING}::test_of_two_processes_that_see_the_same_event_due_one_writes_it",
    ),
)
