"""Mutants of the sources that speak HTTP: whose records are believed, what is sent where, what is kept from others."""

from tests.mutants.mutant import Change, Mutant, mutant

WIRE, HTTP, TOKENS = "adapters/kit/wire.py", "adapters/kit/http.py", "adapters/kit/tokens.py"
PACING, ACCESS, DOCUMENTS = "adapters/kit/pacing.py", "adapters/kit/http_access.py", "adapters/kit/documents.py"
READER, BUNDLES = "adapters/fhir/reader.py", "adapters/fhir/bundles.py"
ALONG, BELONGING = "adapters/fhir/along.py", "adapters/fhir/belonging.py"
FHIR = "tests/integration/adapters/test_fhir_reader.py"
WAYWARD = "tests/integration/adapters/test_wayward_sources.py"
PROVING = "tests/integration/adapters/test_http_access.py"
WRITTEN = "tests/unit/adapters/test_http_access.py"
WAYS = f"{WAYWARD}::test_each_way_has_its_outcome_within_the_question_s_time"
OTHERS = f"{FHIR}::test_what_refers_to_somebody_else_makes_the_server_unbelievable"
TOTAL = f"{WAYWARD}::test_a_total_that_says_more_than_came_makes_the_reply_garbage"

MUTANTS = (
    mutant(
        "web: what refers to another patient is not believed",
        READER,
        "if len(theirs) < len(found.matches):",
        "if False:",
        OTHERS,
    ),
    mutant(
        "web: a resource is its subject's, whomever else it mentions",
        BELONGING,
        "references = list(_references(owners or resource))",
        "references = list(_references(resource))",
        OTHERS,
    ),
    mutant(
        "web: flags of others that come along are not this patient's",
        ALONG,
        "return [one for one in included if is_of(one, names)]",
        "return included",
        f"{FHIR}::test_flags_of_others_that_come_along_shield_nobody_else",
    ),
    mutant(
        "web: what does not come along is asked for",
        ALONG,
        "missing = [name for name, things in came.items() if not things]",
        "missing: list[str] = []",
        f"{FHIR}::test_what_does_not_come_along_is_asked_for",
    ),
    mutant(
        "web: nothing more is asked about somebody whom what came along hides",
        ALONG,
        "if not self.documents.keeps_silent(",
        "if True or not self.documents.keeps_silent(",
        f"{FHIR}::test_a_flag_that_comes_along_shields_without_a_further_request",
    ),
    mutant(
        "web: a shield that comes along is looked at before anything else is requested",
        DOCUMENTS,
        "(begins not in self.related or self.related[begins].comes_along)",
        "begins not in self.related",
        f"{FHIR}::test_a_flag_that_comes_along_shields_without_a_further_request",
    ),
    mutant(
        "web: what was entered in error is left out",
        BUNDLES,
        "self.matches += [] if is_in_error(held) else [held]",
        "self.matches.append(held)",
        f"{FHIR}::test_what_was_entered_in_error_is_nowhere",
    ),
    mutant(
        "web: a bundle that is not whole is no answer",
        BUNDLES,
        "if isinstance(said, int) and said > found.matched:",
        "if False:",
        TOTAL,
    ),
    mutant(
        "web: pages that are not whole are no answer",
        "adapters/rest/paging.py",
        "if self._find_total is not None and (",
        "if False and (",
        TOTAL,
    ),
    mutant(
        "web: an outcome that is an error among the entries is a fault",
        BUNDLES,
        'FAILED = frozenset({"error", "fatal"})',
        "FAILED = frozenset()",
        f"{FHIR}::test_an_outcome_among_the_entries_is_a_fault_if_it_is_more_than_a_warning",
    ),
    mutant(
        "web: labels are asked for whatever the question is",
        READER,
        "sorted({*ALWAYS, *begins})",
        'sorted({"id", *begins} - {"meta"})',
        f"{FHIR}::test_only_the_elements_that_are_needed_are_asked_for",
    ),
    mutant(
        "web: a check notices a label that the server leaves out",
        "adapters/fhir/checking.py",
        "if element in before and element not in after}",
        "if False}",
        f"{FHIR}::test_a_check_notices_a_server_that_leaves_out_a_label_that_was_asked_for",
    ),
    mutant(
        "web: of two copies of a record the stricter counts",
        DOCUMENTS,
        "if key not in kept or self._is_kept_back(document):",
        "if key not in kept:",
        f"{WAYWARD}::test_duplicates_are_told_once_and_of_two_copies_the_stricter_counts",
    ),
    mutant(
        "web: what hangs on another record of a REST source is not believed",
        "adapters/kit/documents.py",
        "if find_owner is not None and not all(",
        "if False and not all(",
        f"{WAYWARD}::test_what_hangs_on_somebody_else_is_garbage_where_the_manifest_says_whose_it_must_be",
    ),
    mutant(
        "web: no link to another host is followed",
        WIRE,
        'if theirs != ours or target.userinfo not in {b"", self._base.userinfo}:',
        'if target.userinfo not in {b"", self._base.userinfo}:',
        f"{WAYWARD}::test_a_link_to_anywhere_else_is_not_followed",
    ),
    mutant(
        "web: no link brings a name and a password",
        WIRE,
        'if theirs != ours or target.userinfo not in {b"", self._base.userinfo}:',
        "if theirs != ours:",
        f"{WAYWARD}::test_a_link_to_anywhere_else_is_not_followed",
    ),
    mutant(
        "web: no redirect is followed",
        WIRE,
        "follow_redirects=False,",
        "follow_redirects=True,",
        f"{WAYS}[redirects-rest]",
        f"{WAYWARD}::test_a_redirect_is_not_followed_and_says_why",
    ),
    mutant(
        "web: no more is read of a reply than fits",
        WIRE,
        "if size > LARGEST_BODY:",
        "if False:",
        f"{WAYS}[huge-rest]",
        f"{WAYS}[without_end-fhir]",
    ),
    Mutant(
        control="web: nothing is decompressed",
        changes=(
            Change(
                file=WIRE,
                old='if response.headers.get("Content-Encoding", PLAIN).strip().casefold() != PLAIN:',
                new="if False:",
            ),
            Change(file=WIRE, old="response.aiter_raw()", new="response.aiter_bytes()"),
        ),
        tests=(f"{WAYS}[compressed-rest]", f"{WAYS}[bomb-rest]"),
    ),
    mutant(
        "web: a server is trusted that somebody vouches for",
        WIRE,
        "trusted = self._context or True",
        "trusted = False",
        f"{PROVING}::test_a_server_that_nobody_vouches_for_is_sent_nothing",
    ),
    mutant(
        "web: a token is one, and no header of somebody's making",
        TOKENS,
        "not _TOKEN.fullmatch(value)",
        "not value",
        f"{PROVING}::test_what_is_no_bearer_token_is_sent_nowhere",
    ),
    mutant(
        "web: a token says nothing of itself",
        TOKENS,
        'return "Token()"',
        "return self.value",
        f"{PROVING}::test_a_token_lives_as_long_as_is_said_and_else_an_hour",
    ),
    mutant(
        "web: an account that was refused is not tried again at once",
        TOKENS,
        "REFUSED_PAUSE_SECONDS = 30.0",
        "REFUSED_PAUSE_SECONDS = 0.0",
        f"{PROVING}::test_an_account_that_was_refused_is_not_tried_again_at_once",
    ),
    mutant(
        "web: a source that asks to be left alone is",
        PACING,
        "at = max(now, self._next_at, self._paused_until)",
        "at = max(now, self._next_at)",
        f"{PROVING}::test_while_a_source_asks_to_be_left_alone_nothing_is_sent",
    ),
    mutant(
        "web: no secret stands in a manifest",
        "adapters/kit/manifest_file.py",
        "if (*place, *where) not in marked.filled:",
        "if False:",
        f"{WRITTEN}::test_a_secret_in_the_manifest_itself_is_refused_where_it_stands",
    ),
    mutant(
        "web: credentials do not travel in the clear",
        ACCESS,
        'if parts.scheme == "http" and parts.hostname not in THIS_MACHINE:',
        "if False:",
        f"{WRITTEN}::test_credentials_do_not_travel_in_the_clear",
    ),
    mutant(
        "web: a manifest does not show its keys",
        ACCESS,
        "Field(repr=False)",
        "Field()",
        f"{WRITTEN}::test_no_secret_is_in_what_a_manifest_shows_of_itself",
    ),
)
