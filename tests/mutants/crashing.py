"""Mutants of what holds when programs are killed, disks fail and the power goes; found by doing that to real ones."""

from tests.mutants.mutant import Mutant, mutant

CRASH = "tests/integration/crash"
FAILING = (
    f"{CRASH}/test_failing_disk.py::test_while_the_disk_fails_all_is_refused_within_a_second_and_afterwards_all_is_well"
)
HANGING = f"{CRASH}/test_failing_disk.py::test_a_sync_that_hangs_refuses_within_a_second_and_afterwards_all_is_well"
KILLED = f"{CRASH}/test_hub_killed.py::test_a_hub_killed_at_a_step_of_each_kind_has_recorded_what_anybody_received"
POWER = f"{CRASH}/test_power_cut.py::test_what_was_shown_survives_a_power_cut"
FAILED_SYNC = f"{CRASH}/test_power_cut.py::test_what_is_shown_after_a_failed_sync_and_a_kill_survives_a_power_cut"
FAULTS = "tests/unit/hub/store/test_store_faults.py"

ASK, LOG, ENGINE, ROWS = "hub/asking/ask.py", "hub/audit/log.py", "hub/store/engine.py", "hub/store/audit_entries.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "crash: on a disk that fails nobody is asked",
        ASK,
        "await self._audit.record(_intent(request, plan, policy, person))",
        "self._audit.submit(_intent(request, plan, policy, person))",
        f"{FAILING}[sync fails]",
    ),
    mutant(
        "crash: what is shown is on the disk when the power goes",
        ASK,
        "await self._audit.record(*self._disclosures(",
        "self._audit.submit(*self._disclosures(",
        FAILED_SYNC,
    ),
    mutant(
        "crash: an entry, its checkpoint and its receipts are kept together or not at all",
        ROWS,
        "                    cursor.close()\n            self._writing.commit()",
        "                    cursor.close()\n                    self._writing.commit()",
        KILLED,
    ),
    mutant(
        "crash: every commit is synced",
        ENGINE,
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        POWER,
    ),
    mutant(
        "crash: a write-ahead log that a failed sync has left in memory only is written anew",
        "hub/building.py",
        "        make_lasting(settings.store_url())\n",
        "",
        FAILED_SYNC,
    ),
    mutant(
        "crash: whoever waits for a disk that hangs is refused within a second",
        LOG,
        "PATIENCE_SECONDS = 0.9",
        "PATIENCE_SECONDS = 9.0",
        HANGING,
    ),
    mutant(
        "crash: a store that cannot be used says so in words",
        ENGINE,
        '        event.listen(engine, "handle_error", _translate)\n',
        "",
        f"{FAILING}[no space]",
        f"{FAULTS}::test_a_store_without_room_says_in_words_that_it_cannot_be_used",
    ),
    mutant(
        "crash: a mistake in a statement is not taken for a store that cannot be used",
        ENGINE,
        ' and getattr(error, "sqlite_errorcode", 0) & 0xFF in _OUTSIDE',
        "",
        f"{FAULTS}::test_a_mistake_in_a_statement_is_not_taken_for_a_store_that_cannot_be_used",
    ),
    mutant(
        "crash: what leaves an agency is in its journal first",
        "adapters/kit/answering.py",
        "            await self.journal.put(self._entry(ask, hub, asked_at, result))\n",
        "            self.journal.put(self._entry(ask, hub, asked_at, result))\n",
        f"{CRASH}/test_adapter_killed.py::test_an_adapter_killed_at_its_steps_has_journalled_what_left_it_and_each_receipt_once",
    ),
)
