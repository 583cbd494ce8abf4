"""Mutants of what a review of the adapters mended: silence, the switch, what a source is believed and can cost."""

from tests.mutants.mutant import mutant

UNIT = "tests/unit/adapters"
DOCUMENTS = "adapters/kit/documents.py"
EXCEL = "tests/integration/adapters/test_excel_files.py"
WRONG = "tests/conformance/test_paper_agency.py::test_an_adapter_that_goes_wrong_in_one_way_breaks_one_rule"
FHIR = "tests/integration/adapters/test_fhir_reader.py"

MUTANTS = (
    mutant(
        "reviewed: who looked is not told once answers were stopped meanwhile",
        "adapters/kit/journal_asks.py",
        "    if is_stopped(connection):\n        return None\n",
        "",
        f"{UNIT}/test_journal_asks.py"
        "::test_who_looked_is_not_told_any_more_once_answers_were_stopped_while_it_was_looked_for",
    ),
    mutant(
        "reviewed: somebody withheld in more rows than are read is told of as somebody unknown",
        "adapters/sql/reader.py",
        "and not found.is_silent:",
        "and not found.shielded:",
        f"{UNIT}/test_sql_silence.py::test_somebody_withheld_in_more_rows_than_are_read_is_told_of_as_somebody_unknown",
    ),
    mutant(
        "reviewed: about somebody withheld no more is asked than about somebody unknown",
        DOCUMENTS,
        "return bool(documents) and not with_shielded and not self._told(documents)",
        "return False",
        f"{FHIR}::test_about_somebody_withheld_no_more_is_asked_than_about_somebody_unknown",
    ),
    mutant(
        "reviewed: whom a shield protects from everybody is not told to be withheld",
        DOCUMENTS,
        " and not (with_shielded and self._may_shield_elsewhere):",
        ":",
        f"{FHIR}::test_a_flag_that_shields_from_everybody_is_asked_for_also_where_the_patient_is_withheld",
    ),
    mutant(
        "reviewed: a number of few letters does not fill the memory",
        "adapters/kit/converting.py",
        "abs(number.adjusted()) <= LONGEST_CELL",
        "abs(number.adjusted()) <= 99_999",
        f"{UNIT}/test_plain.py::test_a_number_of_few_letters_does_not_fill_the_memory",
    ),
    mutant(
        "reviewed: what MySQL reads from end to end is seen",
        "adapters/sql/plans.py",
        'node.get("access_type") in _WHOLE',
        'node.get("access_type") in _WHOLE and "rows" in node',
        f"{UNIT}/test_plans.py"
        "::test_mariadb_and_mysql_name_what_they_read_whole_with_the_rows_and_whether_an_index_could_serve",
    ),
    mutant(
        "reviewed: what hangs on somebody else is not believed, over HTTP and SOAP",
        DOCUMENTS,
        "        if find_owner is not None and not all(",
        "        if find_owner is not None and not list(",
        "tests/integration/adapters/test_soap_belonging.py"
        "::test_what_hangs_on_somebody_else_is_garbage_where_the_manifest_says_whose_it_must_be",
        "tests/integration/adapters/test_wayward_sources.py"
        "::test_what_hangs_on_somebody_else_is_garbage_where_the_manifest_says_whose_it_must_be",
    ),
    mutant(
        "reviewed: a cell far away does not end the adapter",
        "adapters/files/workbook.py",
        "        if places_within(archive, name) > MOST_PLACES:",
        "        if places_within(archive, name) < 0:",
        f"{EXCEL}::test_a_sheet_with_a_cell_far_away_is_refused_before_a_place_is_made_for_each_between",
    ),
    mutant(
        "reviewed: an Excel file is not unpacked before it is known how large that is",
        "adapters/files/workbook.py",
        "    if sum(part.file_size for part in archive.infolist()) > LARGEST_FILE:\n"
        "        raise FileRefused(Refusal.TOO_LARGE)\n",
        "",
        f"{EXCEL}::test_what_is_too_large_unpacked_is_never_given_to_the_library",
    ),
    mutant(
        "reviewed: an adapter that adds a field to whole questions is told so",
        "adapters/conformance/trials/answering.py",
        "        more = sorted(set(reply.records.columns) - set(ask.fields))",
        "        more = sorted(set(reply.records.columns) - set(bench.asked(ask.question)) - {'note'})",
        f"{WRONG}[adds_a_note]",
    ),
    mutant(
        "reviewed: rows about somebody else are seen in questions without every key",
        "adapters/conformance/trials/answering.py",
        "        given = {descriptor.name for descriptor, _ in ask.person.ListFields()}",
        "        given = {*STRONG, *NAMES}",
        f"{UNIT}/conformance/test_one_person.py"
        "::test_a_row_about_somebody_else_is_seen_though_the_question_has_not_every_key",
    ),
    mutant(
        "reviewed: an adapter that tells who looked at the shielded is told so",
        "adapters/conformance/trials/keeping.py",
        "    disclosed_of = await _disclosed_of_shielded(bench)",
        "    disclosed_of = 0",
        f"{WRONG}[tells_of_the_protected]",
    ),
    mutant(
        "reviewed: a run of the suite does not speak for the adapter that runs for good",
        "adapters/conformance/rewriting.py",
        "            elif key.value in OF_THE_OTHER:",
        "            elif key.value in {'nothing'}:",
        f"{UNIT}/conformance/test_rewriting.py"
        "::test_a_run_writes_no_health_of_the_other_adapter_and_a_wsdl_is_still_found",
    ),
    mutant(
        "reviewed: a veto about people is checked in every kind of documents",
        "adapters/kit/veto_records.py",
        "any(isinstance(records, DocumentRecords) for records in sets)",
        "False",
        f"{UNIT}/test_kinds_in_manifests.py::test_a_veto_about_people_has_jsonpaths_wherever_records_are_documents",
    ),
    mutant(
        "reviewed: the switch is that of the journal which the adapter keeps",
        "adapters/kit/manifest_file.py",
        "    beside, _ = read_dot_env(file.parent)\n    marked = read_marked(file, {**beside, **environment})\n"
        "    place =",
        "    marked = read_marked(file, environment)\n    place =",
        f"{UNIT}/test_manifest_file.py"
        "::test_the_journal_of_the_switch_is_the_same_as_that_of_the_adapter_also_where_the_file_beside_names_it",
    ),
    mutant(
        "reviewed: what own code says of a person is not printed by a search",
        "adapters/kit/own_people.py",
        "    except Exception:  # noqa: BLE001",
        "    except TimeoutError:  # noqa: BLE001",
        f"{UNIT}/test_search_by_person.py"
        "::test_a_source_that_fails_in_whatever_way_is_named_and_nothing_of_its_words[broken]",
    ),
)
