"""Mutants of what outlives its right: connections, strangers' calls, and changes of files that stopped half-way."""

from tests.mutants.mutant import Mutant, mutant

EDGE = "tests/unit/hub/edge/test_certificates.py"
ROLLED = "tests/unit/hub/test_rolling.py"
EDGES, ENROLLED = "hub/edge/agencies.py", "tests/integration/enrolling/test_enrolling.py"
ENROLLING = "hub/enrolling/enrolling.py"
STRANGERS, WITHDRAWN = (
    "tests/integration/enrolling/test_strangers.py",
    "tests/integration/enrolling/test_withdrawing.py",
)
ROLLING = "tests/integration/enrolling/test_rolling.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a connection from before its authority was retired opens and renews nothing",
        "hub/edge/certificates.py",
        '    raise NotAnAgency("foreign")\n',
        "    return x509.load_pem_x509_certificates(authorities)[0].fingerprint(SHA256()).hex()\n",
        f"{EDGE}::test_a_certificate_of_an_authority_that_is_not_trusted_any_more_stands_for_nobody",
        f"{ROLLING}::test_a_connection_from_before_an_authority_was_retired_neither_links_nor_renews_afterwards",
    ),
    mutant(
        "strangers without a token take no turn that a revocation waits for",
        ENROLLING,
        "        if self.membership.invitation(hashed) is None:\n"
        "            return await self._again(hashed, request, source)\n",
        "",
        f"{STRANGERS}::test_strangers_wait_for_nobody_s_turn_and_take_none",
    ),
    mutant(
        "whoever has a token enrols whatever strangers do from the same address",
        ENROLLING,
        "        self._take_try(hashed)\n",
        "        self._take_try(source_key(source))\n",
        f"{STRANGERS}::test_whoever_has_a_token_enrols_from_where_strangers_have_had_all_their_tries",
    ),
    mutant(
        "strangers from everywhere do not fill the log",
        ENROLLING,
        "        if self._strangers.has_one(None):\n",
        "        if source:\n",
        f"{STRANGERS}::test_strangers_from_everywhere_leave_so_many_entries_in_the_log_and_are_refused_all_the_same",
    ),
    mutant(
        "links of a withdrawn agency are cut though the store cannot keep it",
        ENROLLING,
        "        self.membership.put(member)\n        ended = self._around.links.cut(agency)\n"
        "        await asyncio.to_thread(self._around.store.change, member)\n",
        "        await asyncio.to_thread(self._around.store.change, member)\n        self.membership.put(member)\n"
        "        ended = self._around.links.cut(agency)\n",
        f"{WITHDRAWN}::test_links_are_cut_as_soon_as_that_is_recorded_whatever_becomes_of_the_store[suspend]",
    ),
    mutant(
        "nothing is withdrawn that is not recorded",
        ENROLLING,
        "        await self._record(said.agency_changed(state.value, agency, actor, member.changed_at_ms))\n",
        "",
        f"{WITHDRAWN}::test_nothing_is_withdrawn_that_cannot_be_recorded[revoke]",
    ),
    mutant(
        "what waits to go out over a link that is cut never goes",
        "hub/links/link.py",
        "        self._out.forget()\n",
        "",
        "tests/unit/hub/links/test_link.py::test_what_waits_to_go_out_when_a_link_is_cut_never_goes",
    ),
    mutant(
        "whoever is refused does not fill the log",
        EDGES,
        "        if self._said.has_one((agency, why)):\n",
        "        if why:\n",
        f"{WITHDRAWN}::test_whoever_is_refused_again_and_again_does_not_fill_the_log",
    ),
    mutant(
        "only an adapter's own user can keep it from renewing",
        "adapters/kit/credential_files.py",
        "os.O_RDWR | os.O_CREAT, OWNER_ONLY)",
        "os.O_RDWR | os.O_CREAT, EVERYBODY)",
        "tests/unit/adapters/test_credential_files.py::test_one_at_a_time_has_the_turn_and_only_the_owner_can_take_it",
    ),
    mutant(
        "nobody enrols into files that are being renewed",
        "adapters/kit/enrolling.py",
        "            if not is_ours:\n",
        "            if False:\n",
        f"{ENROLLED}::test_nobody_enrols_into_files_that_are_being_renewed_and_the_token_is_kept",
    ),
    mutant(
        "a new authority that is trusted already gets its key when the step is taken again",
        "hub/rolling.py",
        "    if _waits_to_issue(key, settings.path(settings.keys.authority)):\n",
        "    if False:\n",
        f"{ROLLED}::test_a_beginning_that_stopped_half_way_is_ended_by_beginning_again[3]",
    ),
)
