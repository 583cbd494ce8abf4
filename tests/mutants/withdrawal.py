"""Mutants of what makes a withdrawal felt at once, by everybody."""

from tests.mutants.mutant import Change, Mutant, mutant

WITHDRAWING, REGISTRY = "hub/asking/withdrawing.py", "hub/sessions/registry.py"
PUBLISHING, PERMITTED = "hub/agreeing/publishing.py", "hub/asking/permitted.py"
UNIT = "tests/unit/hub"
TRIALS = "tests/integration/withdrawal/test_withdrawal.py"
AT_ONCE = f"{TRIALS}::test_what_is_withdrawn_is_gone_at_once_for_everybody"
HANGING_UP = "tests/integration/withdrawal/test_hanging_up.py"
JUDGED = f"{UNIT}/asking/test_permitted.py"
WHILE_RECORDED = f"{TRIALS}::test_what_is_withdrawn_while_it_is_being_recorded_is_not_released"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "withdrawal: a policy that was replaced decides nothing any more, not even for two seconds",
        "hub/access/in_force.py",
        "        self._policy = policy\n        failures: list[Exception] = []\n",
        '        __import__("asyncio").get_running_loop().call_later(2, setattr, self, "_policy", policy)\n'
        "        failures: list[Exception] = []\n",
        AT_ONCE,
    ),
    mutant(
        "withdrawal: held answers go at once",
        WITHDRAWING,
        "                taken += self._take_back(session, held, policy, at)\n",
        "                continue\n",
        AT_ONCE,
    ),
    mutant(
        "withdrawal: the rules are looked at once more when a disclosure has been recorded",
        "hub/asking/ask.py",
        "require_showable(session, self._in_force.policy, request, answers, self._now(), rules=self._rules)",
        "session.require_wanted(request.request_id)",
        WHILE_RECORDED,
    ),
    Mutant(
        control="withdrawal: no session is opened on what an account was before",
        changes=(
            # Whoever signs in is told by the first look; the second is the registry's own.
            Change(
                file="hub/edge/sessions.py",
                old="if level is None or self._sessions.revocations(requester.user_name) != revocations:",
                new="if level is None:",
            ),
            Change(
                file=REGISTRY,
                old="        if self._revocations[requester.user_name] != revocations:\n",
                new="        if False:\n",
            ),
        ),
        tests=(AT_ONCE,),
    ),
    mutant(
        "withdrawal: the registry itself opens no session on what an account was before",
        REGISTRY,
        "        if self._revocations[requester.user_name] != revocations:\n",
        "        if False:\n",
        "tests/unit/hub/sessions/test_sessions.py::test_no_session_opens_on_what_an_account_was_before_it_was_revoked",
    ),
    mutant(
        "withdrawal: an agreement ends at its second and not at the next look",
        WITHDRAWING,
        "                wait = min(wait, max((upcoming - self._now()).total_seconds(), 0))\n",
        "                wait = LONGEST_WAIT_SECONDS\n",
        AT_ONCE,
    ),
    mutant(
        "withdrawal: the log says where a publication takes hold",
        PUBLISHING,
        "            self._process.audit.submit(entry)\n",
        "            del entry\n",
        WHILE_RECORDED,
    ),
    mutant(
        "withdrawal: a publication takes effect though its publisher hangs up",
        PUBLISHING,
        "return await carried_through(self._take_effect(proposal, publication, policy, lacking))",
        "return await self._take_effect(proposal, publication, policy, lacking)",
        f"{HANGING_UP}::test_a_publication_whose_publisher_hangs_up_is_in_force_or_was_never_made",
    ),
    mutant(
        "withdrawal: what a policy forbids goes though something else fails to take notice of it",
        PUBLISHING,
        "            finally:\n",
        "            except OSError:\n                raise\n            else:\n",
        f"{HANGING_UP}::test_what_a_new_policy_forbids_goes_though_something_else_fails_to_take_notice",
    ),
    mutant(
        "withdrawal: an account is disabled whole though whoever does it hangs up",
        "hub/edge/accounts.py",
        "ended = await carried_through(self._disable(request.user_name, actor))",
        "ended = await self._disable(request.user_name, actor)",
        f"{HANGING_UP}::test_an_account_whose_disabling_is_hung_up_on_has_no_session_or_is_not_disabled",
    ),
    mutant(
        "withdrawal: what was begun is done before a cancellation takes hold",
        "hub/agreeing/carrying.py",
        "        await asyncio.wait([task])\n",
        "",
        "tests/unit/hub/agreeing/test_carrying.py::test_what_was_begun_is_done_before_a_cancellation_takes_hold",
    ),
    mutant(
        "withdrawal: an end that a new policy brings forward is not slept through",
        WITHDRAWING,
        "                    await self._changed.wait()\n",
        "                    await asyncio.Event().wait()\n",
        f"{UNIT}/asking/test_withdrawing.py::test_an_end_that_a_new_policy_brings_forward_is_not_slept_through",
    ),
    mutant(
        "withdrawal: who may no longer be asked once a question is recorded does not hear of it",
        "hub/asking/ask.py",
        "            asks = answering.still_asked()\n",
        "            asks = plan.asked\n",
        f"{UNIT}/asking/test_ask.py::test_who_may_no_longer_be_asked_once_the_question_is_recorded_does_not_hear_of_it",
    ),
    mutant(
        "withdrawal: a lawful basis that is no longer accepted carries no answer",
        PERMITTED,
        " or request.lawful_basis not in question.lawful_bases",
        "",
        f"{JUDGED}::test_an_answer_that_could_not_be_asked_for_any_more_is_taken_back[without_basis]",
        f"{JUDGED}::test_a_running_question_whose_basis_is_no_longer_accepted_is_cut",
    ),
    mutant(
        "withdrawal: what has come to need a second factor is not shown to who gave none",
        PERMITTED,
        "    if not request.is_stepped_up:\n",
        "    if not policy:\n",
        f"{JUDGED}::test_what_has_come_to_need_a_second_factor_is_not_released_to_who_gave_none",
        f"{JUDGED}::test_where_to_know_who_it_is_needs_a_second_factor_nothing_is_left_without",
    ),
    mutant(
        "withdrawal: a password that was changed opens no session any more",
        REGISTRY,
        "        self._revocations[session.requester.user_name] += 1\n",
        "",
        f"{UNIT}/sessions/test_sessions.py::test_no_session_opens_on_the_password_that_an_account_had_before_it_was_changed",
    ),
)
