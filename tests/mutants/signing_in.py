"""Mutants of accounts and sign-in: guessing, enumeration, second factors, invitations."""

from tests.mutants.mutant import Change, Mutant, mutant

ACCOUNTS, STORE, UNIT = "hub/accounts", "hub/store", "tests/unit/hub/accounts"
SIGN_IN, OPENING, THROTTLE = f"{ACCOUNTS}/sign_in.py", f"{ACCOUNTS}/opening.py", f"{ACCOUNTS}/throttle.py"
PASSKEYS, CEREMONIES, RULES = f"{ACCOUNTS}/passkeys.py", f"{ACCOUNTS}/ceremonies.py", f"{ACCOUNTS}/password_rules.py"
SECOND, OWN, CODES = f"{ACCOUNTS}/second_factor.py", f"{ACCOUNTS}/own_password.py", f"{ACCOUNTS}/one_time_codes.py"
IMPORTING, BLOCKLIST = f"{ACCOUNTS}/importing.py", f"{ACCOUNTS}/blocklist.py"

ATTACKS, SIGNING, THROTTLING = f"{UNIT}/test_attacks.py", f"{UNIT}/test_sign_in.py", f"{UNIT}/test_throttle.py"
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
SAME_TIME = f"{ATTACKS}::test_the_time_of_a_refusal_does_not_tell_why"
LYING = f"{KEYS}::test_an_authenticator_that_lies_signs_nobody_in_and_is_told_nothing"
LYING_FIRST = f"{KEYS}::test_an_authenticator_that_lies_registers_no_passkey"

PASSWORDS: tuple[Mutant, ...] = (
    mutant(
        "what was typed as a user name is not recorded",
        SIGN_IN,
        'raise refused(found.account.user_name if found.account else "")',
        "raise refused(credentials.user_name)",
        f"{SIGNING}::test_the_hub_s_own_record_learns_which_account_was_tried_but_not_what_was_typed",
    ),
    mutant(
        "every refused sign-in reads the same",
        f"{ACCOUNTS}/refusing.py",
        '"The user name and the password do not match an account that may sign in.",',
        '"The password is wrong." if account else "There is no such account.",',
        SAME_WORDS,
    ),
    mutant(
        "a disabled account does not sign in",
        OPENING,
        " and not account.disabled",
        "",
        SAME_WORDS,
        f"{SIGNING}::test_a_disabled_account_is_closed_to_external_identities_too",
    ),
    mutant(
        "an account without an access level of the policy does not sign in",
        OPENING,
        " and account.access_level in self._known_levels()",
        "",
        SAME_WORDS,
        f"{SIGNING}::test_a_level_that_the_policy_no_longer_knows_lets_nobody_in",
        f"{KEYS}::test_an_account_that_may_not_sign_in_may_not_with_a_passkey_either",
    ),
    mutant(
        "an unknown user name takes as long as a known one",
        f"{ACCOUNTS}/passwords.py",
        "        loop = asyncio.get_running_loop()\n",
        "        if kept_hash is None:\n            return False\n        loop = asyncio.get_running_loop()\n",
        f"{UNIT}/test_passwords.py::test_nobody_s_password_takes_as_long_as_somebody_s",
        f"{SAME_TIME}[few-unknown]",
        f"{SAME_TIME}[few-throttled, right password]",
    ),
    mutant(
        "a disabled account takes as long as another",
        SIGN_IN,
        "        account = found.account if ticket else None\n",
        "        account = found.account if ticket and self._opening.may(found.account) else None\n"
        "        if account is None and found.account is not None:\n"
        "            raise refused()\n",
        f"{SAME_TIME}[few-disabled, right password]",
        f"{SAME_TIME}[few-no level, right password]",
    ),
    mutant(
        "a throttled attempt takes as long as another",
        SIGN_IN,
        "        account = found.account if ticket else None\n",
        "        account = found.account if ticket else None\n"
        "        if ticket is None:\n"
        "            raise refused()\n",
        f"{SAME_TIME}[few-throttled, right password]",
    ),
    mutant(
        "an account without a password is not opened by an empty one",
        f"{ACCOUNTS}/passwords.py",
        "        return verified and bool(kept_hash)\n",
        "        return verified or kept_hash == password\n",
        SAME_WORDS,
        f"{OWNING}::test_an_account_without_a_password_is_opened_by_an_invitation_and_by_nothing_else",
    ),
    mutant(
        "a device's token is kept as its digest only",
        f"{ACCOUNTS}/tokens.py",
        'return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()',
        'return token.encode("utf-8", "surrogatepass") if hashlib else b""',
        f"{SIGNING}::test_a_new_device_is_given_a_token_and_is_known_from_then_on",
        f"{OWNING}::test_an_invitation_holds_once_and_is_kept_as_a_digest_only",
    ),
    mutant(
        "how many sign-ins wait is bounded",
        f"{ACCOUNTS}/places.py",
        "if self.taken >= self._most:",
        "if False:",
        f"{SIGNING}::test_a_look_has_a_place_too",
    ),
    mutant(
        "a flood of strangers leaves places for known devices",
        SIGN_IN,
        "with (self._known if found.is_known_device else self._strangers).one():",
        "with self._strangers.one():",
        f"{SIGNING}::test_a_flood_is_refused_alike_for_everyone_and_leaves_room_for_known_devices",
    ),
    mutant(
        "a password that stands alone is long",
        RULES,
        "_check_length(password, SHORTEST_ALONE if is_alone else SHORTEST_BESIDE)",
        "_check_length(password, SHORTEST_BESIDE)",
        f"{RULING}::test_a_password_that_is_all_there_is_has_fifteen_characters_and_eight_beside_a_second_factor",
        f"{FACTORS}::test_a_password_that_is_too_short_to_stand_alone_keeps_its_authenticator",
    ),
    mutant(
        "the commonest passwords are refused",
        RULES,
        "if self._blocklist.has(password):",
        "if False:",
        f"{RULING}::test_the_commonest_passwords_are_refused_in_every_usual_disguise",
    ),
    mutant(
        "a common password in disguise is a common one",
        BLOCKLIST,
        "            waiting += [form.translate(reading) for reading in _READINGS]\n",
        "",
        f"{RULING}::test_the_commonest_passwords_are_refused_in_every_usual_disguise[p@ssw0rd12345678]",
    ),
    mutant(
        "a common password repeated is a common one",
        BLOCKLIST,
        ", _unit(form)]",
        "]",
        f"{RULING}::test_the_commonest_passwords_are_refused_in_every_usual_disguise[passwordpassword]",
    ),
    mutant(
        "words about the holder do not count in a password",
        RULES,
        "if len(left) < LEAST_LEFT or self._blocklist.has(left):",
        "if False:",
        f"{RULING}::test_words_about_the_holder_and_the_service_do_not_count",
    ),
)

GUESSING: tuple[Mutant, ...] = (
    mutant(
        "guesses at one account are counted",
        THROTTLE,
        "((self._accounts, user_name), (self._sources, where), (self._strangers, None))",
        "((self._sources, where), (self._strangers, None))",
        f"{ATTACKS}::test_guessing_one_password_ends_and_even_the_right_one_is_refused_then[200]",
        f"{ATTACKS}::test_guessing_all_at_once_is_no_way_around",
        f"{THROTTLING}::test_no_hour_sees_more_than_twenty_guesses_at_one_account",
    ),
    mutant(
        "guesses from one source are counted",
        THROTTLE,
        "((self._accounts, user_name), (self._sources, where), (self._strangers, None))",
        "((self._accounts, user_name), (self._strangers, None)) if where else ()",
        f"{ATTACKS}::test_spraying_one_password_over_all_accounts_ends[400]",
        f"{THROTTLING}::test_less_than_one_in_a_hundred_guesses_is_evaluated_after_the_first_hundred_from_one_source",
    ),
    mutant(
        "guesses of all strangers together are counted",
        THROTTLE,
        "(self._sources, where), (self._strangers, None))",
        "(self._sources, where))",
        f"{THROTTLING}::test_spraying_from_many_sources_ends_too",
        f"{THROTTLING}::test_memory_follows_what_was_evaluated_lately_and_not_what_was_tried",
    ),
    mutant(
        "a guess is counted before it is evaluated",
        f"{ACCOUNTS}/buckets.py",
        "        self._levels[key] = (self._level(key) - 1, self._clock())\n",
        "        self._levels[key] = (self._level(key), self._clock())\n",
        f"{ATTACKS}::test_guessing_all_at_once_is_no_way_around",
    ),
    mutant(
        "the right password is refused too once an account is being guessed",
        SIGN_IN,
        "        account = found.account if ticket else None\n",
        "        account, ticket = found.account, ticket or Ticket(())\n",
        f"{ATTACKS}::test_guessing_one_password_ends_and_even_the_right_one_is_refused_then[200]",
    ),
    mutant(
        "a known device has its own share",
        SIGN_IN,
        "        if found.is_known_device:\n            return",
        "        if False:\n            return",
        f"{ATTACKS}::test_an_attacker_cannot_lock_out_a_holder_whose_device_is_known[2]",
    ),
    mutant(
        "a device is known for its own account only",
        f"{STORE}/known_devices.py",
        "and_(known_devices.c.user_name == user_name, known_devices.c.digest == digest)",
        "and_(known_devices.c.digest == digest)",
        f"{ATTACKS}::test_a_device_of_one_account_has_no_share_of_another",
        f"{TABLES}::test_only_the_newest_devices_of_an_account_are_known",
    ),
    mutant(
        "a name that nobody has is counted like any other",
        SIGN_IN,
        'name = credentials.user_name if _is_within_bounds(credentials) else ""',
        "name = credentials.user_name if found.account else object()  # type: ignore[assignment]",
        f"{ATTACKS}::test_what_is_left_of_a_share_does_not_tell_which_names_there_are",
    ),
    mutant(
        "only the newest devices are known",
        f"{STORE}/known_devices.py",
        "                connection.execute(delete(known_devices).where(_is(user_name, one)))\n",
        "                pass\n",
        f"{TABLES}::test_only_the_newest_devices_of_an_account_are_known",
    ),
    mutant(
        "guessing codes in a stolen session ends",
        SECOND,
        "        step = self._codes.step_of(code, user_name, seed) if ticket else None\n"
        "        if ticket is None or step is None:\n"
        "            raise code_refused(user_name)\n"
        "        ticket.give_back()\n",
        "        step = self._codes.step_of(code, user_name, seed)\n"
        "        if step is None:\n"
        "            raise code_refused(user_name)\n",
        f"{FACTORS}::test_guessing_codes_in_a_stolen_session_ends_and_is_over_for_the_right_code_too",
    ),
    mutant(
        "guessing the present password in a stolen session ends",
        OWN,
        "            if account is None or ticket is None or not is_right:\n",
        '            ticket = ticket or self._throttle.admit_known(user_name, b"")\n'
        "            is_right = account is not None and self._passwords._verify(account.password_hash, current)\n"
        "            if account is None or ticket is None or not is_right:\n",
        f"{OWNING}::test_guessing_the_present_password_in_a_stolen_session_ends",
    ),
)

FACTORS_TWO: tuple[Mutant, ...] = (
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
        "is_alone = found.kind is InvitationKind.FRESH_START or not await self._has_codes(account)",
        "is_alone = not await self._has_codes(account)",
        f"{OWNING}::test_a_new_password_leaves_the_authenticator_and_a_fresh_start_takes_it_away",
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

PASSKEY: tuple[Mutant, ...] = (
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

MUTANTS = (*PASSWORDS, *GUESSING, *FACTORS_TWO, *PASSKEY)
