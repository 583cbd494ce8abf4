"""Mutants of what proves who somebody is: authenticators, invitations, passkeys, external identities."""

from tests.mutants.mutant import Change, Mutant, mutant

ACCOUNTS, STORE, UNIT = "hub/accounts", "hub/store", "tests/unit/hub/accounts"
SIGN_IN = f"{ACCOUNTS}/sign_in.py"
CEREMONIES = f"{ACCOUNTS}/ceremonies.py"
SECOND, OWN, CODES = f"{ACCOUNTS}/second_factor.py", f"{ACCOUNTS}/own_password.py", f"{ACCOUNTS}/one_time_codes.py"
IMPORTING = f"{ACCOUNTS}/importing.py"

ATTACKS, SIGNING = f"{UNIT}/test_attacks.py", f"{UNIT}/test_sign_in.py"
FACTORS, OWNING, RULING = (
    f"{UNIT}/test_second_factor.py",
    f"{UNIT}/test_own_password.py",
    f"{UNIT}/test_password_rules.py",
)
KEYS, TABLES, CSV = (
    f"{UNIT}/test_passkeys.py",
    "tests/unit/hub/store/test_account_tables.py",
    f"{UNIT}/test_importing.py",
)

SAME_WORDS = f"{SIGNING}::test_every_refusal_reads_the_same"
LYING = f"{KEYS}::test_an_authenticator_that_lies_signs_nobody_in_and_is_told_nothing"
LYING_FIRST = f"{KEYS}::test_an_authenticator_that_lies_registers_no_passkey"

FACTORS_OF_ACCOUNTS: tuple[Mutant, ...] = (
    mutant(
        "an account with an authenticator needs its code",
        SIGN_IN,
        "is_proved = matches and (seed is None or step is not None)",
        "is_proved = matches",
        f"{SIGNING}::test_an_account_with_an_authenticator_needs_its_code",
        SAME_WORDS,
    ),
    Mutant(
        control="a code works once",
        changes=(
            Change(file=CODES, old=" and step > seed.last_step", new=""),
            Change(
                file=f"{STORE}/code_seeds.py",
                old="(code_seeds.c.user_name == user_name, code_seeds.c.last_step < step)",
                new="(code_seeds.c.user_name == user_name,)",
            ),
        ),
        tests=(
            f"{SIGNING}::test_a_code_works_once",
            SAME_WORDS,
            f"{FACTORS}::test_confirming_takes_a_code_once_wherever_it_was_used",
        ),
    ),
    mutant(
        "a code works once, in two processes at the same moment too",
        f"{STORE}/code_seeds.py",
        "(code_seeds.c.user_name == user_name, code_seeds.c.last_step < step)",
        "(code_seeds.c.user_name == user_name,)",
        f"{SIGNING}::test_a_code_works_once_for_two_at_the_same_moment_in_two_processes",
        f"{TABLES}::test_of_two_processes_that_accept_a_time_step_at_once_one_does",
    ),
    mutant(
        "a code that was used before does not even lead to a write, which could be timed",
        CODES,
        " and step > seed.last_step",
        " and step > -1",
        f"{UNIT}/test_one_time_codes.py::test_a_code_of_a_step_that_was_accepted_is_of_no_step",
    ),
    mutant(
        "a code is of now, or of the step before or after",
        CODES,
        "WINDOW = 1",
        "WINDOW = 4",
        f"{SIGNING}::test_a_code_may_be_a_step_early_or_late_and_typed_with_a_space",
    ),
    mutant(
        "a seed is bound to its account",
        f"{ACCOUNTS}/sealing.py",
        "self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], user_name.encode())",
        'self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], b"" if user_name else b"")',
        f"{FACTORS}::test_a_seed_rests_sealed_with_a_key_that_is_not_in_the_store",
    ),
    mutant(
        "seeds rest sealed",
        f"{ACCOUNTS}/sealing.py",
        "return nonce + self._cipher.encrypt(nonce, secret, user_name.encode())",
        "return secret",
        f"{FACTORS}::test_a_seed_rests_sealed_with_a_key_that_is_not_in_the_store",
    ),
    mutant(
        "an authenticator that is in use is not replaced",
        f"{STORE}/code_seeds.py",
        "            connection.execute(delete(code_seeds).where(*is_open))\n",
        "            connection.execute(delete(code_seeds).where(is_open[0]))\n",
        f"{FACTORS}::test_an_authenticator_is_neither_replaced_nor_confirmed_by_a_wrong_code",
        f"{TABLES}::test_a_seed_is_begun_confirmed_and_then_neither_replaced_nor_confirmed_again",
    ),
    mutant(
        "an authenticator is given up with the password only",
        SECOND,
        " or not matches:",
        ":",
        f"{FACTORS}::test_an_authenticator_is_given_up_with_password_and_code",
    ),
    mutant(
        "an invitation is used once",
        f"{STORE}/invitations.py",
        "            if taken.rowcount != 1:",
        "            if taken.rowcount > 1:",
        f"{TABLES}::test_an_invitation_sets_the_password_once_and_forgets_devices",
        f"{TABLES}::test_of_two_processes_that_use_an_invitation_at_once_one_does",
        f"{OWNING}::test_of_two_who_use_an_invitation_at_the_same_moment_one_does",
    ),
    mutant(
        "an invitation ends",
        f"{STORE}/invitations.py",
        "select(invitations).where(invitations.c.digest == digest, invitations.c.expires_at_ms > now_ms)",
        "select(invitations).where(invitations.c.digest == digest, invitations.c.expires_at_ms > 0)",
        f"{TABLES}::test_an_invitation_that_is_over_or_replaced_no_longer_holds",
    ),
    mutant(
        "a newer invitation replaces the older",
        f"{STORE}/invitations.py",
        "            connection.execute(delete(invitations).where(invitations.c.user_name == invitation.user_name))\n",
        "",
        f"{OWNING}::test_a_newer_invitation_replaces_the_older",
        f"{TABLES}::test_an_invitation_that_is_over_or_replaced_no_longer_holds",
    ),
    mutant(
        "a password that will stand alone is long enough for that",
        OWN,
        "password_hash = await self._hashed(new_password, account, is_alone=not await self._has_codes(account))",
        "password_hash = await self._hashed(new_password, account, is_alone=False)",
        f"{OWNING}::test_a_password_that_will_stand_alone_is_long_enough_for_that",
    ),
    mutant(
        "a password is changed by who knows the present one",
        OWN,
        "            if account is None or ticket is None or not is_right:\n",
        "            if account is None or ticket is None:\n",
        f"{OWNING}::test_the_holder_changes_the_password_with_the_present_one",
    ),
    mutant(
        "a hash made anew never overwrites a password that was changed meanwhile",
        f"{STORE}/accounts.py",
        "        if former is not None:\n",
        "        if False:\n",
        f"{TABLES}::test_a_hash_made_anew_never_overwrites_a_password_that_was_changed_meanwhile",
    ),
)

PASSKEYS_AND_IDENTITIES: tuple[Mutant, ...] = (
    mutant(
        "a passkey is taken on this hub's own pages only",
        CEREMONIES,
        "            expected_origin=party.origin,\n            credential_public_key",
        "            expected_origin=[party.origin, f'{party.origin}.attacker.example'],\n"
        "            credential_public_key",
        f"{LYING}[another origin]",
    ),
    mutant(
        "a passkey's holder has to unlock it",
        CEREMONIES,
        "            credential_current_sign_count=passkey.sign_count,\n            require_user_verification=True,",
        "            credential_current_sign_count=passkey.sign_count,\n            require_user_verification=False,",
        f"{LYING}[nobody verified]",
    ),
    mutant(
        "a passkey's holder has to unlock it to register it",
        CEREMONIES,
        "            expected_origin=party.origin,\n            require_user_verification=True,",
        "            expected_origin=party.origin,\n            require_user_verification=False,",
        f"{LYING_FIRST}[nobody verified]",
    ),
    mutant(
        "a passkey's count does not go back",
        CEREMONIES,
        "credential_current_sign_count=passkey.sign_count,",
        "credential_current_sign_count=0,",
        f"{LYING}[a count that stands still]",
    ),
    mutant(
        "a passkey signs in the account that it says it is of",
        CEREMONIES,
        "    if assertion.user_handle != user_handle(passkey.user_name):\n",
        "    if False:\n",
        f"{LYING}[another holder]",
        f"{LYING}[no holder]",
    ),
    mutant(
        "a page inside another's page is not taken",
        CEREMONIES,
        "    if client_data.cross_origin:\n",
        "    if False:\n",
        f"{LYING}[a page inside another's page]",
        f"{LYING_FIRST}[a page inside another's page]",
    ),
    mutant(
        "a challenge is used once",
        f"{ACCOUNTS}/challenges.py",
        'self._open.pop(challenge, ("", "", 0.0))',
        'self._open.get(challenge, ("", "", 0.0))',
        f"{KEYS}::test_a_response_that_does_not_count_is_taken_once_too",
    ),
    mutant(
        "a challenge ends",
        f"{ACCOUNTS}/challenges.py",
        " and self._clock() < expires_at",
        " and expires_at > 0",
        f"{KEYS}::test_a_challenge_ends",
    ),
    mutant(
        "a challenge is good for its own ceremony and holder",
        f"{ACCOUNTS}/challenges.py",
        "return (issued_for, issued_to) == (purpose, holder)",
        "return bool(issued_for) and (issued_to or True)",
        f"{KEYS}::test_a_challenge_is_good_for_its_own_ceremony_and_holder_only",
    ),
    mutant(
        "nobody confirms with another's passkey",
        f"{ACCOUNTS}/passkeys.py",
        " or (holder and passkey.user_name != holder):",
        ":",
        f"{KEYS}::test_nobody_confirms_with_another_s_passkey_or_with_a_sign_in",
    ),
    mutant(
        "challenges are bounded",
        f"{ACCOUNTS}/challenges.py",
        "        if len(self._open) >= self._most_open:\n",
        "        if False:\n",
        f"{KEYS}::test_challenges_are_bounded_and_the_oldest_goes_first",
    ),
    mutant(
        "a passkey belongs to one account",
        f"{STORE}/passkeys.py",
        "connection.execute(insert(passkeys), row)",
        'connection.execute(insert(passkeys).prefix_with("or replace"), row)',
        f"{KEYS}::test_a_passkey_of_another_account_cannot_be_registered_again",
        f"{TABLES}::test_a_passkey_belongs_to_one_account_and_its_count_moves_on_from_what_it_was",
    ),
    mutant(
        "an external identity opens the account of exactly this issuer",
        f"{STORE}/external_identities.py",
        "        is_it = (external_identities.c.issuer == issuer, external_identities.c.subject == subject)\n"
        "        with self._engine.connect()",
        "        is_it = (external_identities.c.subject == subject,)\n        with self._engine.connect()",
        f"{SIGNING}::test_an_external_identity_that_is_tied_to_nobody_is_refused_in_the_same_words",
        f"{TABLES}::test_an_external_identity_opens_one_account_that_there_is",
    ),
    mutant(
        "an external identity is as strong as its provider says",
        SIGN_IN,
        "is_strong=identity.is_strong",
        "is_strong=True",
        f"{SIGNING}::test_an_external_identity_opens_the_account_that_it_is_tied_to",
    ),
    mutant(
        "a cell that a spreadsheet would run is refused",
        IMPORTING,
        "if cell.startswith(_FORMULA):",
        "if False:",
        f"{CSV}::test_what_is_wrong_with_a_line_is_told_with_its_number",
    ),
    mutant(
        "an access level goes to its own agency only",
        IMPORTING,
        "elif level and offices.levels[level] not in (None, agency):",
        "elif False:",
        f"{CSV}::test_what_is_wrong_with_a_line_is_told_with_its_number",
    ),
)

MUTANTS = (*FACTORS_OF_ACCOUNTS, *PASSKEYS_AND_IDENTITIES)
