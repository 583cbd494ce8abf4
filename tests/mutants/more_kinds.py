"""Mutants of files, OneRoster, SOAP and own code: what is believed, what is refused, what is asked about whom."""

from tests.mutants.mutant import mutant

FILES = "tests/integration/adapters/test_files_by_night.py"
EXCEL = "tests/integration/adapters/test_excel_files.py"
ROSTER = "tests/integration/adapters/test_oneroster_reader.py"
SOAP, WSDL = "tests/integration/adapters/test_soap_reader.py", "tests/integration/adapters/test_soap_wsdl.py"
OWN = "tests/integration/adapters/test_python_reader.py"
WRITTEN = "tests/unit/adapters/test_kinds_in_manifests.py"
TRUST, WORKBOOK, ENCODINGS = "adapters/files/trust.py", "adapters/files/workbook.py", "adapters/files/encodings.py"
SEARCHING, BELONGING = "adapters/oneroster/searching.py", "adapters/oneroster/belonging.py"
FILTERS, ROSTER_SERVICE = "adapters/oneroster/filters.py", "adapters/oneroster/service.py"
READ_WSDL, PORT, SERVICE = "adapters/soap/wsdl.py", "adapters/soap/port.py", "adapters/soap/service.py"
NO_REPLY = f"{SOAP}::test_what_is_no_reply_is_a_source_that_is_down"
UNUSABLE = f"{SOAP}::test_a_wsdl_that_cannot_be_used_is_said"

OF_FILES = (
    mutant(
        "kinds: a file that is still being written is left alone",
        TRUST,
        "        return all(stamp is None or stamp.age(now) >= self.seconds for stamp in stamps.values())",
        "        return True",
        f"{FILES}::test_a_file_is_taken_only_once_it_lies_still",
        f"{FILES}::test_a_file_dated_ahead_of_the_clock_is_taken_once_it_was_seen_lying_still",
    ),
    mutant(
        "kinds: a file that has lost most of its rows is refused once",
        TRUST,
        "        if shrunk:\n",
        "        if not shrunk and shrunk:\n",
        f"{FILES}::test_a_file_that_has_lost_most_of_its_rows_is_refused_once_and_a_second_such_file_is_believed",
    ),
    mutant(
        "kinds: what is older than it may be answers nothing",
        "adapters/files/reader.py",
        "                raise SourceFault(SourceFaultKind.STALE)\n",
        "                pass\n",
        f"{FILES}::test_what_is_older_than_it_may_be_is_a_source_that_is_down_and_a_check_says_so",
    ),
    mutant(
        "kinds: a file of two encodings is not guessed at",
        ENCODINGS,
        "    if has_its_letters:\n",
        "    if not is_utf_8 and is_utf_8:\n",
        f"{FILES}::test_a_file_of_two_encodings_is_refused_where_the_encoding_is_to_be_found_out",
    ),
    mutant(
        "kinds: an error in a cell is no empty cell",
        WORKBOOK,
        "ERROR if (number, column) in faulty else text for",
        "text for",
        f"{EXCEL}::test_an_error_or_a_formula_not_worked_out_where_a_shield_stands_is_no_empty_cell[#REF!]",
        f"{EXCEL}::test_an_error_or_a_formula_not_worked_out_where_a_shield_stands_is_no_empty_cell[=A1]",
    ),
    mutant(
        "kinds: a workbook that is not as it was packed is refused",
        WORKBOOK,
        "    if archive.testzip() is not None:\n",
        "    if archive.testzip() == archive:\n",
        f"{EXCEL}::test_a_workbook_that_is_not_whole_is_refused_and_the_old_one_stays",
    ),
)

OF_ROSTERS = (
    mutant(
        "kinds: no value becomes part of a roster's filter",
        FILTERS,
        "    if QUOTE not in value:\n",
        "    if value:\n",
        f"{ROSTER}::test_no_value_becomes_part_of_the_filter[x' OR sourcedId!=']",
    ),
    mutant(
        "kinds: as much is asked of a roster about somebody unknown as about somebody shielded",
        SEARCHING,
        "        return _joined(*await all_of(searches))",
        "        users = await searches[0]\n        if not users:\n"
        "            searches[1].close()\n            return []\n"
        "        return _joined(users, await searches[1])",
        f"{ROSTER}::test_as_much_is_asked_about_somebody_shielded_as_about_somebody_unknown[names]",
    ),
    mutant(
        "kinds: of others born that day a roster is asked for nothing else",
        SEARCHING,
        'selection = {name.partition(".")[0] for name, _ in conditions}',
        "selection = None",
        f"{ROSTER}::test_names_are_joined_with_the_day_of_birth_and_nothing_of_others_is_asked_for",
    ),
    mutant(
        "kinds: of a roster's users only what is needed is asked for",
        SEARCHING,
        "        return begins | self._references | ({ROLES} if self._records.role is not None else frozenset())",
        "        return None",
        f"{ROSTER}::test_a_pupil_is_found_by_identifier_and_only_what_is_needed_is_selected",
    ),
    mutant(
        "kinds: a roster's enrolments of others are thrown away",
        BELONGING,
        'return [one for one in enrolments if id_in(one.get("user")) == sourced_id]',
        "return enrolments",
        f"{ROSTER}::test_a_service_that_ignores_filters_does_not_make_the_adapter_tell_of_others",
    ),
    mutant(
        "kinds: a roster's record of another id is not taken for the one that was asked for",
        ROSTER_SERVICE,
        "return record if record.get(ID) == sourced_id and record.get(STATUS) != DELETED else None",
        "return record if record.get(STATUS) != DELETED else None",
        f"{ROSTER}::test_a_single_record_of_another_id_is_not_taken_for_the_one_that_was_asked_for",
    ),
    mutant(
        "kinds: half a roster does not look like a whole one",
        ROSTER_SERVICE,
        "                raise SourceFault(SourceFaultKind.GARBAGE)\n            return passed < int(total[:9])",
        "                return False\n            return passed < int(total[:9])",
        f"{ROSTER}::test_a_service_that_misbehaves_is_down_and_nothing_it_said_is_repeated[breaks off-garbage]",
    ),
    mutant(
        "kinds: a roster's account may do no more than read",
        "adapters/kit/oneroster_mapping.py",
        "        if writing:\n",
        "        if not self.scopes:\n",
        f"{ROSTER}::test_a_manifest_that_would_mislead_is_refused",
    ),
    mutant(
        "kinds: users of a roster who have another role are not found",
        SEARCHING,
        "return self._records.role is None or self._records.role in roles",
        "return bool(roles) or not roles",
        f"{ROSTER}::test_users_of_another_role_are_not_found",
    ),
)

OF_SOAP = (
    mutant(
        "kinds: a reply with a document type is refused",
        READ_WSDL,
        "forbid_dtd=True,",
        "forbid_dtd=False,",
        f"{NO_REPLY}[2]",
        f"{UNUSABLE}[doctype]",
    ),
    mutant(
        "kinds: a WSDL brings no file from elsewhere",
        READ_WSDL,
        "if self._folder is None or not file.is_relative_to(self._folder):",
        "if self._folder is None:",
        f"{WSDL}::test_a_file_may_refer_to_others_in_its_folder_and_to_none_elsewhere",
        f"{WSDL}::test_a_link_out_of_the_folder_is_followed_no_further_than_a_path",
    ),
    mutant(
        "kinds: a fetched WSDL does not lead to another host",
        PORT,
        "        if is_fetched and _origin(address) != _origin(source.wsdl):",
        "        if is_fetched and not address:",
        f"{SOAP}::test_a_wsdl_that_was_fetched_leads_to_its_own_host_only",
    ),
    mutant(
        "kinds: a password does not go where a WSDL leads in the clear",
        PORT,
        "        if (source.basic or source.username_token) and is_heard(address):",
        "        if (source.basic or source.username_token) and not address:",
        f"{SOAP}::test_a_password_goes_where_nobody_hears_it",
    ),
    mutant(
        "kinds: rows that no reply can have are no nobody",
        "adapters/soap/reader.py",
        "        if service.missed_rows(operation, path) is not None:",
        "        if service is None:",
        f"{SOAP}::test_rows_that_no_reply_can_have_are_no_nobody",
    ),
    mutant(
        "kinds: another operation's response is no reply",
        SERVICE,
        "        if _local(response.tag) != expected:",
        "        if not expected:",
        f"{NO_REPLY}[6]",
    ),
    mutant(
        "kinds: a fault is no response",
        SERVICE,
        "            raise SourceFault(SourceFaultKind.REFUSED, SoapBecause.FAULT)\n        return parsed",
        "            pass\n        return parsed",
        f"{NO_REPLY}[8]",
    ),
)

OF_OWN_CODE = (
    mutant(
        "kinds: records of others that own code finds are thrown away",
        "adapters/python/reader.py",
        "wanted = documents.only_wanted(_plain_documents(found), match)",
        "wanted = [one for one in _plain_documents(found) if isinstance(one, dict)]",
        f"{OWN}::test_records_of_others_are_thrown_away",
    ),
    mutant(
        "kinds: own code is given up when it is late",
        "adapters/python/reader.py",
        "async with asyncio.timeout_at(deadline):",
        "async with asyncio.timeout(1):",
        f"{OWN}::test_a_class_that_is_late_is_given_up_in_time",
    ),
    mutant(
        "kinds: what own code seeks has a repr without values",
        "adapters/python/interface.py",
        "{', '.join(self.wanted)}",
        "{self.wanted}",
        f"{OWN}::test_what_is_sought_has_a_repr_that_names_keys_only",
    ),
    mutant(
        "kinds: passwords of SOAP and of own code come out of the environment",
        "adapters/kit/manifest_file.py",
        "if not isinstance(source, FilesSource):",
        'if not isinstance(source, FilesSource) and source.kind not in {"soap", "python"}:',
        f"{WRITTEN}::test_what_is_wrong_is_said_with_its_line",
    ),
)

MUTANTS = (*OF_FILES, *OF_ROSTERS, *OF_SOAP, *OF_OWN_CODE)
