"""Mutants of notices: whom the hub tells what of a difference, and what an agency's journal makes of it."""

from tests.mutants.mutant import Mutant, mutant

RULE, NOTICING, ANSWERING = "hub/combining/noticing.py", "hub/asking/noticing.py", "hub/asking/answering.py"
POLICY, LOOSER, JOURNAL = "hub/access/policy.py", "hub/access/looser.py", "hub/links/journal.py"
KEPT, DESK, QUEUE, WRITER = (
    "adapters/kit/notices.py",
    "adapters/kit/desk.py",
    "adapters/kit/work_queue.py",
    "adapters/sql/writer.py",
)
COMBINING = "tests/unit/hub/combining/test_noticing.py"
ASKING = "tests/unit/hub/asking/test_noticing.py"
ACCESS = "tests/unit/hub/access/test_policy.py"
LINKS = "tests/unit/hub/links/test_journal.py"
KEEPING = "tests/unit/adapters/test_notices.py"
LINK = "tests/integration/adapters/test_notices_over_the_link.py"
ONCE = f"{KEEPING}::test_a_difference_is_kept_once_however_often_it_is_found_and_anew_once_the_own_value_has_changed"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "notices: about somebody whom a source protects nobody is told anything",
        RULE,
        "    if not _HIDES_ALL.isdisjoint(shields):\n",
        "    if False:\n",
        f"{COMBINING}::test_about_somebody_whom_one_agency_protects_nobody_is_told_anything",
        f"{ASKING}::test_about_somebody_whom_a_source_protects_nobody_is_told_though_nothing_of_it_was_shown",
    ),
    mutant(
        "notices: what is protected counts though it came to be in no answer",
        ANSWERING,
        "        self.shields.update(*map(_protected, arrivals))\n",
        "",
        f"{ASKING}::test_about_somebody_whom_a_source_protects_nobody_is_told_though_nothing_of_it_was_shown",
    ),
    mutant(
        "notices: what a record in the answer says of protection counts",
        RULE,
        "    shields = {*beside, *(record.terms.shield for record in rows)}\n",
        "    shields = {*beside}\n",
        f"{COMBINING}::test_about_somebody_whom_one_agency_protects_nobody_is_told_anything",
    ),
    mutant(
        "notices: where an address is protected nobody is told about places",
        RULE,
        "    told = rules.without_places() if Shield.ADDRESS in shields else rules\n",
        "    told = rules\n",
        f"{COMBINING}::test_where_an_address_is_protected_nobody_is_told_that_places_differ_and_the_rest_is_told",
        f"{ASKING}::test_where_a_source_protects_an_address_nobody_is_told_of_places",
    ),
    mutant(
        "notices: a source's own veto is a word about somebody whom it protects",
        ANSWERING,
        "        return {Shield.PERSON} if arrival.outcome is Outcome.WITHHELD else set()\n",
        "        return set()\n",
        f"{ASKING}::test_where_a_source_withholds_by_its_own_veto_nobody_is_told_anything",
    ),
    mutant(
        "notices: nobody is told anything after an answer under break-glass",
        NOTICING,
        "        if request.break_glass or sees_protected(policy, request, at):\n",
        "        if request.requester.access_level == 'safeguarding_unit_manager':\n",
        f"{ASKING}::test_after_an_answer_under_break_glass_nobody_is_told_anything",
    ),
    mutant(
        "notices: nobody is told anything where the requester may see the protected",
        NOTICING,
        "        if request.break_glass or sees_protected(policy, request, at):\n",
        "        if request.break_glass:\n",
        f"{ASKING}::test_after_an_answer_to_somebody_who_may_see_the_protected_nobody_is_told_anything",
    ),
    mutant(
        "notices: whoever is only possibly the person is in none",
        RULE,
        "        if is_certain and not (joining.cards and",
        "        if not (joining.cards and",
        f"{COMBINING}::test_who_is_only_possibly_the_person_is_in_no_notice",
    ),
    mutant(
        "notices: what only a requester says is the same person is in none",
        RULE,
        "        if is_certain and not (joining.cards and joining.cards[person].word is not Word.NONE):\n",
        "        if is_certain:\n",
        f"{COMBINING}::test_what_only_a_requester_says_is_the_same_person_is_not_certain_enough",
    ),
    mutant(
        "notices: an agency that has kept something back takes no part",
        RULE,
        "if whom == person and record.is_whole]\n",
        "if whom == person]\n",
        f"{COMBINING}::test_an_agency_that_has_kept_something_back_is_neither_told_nor_counted",
    ),
    mutant(
        "notices: a record of other areas is not counted for an agency that serves none of them",
        RULE,
        "        return not self.terms.areas or not set(self.terms.areas).isdisjoint(areas)\n",
        "        return True\n",
        f"{COMBINING}::test_a_record_that_belongs_where_an_agency_does_not_serve_is_not_counted_for_it",
    ),
    mutant(
        "notices: only those of whom the agency may know are counted",
        RULE,
        "    theirs = [record for record in others if known[record.agency] and _is_another(",
        "    theirs = [record for record in others if _is_another(",
        f"{COMBINING}::test_an_agency_of_whom_one_may_not_know_is_not_counted_and_alone_makes_no_notice",
        f"{COMBINING}::test_every_answer_of_three_agencies_is_told_as_brute_force_tells_it",
    ),
    mutant(
        "notices: what others hold is told only where an agreement says so",
        RULE,
        "for record in theirs if known[record.agency] is TellDifferences.VALUES}\n",
        "for record in theirs}\n",
        f"{COMBINING}::test_what_others_hold_is_told_of_those_only_whose_agreement_says_so",
        f"{ASKING}::test_after_an_answer_each_agency_is_told_of_its_own_record_that_others_differ",
    ),
    mutant(
        "notices: classes that may be kept back are in none",
        RULE,
        "        told = [field for field in fields if not classes[field.field_class].is_kept_back]\n",
        "        told = fields\n",
        f"{COMBINING}::test_classes_that_a_source_may_keep_back_are_in_no_notice",
    ),
    mutant(
        "notices: an agreement must be in force for the purpose and cover who a person is",
        POLICY,
        "        if not all(covered(self._spans(agency, other, purpose, found), at) for found in classes):\n",
        "        if False:\n",
        f"{ACCESS}::test_an_agency_may_know_of_another_what_an_agreement_in_force_covers_for_that_purpose",
        f"{ASKING}::test_without_an_agreement_that_lets_it_know_of_the_other_no_agency_is_told",
    ),
    mutant(
        "notices: an agreement that does not cover who a person is lets nobody know of anything",
        POLICY,
        "        classes = identity_classes(self.catalogue) | {field_class}\n",
        "        classes = {field_class}\n",
        f"{ACCESS}::test_an_agreement_that_does_not_cover_who_a_person_is_lets_nobody_know_of_anything",
    ),
    mutant(
        "notices: to tell what agencies hold is a loosening",
        LOOSER,
        '        case ["tell_differences"]:\n            return bool(will == TellDifferences.VALUES)\n',
        '        case ["tell_differences"]:\n            return None\n',
        "tests/unit/hub/access/test_difference.py::"
        "test_protections_that_are_not_in_the_matrix_are_marked_when_they_fall",
    ),
    mutant(
        "notices: what is told is on disk before",
        NOTICING,
        "                await self._audit.record(*(recorded.notice(group, at_ms) for group in told))\n",
        "                self._audit.submit(*(recorded.notice(group, at_ms) for group in told))\n",
        f"{ASKING}::test_what_cannot_be_recorded_is_not_told_and_counted",
    ),
    mutant(
        "notices: nothing of an answer outlives it while an agency is told",
        NOTICING,
        "        del request, answers, joining, shields\n",
        "",
        f"{ASKING}::test_nothing_of_an_answer_is_alive_while_an_agency_that_is_slow_is_told_of_it",
    ),
    mutant(
        "notices: one slow agency is owed no more than so many",
        NOTICING,
        "        if self._waiting[agency] + len(notices) > MOST_OF_AN_AGENCY:\n",
        "        if False:\n",
        f"{ASKING}::test_more_than_may_wait_is_dropped_and_another_agency_is_told_all_the_same",
    ),
    mutant(
        "notices: no more of them wait on a link than may",
        JOURNAL,
        "        if max(len(self._notices), len(self._out.message.notices)) >= MOST_WAITING:\n",
        "        if False:\n",
        f"{LINKS}::test_no_more_notices_wait_than_may_and_one_that_is_not_acknowledged_in_time_is_late",
    ),
    mutant(
        "notices: a journal keeps each difference once",
        KEPT,
        "        if connection.execute(_KNOWN, said).fetchone() is None:\n",
        "        if True:\n",
        ONCE,
        f"{LINK}::test_a_difference_is_acknowledged_each_time_and_kept_and_queued_once",
    ),
    mutant(
        "notices: another own value is another difference",
        KEPT,
        "        (notice.difference.own,)\n",
        '        ("",)\n',
        ONCE,
    ),
    mutant(
        "notices: an adapter says that it has one once that is so",
        DESK,
        "            await witnessing.journal.put(entry)\n        except (AdapterError, RuntimeError) as fault:\n"
        '            self.log.critical("journal_failed", type=type(fault).__name__, request_id=notice.request_id)\n',
        "            pass\n        except (AdapterError, RuntimeError) as fault:\n"
        '            self.log.critical("journal_failed", type=type(fault).__name__, request_id=notice.request_id)\n',
        f"{LINK}::test_a_difference_is_acknowledged_each_time_and_kept_and_queued_once",
    ),
    mutant(
        "notices: one that is about nothing known is not acknowledged",
        DESK,
        'if notice.WhichOneof("about") is None or',
        "if",
        f"{LINK}::test_a_notice_that_is_about_nothing_known_or_huge_is_neither_kept_nor_acknowledged_and_the_link_goes_on",
    ),
    mutant(
        "notices: an item of work that is there already is not written again",
        WRITER,
        "part for part in (IDENTIFYING_WORK if is_work else IDENTIFYING) if part in self._columns",
        "part for part in (('noticed_at', 'kind', 'others', 'values', 'field', 'notice', 'reference', 'word')"
        " if is_work else IDENTIFYING) if part in ()",
        f"{LINK}::test_a_difference_is_acknowledged_each_time_and_kept_and_queued_once",
    ),
    mutant(
        "notices: what was looked into already is work no more",
        QUEUE,
        "WHERE written_at_ms IS NULL AND done_at_ms IS NULL AND",
        "WHERE written_at_ms IS NULL AND",
        f"{LINK}::test_what_was_looked_into_before_it_was_queued_is_work_no_more",
    ),
)
