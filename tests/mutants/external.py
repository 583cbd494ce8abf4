"""Mutants of what issuers say: every check of an answer or a token, taken away."""

from tests.mutants.mutant import Mutant, mutant

ROOM = "hub/accounts/oidc"
CLAIMS, DISCOVERY, ENVELOPE = f"{ROOM}/claims.py", f"{ROOM}/discovery.py", f"{ROOM}/envelope.py"
EXCHANGE, HTTP, KEYS, PUBLISHED = f"{ROOM}/exchange.py", f"{ROOM}/http.py", f"{ROOM}/keys.py", f"{ROOM}/published.py"
TESTS, UNIT = "tests/integration/sign_in", "tests/unit/hub/accounts/oidc"
PUBLISHING = f"{TESTS}/test_published.py"


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
        "an issuer's answer: its certificate is vouched for",
        HTTP,
        "await asyncio.to_thread(ssl.create_default_context) if self._is_secure else True",
        "False",
        f"{TESTS}/test_tls.py::test_an_issuer_whose_certificate_nobody_vouches_for_is_not_spoken_to",
        f"{TESTS}/test_tls.py::test_an_issuer_whose_certificate_is_for_another_name_is_not_spoken_to",
    ),
    mutant(
        "an issuer's answer: no proxy of the environment is used",
        HTTP,
        "cookie_jar=aiohttp.DummyCookieJar(), trust_env=False",
        "cookie_jar=aiohttp.DummyCookieJar(), trust_env=True",
        f"{PUBLISHING}::test_a_proxy_of_the_environment_is_not_used",
    ),
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

MUTANTS: tuple[Mutant, ...] = (*OF_TOKENS, *OF_ANSWERS)
