"""Mutants of how databases are read: read-only, by parameters, stopped when given up, within the agency's limits."""

from tests.mutants.mutant import Mutant, mutant

DATABASES = "tests/integration/databases"
STOPPING, READING = f"{DATABASES}/test_stopping.py", f"{DATABASES}/test_reading.py"
FAULTS, LIMITS = f"{DATABASES}/test_faults.py", f"{DATABASES}/test_limits.py"
TURNS, DEADLINES = "tests/unit/adapters/test_turns.py", "tests/unit/adapters/test_deadlines.py"
MARIADB, POSTGRESQL, POOL = "adapters/sql/mariadb.py", "adapters/sql/postgresql.py", "adapters/sql/pool.py"
PROVED = f"{READING}::test_a_check_finds_every_column_and_proves_that_nothing_can_be_written"
CANCELLED = f"{STOPPING}::test_a_question_that_is_cancelled_stops_its_query"
ACCENT = f"{READING}::test_a_letter_with_an_accent_is_another_letter_whatever_the_database_thinks[mariadb]"
TOO_LONG = f"{STOPPING}::test_the_server_itself_ends_a_statement_that_takes_too_long"
TOO_DEAR = f"{LIMITS}::test_a_question_without_an_index_is_too_dear_whomever_it_is_about"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "databases: a session with PostgreSQL cannot write",
        POSTGRESQL,
        '"default_transaction_read_only": "on", ',
        "",
        f"{PROVED}[postgresql]",
    ),
    mutant(
        "databases: a session with MariaDB cannot write",
        MARIADB,
        'return "SET SESSION TRANSACTION READ ONLY", longest',
        'return "SET SESSION TRANSACTION READ WRITE", longest',
        f"{PROVED}[mariadb]",
    ),
    mutant(
        "databases: a given-up question ends at MariaDB, which goes on though nobody listens",
        MARIADB,
        "        if self._is_busy:\n            await self._driver.kill(self._thread_id)\n",
        "",
        f"{CANCELLED}[mariadb]",
    ),
    mutant(
        "databases: a given-up question ends at PostgreSQL, for which the request to cancel must have gone",
        POSTGRESQL,
        "            await self._connection.close(timeout=CLOSE_SECONDS)\n",
        "            self._connection.terminate()\n",
        f"{CANCELLED}[postgresql]",
    ),
    mutant(
        "databases: a session in the middle of an answer is not used again",
        POOL,
        "                    self._drop(session.stop())\n                    raise\n",
        "                    self._give_back(session, opened_at)\n                    raise\n",
        f"{CANCELLED}[mariadb]",
    ),
    mutant(
        "databases: PostgreSQL itself bounds a statement",
        POSTGRESQL,
        ', "statement_timeout": str(read_ms)',
        "",
        f"{TOO_LONG}[postgresql]",
    ),
    mutant(
        "databases: MariaDB itself bounds a statement",
        MARIADB,
        "max_statement_time = {self._read_ms / 1000:.3f}",
        "max_statement_time = 0",
        f"{TOO_LONG}[mariadb]",
    ),
    mutant(
        "databases: who has another name is not told of, whatever MariaDB's collation thinks",
        "adapters/sql/letters.py",
        ' USING utf8mb4)) COLLATE utf8mb4_bin"',
        ' USING utf8mb4))"',
        ACCENT,
    ),
    mutant(
        "databases: what a driver says of a fault is repeated to nobody",
        POOL,
        "            raise SourceFault(self._driver.kind_of(fault)) from None\n",
        "            raise SourceFault(self._driver.kind_of(fault)) from fault\n",
        f"{FAULTS}::test_a_server_that_refuses_the_account_refuses[postgresql]",
        f"{FAULTS}::test_a_server_that_refuses_the_account_refuses[mariadb]",
    ),
    mutant(
        "databases: a password stands in no repr",
        "adapters/kit/manifest.py",
        "    password: Annotated[Name | None, Field(repr=False)] = None\n",
        "    password: Name | None = None\n",
        f"{FAULTS}::test_the_address_is_in_no_repr[postgresql]",
    ),
    mutant(
        "databases: a password that stands in the manifest itself is a fault",
        "adapters/kit/manifest.py",
        """        if self.password is not None:
            yield ("password",)
""",
        "",
        "tests/unit/adapters/test_manifest_file.py::test_a_password_in_the_manifest_itself_is_a_fault_that_does_not_repeat_it",
    ),
    mutant(
        "databases: a place that is handed over to a question which has gone is not lost",
        "adapters/sql/places.py",
        "                self.give_back()\n            elif",
        "                pass\n            elif",
        "tests/unit/adapters/test_places.py::test_no_place_is_lost_though_whoever_waited_has_gone[before]",
    ),
    mutant(
        "databases: whoever is cancelled stays cancelled though a deadline came in the same moment",
        "adapters/sql/deadlines.py",
        "from_here_alone = task.uncancel() <= self._before",
        "from_here_alone = task.uncancel() <= self._before + 1",
        f"{DEADLINES}::test_whoever_is_cancelled_in_the_same_moment_stays_cancelled",
    ),
    mutant(
        "limits: no second has more questions than the agency allows",
        "adapters/kit/turns.py",
        "        due = max(now, self._begun[0] + SECOND) if is_full else now\n",
        "        due = now\n",
        f"{TURNS}::test_no_second_has_more_questions_than_it_may_and_those_that_wait_keep_their_order",
        f"{DATABASES}/test_over_a_link.py::test_more_than_the_agency_allows_in_a_second_is_busy_and_the_rest_is_answered",
    ),
    mutant(
        "limits: at closed hours nobody looks at terms either",
        "adapters/kit/turns.py",
        '        """Find, unless the source is closed."""\n        self.turns.require_open()\n',
        '        """Find, unless the source is closed."""\n',
        f"{TURNS}::test_nobody_asks_at_closed_hours_neither_for_a_question_nor_for_a_look",
    ),
    mutant(
        "limits: what is too dear is not asked",
        "adapters/sql/scans.py",
        "            is_good = scans is not None and not scans\n",
        "            is_good = True\n",
        f"{TOO_DEAR}[sqlite]",
        f"{TOO_DEAR}[postgresql]",
        f"{TOO_DEAR}[mariadb]",
        "tests/unit/adapters/test_other_servers.py::test_a_limit_that_a_server_cannot_keep_refuses_every_question",
    ),
)
