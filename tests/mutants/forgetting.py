"""Mutants of what makes the hub forget."""

from tests.mutants.mutant import Mutant, mutant

FORENSICS = "tests/forensics/test_forgetting_proved.py::test_nothing_of_a_case_is_left_after_forty_sessions"
UNIT = "tests/unit/hub"
RESTARTED = (
    f"{UNIT}/hardening/test_restarting.py::"
    "test_a_program_that_is_started_over_overwrites_what_it_frees_and_keeps_its_arguments"
)
PADDED = f"{UNIT}/links/test_padding.py"
SWEPT = "tests/integration/hub/test_sweeping.py::test_what_lies_in_free_memory_is_swept_while_a_hardened_hub_serves"
RESTARTING, CLOSING, PADDING = "hub/hardening/restarting.py", "hub/hardening/closing.py", "hub/links/padding.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "forgetting: the served hub starts over with an allocator that overwrites",
        "hub/cli/serve.py",
        "        restart_hardened(os.environ)\n",
        "        pass\n",
        FORENSICS,
    ),
    mutant(
        "forgetting: a program whose settings are taken away again is not started over without end",
        RESTARTING,
        " or environment.get(STARTED_OVER) == own:\n",
        ":\n",
        f"{UNIT}/hardening/test_restarting.py"
        "::test_a_system_that_takes_the_settings_away_again_does_not_start_it_over_without_end",
    ),
    mutant(
        "forgetting: an answer lives in its session and nowhere else",
        "hub/sessions/session.py",
        "        held.take(part, behind)\n",
        "        held.take(part, behind)\n        globals().setdefault('_KEPT', []).append(part)\n",
        FORENSICS,
    ),
    mutant(
        "forgetting: an adapter pads a link that has become quiet",
        "adapters/kit/padding.py",
        "            self._is_due.set()\n",
        "            self._is_due.clear()\n",
        FORENSICS,
        "tests/unit/adapters/test_padding.py::test_replies_are_followed_by_padding_once",
    ),
    mutant(
        "forgetting: a connection that nobody uses is closed",
        "hub/edge/patience.py",
        '            ("grpc.max_connection_idle_ms", self.idle_requester_ms),\n',
        "",
        FORENSICS,
    ),
    mutant(
        "forgetting: the hub pads a link that has become quiet",
        PADDING,
        "            self._put_off()\n",
        "            self.close()\n",
        f"{PADDED}::test_what_goes_out_is_followed_by_padding_when_nothing_else_follows",
    ),
    mutant(
        "forgetting: padding may come once after a reply, and more of it is a flood",
        PADDING,
        "            self._may_come = False\n",
        "            self._may_come = True\n",
        f"{PADDED}::test_padding_that_comes_after_a_reply_is_taken_out_once",
    ),
    mutant(
        "forgetting: a link does not hold the last message while it waits for the next",
        "hub/links/link.py",
        "            del received\n",
        "            last = received\n",
        f"{PADDED}::test_a_link_holds_nothing_of_the_last_message_while_it_waits_for_the_next",
    ),
    mutant(
        "forgetting: no write is given up half-way",
        "hub/edge/unbroken.py",
        "        return await asyncio.shield(task)\n",
        "        return await task\n",
        f"{UNIT}/edge/test_unbroken.py::test_an_operation_ends_by_itself_when_whoever_waited_is_cancelled",
    ),
    mutant(
        "forgetting: Python overwrites what it frees",
        RESTARTING,
        'ALLOCATOR_THAT_GUARDS = "pymalloc_debug"',
        'ALLOCATOR_THAT_GUARDS = "pymalloc"',
        RESTARTED,
    ),
    mutant(
        "forgetting: no block is put aside unwiped",
        RESTARTING,
        '    "glibc.malloc.tcache_count": "0",\n',
        "",
        RESTARTED,
    ),
    mutant(
        "forgetting: all threads are served from the one place that is swept",
        RESTARTING,
        '    "glibc.malloc.arena_max": "1",\n',
        "",
        RESTARTED,
    ),
    mutant(
        "forgetting: core dumps are off",
        CLOSING,
        "    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n",
        "    resource.getrlimit(resource.RLIMIT_CORE)\n",
        RESTARTED,
    ),
    mutant(
        "forgetting: other programs of the hub's user cannot read its memory",
        CLOSING,
        "        library.prctl(_SET_DUMPABLE, 0, 0, 0, 0)\n",
        "        library.prctl(_GET_DUMPABLE, 0, 0, 0, 0)\n",
        RESTARTED,
    ),
    mutant(
        "forgetting: hub status says what was measured and not what was set",
        "hub/hardening/probing.py",
        "    return at_once and not (",
        '    return "PYTHONMALLOC" in __import__("os").environ or not (',
        f"{UNIT}/hardening/test_restarting.py::test_that_freed_memory_is_not_overwritten_is_found_out",
    ),
    mutant(
        "forgetting: what Python leaves of the blocks that it moves is swept",
        "hub/hardening/sweeping.py",
        "    _sweep_python()\n",
        "",
        RESTARTED,
        SWEPT,
    ),
    mutant(
        "forgetting: what the C library spares of its blocks is swept",
        "hub/hardening/sweeping.py",
        "        _sweep_c()\n",
        "        pass\n",
        RESTARTED,
    ),
    mutant(
        "forgetting: a hub sweeps its memory while it serves",
        "hub/main.py",
        "(_sweep_memory,) if hardening.overwrites_freed else ()",
        "()",
        SWEPT,
    ),
)
