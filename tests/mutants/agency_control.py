"""Mutants of what an agency decides for itself: its vetoes and its switch."""

from tests.mutants.mutant import Mutant, mutant

ANSWERING, FINDING, VETO = "adapters/kit/answering.py", "adapters/kit/finding.py", "adapters/kit/veto.py"
RECORDS, JOURNAL, SWITCH = "adapters/kit/veto_records.py", "adapters/kit/journal.py", "adapters/kit/switch.py"
WATCHING, ASKS = "adapters/kit/watching.py", "adapters/kit/journal_asks.py"
UNIT, INTEGRATION = "tests/unit/adapters", "tests/integration/adapters"
TABLE = f"{UNIT}/test_veto.py::test_a_rule_applies_when_every_part_of_it_fits"
SEALED = (
    f"{INTEGRATION}/test_veto.py"
    "::test_a_person_whom_a_rule_protects_is_unknown_to_whom_it_names_in_the_same_bytes_and_known_to_others"
)
REFUSED = f"{INTEGRATION}/test_veto.py::test_a_rule_without_a_person_refuses_whoever_it_is_about"
COMES_UNDER = f"{INTEGRATION}/test_veto.py::test_an_answer_is_taken_back_when_its_person_comes_under_a_rule"
AT_ONCE = (
    f"{INTEGRATION}/test_stopping.py"
    "::test_every_process_refuses_within_a_second_and_takes_back_what_is_held_until_answers_are_resumed"
)

VETOING: tuple[Mutant, ...] = (
    mutant(
        "own control: the agency's rules are asked first",
        ANSWERING,
        "        if rule := self.vetoes.refusing(ask):\n"
        "            return Result(outcome=AskOutcome.REFUSED, vetoes=(rule,))\n",
        "",
        f"{REFUSED}[sql]",
        f"{REFUSED}[fhir]",
    ),
    mutant(
        "own control: a rule about people holds their records back",
        ANSWERING,
        "return await self._find(answerer.under(rules), ask, rules)",
        "return await self._find(answerer, ask, rules)",
        f"{SEALED}[sql]",
        f"{SEALED}[rest]",
        f"{SEALED}[fhir]",
        f"{SEALED}[files]",
    ),
    mutant(
        "own control: an answer is looked at again under the rules that were in force when it left",
        ANSWERING,
        "records = answerer.under(rules).records",
        "records = answerer.records",
        f"{COMES_UNDER}[sql]",
    ),
    mutant(
        "own control: an answer that only a rule is about is looked at again",
        ANSWERING,
        "if answerer.has_terms or rules:",
        "if answerer.has_terms:",
        f"{COMES_UNDER}[sql]",
    ),
    mutant(
        "own control: a record that is gone shows where nothing is said on what terms it left",
        "adapters/kit/reader.py",
        "places = self.terms_of_row or (0,) * len(self.references)",
        "places = self.terms_of_row or (0,) * len(self.terms_of_row)",
        f"{COMES_UNDER}[sql]",
    ),
    mutant(
        "own control: a rule names the agencies that it is about",
        VETO,
        "            (self.agencies is None or ask.requester_agency in self.agencies)\n            and ",
        "            ",
        TABLE,
    ),
    mutant(
        "own control: a rule leaves out only whom all of its exception fits",
        VETO,
        "            and (self.purposes is None or ask.purpose in self.purposes)\n",
        "            or (self.purposes is not None and ask.purpose in self.purposes)\n",
        TABLE,
    ),
    mutant(
        "own control: the columns of every rule that an ask meets are looked at",
        RECORDS,
        "    for size in range(len(depending) + 1):\n",
        "    for size in range(1):\n",
        f"{UNIT}/test_veto.py::test_there_is_a_record_set_for_each_combination_of_rules_that_a_question_can_meet",
        f"{SEALED}[sql]",
    ),
    mutant(
        "own control: a rule's conditions are added to those of the record set",
        RECORDS,
        "held_back = {name: list(values) for name, values in plain.withhold_when.items()}",
        "held_back = dict[str, list[str]]()",
        f"{UNIT}/test_veto.py::test_there_is_a_record_set_for_each_combination_of_rules_that_a_question_can_meet",
    ),
    mutant(
        "own control: a rule that names nothing is a fault, and does not refuse everything unawares",
        VETO,
        "if self.is_always and self.questions is None and self.person is None:",
        "if False:",
        f"{UNIT}/test_veto.py::test_a_rule_that_would_not_do_what_it_seems_to_is_a_fault",
    ),
)

STOPPING: tuple[Mutant, ...] = (
    mutant(
        "own control: once answers are stopped none can be kept in the journal",
        JOURNAL,
        "        if self.outcome in LOOKED and is_stopped(connection):\n            raise AnswersStopped\n",
        "",
        f"{UNIT}/test_switch.py::test_once_it_is_in_the_journal_no_answer_can_be_kept_there_and_so_none_leaves",
        f"{UNIT}/test_switch.py::test_an_answer_that_was_read_before_the_stop_is_refused_and_journalled_as_that",
    ),
    mutant(
        "own control: an answer that was journalled before the stop does not leave after it",
        ANSWERING,
        "        if self.switch.is_stopped:\n            self._keep_now(withdrawn)\n",
        "        if False:\n            self._keep_now(withdrawn)\n",
        f"{UNIT}/test_switch.py"
        "::test_an_answer_that_was_journalled_before_the_stop_and_has_not_left_is_taken_back_here",
    ),
    mutant(
        "own control: while answers are stopped no source is read",
        ANSWERING,
        "        if self.switch.is_stopped:\n            return REFUSED_BY_SWITCH\n",
        "",
        f"{UNIT}/test_switch.py::test_while_answers_are_stopped_no_source_is_read",
    ),
    mutant(
        "own control: what is held is taken back when answers are stopped",
        SWITCH,
        'self.log.warning("answers_stopped", taken_back=self.stop())',
        'self.log.warning("answers_stopped", taken_back=0)',
        AT_ONCE,
    ),
    mutant(
        "own control: what nothing is said about is taken back, too",
        WATCHING,
        "        self._forget_long_held(now)\n",
        "        self._forget_long_held(now)\n        if watch.look is None:\n            self.end(*key)\n",
        f"{UNIT}/test_watching.py::test_all_that_is_held_is_taken_back_at_once_also_what_nothing_is_said_about",
        AT_ONCE,
    ),
    mutant(
        "own control: while answers are stopped nobody is told who looked at a person",
        ASKS,
        '                    case "person" if self.switch.is_stopped:\n'
        "                        reply.status = links_pb2.REPLY_STATUS_REFUSED\n",
        "",
        f"{UNIT}/test_journal_asks.py"
        "::test_while_answers_are_stopped_nobody_is_told_who_looked_and_the_numbers_of_receipts_are_told_all_the_same",
    ),
    mutant(
        "own control: who turned the switch is whom the system knows",
        SWITCH,
        "return pwd.getpwuid(number).pw_name",
        'return __import__("getpass").getuser()',
        f"{UNIT}/test_switch.py::test_who_turns_it_is_whom_the_system_knows_and_not_what_the_environment_says",
    ),
)

KEEPING_FILE = "adapters/kit/journal_keeping.py"
KEEP = f"{UNIT}/test_journal_keeping.py"
SEARCH = f"{UNIT}/test_journal_search.py"

READING: tuple[Mutant, ...] = (
    mutant(
        "own control: what is removed is overwritten in the file",
        KEEPING_FILE,
        '    connection.execute("PRAGMA secure_delete = ON")\n',
        '    connection.execute("PRAGMA secure_delete = OFF")\n',
        f"{KEEP}::test_nothing_of_it_is_left_in_the_file",
    ),
    mutant(
        "own control: what a removed receipt said is gone",
        KEEPING_FILE,
        "    connection.execute(_EMPTY_NEWEST, named)\n"
        "    receipts = connection.execute(_EMPTY_RECEIPTS, named).rowcount\n",
        "    connection.execute(_EMPTY_NEWEST, named)\n    receipts = 0\n",
        f"{KEEP}::test_a_receipt_keeps_its_number_its_place_and_its_hash_and_says_nothing_any_more",
    ),
    mutant(
        "own control: what was removed is written down",
        KEEPING_FILE,
        '    connection.execute(_ADD_TO_REMOVAL, {**did, "removal": removal})\n',
        "",
        f"{KEEP}::test_what_is_older_goes_and_what_is_not_stays_with_its_numbers",
    ),
    mutant(
        "own control: an ask that was taken out otherwise is missing",
        "adapters/kit/journal_summary.py",
        "missing=newest - removed_to - there",
        "missing=0",
        f"{KEEP}::test_an_ask_that_somebody_else_took_out_is_missing",
    ),
    mutant(
        "own control: nothing is removed without a word",
        "adapters/commands/journal.py",
        "        if not sure:\n",
        "        if False:\n",
        f"{SEARCH}::test_keeping_says_what_it_would_remove_and_removes_it_only_when_told_to",
    ),
    mutant(
        "own control: a spreadsheet runs nothing of what others wrote",
        "adapters/kit/journal_export.py",
        """return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value""",
        "return value",
        f"{SEARCH}::test_a_spreadsheet_runs_nothing_of_what_others_wrote",
    ),
    mutant(
        "own control: an export is its owner's alone",
        "adapters/kit/journal_export.py",
        "os.O_CREAT | os.O_WRONLY | os.O_EXCL, OWNER_ONLY",
        "os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o644",
        f"{SEARCH}::test_an_export_has_every_file_with_its_hash_and_only_its_owner_reads_it",
    ),
    mutant(
        "own control: a person who is protected now is found in the journal",
        "adapters/kit/own_people.py",
        '_OPEN: Mapping[str, object] = {"withhold_when": {}, "only_when": {}, "terms": None}',
        '_OPEN: Mapping[str, object] = {"withhold_when": {}, "only_when": {}}',
        f"{INTEGRATION}/test_journal_command.py"
        "::test_a_person_s_own_records_are_found_also_while_nothing_of_them_may_leave[sql-number]",
    ),
)

OPERATIONS = f"{INTEGRATION}/test_operations.py"

RUNNING: tuple[Mutant, ...] = (
    mutant(
        "own control: what was asked before the hub heard that a link drains is answered",
        "adapters/kit/link.py",
        "        await asyncio.sleep(self.late_seconds)\n",
        "",
        f"{OPERATIONS}::test_what_was_asked_before_the_hub_heard_that_a_link_drains_is_answered",
    ),
    mutant(
        "own control: figures are served to this machine alone",
        "adapters/kit/metrics.py",
        "asyncio.start_server(answer, LOOPBACK, port, limit=LONGEST_HEAD)",
        'asyncio.start_server(answer, "0.0.0.0", port, limit=LONGEST_HEAD)',
        f"{UNIT}/test_operating.py::test_figures_are_served_to_this_machine_and_nothing_else_is",
    ),
    mutant(
        "own control: a link goes through the proxy that the manifest names",
        "adapters/kit/proxying.py",
        'return (("grpc.http_proxy", proxy.url),) if proxy is not None else ()',
        "return ()",
        f"{INTEGRATION}/test_proxy.py"
        "::test_a_link_goes_through_the_proxy_of_the_manifest_with_the_password_of_the_environment",
    ),
)

MUTANTS = (*VETOING, *STOPPING, *READING, *RUNNING)
