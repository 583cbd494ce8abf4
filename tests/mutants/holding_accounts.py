"""Mutants of accounts: what closes them at once, and what their holders show before they change how they sign in."""

from tests.mutants.mutant import Mutant, mutant

REGISTRY, CREDENTIALS = "hub/sessions/registry.py", "hub/edge/credentials.py"
WIRE = "tests/integration/agreeing"
CLOSING, OWN = f"{WIRE}/test_closing_accounts.py", f"{WIRE}/test_own_credentials.py"
UNDER_WAY = f"{CLOSING}::test_nor_does_it_survive_a_changed_password_or_signing_out_everywhere"
BEGAN_BEFORE = f"{OWN}::test_a_session_that_began_before_there_was_a_factor_adds_none_beside_it"

UNRECORDED = "tests/integration/doors/test_unrecorded_changes.py"
CODES = "tests/unit/hub/accounts/test_second_factor.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "another password is set once that is recorded",
        "hub/accounts/own_password.py",
        "            await before(user_name)\n",
        "",
        f"{UNRECORDED}::test_a_password_that_cannot_be_recorded_is_not_set",
    ),
    mutant(
        "a password is set by an invitation once that is recorded",
        "hub/accounts/own_password.py",
        "            await before(account.user_name)\n",
        "",
        "tests/unit/hub/accounts/test_own_password.py"
        "::test_an_invitation_that_cannot_be_recorded_still_holds_afterwards",
    ),
    mutant(
        "a passkey is added once that is recorded",
        "hub/accounts/passkeys.py",
        "        await before(user_name)\n        if not await asyncio.to_thread(self._kept.passkeys.add, passkey):\n",
        "        if not await asyncio.to_thread(self._kept.passkeys.add, passkey):\n",
        f"{UNRECORDED}::test_a_passkey_that_cannot_be_recorded_is_neither_added_nor_removed",
    ),
    mutant(
        "a passkey is removed once that is recorded",
        "hub/accounts/passkeys.py",
        "        await before(user_name)\n        return await",
        "        return await",
        f"{UNRECORDED}::test_a_passkey_that_cannot_be_recorded_is_neither_added_nor_removed",
    ),
    mutant(
        "codes are taken into use once that is recorded",
        "hub/accounts/second_factor.py",
        "        await before(user_name)\n        if not",
        "        if not",
        f"{CODES}::test_codes_are_neither_taken_into_use_nor_given_up_where_that_cannot_be_recorded",
    ),
    mutant(
        "codes are given up once that is recorded",
        "hub/accounts/second_factor.py",
        "        await before(user_name)\n        await asyncio.to_thread(self._kept.seeds.remove",
        "        await asyncio.to_thread(self._kept.seeds.remove",
        f"{CODES}::test_codes_are_neither_taken_into_use_nor_given_up_where_that_cannot_be_recorded",
    ),
    mutant(
        "disabling an account ends its sessions",
        "hub/edge/accounts.py",
        "        return self._callers.sessions.revoke(user_name)\n",
        "        return 0\n",
        f"{CLOSING}::test_disabling_ends_sessions_and_running_questions_at_once",
        f"{CLOSING}::test_a_sign_in_that_is_just_under_way_does_not_survive_the_disabling",
    ),
    mutant(
        "nobody alone resets an account that sets the rules and has no second factor",
        "hub/edge/accounts.py",
        "if level is not None and level.kind in SEEING and account.password_hash and not has_factor:",
        "if False:",
        f"{CLOSING}::test_nobody_alone_resets_who_sets_or_reviews_the_rules_without_a_second_factor",
    ),
    mutant(
        "shorter limits hold for the sessions that are open",
        "hub/asking/withdrawing.py",
        "            session.shorten(level.idle_seconds, level.absolute_seconds)\n",
        "",
        f"{CLOSING}::test_a_level_s_limits_shorten_its_sessions",
    ),
    mutant(
        "a sign-in that is under way does not survive the account's disabling",
        "hub/edge/sessions.py",
        "if level is None or self._sessions.revocations(requester.user_name) != revocations:",
        "revocations = self._sessions.revocations(requester.user_name)\n        if level is None:",
        f"{CLOSING}::test_a_sign_in_that_is_just_under_way_does_not_survive_the_disabling",
        f"{CLOSING}::test_a_level_that_is_gone_before_a_sign_in_ends_lets_nobody_in",
    ),
    mutant(
        "a sign-in that is under way does not survive a changed password",
        REGISTRY,
        "        self._revocations[session.requester.user_name] += 1\n",
        "",
        f"{UNDER_WAY}[False]",
    ),
    mutant(
        "a sign-in that is under way does not survive signing out everywhere",
        REGISTRY,
        "        self._revocations[user_name] += 1\n        return sum(",
        "        return sum(",
        f"{UNDER_WAY}[True]",
    ),
    mutant(
        "an account is enabled by agreement only",
        "hub/store/invitations.py",
        "values(password_hash=password_hash)",
        "values(password_hash=password_hash, disabled=False)",
        f"{CLOSING}::test_a_disabled_account_is_opened_again_by_agreement_only",
    ),
    mutant(
        "an invitation works once",
        "hub/store/invitations.py",
        "delete(invitations).where(unused, invitations.c.expires_at_ms > now_ms)",
        "update(invitations).where(unused).values(kind=invitation.kind)",
        f"{WIRE}/test_accounts.py::test_an_invitation_works_once_for_a_while_and_for_its_own_account",
    ),
    mutant(
        "a password that is set by an invitation ends the account's sessions",
        CREDENTIALS,
        "        self._callers.sessions.revoke(redeemed.user_name)\n",
        "",
        f"{CLOSING}::test_a_reset_keeps_second_factors_and_only_an_agreement_removes_them",
    ),
    mutant(
        "a reset keeps second factors",
        "hub/edge/accounts.py",
        "InvitationKind.NEW_PASSWORD",
        "InvitationKind.FRESH_START",
        f"{CLOSING}::test_a_reset_keeps_second_factors_and_only_an_agreement_removes_them",
    ),
    mutant(
        "a changed password ends the other sessions",
        CREDENTIALS,
        "return self._callers.sessions.revoke_others(session)",
        "return 0",
        f"{OWN}::test_a_changed_password_ends_the_other_sessions",
    ),
    mutant(
        "stepping up gives the session another token",
        REGISTRY,
        "        session.step_up()\n        del self._by_token[_digest(token)]\n        return self._file(session)\n",
        "        session.step_up()\n        return token\n",
        f"{OWN}::test_stepping_up_gives_the_session_another_token",
        f"{OWN}::test_confirming_an_authenticator_gives_the_session_another_token",
    ),
    mutant(
        "a wrong code within a session is recorded",
        "hub/edge/sessions.py",
        "            await self._audit.record(agreed.stepped_up(user_name, _now_ms(), was_right=False))\n",
        "",
        f"{OWN}::test_wrong_codes_are_counted_recorded_and_at_last_not_looked_at",
    ),
    mutant(
        "a further factor needs a fresh one",
        CREDENTIALS,
        "        if has_one:\n",
        "        if False:\n",
        f"{OWN}::test_the_first_factor_needs_no_fresh_one_and_every_later_one_does",
        BEGAN_BEFORE,
    ),
    mutant(
        "a passkey that was begun before there was a factor needs a fresh one too",
        CREDENTIALS,
        "        await self._require_fresh_unless_first(session)\n        passkey = ",
        "        passkey = ",
        BEGAN_BEFORE,
    ),
    mutant(
        "an authenticator that was begun before there was a factor needs a fresh one too",
        CREDENTIALS,
        "        await self._require_fresh_unless_first(session)\n        await carried_through(self._add_codes",
        "        await carried_through(self._add_codes",
        BEGAN_BEFORE,
    ),
    mutant(
        "a factor is removed by who has just shown one",
        CREDENTIALS,
        "        _require_fresh(session)\n        await carried_through(self._remove",
        "        await carried_through(self._remove",
        f"{WIRE}/test_who_may.py::test_every_rpc_lets_through_exactly_those_whom_the_table_names",
    ),
    mutant(
        "a guardian sees the accounts of the own agency only",
        "hub/edge/accounts.py",
        "        if account.agency == actor.guards or not actor.guards\n",
        "",
        f"{WIRE}/test_accounts.py::test_accounts_are_listed_without_secrets_and_to_a_guardian_those_of_the_own_agency",
    ),
    mutant(
        "one household is one source for who guesses passwords",
        "hub/edge/callers.py",
        'return unquote(context.peer().partition(":")[2].rpartition(":")[0]).strip("[]")',
        'return context.peer().rpartition(":")[0]',
        "tests/unit/hub/edge/test_callers.py::test_one_household_is_one_source_from_whichever_of_its_addresses",
    ),
)
