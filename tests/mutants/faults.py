"""Mutants of what holds when lines fail: found by letting them fail, in every way that has a name."""

from tests.mutants.mutant import Mutant, mutant

PATIENCE = "hub/edge/patience.py"
LINK = "adapters/kit/link.py"
DIALLING = "adapters/kit/dialling.py"
PATIENCE_TESTS = "tests/integration/hub/test_patience.py"
FOUND_OUT = f"{PATIENCE_TESTS}::test_a_link_whose_adapter_is_no_longer_there_is_found_out_by_the_connections_own_pings"
AGED = f"{PATIENCE_TESTS}::test_a_requesters_connection_ends_with_age_whatever_is_called_on_it"
UNSHAKEN = f"{PATIENCE_TESTS}::test_a_connection_on_which_no_handshake_is_finished_ends"
LINKLESS = f"{PATIENCE_TESTS}::test_a_connection_of_an_agency_on_which_no_link_is_opened_ends"
UNIT = "tests/unit/adapters"
BACK = "test_neither_the_longest_pause_nor_the_longest_dial_keeps_an_adapter_from_being_back_within_five_seconds"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "faults: the hub pings the connections on which it has calls",
        PATIENCE,
        '            ("grpc.keepalive_time_ms", self.keepalive_ms),\n',
        "",
        FOUND_OUT,
    ),
    mutant(
        "faults: a connection's ping that is not answered ends it in the time that is said",
        PATIENCE,
        '            ("grpc.http2.ping_timeout_ms", self.keepalive_timeout_ms),\n',
        "",
        FOUND_OUT,
    ),
    mutant(
        "faults: a requester's connection ends with age",
        PATIENCE,
        '            ("grpc.max_connection_age_ms", self.oldest_ms),\n',
        "",
        AGED,
    ),
    mutant(
        "faults: calls on a connection that is too old have so long to end, and no longer",
        PATIENCE,
        '            ("grpc.max_connection_age_grace_ms", self.grace_ms),\n',
        "",
        AGED,
    ),
    mutant(
        "faults: whoever does not finish a handshake is sent away",
        PATIENCE,
        '            ("grpc.server_handshake_timeout_ms", self.handshake_ms),\n',
        "",
        UNSHAKEN,
    ),
    mutant(
        "faults: a connection on which no link is opened is not kept",
        PATIENCE,
        '("grpc.max_connection_idle_ms", self.idle_link_ms)',
        "",
        LINKLESS,
    ),
    mutant(
        "faults: the hub gives a silent link up when it says it will",
        "hub/links/link.py",
        "await asyncio.sleep(min(PING_SECONDS, left))",
        "await asyncio.sleep(PING_SECONDS)",
        "tests/unit/hub/links/test_link.py"
        "::test_a_link_that_falls_silent_between_two_pings_ends_no_later_than_it_is_said_to",
    ),
    mutant(
        "faults: an adapter gives a silent link up",
        LINK,
        "            if quiet >= silence:\n",
        "            if quiet >= silence * 1_000:\n",
        f"{UNIT}/test_silence.py::test_a_link_is_given_up_once_the_hub_has_been_silent_for_three_pings",
    ),
    mutant(
        "faults: an adapter's ping that is not answered ends its connection in the time that is said",
        LINK,
        '    ("grpc.http2.ping_timeout_ms", 10_000),\n',
        "",
        f"{UNIT}/test_silence.py::test_an_answer_to_a_connections_own_ping_is_waited_for_as_long_as_is_said",
    ),
    mutant(
        "faults: a dial that nobody answers is given up",
        LINK,
        "WELCOME_SECONDS = 3.0",
        "WELCOME_SECONDS = 10.0",
        f"{UNIT}/test_dialling.py::{BACK}",
    ),
    mutant(
        "faults: a dial that nobody answered was a pause itself",
        DIALLING,
        "self.back_off.pause(failures) - dialled_seconds",
        "self.back_off.pause(failures)",
        f"{UNIT}/test_dialling.py::test_a_dial_that_nobody_answered_was_a_pause_itself",
    ),
    mutant(
        "faults: adapters whose links end in one moment do not dial in one moment",
        DIALLING,
        "                pause = max(0.0, self.back_off.pause(failures) - dialled_seconds)\n",
        "                pause = 0.0 if steady else max(0.0, self.back_off.pause(failures) - dialled_seconds)\n",
        f"{UNIT}/test_dialling.py::test_adapters_whose_steady_links_end_in_one_moment_do_not_dial_in_one_moment",
    ),
    mutant(
        "faults: adapters are back within five seconds of their hub",
        DIALLING,
        "longest_seconds: float = 4.0",
        "longest_seconds: float = 30.0",
        f"{UNIT}/test_dialling.py::{BACK}",
    ),
    mutant(
        "faults: pauses grow while a hub does not answer",
        DIALLING,
        "failures = 0 if steady else failures + 1",
        "failures = 0",
        f"{UNIT}/test_dialling.py::test_pauses_grow_while_links_do_not_last_and_are_short_again_after_one_that_did",
    ),
)
