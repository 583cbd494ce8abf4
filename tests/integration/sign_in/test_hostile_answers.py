import gzip
import json
from collections.abc import Callable

import pytest
from aiohttp import web

from hub.accounts.oidc.http import LARGEST_BODY
from hub.errors import NotReady
from tests.integration.sign_in.door import Door
from tests.lib.hostile_issuer import KEY, Answer, HostileIssuer
from tests.lib.minting import CurveKey, SigningKey

DISCOVERY = "/.well-known/openid-configuration"
SMALL = SigningKey(bits=1024)
Make = Callable[[HostileIssuer], Answer]


def whole(issuer: HostileIssuer, path: str) -> bytes:
    honest = {"/token": issuer.tokens, "/keys": lambda: {"keys": issuer.keys}, DISCOVERY: issuer.discovery}
    return json.dumps(honest[path]()).encode()


def spoilt(path: str) -> list[tuple[str, str, Make]]:
    """Spoil an answer that is in order in every way that HTTP knows."""

    def answer(body: Callable[[bytes], bytes] = bytes, kind: str = "application/json", **said: object) -> Make:
        return lambda issuer: web.Response(body=body(whole(issuer, path)), content_type=kind, **said)  # type: ignore[arg-type]  # status and headers

    def moved(status: int) -> Make:
        return lambda issuer: web.Response(status=status, headers={"Location": f"{issuer.url}/elsewhere"})

    return [
        ("moved", "refused", moved(302)),
        ("moved, method kept", "refused", moved(307)),
        ("an error", "refused", answer(status=500)),
        ("created", "refused", answer(status=201)),
        ("a page", "not_json", answer(kind="text/html")),
        ("no kind", "not_json", answer(kind="application/octet-stream")),
        ("compressed", "not_json", answer(gzip.compress, headers={"Content-Encoding": "gzip"})),
        ("too large", "too_much", answer(lambda said: said + b" " * LARGEST_BODY)),
        ("cut off", "not_json", answer(lambda said: said[:-1])),
        ("a list", "not_json", answer(lambda said: b"[" + said + b"]")),
        ("a key twice", "not_json", answer(lambda said: said[:-1] + b', "issuer": "x", "issuer": "y"}')),
        ("no UTF-8", "not_json", answer(lambda said: said.decode().encode("utf-16"))),
        ("nothing", "not_json", answer(lambda _: b"")),
    ]


TOKENS: list[tuple[str, str, Make]] = [
    ("no ID token", "form", lambda issuer: issuer.tokens(id_token=None)),
    ("no access token", "token_answer", lambda issuer: issuer.tokens(access_token=None)),
    ("an access token that is a number", "token_answer", lambda issuer: issuer.tokens(access_token=7)),
    ("an access token with a line break", "token_answer", lambda issuer: issuer.tokens(access_token="a\nb")),
    ("no kind of token", "token_answer", lambda issuer: issuer.tokens(token_type=None)),
    ("another kind of token", "token_answer", lambda issuer: issuer.tokens(token_type="mac")),
    ("an error beside the tokens", "token_answer", lambda issuer: issuer.tokens(error="invalid_grant")),
]
KEYS: list[tuple[str, str, Make]] = [
    ("no keys", "no_keys", lambda _: {"keys": []}),
    ("keys that are no list", "no_keys", lambda _: {"keys": {"0": KEY.jwk()}}),
    ("keys that are no objects", "no_keys", lambda _: {"keys": ["key", None, 7]}),
    ("a shared secret", "no_keys", lambda _: {"keys": [{"kty": "oct", "kid": "signing-1", "k": "c2VjcmV0"}]}),
    ("a private key", "no_keys", lambda _: {"keys": [KEY.jwk(d=KEY.exponent())]}),
    ("a key that is too small", "no_keys", lambda _: {"keys": [SMALL.jwk()]}),
    ("a key that is no key", "no_keys", lambda _: {"keys": [KEY.jwk(n="!"), {"kty": "RSA"}, {"kty": "EC"}]}),
    ("a key for encryption", "no_keys", lambda _: {"keys": [KEY.jwk(use="enc")]}),
    ("another key", "key", lambda _: {"keys": [CurveKey().jwk()]}),
    ("a key for another algorithm", "key", lambda _: {"keys": [KEY.jwk(alg="PS256")]}),
    ("two keys of one name", "key", lambda _: {"keys": [KEY.jwk(), SigningKey().jwk()]}),
    ("another key of that name", "signature", lambda _: {"keys": [SigningKey().jwk()]}),
]
PUBLISHED: list[tuple[str, str, dict[str, object]]] = [
    ("another issuer", "other_issuer", {"issuer": "https://stranger.example"}),
    ("no issuer", "other_issuer", {"issuer": None}),
    ("no PKCE", "no_pkce", {"code_challenge_methods_supported": ["plain"]}),
    *(
        (f"{name}: {url}", "address", {name: url})
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        for url in (
            None,
            7,
            "http://stranger.example/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https://a:b@stranger.example/",
            "https:///nowhere",
            "https://stranger.example/#part",
            "https://stranger.example:port/",
            "http://localhost/",
            "https://stranger.example/ ",
            "http://127.0.0.1\\@stranger.example/",
            "https://stranger.example/" + "x" * 512,
        )
    ),
]


def named(rows: list[tuple[str, str, Make]]) -> list[object]:
    return [pytest.param(flaw, make, id=what) for what, flaw, make in rows]


@pytest.mark.parametrize(("flaw", "make"), named(spoilt("/token") + TOKENS))
async def test_a_bad_answer_of_the_token_endpoint_lets_nobody_in(door: Door, flaw: str, make: Make) -> None:
    door.hostile.instead["/token"] = lambda: make(door.hostile)
    assert await door.refusal() == flaw
    assert "/elsewhere" not in door.hostile.paths()


@pytest.mark.parametrize(("flaw", "make"), named(spoilt("/keys") + KEYS))
async def test_a_bad_set_of_keys_lets_nobody_in(door: Door, flaw: str, make: Make) -> None:
    door.hostile.instead["/keys"] = lambda: make(door.hostile)
    assert await door.refusal() == flaw
    assert "/elsewhere" not in door.hostile.paths()


@pytest.mark.parametrize(("flaw", "make"), named(spoilt(DISCOVERY)))
async def test_an_issuer_that_publishes_badly_is_not_begun_with(door: Door, flaw: str, make: Make) -> None:
    door.hostile.instead[DISCOVERY] = lambda: make(door.hostile)
    assert await door.unusable() == flaw
    assert door.hostile.paths() == [DISCOVERY]


@pytest.mark.parametrize(("flaw", "changes"), [pytest.param(flaw, said, id=what) for what, flaw, said in PUBLISHED])
async def test_an_issuer_that_leads_elsewhere_is_not_begun_with(
    door: Door, flaw: str, changes: dict[str, object]
) -> None:
    door.hostile.changed |= changes
    assert await door.unusable() == flaw


async def test_an_issuer_that_lists_no_ways_of_pkce_is_asked_with_it_all_the_same(door: Door) -> None:
    door.hostile.changed |= {"code_challenge_methods_supported": None}
    begun, _ = await door.begin()
    assert "code_challenge_method=S256" in begun.url


async def test_an_issuer_that_never_answers_is_late(hurried: Door) -> None:
    with hurried.hostile.stalling("/token"):
        assert await hurried.refusal() == "late"


async def test_an_issuer_that_is_gone_is_unreachable(door: Door) -> None:
    begun, state = await door.begin()
    await door.hostile.__aexit__(None, None, None)
    assert await door.refused(begun.handle, state) == "unreachable"
    door.clock.now += 3600
    with pytest.raises(NotReady):
        await door.begin()
