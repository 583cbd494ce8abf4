"""Mutants of a sign-in at an issuer, from its beginning to the identity that comes of it."""

from tests.mutants.mutant import Mutant, mutant

ROOM = "hub/accounts/oidc"
ADDRESSES, CLAIMS, EXCHANGE = f"{ROOM}/addresses.py", f"{ROOM}/claims.py", f"{ROOM}/exchange.py"
ISSUERS, PENDING = f"{ROOM}/issuers.py", f"{ROOM}/pending.py"
TESTS, UNIT = "tests/integration/sign_in", "tests/unit/hub/accounts/oidc"
FLOW, DESCRIBED = f"{TESTS}/test_code_flow.py", f"{UNIT}/test_described.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a sign-in at an issuer comes back with its state",
        ISSUERS,
        'if not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), pending.state.encode()):',
        "if False:",
        f"{FLOW}::test_another_state_lets_nobody_in_and_uses_the_sign_in_up",
    ),
    mutant(
        "a sign-in at an issuer is finished once",
        PENDING,
        "self._waiting.pop(_digest(handle), (0.0, None))",
        "self._waiting.get(_digest(handle), (0.0, None))",
        f"{FLOW}::test_another_state_lets_nobody_in_and_uses_the_sign_in_up",
        f"{TESTS}/test_hostile_tokens.py::test_a_token_is_good_for_one_sign_in_only",
        f"{UNIT}/test_pending.py::test_a_sign_in_is_taken_once",
    ),
    mutant(
        "a sign-in at an issuer ends after ten minutes",
        PENDING,
        "if pending is not None and self._clock() < ends else None",
        "if pending is not None else None",
        f"{FLOW}::test_a_sign_in_ends_after_ten_minutes",
    ),
    mutant(
        "sign-ins that have begun are bounded",
        PENDING,
        "len(self._waiting) >= self._most or ",
        "",
        f"{UNIT}/test_pending.py::test_where_there_are_too_many_the_oldest_goes",
    ),
    mutant(
        "handles of sign-ins are kept as hashes only",
        PENDING,
        'return hashlib.sha256(handle.encode("utf-8", "surrogatepass")).digest()',
        'return handle.encode("utf-8", "surrogatepass")',
        f"{UNIT}/test_pending.py::test_a_handle_is_kept_nowhere",
    ),
    mutant(
        "an issuer is told the challenge and not the verifier",
        PENDING,
        'return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()',
        "return self.verifier if digest else base64.b64encode(digest).decode()",
        f"{UNIT}/test_pending.py::test_a_verifier_and_its_challenge_have_the_form_that_pkce_wants",
        f"{FLOW}::test_the_browser_is_sent_off_with_a_challenge_and_the_code_is_given_back_with_its_answer",
    ),
    mutant(
        "a code is given back with the verifier of its own sign-in",
        EXCHANGE,
        '        "code_verifier": pending.verifier,\n',
        "",
        f"{FLOW}::test_the_browser_is_sent_off_with_a_challenge_and_the_code_is_given_back_with_its_answer",
    ),
    mutant(
        "an answer that names another issuer is not exchanged",
        ISSUERS,
        "    if iss != issuer.url:\n",
        "    if False:\n",
        f"{FLOW}::test_an_answer_that_names_another_issuer_is_not_exchanged",
        f"{FLOW}::test_an_issuer_s_answer_is_of_no_use_in_a_sign_in_at_another",
    ),
    mutant(
        "an issuer that promised to name itself must",
        ISSUERS,
        "if iss is None and not endpoints.names_itself:",
        "if iss is None:",
        f"{FLOW}::test_an_issuer_that_promised_to_name_itself_must",
    ),
    mutant(
        "a browser is sent back to its own machine or to a listed place",
        ISSUERS,
        "if not is_own_machine(redirect) and redirect not in issuer.redirects:",
        "if False:",
        f"{FLOW}::test_a_browser_is_sent_back_to_its_own_machine_or_to_a_listed_place[https://stranger.example/back-REDIRECT_INVALID]",
    ),
    mutant(
        "only a number is the requester's own machine",
        ADDRESSES,
        r'r"http://(127\.0\.0\.1|\[::1\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?"',
        r'r"http://(127\.0\.0\.1|\[::1\]).*"',
        f"{FLOW}::test_a_browser_is_sent_back_to_its_own_machine_or_to_a_listed_place[http://127.0.0.1.stranger.example/-REDIRECT_INVALID]",
        f"{FLOW}::test_a_browser_is_sent_back_to_its_own_machine_or_to_a_listed_place[http://127.0.0.1:49152@stranger.example/-REDIRECT_INVALID]",
    ),
    mutant(
        "only levels that the deployment lists are strong",
        CLAIMS,
        "is_strong=isinstance(acr, str) and acr in expected.issuer.strong_acr",
        "is_strong=isinstance(acr, str)",
        f"{FLOW}::test_a_level_that_counts_makes_the_identity_strong_and_no_other_does",
    ),
    mutant(
        "step-up needs the level that was asked for",
        CLAIMS,
        "if expected.acr_values and acr not in expected.acr_values:",
        "if False:",
        f"{FLOW}::test_step_up_needs_the_level_that_was_asked_for",
    ),
    mutant(
        "step-up needs a proof that is fresh enough",
        CLAIMS,
        " or (expected.max_age is not None and age > expected.max_age + SKEW_SECONDS)",
        "",
        f"{FLOW}::test_step_up_needs_a_proof_that_is_fresh_enough",
    ),
    mutant(
        "step-up needs a proof with a time",
        CLAIMS,
        'if "auth_time" not in claims and expected.max_age is None:',
        'if "auth_time" not in claims:',
        f"{FLOW}::test_step_up_needs_a_proof_that_is_fresh_enough",
    ),
    mutant(
        "no setting lets unsigned tokens or shared secrets in",
        f"{ROOM}/issuer.py",
        '    RS256 = "RS256"\n',
        '    RS256 = "RS256"\n    NONE = "none"\n    HS256 = "HS256"\n',
        f'{DESCRIBED}::test_what_would_let_strangers_in_cannot_be_set[algorithms = ["none"]-algorithms]',
        f'{DESCRIBED}::test_what_would_let_strangers_in_cannot_be_set[algorithms = ["HS256"]-algorithms]',
    ),
    mutant(
        "an issuer is reached by https",
        f"{ROOM}/described.py",
        'if not is_safe(url, loopback=True) or "?" in url:',
        "if False:",
        f"{DESCRIBED}::test_an_issuer_is_reached_by_https_unless_it_is_on_this_machine[http://nhs.example]",
    ),
    mutant(
        "a claim that passes to others names nobody",
        f"{ROOM}/described.py",
        "if claim in _PASSING_CLAIMS:",
        "if False:",
        f'{DESCRIBED}::test_what_would_let_strangers_in_cannot_be_set[subject_claim = "email"-subject_claim]',
    ),
    mutant(
        "the subject of an identity is not shown",
        f"{ROOM}/identity.py",
        "subject: str = field(repr=False)",
        "subject: str",
        f"{FLOW}::test_no_secret_is_in_the_repr_of_anything",
    ),
)
