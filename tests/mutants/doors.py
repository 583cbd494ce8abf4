"""Mutants of what shows at the hub's door only: tokens that change hands, refusals on record, fresh factors."""

from tests.mutants.mutant import Mutant, mutant

SESSIONS, CREDENTIALS, CALLERS = "hub/edge/sessions.py", "hub/edge/credentials.py", "hub/edge/callers.py"
CLAIMS, EXCHANGE = "hub/accounts/oidc/claims.py", "hub/accounts/oidc/exchange.py"
DOORS = "tests/integration/doors"
SESSION, PASSKEY, REFUSAL = (
    f"{DOORS}/test_sessions_over_the_wire.py",
    f"{DOORS}/test_passkeys_over_the_wire.py",
    f"{DOORS}/test_refusals_over_the_wire.py",
)
FLOW = "tests/integration/sign_in/test_code_flow.py"

REVOKED = f"{DOORS}/test_overlaps_over_the_wire.py::test_a_sign_in_that_is_revoked_while_it_is_proved_opens_nothing"
SAME_BYTES = f"{REFUSAL}::test_whatever_the_reason_every_byte_is_the_same_and_the_hub_alone_knows_whom_it_was_about"
WALK = f"{PASSKEY}::test_a_passkey_is_registered_signs_in_steps_up_and_is_removed"
FURTHER = f"{PASSKEY}::test_the_first_factor_needs_a_session_and_each_further_one_a_fresh_second_factor"
BESIDE = f"{PASSKEY}::test_what_was_begun_as_the_first_factor_is_not_finished_beside_another_one"

FRESH = "        await self._require_fresh_unless_first(session)\n"
RECORDED = "            raise await self._recorded(error) from None\n"
TOLD = "            raise\n"
BY_PASSKEY = "        return sessions_pb2.FinishPasskeySignInResponse(session=session)\n"
BY_ISSUER = "        return sessions_pb2.FinishExternalSignInResponse(session=session)\n"
BEFORE = "        session = await self._open(signed_in, before.get(signed_in.requester.user_name, 0))\n"
NOW = (
    "        now = self._sessions.revocations(signed_in.requester.user_name)\n"
    "        session = await self._open(signed_in, now)\n"
)

TOKENS: tuple[Mutant, ...] = (
    mutant(
        "who steps up over the wire gets another token",
        SESSIONS,
        "        token = self._sessions.step_up(token_in(context))\n",
        "        session.step_up()\n        token = token_in(context)\n",
        f"{SESSION}::test_stepping_up_gives_another_token_and_the_old_one_is_dead_at_once",
        f"{SESSION}::test_of_two_who_step_up_one_session_with_one_token_one_is_left_with_nothing",
        WALK,
    ),
    mutant(
        "the token from before a step-up is dead at once",
        "hub/sessions/registry.py",
        "        del self._by_token[_digest(token)]\n        return self._file(session)\n",
        "        return self._file(session)\n",
        f"{SESSION}::test_stepping_up_gives_another_token_and_the_old_one_is_dead_at_once",
        f"{PASSKEY}::test_confirming_codes_gives_the_session_another_token",
    ),
    mutant(
        "who confirms codes over the wire gets another token",
        CREDENTIALS,
        "token=self._callers.sessions.step_up(token_in(context))",
        "token=token_in(context)",
        f"{PASSKEY}::test_confirming_codes_gives_the_session_another_token",
    ),
    mutant(
        "every session has a token of its own that nobody can guess",
        "hub/sessions/registry.py",
        "        token = secrets.token_urlsafe(TOKEN_BYTES)\n",
        '        token = f"{len(self._by_token):043}"\n',
        f"{SESSION}::test_a_token_that_somebody_brings_along_is_never_taken_over[password]",
    ),
    mutant(
        "a sign-in by password knows of revocations since it began",
        SESSIONS,
        "        return await self._open(signed_in, revocations)\n",
        "        return await self._open(signed_in, self._sessions.revocations(request.user_name))\n",
        f"{REVOKED}[password changed-password]",
    ),
    mutant(
        "a sign-in by passkey knows of revocations since it began",
        SESSIONS,
        BEFORE + BY_PASSKEY,
        NOW + BY_PASSKEY,
        f"{REVOKED}[disabled-passkey]",
    ),
    mutant(
        "a sign-in through an issuer knows of revocations since it began",
        SESSIONS,
        BEFORE + BY_ISSUER,
        NOW + BY_ISSUER,
        f"{REVOKED}[disabled-issuer]",
    ),
    mutant(
        "a changed password ends sign-ins that overlap it",
        "hub/sessions/registry.py",
        "        self._revocations[session.requester.user_name] += 1\n",
        "",
        f"{REVOKED}[password changed-password]",
    ),
    mutant(
        "a sign-in that was revoked meanwhile is refused like any other",
        SESSIONS,
        "if level is None or self._sessions.revocations(requester.user_name) != revocations:",
        "if level is None:",
        f"{REVOKED}[disabled-password]",
        f"{REVOKED}[disabled-issuer]",
    ),
    mutant(
        "a changed password ends the account's other sessions",
        CREDENTIALS,
        "return self._callers.sessions.revoke_others(session)",
        "return 1",
        f"{SESSION}::test_the_other_sessions_end_when_the_password_is_changed_and_the_old_one_opens_nothing",
    ),
    mutant(
        "an invitation that is accepted ends the sessions that are open",
        CREDENTIALS,
        "        self._callers.sessions.revoke(redeemed.user_name)\n",
        "",
        f"{SESSION}::test_an_invitation_ends_the_sessions_that_are_open_and_holds_once",
    ),
    mutant(
        "signing out everywhere is everywhere",
        SESSIONS,
        "        if request.everywhere:\n",
        "        if False:\n",
        f"{SESSION}::test_each_sign_in_tells_of_the_last_and_signing_out_everywhere_ends_them_all_and_nobody_else_s[password]",
    ),
    mutant(
        "a token counts only with the word that says what it is",
        CALLERS,
        " and value.startswith(BEARER)",
        "",
        f"{SESSION}::test_a_token_counts_only_where_the_contract_has_it",
    ),
)

SHARES: tuple[Mutant, ...] = (
    mutant(
        "whoever begins to sign in at an issuer again and again takes nobody's place",
        "hub/accounts/oidc/pending.py",
        "self._shares.take(_digest(handle), source)",
        "self._shares.take(_digest(handle), handle)",
        "tests/unit/hub/accounts/oidc/test_pending.py::test_whoever_begins_again_and_again_loses_their_own_and_takes_nobody_s_place",
        f"{REFUSAL}::test_whoever_begins_a_thousand_times_holds_no_more_than_their_share",
    ),
    mutant(
        "whoever begins to sign in by passkey again and again takes nobody's place",
        "hub/accounts/challenges.py",
        "self._shares.take(challenge, holder or source)",
        "self._shares.take(challenge, repr(challenge))",
        "tests/unit/hub/accounts/test_passkeys.py::test_whoever_begins_again_and_again_loses_their_own_challenges_and_nobody_else_s",
        f"{REFUSAL}::test_whoever_begins_a_thousand_times_holds_no_more_than_their_share",
    ),
)

RECORDS: tuple[Mutant, ...] = (
    mutant(
        "a refused sign-in by password is on record before it is told",
        SESSIONS,
        RECORDED + "        return await self._open(signed_in, revocations)\n",
        TOLD + "        return await self._open(signed_in, revocations)\n",
        SAME_BYTES,
    ),
    mutant(
        "a refused sign-in by passkey is on record before it is told",
        SESSIONS,
        RECORDED + BEFORE + BY_PASSKEY,
        TOLD + BEFORE + BY_PASSKEY,
        SAME_BYTES,
        WALK,
    ),
    mutant(
        "a refused sign-in through an issuer is on record before it is told",
        SESSIONS,
        RECORDED + BEFORE + BY_ISSUER,
        TOLD + BEFORE + BY_ISSUER,
        SAME_BYTES,
    ),
    mutant(
        "a refused step-up is on record before it is told",
        SESSIONS,
        "            await self._audit.record(agreed.stepped_up(user_name, _now_ms(), was_right=False))\n",
        "",
        f"{SESSION}::test_a_refused_step_up_leaves_the_session_as_it_was_and_is_recorded",
    ),
    mutant(
        "a refused change of how somebody signs in is on record before it is told",
        CREDENTIALS,
        "            await self._audit.record(agreed.account_change_refused(what, user_name, _now_ms()))\n",
        "",
        f"{SESSION}::test_the_other_sessions_end_when_the_password_is_changed_and_the_old_one_opens_nothing",
        f"{PASSKEY}::test_refused_changes_of_factors_are_recorded_before_they_are_told",
    ),
)

FACTORS: tuple[Mutant, ...] = (
    mutant(
        "a further passkey is begun with a fresh second factor only",
        CREDENTIALS,
        FRESH + "        options = await",
        "        options = await",
        FURTHER,
    ),
    mutant(
        "codes are begun with a fresh second factor only, where there is one",
        CREDENTIALS,
        FRESH + "        enrolment = await",
        "        enrolment = await",
        FURTHER,
    ),
    mutant(
        "a passkey that was begun as the first factor is not finished beside another one",
        CREDENTIALS,
        FRESH + "        passkey = await",
        "        passkey = await",
        BESIDE,
    ),
    mutant(
        "a sign-in that was not strong is not stepped up",
        SESSIONS,
        "            is_strong=signed_in.is_strong,\n",
        "            is_strong=True,\n",
        WALK,
    ),
    mutant(
        "a second factor that an issuer asked for hours ago is not fresh",
        CLAIMS,
        " and _is_fresh(authenticated_at, expected)",
        "",
        f"{FLOW}::test_a_level_that_was_proved_hours_ago_or_at_no_known_time_is_not_strong_now",
    ),
    mutant(
        "an issuer is asked for a level that counts, and to ask anew",
        EXCHANGE,
        "    acr_values = pending.acr_values or sorted(issuer.strong_acr)\n",
        "    acr_values = pending.acr_values\n",
        f"{FLOW}::test_the_browser_is_sent_off_with_a_challenge_and_the_code_is_given_back_with_its_answer",
    ),
)

MUTANTS: tuple[Mutant, ...] = (*TOKENS, *SHARES, *RECORDS, *FACTORS)
