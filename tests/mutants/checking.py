"""Mutants of how an agency begins and checks: what must not be written, not be told, and not be taken for good."""

from tests.mutants.mutant import Mutant, mutant

KIT, UNIT, WIRE = "adapters/kit", "tests/unit/adapters", "tests/integration/adapters"
SCAFFOLDING, BEGUN = f"{KIT}/scaffolding.py", f"{UNIT}/test_scaffolding.py"
VALUES, COMPARED = f"{KIT}/values_check.py", f"{UNIT}/test_values_check.py"
PLACE, KEPT = f"{KIT}/journal_place.py", f"{UNIT}/test_journal_place.py"
DOT_ENV = f"{KIT}/dot_env.py"
LOOKED = f"{WIRE}/test_database_check.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a check tries a write, and a write that passes is a fault",
        "adapters/sql/sqlite_file.py",
        'state=FindingState.FAULT, what="the database can be written',
        'state=FindingState.OK, what="the database can be written',
        f"{LOOKED}::test_a_connection_that_lets_a_write_pass_is_a_fault_and_nothing_stays",
    ),
    mutant(
        "what a check tries to write is taken back",
        "adapters/sql/sqlite_file.py",
        "        connection.rollback()\n        connection.close()\n",
        "        connection.commit()\n        connection.close()\n",
        f"{LOOKED}::test_a_connection_that_lets_a_write_pass_is_a_fault_and_nothing_stays",
    ),
    mutant(
        "a check tells no value",
        VALUES,
        '    whole = f"{what}: {unread} of the first {len(texts)} days in `{place}` do not fit {said}"\n',
        '    whole = f"{what}: {unread} of the first {len(texts)} days in `{place}` ({texts[-1]}) do not fit {said}"\n',
        f"{COMPARED}::test_a_few_days_that_do_not_fit_are_a_note",
    ),
    mutant(
        "a check finds the keys by which nobody would ever be met",
        VALUES,
        "    return as_written(key, day.isoformat()) == text\n",
        "    return True\n",
        f"{COMPARED}::test_a_day_that_is_read_well_but_never_found_by_its_letters_is_told",
    ),
    mutant(
        "a search for nobody that is answered with an error is a fault",
        f"{KIT}/documents_check.py",
        "        return PLAN.fault(what, ",
        "        return PLAN.note(what, ",
        f"{WIRE}/test_rest_reader.py::test_a_check_searches_for_nobody_and_tells_what_a_real_ask_would_meet",
    ),
    mutant(
        "credentials that others may read are a fault",
        DOT_ENV,
        "    if file.stat().st_mode & OTHERS:\n",
        "    if False:\n",
        f"{WIRE}/test_commands.py::test_credentials_that_others_may_read_are_a_fault",
    ),
    mutant(
        "a faulty line of credentials is not repeated",
        DOT_ENV,
        'what, mend = "this line is not NAME=value", ',
        'what, mend = f"this line is not NAME=value: {line}", ',
        f"{BEGUN}::test_a_line_that_is_none_is_a_fault_with_its_number_and_not_its_text",
    ),
    mutant(
        "a new folder is written over nothing",
        SCAFFOLDING,
        "    there = [name for name in texts if os.path.lexists(beginning.folder / name)]\n",
        "    there: list[str] = []\n",
        f"{BEGUN}::test_nothing_is_written_where_one_of_the_files_is_there",
    ),
    mutant(
        "a new folder keeps credentials, keys and journal from others",
        SCAFFOLDING,
        "OWNER_ONLY_FOLDER = 0o700\nOWNER_ONLY_FILE = 0o600\n",
        "OWNER_ONLY_FOLDER = 0o755\nOWNER_ONLY_FILE = 0o644\n",
        f"{BEGUN}::test_credentials_keys_and_journal_are_for_the_owner_alone",
    ),
    mutant(
        "a journal that others may read is a fault",
        PLACE,
        "    if journal.exists() and journal.stat().st_mode & OTHERS:\n",
        "    if False:\n",
        f"{KEPT}::test_a_journal_that_others_may_read_is_a_fault",
    ),
    mutant(
        "a journal on a network share is a fault",
        PLACE,
        "    if kind in NETWORKED:\n",
        "    if False:\n",
        f"{KEPT}::test_a_share_of_another_machine_is_told_by_its_file_system",
    ),
    mutant(
        "a manifest's schema refuses settings that the adapter does not know",
        f"{KIT}/manifest_schema.py",
        '        part.setdefault("additionalProperties", False)\n',
        '        part.setdefault("additionalProperties", True)\n',
        f"{UNIT}/test_manifest_schema.py::test_the_schema_in_the_tree_is_what_the_model_says",
    ),
)
