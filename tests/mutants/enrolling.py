"""Mutants of enrolling, of what makes a certificate count no more, and of renewing."""

from tests.mutants.mutant import Change, Mutant, mutant

MEMBERSHIP, ENROLLING, STORE = "hub/enrolling/membership.py", "hub/enrolling/enrolling.py", "hub/store/members.py"
CERTIFICATES, LINKS, REGISTER = "hub/edge/certificates.py", "hub/edge/agencies.py", "hub/links/register.py"
FIRST, OWN_KEY, RENEWING = "adapters/kit/enrolling.py", "adapters/kit/own_key.py", "adapters/kit/renewing.py"
FILES, KEYRING, SERVERS = "adapters/kit/credential_files.py", "hub/keyring.py", "hub/edge/servers.py"
COUNTS = "tests/unit/hub/enrolling/test_membership.py"
REQUESTS = "tests/unit/hub/enrolling/test_requests.py"
EDGE = "tests/unit/hub/edge/test_certificates.py"
KEPT = "tests/unit/hub/store/test_members.py"
REGISTERED = "tests/unit/hub/links/test_register.py"
ROLLED = "tests/unit/hub/test_rolling.py"
FILED, TIMED = "tests/unit/adapters/test_credential_files.py", "tests/unit/adapters/test_renewing.py"
ADMISSION = "tests/integration/hub/test_link_admission.py"
ENROLLED = "tests/integration/enrolling/test_enrolling.py"
WITHDRAWN = "tests/integration/enrolling/test_withdrawing.py"
RENEWED = "tests/integration/enrolling/test_renewing.py"
ROLLING = "tests/integration/enrolling/test_rolling.py"
NOTICED = f"{COUNTS}::test_what_is_wrong_with_a_certificate_is_noticed"
SAME_WORDS = f"{ENROLLED}::test_tokens_that_open_nothing_are_refused_in_the_same_words_and_recorded"
MIDDLE = f"{ENROLLED}::test_a_man_in_the_middle_never_sees_the_token"

TOKENS: tuple[Mutant, ...] = (
    mutant(
        "a token works once",
        STORE,
        "            if taken.rowcount != 1:\n                return False\n",
        "",
        f"{KEPT}::test_a_token_opens_one_enrolment_in_its_time",
    ),
    Mutant(
        control="a token that was used opens nothing more while the hub runs",
        changes=(
            Change(file=ENROLLING, old="        self.membership.used(kept.agency)\n", new=""),
            Change(file=STORE, old="            if taken.rowcount != 1:\n                return False\n", new=""),
            Change(
                file=STORE,
                old="    connection.execute(\n        insert(issued_certificates)",
                new="    connection.execute(delete(issued_certificates))\n    connection.execute(\n"
                "        insert(issued_certificates)",
            ),
        ),
        tests=(f"{ENROLLED}::test_of_two_who_use_a_token_at_once_one_does",),
    ),
    mutant(
        "a token holds for a while only",
        MEMBERSHIP,
        "return token.expires_at_ms if token and token.expires_at_ms > self._now_ms() else 0",
        "return token.expires_at_ms if token else 0",
        f"{COUNTS}::test_a_token_holds_until_its_time_or_its_agency_s_is_over",
    ),
    mutant(
        "a token of a suspended agency opens nothing",
        MEMBERSHIP,
        "return token if self._knows(token.agency) and member.state is not MemberState.SUSPENDED else None",
        "return token if self._knows(token.agency) and member else None",
        f"{COUNTS}::test_a_token_holds_until_its_time_or_its_agency_s_is_over",
        SAME_WORDS,
    ),
    mutant(
        "a token is kept as its hash",
        "hub/enrolling/enrolling.py",
        "digest=digest(token), agency=agency",
        "digest=token.encode(), agency=agency",
        f"{ENROLLED}::test_the_store_has_a_token_as_its_hash_only_and_the_log_has_not_even_that",
    ),
    mutant(
        "tokens that open nothing are refused alike, whatever else is wrong",
        ENROLLING,
        "        hashed = digest(token)\n",
        "        hashed = digest(token)\n        key_in(request)\n",
        SAME_WORDS,
    ),
    mutant(
        "whoever tries tokens has so many tries",
        ENROLLING,
        "if not self._tries.has_one(key):",
        "if False:",
        f"{ENROLLED}::test_strangers_have_so_many_tries_and_whoever_has_a_token_uses_none_up",
    ),
    mutant(
        "a request proves its key",
        "hub/enrolling/requests.py",
        "        if not asked.is_signature_valid:\n            raise _unfit()\n",
        "",
        f"{REQUESTS}::test_a_request_in_somebody_else_s_name_for_a_key_that_it_does_not_prove_is_refused",
        f"{ENROLLED}::test_a_request_that_does_not_prove_its_key_gets_nothing_and_uses_no_token_up",
    ),
    mutant(
        "an agency's token is made by an administrator with a fresh second factor",
        "hub/edge/members.py",
        "actor.require_to_change(LevelKind.ADMINISTRATOR)",
        "actor.require(*SEEING)",
        f"{ENROLLED}::test_only_an_administrator_with_a_fresh_second_factor_changes_who_is_connected",
    ),
    mutant(
        "a token is recorded, and the agency told, before it is made",
        ENROLLING,
        "await self._record(said.agency_invited(",
        "str(said.agency_invited(",
        f"{ENROLLED}::test_what_is_done_about_certificates_is_in_the_log_and_receipted_to_the_agency",
    ),
    mutant(
        "a certificate is recorded, and the agency told, before it is given",
        ENROLLING,
        "        await self._record(_issuing(issued, by_token=True))\n",
        "",
        f"{ENROLLED}::test_what_is_done_about_certificates_is_in_the_log_and_receipted_to_the_agency",
    ),
    mutant(
        "an adapter sends its token only to the hub whose authority the token names",
        FIRST,
        "            if authority.fingerprint(SHA256()) == self.token.fingerprint:\n",
        "            if authority:\n",
        f"{MIDDLE}[its own]",
    ),
    mutant(
        "an adapter sends its token only to whom that authority has vouched for",
        FIRST,
        "        async with self._channel(authority) as channel:\n",
        "        async with self._channel(await asyncio.to_thread(self._shown)) as channel:\n",
        f"{MIDDLE}[the hub's]",
    ),
    mutant(
        "an adapter takes no certificate for another agency",
        OWN_KEY,
        "        if agencies_named(signed) != {agency}:\n",
        "        if False:\n",
        f"{ENROLLED}::test_a_hub_that_gives_a_certificate_for_another_agency_is_not_believed",
        f"{TIMED}::test_what_does_not_fit_is_never_put_in_place[another agency]",
    ),
    mutant(
        "an adapter takes no certificate for another key",
        OWN_KEY,
        "        if not fits(certificate, self.pem):\n",
        "        if False:\n",
        f"{TIMED}::test_what_does_not_fit_is_never_put_in_place[another key]",
    ),
    mutant(
        "a key is for its owner's eyes",
        FILES,
        "OWNER_ONLY, EVERYBODY = 0o600, 0o644",
        "OWNER_ONLY, EVERYBODY = 0o644, 0o644",
        f"{FILED}::test_a_key_is_for_its_owner_alone_from_its_first_byte_on",
        f"{ENROLLED}::test_a_token_becomes_a_certificate_that_names_the_agency_for_some_days_and_opens_a_link",
    ),
)

COUNTING: tuple[Mutant, ...] = (
    mutant(
        "a suspended agency has no certificate that counts",
        MEMBERSHIP,
        "CertificateFault.SUSPENDED: member.state is MemberState.SUSPENDED,",
        "CertificateFault.SUSPENDED: False,",
        f"{COUNTS}::test_an_agency_that_is_not_admitted_has_no_certificate_that_counts",
        f"{WITHDRAWN}::test_links_of_a_withdrawn_agency_are_cut_within_a_second_and_none_is_admitted[suspend]",
        f"{ADMISSION}::test_nothing_is_served_to_a_certificate[of a suspended agency]",
    ),
    mutant(
        "a revoked agency has no certificate that counts",
        MEMBERSHIP,
        "CertificateFault.REVOKED: member.state is MemberState.REVOKED\n            or (",
        "CertificateFault.REVOKED: (",
        f"{COUNTS}::test_an_agency_that_is_not_admitted_has_no_certificate_that_counts",
    ),
    mutant(
        "what an agency had before it was revoked counts no more",
        MEMBERSHIP,
        "(member.revoked_at_ms > 0 and certificate.serial not in self._issued[agency])",
        "False",
        f"{COUNTS}::test_once_revoked_an_agency_has_only_what_this_hub_has_issued_since",
        f"{WITHDRAWN}::test_a_revoked_agency_comes_back_with_a_new_token_only_and_what_it_had_is_of_no_use_for_good",
        f"{ADMISSION}::test_nothing_is_served_to_a_certificate[revoked]",
    ),
    mutant(
        "a certificate that has ended counts no more though its connection is open",
        MEMBERSHIP,
        "CertificateFault.EXPIRED: now_ms >= certificate.ends_at_ms,",
        "CertificateFault.EXPIRED: False,",
        NOTICED,
        f"{WITHDRAWN}::test_a_link_whose_certificate_ends_is_cut_within_five_seconds_though_its_stream_is_open",
    ),
    mutant(
        "a certificate that has not begun does not count yet",
        MEMBERSHIP,
        "CertificateFault.NOT_YET: now_ms < certificate.begins_at_ms,",
        "CertificateFault.NOT_YET: False,",
        NOTICED,
    ),
    mutant(
        "a certificate of an authority that was retired counts no more",
        MEMBERSHIP,
        "CertificateFault.FOREIGN: certificate.authority not in self._authorities.fingerprints,",
        "CertificateFault.FOREIGN: False,",
        NOTICED,
        f"{ROLLING}::test_links_that_rest_on_an_authority_that_is_retired_end_at_once",
    ),
    mutant(
        "links are looked at for as long as they are open",
        "hub/main.py",
        "        rooms.enrolling.sweep()\n",
        "",
        f"{WITHDRAWN}::test_a_link_whose_certificate_ends_is_cut_within_five_seconds_though_its_stream_is_open",
    ),
    mutant(
        "links of a withdrawn agency are cut at once",
        ENROLLING,
        "        ended = self._around.links.cut(agency)\n",
        "        ended = 0\n",
        f"{WITHDRAWN}::test_links_of_a_withdrawn_agency_are_cut_within_a_second_and_none_is_admitted[suspend]",
        f"{WITHDRAWN}::test_links_of_a_withdrawn_agency_are_cut_within_a_second_and_none_is_admitted[revoke]",
    ),
    mutant(
        "a link that gives way is cut with the others",
        REGISTER,
        "return [*self._leaving, *(link for",
        "return [*(link for",
        f"{REGISTERED}::test_a_link_that_gives_way_is_cut_with_its_agency_s_others",
        f"{WITHDRAWN}::test_a_link_that_gives_way_to_another_is_cut_too[revoke]",
    ),
    mutant(
        "what was asked over a link that is cut has its outcome at once",
        "hub/links/link.py",
        "        self.is_draining = True\n        self._resolve_pending()\n",
        "        self.is_draining = True\n",
        f"{REGISTERED}::test_a_cut_link_is_asked_nothing_and_what_was_asked_of_it_has_its_outcome_at_once",
    ),
    mutant(
        "a link whose certificate has ended is asked nothing before it is cut either",
        REGISTER,
        "return link.certificate is None or self._now_ms() < link.certificate.ends_at_ms",
        "return True",
        f"{REGISTERED}::test_a_link_whose_certificate_has_ended_is_asked_nothing",
        f"{WITHDRAWN}::test_a_link_whose_certificate_has_ended_is_asked_nothing_even_before_it_is_cut",
    ),
    mutant(
        "a certificate is looked at for each link and not once for a connection",
        LINKS,
        "        return None if fault else certificate\n",
        "        return certificate\n",
        f"{ADMISSION}::test_nothing_is_served_to_a_certificate[of a suspended agency]",
    ),
    mutant(
        "what is withdrawn while a hello is on its way opens no link",
        LINKS,
        "        if self._enrolling.membership.fault(certificate):\n",
        "        if False:\n",
        f"{WITHDRAWN}::test_what_is_withdrawn_between_the_call_and_its_hello_opens_no_link",
    ),
    mutant(
        "what was withdrawn stays so when the hub starts again",
        STORE,
        "        with self._engine.begin() as connection:\n            _put(connection, member)\n            if member",
        "        with self._engine.begin() as connection:\n            if member",
        f"{WITHDRAWN}::test_what_was_withdrawn_stays_so_when_the_hub_starts_again[suspend]",
        f"{WITHDRAWN}::test_what_was_withdrawn_stays_so_when_the_hub_starts_again[revoke]",
    ),
    mutant(
        "a certificate names one agency",
        CERTIFICATES,
        "    if len(agencies) != 1:\n",
        "    if not agencies:\n",
        f"{EDGE}::test_a_certificate_stands_for_no_agency_that_is_for[two agencies]",
        f"{ADMISSION}::test_nothing_is_served_to_a_certificate[of two agencies]",
    ),
    mutant(
        "a certificate for servers opens no link",
        CERTIFICATES,
        "if list(uses) != [ExtendedKeyUsageOID.CLIENT_AUTH] or constraints.ca:",
        "if constraints.ca:",
        f"{EDGE}::test_a_certificate_stands_for_no_agency_that_is_for[a server as well]",
    ),
    mutant(
        "an authority's certificate opens no link",
        CERTIFICATES,
        "if list(uses) != [ExtendedKeyUsageOID.CLIENT_AUTH] or constraints.ca:",
        "if list(uses) != [ExtendedKeyUsageOID.CLIENT_AUTH]:",
        f"{EDGE}::test_a_certificate_stands_for_no_agency_that_is_for[an authority]",
    ),
    mutant(
        "a link over anything older than TLS 1.3 stands for nobody",
        CERTIFICATES,
        'if tuple(context.get("ssl_tls_version", ())) != (TLS_VERSION,):',
        "if False:",
        f"{EDGE}::test_a_connection_of_old_tls_stands_for_nobody",
    ),
    mutant(
        "no port agrees on anything older than TLS 1.3",
        "hub/cli/serve.py",
        "    os.environ[CIPHERS_OF_TLS_1_2] = NONE_THAT_A_PEER_CAN_HAVE\n",
        "",
        f"{ADMISSION}::test_no_port_speaks_anything_older_than_tls_1_3",
    ),
)

CHANGING: tuple[Mutant, ...] = (
    mutant(
        "a certificate is renewed only for as long as the present one counts",
        ENROLLING,
        "            if self.membership.fault(present):\n",
        "            if False:\n",
        f"{RENEWED}::test_what_is_revoked_while_a_renewal_waits_renews_nothing",
    ),
    mutant(
        "a hub that could not be known by what it issues issues nothing",
        ENROLLING,
        "        if not self._around.authorities.vouching:\n",
        "        if False:\n",
        f"{RENEWED}::test_a_hub_that_could_not_be_known_by_what_it_issues_issues_nothing[vouching-NO_AUTHORITY]",
    ),
    mutant(
        "an agency renews only so often",
        ENROLLING,
        "if not self._renewals.has_one(agency):",
        "if False:",
        f"{RENEWED}::test_an_agency_renews_only_so_often",
    ),
    mutant(
        "a certificate is renewed while a third of its life is left",
        RENEWING,
        "LEFT = 1 / 3\n",
        "LEFT = 0.0\n",
        f"{TIMED}::test_a_certificate_is_renewed_when_a_third_of_its_life_is_left_and_looked_at_until_then",
    ),
    mutant(
        "a renewal that fails is tried again",
        RENEWING,
        "                await self.sleep(self.uniform(longest / 2, longest))\n",
        "                return\n",
        f"{TIMED}::test_a_renewal_that_fails_is_logged_and_tried_again_after_pauses_that_grow",
    ),
    mutant(
        "links are dialled anew once a certificate is renewed",
        "adapters/kit/dialling.py",
        "self.stop.wait(), turned.wait(), asyncio.sleep(renew)",
        "self.stop.wait(), asyncio.sleep(renew)",
        f"{RENEWED}::test_adapters_renew_while_questions_go_on_and_none_is_lost",
    ),
    mutant(
        "a key waits until its certificate is in place",
        FILES,
        "        _write(self._waiting, key, OWNER_ONLY)\n",
        "        _write(self.key, key, OWNER_ONLY)\n",
        f"{FILED}::test_wherever_the_machine_stops_there_is_a_pair_that_fits_and_the_next_start_puts_it_in_order[3]",
    ),
    mutant(
        "a pair that was half replaced is read as the pair that fits",
        FILES,
        "            for one in (key, waiting):\n",
        "            for one in (key,):\n",
        f"{FILED}::test_wherever_the_machine_stops_there_is_a_pair_that_fits_and_the_next_start_puts_it_in_order[5]",
    ),
    mutant(
        "the hub takes up only keys that fit together",
        KEYRING,
        "        if own.public_key() != _private(key, secret).public_key():\n",
        "        if False:\n",
        f"{ROLLED}::test_a_hub_whose_certificate_and_key_do_not_fit_says_what_ends_a_switch_that_stopped",
    ),
    mutant(
        "an old authority is trusted until everybody knows the new one",
        "hub/rolling.py",
        "authority.certificate + trusted.read_bytes()",
        "authority.certificate",
        f"{ROLLED}::test_an_authority_is_replaced_in_three_steps",
        f"{ROLLING}::test_authorities_change_without_a_question_that_fails",
    ),
    mutant(
        "an authority is not retired while it vouches for the hub",
        "hub/rolling.py",
        "    if not (first.issues and first.vouches):\n",
        "    if False:\n",
        f"{ROLLED}::test_each_step_is_of_use_only_after_the_one_before",
    ),
    mutant(
        "other authorities count from the next handshake on",
        SERVERS,
        "        if keys is last:\n            return None\n",
        "        if keys is not None:\n            return None\n",
        f"{ROLLING}::test_authorities_change_without_a_question_that_fails",
    ),
    mutant(
        "other authorities are recorded before they count",
        "hub/main.py",
        "            await rooms.audit.record(authorities_trusted(found.fingerprints, time.time_ns() // 1_000_000))\n",
        "",
        f"{ROLLING}::test_authorities_change_without_a_question_that_fails",
    ),
)

MUTANTS = (*TOKENS, *COUNTING, *CHANGING)
