"""Mutants of sign-in through issuers: every check of an answer or a token, taken away."""

from tests.mutants.mutant import Mutant, mutant

ROOM = "hub/accounts/oidc"
ADDRESSES, CLAIMS, DISCOVERY = f"{ROOM}/addresses.py", f"{ROOM}/claims.py", f"{ROOM}/discovery.py"
ENVELOPE, EXCHANGE, HTTP = f"{ROOM}/envelope.py", f"{ROOM}/exchange.py", f"{ROOM}/http.py"
ISSUERS, KEYS, PENDING, PUBLISHED = (
    f"{ROOM}/issuers.py",
    f"{ROOM}/keys.py",
    f"{ROOM}/pending.py",
    f"{ROOM}/published.py",
)
TESTS, UNIT = "tests/integration/sign_in", "tests/unit/hub/accounts/oidc"
FLOW, PUBLISHING, DESCRIBED = f"{TESTS}/test_code_flow.py", f"{TESTS}/test_published.py", f"{UNIT}/test_described.py"


def token(what: str) -> str:
    """Name the test of one forged token."""
    return f"{TESTS}/test_hostile_tokens.py::test_a_forged_token_lets_nobody_in[{what}]"


def answer(test: str, what: str) -> str:
    """Name a test of one bad answer."""
    return f"{TESTS}/test_hostile_answers.py::test_{test}[{what}]"


def claim(name: str, file: str, old: str, new: str, *tokens: str) -> Mutant:
    """Make a mutant of one check of a token, which forged tokens must notice."""
    return mutant(f"an issuer's token: {name}", file, old, new, *map(token, tokens))


KEYS_TEST, TOKENS_TEST = "a_bad_set_of_keys_lets_nobody_in", "a_bad_answer_of_the_token_endpoint_lets_nobody_in"
ELSEWHERE = "an_issuer_that_leads_elsewhere_is_not_begun_with"

OF_TOKENS: tuple[Mutant, ...] = (
    claim("its size", ENVELOPE, "len(token) > LONGEST_TOKEN or ", "", "20 KiB"),
    claim(
        "its form", ENVELOPE, "not _THREE_PARTS.fullmatch(token)", "token.count('.') != 2", "a line break at the end"
    ),
    claim(
        "the words in its header",
        ENVELOPE,
        "not header.keys() <= _KNOWN or ",
        "",
        "a token inside the token",
        "a word in the header that nobody knows",
    ),
    claim("its kind", ENVELOPE, ' or str(kind).upper() != "JWT"', "", "an access token", "a logout token"),
    claim(
        "how it may be signed",
        ENVELOPE,
        "algorithms=[*algorithms]",
        "algorithms=[envelope.algorithm]",
        "an algorithm that this issuer may not use",
    ),
    claim(
        "that it is signed",
        ENVELOPE,
        "        jws.deserialize_compact(envelope.token, key, algorithms=[*algorithms])\n",
        "        str(key)\n",
        "a flipped bit",
        "a change after signing",
        "another issuer's key under our key's name",
    ),
    claim(
        "no key twice",
        f"{ROOM}/documents.py",
        "if len(found) != len(pairs):",
        "if False:",
        "a claim that is there twice",
    ),
    claim("no number that is none", f"{ROOM}/documents.py", ", parse_constant=_no_number", "", "a number that is none"),
    claim(
        "iss", CLAIMS, '"value": expected.issuer.url}', '"value": None}', "somebody else's iss", "our iss with a slash"
    ),
    claim(
        "aud",
        CLAIMS,
        '"value": expected.issuer.client_id}',
        '"value": None}',
        "somebody else's aud",
        "an aud that begins like ours",
    ),
    claim("that it ends", CLAIMS, 'exp={"essential": True}', 'exp={"essential": False}', "no exp"),
    claim("that it says when it was made", CLAIMS, 'iat={"essential": True}', 'iat={"essential": False}', "no iat"),
    claim("its age", CLAIMS, "< expected.now - OLDEST_SECONDS", "< 0", "an iat of an hour ago"),
    claim(
        "its times",
        CLAIMS,
        "leeway=SKEW_SECONDS",
        "leeway=24 * 3600",
        "an exp that has passed",
        "an iat to come",
        "an nbf to come",
    ),
    claim(
        "azp among several aud",
        CLAIMS,
        "if party is None and isinstance(audience, list) and len(audience) > 1:",
        "if False:",
        "several aud and no azp",
    ),
    claim(
        "azp",
        CLAIMS,
        "if party is not None and party != client_id:",
        "if False:",
        "somebody else's azp",
        "a list with our azp",
        "several aud and somebody else's azp",
    ),
    claim(
        "nonce",
        CLAIMS,
        "if not isinstance(nonce, str) or not _same(nonce, expected.nonce):",
        "if nonce is None:",
        "a nonce of another sign-in",
        "a list with our nonce",
    ),
    claim(
        "that it has a nonce", CLAIMS, "if not isinstance(nonce, str) or ", "if isinstance(nonce, str) and ", "no nonce"
    ),
    claim("at_hash", CLAIMS, 'if "at_hash" in claims and', "if False and", "an at_hash of another token"),
    claim(
        "the length of its subject", CLAIMS, "not 0 < len(subject) <= LONGEST_SUBJECT or ", "", "a sub of 256 letters"
    ),
    claim("the letters of its subject", CLAIMS, " or not subject.isprintable()", "", "a sub with a line break"),
    claim("auth_time to come", CLAIMS, "age < -SKEW_SECONDS or ", "", "an auth_time to come"),
    claim(
        "the kind of key",
        KEYS,
        "key.key_type == kind and ",
        "",
        "HS256 with the public key for a secret",
        "none, with something for a signature",
    ),
    claim("what its key is for", KEYS, ' or written.get("use", "sig") != "sig"', "", "a key that is for encryption"),
    mutant(
        "an issuer's token: a key that its issuer publishes under its name",
        KEYS,
        '(kid is None or key.get("kid") == kid)',
        "True",
        token("another issuer's key"),
        f"{PUBLISHING}::test_a_new_key_is_found_and_looked_for_at_most_once_a_minute",
    ),
)

OF_ANSWERS: tuple[Mutant, ...] = (
    mutant(
        "an issuer's answer: no redirect is followed",
        HTTP,
        "follow_redirects=False",
        "follow_redirects=True",
        answer(TOKENS_TEST, "moved"),
        answer(KEYS_TEST, "moved, method kept"),
    ),
    mutant(
        "an issuer's answer: its size",
        HTTP,
        "if size > LARGEST_BODY:",
        "if False:",
        answer(TOKENS_TEST, "too large"),
        answer(KEYS_TEST, "too large"),
    ),
    mutant(
        "an issuer's answer: its time",
        HTTP,
        "async with asyncio.timeout(self._seconds):",
        "async with asyncio.timeout(30):",
        f"{TESTS}/test_hostile_answers.py::test_an_issuer_that_never_answers_is_late",
    ),
    mutant(
        "an issuer's answer: only a success counts",
        HTTP,
        "if response.status_code != _OK:",
        "if False:",
        answer(TOKENS_TEST, "an error"),
        answer(TOKENS_TEST, "created"),
    ),
    mutant(
        "an issuer's answer: it is declared as JSON",
        HTTP,
        "if kind not in _JSON or ",
        "if ",
        answer(TOKENS_TEST, "a page"),
    ),
    mutant(
        "an issuer's answer: it is not compressed",
        HTTP,
        ' or response.headers.get("content-encoding", "identity") != "identity"',
        "",
        answer(TOKENS_TEST, "compressed"),
    ),
    mutant(
        "an issuer's answer: tokens beside an error do not count",
        EXCHANGE,
        ' or "error" in answer',
        "",
        answer(TOKENS_TEST, "an error beside the tokens"),
    ),
    mutant(
        "an issuer's answer: the kind of token",
        EXCHANGE,
        ' or kind.lower() != "bearer"',
        "",
        answer(TOKENS_TEST, "another kind of token"),
    ),
    mutant(
        "an issuer's keys: none that is too small",
        KEYS,
        'warnings.simplefilter("error", SecurityWarning)',
        'warnings.simplefilter("ignore", SecurityWarning)',
        answer(KEYS_TEST, "a key that is too small"),
    ),
    mutant(
        "an issuer's keys: none that is private", KEYS, ' or "d" in written', "", answer(KEYS_TEST, "a private key")
    ),
    mutant(
        "an issuer's keys: one alone, not the first of several",
        KEYS,
        "return fitting[0] if len(fitting) == 1 else None",
        "return fitting[0] if fitting else None",
        answer(KEYS_TEST, "two keys of one name"),
        f"{PUBLISHING}::test_a_token_that_names_no_key_is_refused_where_there_are_several",
    ),
    mutant(
        "an issuer's keys: for the algorithm that they are published for",
        KEYS,
        'key.get("alg") in {None, algorithm} and ',
        "",
        answer(KEYS_TEST, "a key for another algorithm"),
    ),
    mutant(
        "an issuer's keys: a withdrawn one counts no longer than an hour",
        PUBLISHED,
        "KEPT_SECONDS = 60 * 60",
        "KEPT_SECONDS = 24 * 60 * 60",
        f"{PUBLISHING}::test_a_key_that_is_withdrawn_counts_for_an_hour_at_most",
        f"{PUBLISHING}::test_without_keys_that_are_fresh_nobody_is_let_in",
    ),
    mutant(
        "an issuer's keys: strangers cannot make the hub fetch them all the time",
        PUBLISHED,
        "NEW_KEYS_SECONDS = 60",
        "NEW_KEYS_SECONDS = 0",
        f"{PUBLISHING}::test_a_new_key_is_found_and_looked_for_at_most_once_a_minute",
    ),
    mutant(
        "an issuer that failed is left alone for a moment",
        PUBLISHED,
        "FAILURE_SECONDS = 5",
        "FAILURE_SECONDS = 0",
        f"{PUBLISHING}::test_an_issuer_that_failed_is_left_alone_for_a_moment",
    ),
    mutant(
        "an issuer names itself as it is configured",
        DISCOVERY,
        'if document.get("issuer") != issuer.url:',
        "if False:",
        answer(ELSEWHERE, "another issuer"),
        answer(ELSEWHERE, "no issuer"),
    ),
    mutant(
        "an issuer leads to nowhere that a secret may not go",
        DISCOVERY,
        " or not is_safe(url, loopback=is_loopback_http(issuer.url))",
        "",
        answer(ELSEWHERE, "token_endpoint: http://stranger.example/"),
        answer(ELSEWHERE, "jwks_uri: http://localhost/"),
    ),
    mutant(
        "an issuer elsewhere cannot make the hub speak to its own machine",
        DISCOVERY,
        "loopback=is_loopback_http(issuer.url)",
        "loopback=True",
        f"{UNIT}/test_discovery.py::test_an_issuer_elsewhere_cannot_make_the_hub_speak_to_its_own_machine",
    ),
    mutant(
        "an issuer that cannot do PKCE is not begun with",
        DISCOVERY,
        'if not _offers(document, "code_challenge_methods_supported", "S256"):',
        "if False:",
        answer(ELSEWHERE, "no PKCE"),
    ),
)

OF_THE_FLOW: tuple[Mutant, ...] = (
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
        "every refusal at an issuer reads like that of a password",
        ISSUERS,
        '"The user name and the password do not match an account that may sign in.",',
        '"The issuer\'s answer cannot be used.",',
        f"{UNIT}/test_words.py::test_a_refusal_reads_like_that_of_a_password",
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

MUTANTS: tuple[Mutant, ...] = (*OF_TOKENS, *OF_ANSWERS, *OF_THE_FLOW)
