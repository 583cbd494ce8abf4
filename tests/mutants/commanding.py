"""Mutants of the commands: what keeps a person's secrets, sessions, files and agreement their own."""

from tests.mutants.mutant import Mutant, mutant

CLI = "hub/cli"
LOOPBACK, EXTERNAL = f"{CLI}/signing/loopback.py", f"{CLI}/signing/external.py"
CLIENT = "tests/integration/client"
SIGN_IN, POLICY = f"{CLIENT}/test_sign_in_commands.py", f"{CLIENT}/test_policy_commands.py"
STRANGE_STATE = f"{SIGN_IN}::test_what_does_not_bear_the_sign_in_s_own_state_changes_nothing"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a secret that others could have read is not used",
        f"{CLI}/private_file.py",
        "not stat.S_ISREG(found.st_mode) or found.st_mode & _OTHERS",
        "not stat.S_ISREG(found.st_mode)",
        f"{SIGN_IN}::test_a_device_that_others_could_have_read_is_not_shown_to_the_hub",
        "tests/unit/hub/cli/test_client_folder.py::test_a_token_that_others_could_read_is_not_used",
    ),
    mutant(
        "a session's new token is kept, and the old one no longer",
        f"{CLI}/calling.py",
        "folder.keep(hub.token)",
        "pass",
        f"{SIGN_IN}::test_stepping_up_replaces_the_session_s_token",
    ),
    mutant(
        "a code that is refused does not end the session",
        "hub/client/translating.py",
        "kind is NotSignedIn and said.reason.endswith(_SHOWN_IN_VAIN)",
        "False",
        f"{SIGN_IN}::test_a_refused_code_leaves_the_session_open",
    ),
    mutant(
        "another page's request does not take the place of the provider's",
        LOOPBACK,
        "return query if hmac.compare_digest(states[0].encode(), self._state.encode()) else None",
        "return query",
        STRANGE_STATE,
    ),
    mutant(
        "a page under another name does not reach the listener",
        LOOPBACK,
        'or f"\\r\\nhost: {self._host}\\r\\n" not in head.lower()',
        "or not head",
        STRANGE_STATE,
    ),
    mutant(
        "only a web page is opened in the browser",
        EXTERNAL,
        'not (split.scheme == "https" or is_here) or not split.hostname or len(states) != 1',
        "len(states) != 1",
        f"{SIGN_IN}::test_only_a_web_page_is_opened_in_the_browser",
    ),
    mutant(
        "a hub writes no file outside the folder that was named",
        f"{CLI}/policy/keeping.py",
        "if strange := [name for name in texts if not _NAME.fullmatch(name)]:",
        "if strange := [name for name in texts if not name]:",
        f"{POLICY}::test_a_hub_cannot_write_outside_the_folder_that_was_named",
    ),
    mutant(
        "nothing is approved unless its approver says yes",
        f"{CLI}/policy/process.py",
        'if not is_sure and typed.shown("Do you agree to exactly this? Type yes") != "yes":',
        'if not is_sure and not typed.shown("Do you agree to exactly this? Type yes"):',
        f"{POLICY}::test_whoever_does_not_say_yes_has_not_approved",
    ),
    mutant(
        "what is approved is shown first",
        f"{CLI}/policy/process.py",
        "        if not place.as_json:\n            show_proposed(open_console(), seen, difference)\n",
        "",
        f"{POLICY}::test_an_approval_shows_what_it_is_for_and_bears_the_digest_of_what_was_shown",
    ),
    mutant(
        "the digest of an approval was read before the difference was",
        f"{CLI}/policy/process.py",
        "return await hub.policies.approve(seen.id, seen.digest), difference",
        "return await hub.policies.approve(seen.id, (await find_proposal(hub, proposal_id)).digest), difference",
        f"{POLICY}::test_an_approval_shows_what_it_is_for_and_bears_the_digest_of_what_was_shown",
    ),
    mutant(
        "a spreadsheet runs nothing of a matrix",
        f"{CLI}/policy/matrix_table.py",
        """printable(f"'{text}" if text.startswith(_FORMULAE) else text)""",
        "printable(text)",
        f"{POLICY}::test_the_matrix_as_csv_is_a_line_for_each_span_and_holds_no_formula",
    ),
    mutant(
        "a draft with faults does not leave the machine",
        f"{CLI}/policy/checking.py",
        "    book = validated(read_papers(folder, texts))\n",
        "    book = validated(read_papers(folder, texts_in(Path(__file__).parents[3] / 'policies')))\n",
        f"{POLICY}::test_a_draft_with_faults_is_never_sent_and_every_fault_is_told_with_its_line",
    ),
)
