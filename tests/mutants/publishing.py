"""Mutants of what happens between a draft and the policy in force."""

from tests.mutants.mutant import Mutant, mutant

WORKSHOP = "hub/access/workshop"
PARTS = "tests/unit/hub/access/test_workshop_parts.py"
WITH_PROCESSES = "tests/integration/hub/test_workshop.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a policy of which pieces are missing is not put in force",
        f"{WORKSHOP}/workshop.py",
        "    if said != pieces:\n",
        "    if False:\n",
        f"{WITH_PROCESSES}::test_a_result_of_which_a_piece_is_missing_is_no_result",
    ),
    mutant(
        "a draft with faults is not put in force",
        f"{WORKSHOP}/workshop.py",
        "    if faults:\n",
        "    if False:\n",
        f"{WITH_PROCESSES}::test_every_fault_comes_back_as_if_found_here",
    ),
    mutant(
        "a process that weighs a draft gets nothing of the hub's environment",
        f"{WORKSHOP}/process.py",
        "            env=_ENVIRONMENT,\n",
        "",
        f"{WITH_PROCESSES}::test_a_process_gets_nothing_of_the_hub_but_its_request",
    ),
    mutant(
        "a process that weighs a draft is bounded in time",
        f"{WORKSHOP}/workshop.py",
        "asyncio.timeout(self._limits.seconds)",
        "asyncio.timeout(self._limits.seconds * 40)",
        f"{WITH_PROCESSES}::test_a_process_that_takes_too_long_is_ended[signal.pause()]",
    ),
    mutant(
        "a process that weighs a draft is bounded in memory",
        f"{WORKSHOP}/__main__.py",
        "    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))\n",
        "",
        f"{WITH_PROCESSES}::test_a_short_draft_that_multiplies_is_held_to_its_memory",
    ),
    mutant(
        "a process that nobody watches is bounded in time",
        f"{WORKSHOP}/__main__.py",
        "    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))\n",
        "",
        f"{WITH_PROCESSES}::test_a_process_that_nobody_watches_is_ended_by_the_system_when_its_time_is_up",
    ),
    mutant(
        "a process that weighs a draft ends with its hub",
        f"{WORKSHOP}/__main__.py",
        "    os._exit(1)",
        "    return",
        f"{WITH_PROCESSES}::test_a_process_ends_with_its_hub_however_that_ended",
    ),
    mutant(
        "a result is bounded",
        f"{WORKSHOP}/wire.py",
        "if left >= 0",
        "if True",
        f"{WITH_PROCESSES}::test_a_result_that_never_ends_is_bounded_by_its_size",
    ),
    mutant(
        "no process is left behind",
        f"{WORKSHOP}/process.py",
        "        await asyncio.shield(_ended(process))\n",
        "        pass\n",
        f"{WITH_PROCESSES}::test_a_process_that_takes_too_long_is_ended[signal.pause()]",
        f"{WITH_PROCESSES}::test_whoever_goes_away_takes_the_process_along",
    ),
    mutant(
        "a hub that stops weighs nothing any more",
        f"{WORKSHOP}/workshop.py",
        "        self._closed = True\n",
        "",
        f"{WITH_PROCESSES}::test_closing_ends_what_runs_and_what_waits_and_is_idempotent",
    ),
    mutant(
        "the text of a failure stays in the process",
        f"{WORKSHOP}/__main__.py",
        '{"kind": type(error).__name__, ',
        '{"kind": type(error).__name__, "text": str(error), ',
        f"{PARTS}::test_the_process_says_of_which_kind_a_failure_was_and_none_of_its_text",
    ),
    mutant(
        "all who withdraw something are told of a new policy",
        "hub/access/in_force.py",
        "                failures.append(failure)\n",
        "                raise\n",
        "tests/unit/hub/access/test_in_force.py::test_a_listener_that_fails_keeps_no_other_from_being_told",
    ),
    mutant(
        "a new policy decides before anybody is told of it",
        "hub/access/in_force.py",
        "        self._policy = policy\n        failures: list[Exception] = []\n",
        "        failures: list[Exception] = []\n",
        "tests/unit/hub/access/test_in_force.py::test_listeners_are_told_in_their_order_and_find_the_new_version_in_force",
    ),
)
