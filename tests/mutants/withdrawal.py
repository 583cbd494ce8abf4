"""Mutants of what makes a withdrawal felt at once, by everybody."""

from tests.mutants.mutant import Mutant, mutant

WITHDRAWING, REGISTRY = "hub/asking/withdrawing.py", "hub/sessions/registry.py"
TRIALS = "tests/integration/withdrawal/test_withdrawal.py"
AT_ONCE = f"{TRIALS}::test_what_is_withdrawn_is_gone_at_once_for_everybody"
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
        "            self._require_showable(session, request, answers)\n",
        "            session.require_wanted(request.request_id)\n",
        WHILE_RECORDED,
    ),
    mutant(
        "withdrawal: no session is opened on what an account was before",
        REGISTRY,
        "        if self._revocations[requester.user_name] != revocations:\n",
        "        if False:\n",
        AT_ONCE,
    ),
    mutant(
        "withdrawal: an agreement ends at its second and not at the next look",
        WITHDRAWING,
        "                wait = min(wait, max((upcoming - self._now()).total_seconds(), 0))\n",
        "                wait = LONGEST_WAIT_SECONDS\n",
        AT_ONCE,
    ),
)
