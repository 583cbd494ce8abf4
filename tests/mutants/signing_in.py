"""Mutants of sign-in with name and password: words, time, guessing, and what a password must be."""

from tests.mutants.mutant import Change, Mutant, mutant

ACCOUNTS, STORE, UNIT = "hub/accounts", "hub/store", "tests/unit/hub/accounts"
SIGN_IN, OPENING, THROTTLE = f"{ACCOUNTS}/sign_in.py", f"{ACCOUNTS}/opening.py", f"{ACCOUNTS}/throttle.py"
RULES = f"{ACCOUNTS}/password_rules.py"
SECOND, OWN = f"{ACCOUNTS}/second_factor.py", f"{ACCOUNTS}/own_password.py"
BLOCKLIST = f"{ACCOUNTS}/blocklist.py"

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
        "an unknown user name costs the store as much as a known one",
        SIGN_IN,
        "            self._kept.accounts.find(self._somebody)\n",
        "            pass\n",
        f"{SIGNING}::test_a_name_that_nobody_has_is_looked_up_as_often_and_finds_as_much",
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
    Mutant(
        control="an account without a password is not opened by an empty one",
        changes=(
            Change(
                file=f"{ACCOUNTS}/passwords.py",
                old="        return verified and bool(kept_hash)\n",
                new="        return verified or kept_hash == password\n",
            ),
            Change(file=SIGN_IN, old="0 < len(composed(password))", new="0 <= len(composed(password))"),
        ),
        tests=(
            SAME_WORDS,
            f"{OWNING}::test_an_account_without_a_password_is_opened_by_an_invitation_and_by_nothing_else",
        ),
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
        f"{RULING}::test_the_commonest_passwords_are_refused_in_every_usual_disguise[$un$h1n3.$un$h1n3]",
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

MUTANTS = (*PASSWORDS, *GUESSING)
