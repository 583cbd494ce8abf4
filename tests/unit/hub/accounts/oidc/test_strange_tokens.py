"""Whatever a token holds, it is refused by its own reason or read; nothing else ever comes out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from hub.accounts.oidc.claims import Expected, read_identity
from hub.accounts.oidc.documents import read_object
from hub.accounts.oidc.envelope import believed, read_envelope
from hub.accounts.oidc.flaws import Flawed
from hub.accounts.oidc.issuer import Issuer, Signing
from hub.accounts.oidc.keys import pick, read_keys
from tests.lib.minting import CLIENT, KID, SigningKey, encoded, token

KEY = SigningKey()
PUBLIC = RSAKey.import_key({name: str(value) for name, value in KEY.jwk().items()})
NOW = 1_800_000_000
ISSUER = Issuer(id="it", title="It", url="https://it.example", client_id=CLIENT, strong_acr=frozenset({"aal2"}))
GOOD = {
    "iss": "https://it.example",
    "aud": CLIENT,
    "sub": "invented-person-7",
    "nonce": "n",
    "iat": NOW,
    "exp": NOW + 300,
    "nbf": NOW,
    "azp": CLIENT,
    "acr": "aal2",
    "auth_time": NOW,
}
EXPECTED = Expected(
    issuer=ISSUER, nonce="n", access_token="a", algorithm="RS256", now=float(NOW), max_age=60, acr_values=("aal2",)
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*GOOD.values(), 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
SOME_CLAIMS = st.dictionaries(st.sampled_from([*GOOD, "at_hash", "c_hash", "amr"]), ANYTHING, min_size=1, max_size=3)


def test_the_good_one_is_read() -> None:
    identity = read_identity(GOOD, EXPECTED)
    assert (identity.is_strong, identity.authenticated_at) == (True, datetime.fromtimestamp(NOW, UTC))


@given(SOME_CLAIMS, st.sets(st.sampled_from(sorted(GOOD)), max_size=2))
@example({"aud": [[]]}, set())
@example({"auth_time": float("-inf")}, set())
def test_claims_of_every_kind_are_refused_or_read(changes: dict[str, Any], missing: set[str]) -> None:
    said = {name: value for name, value in (GOOD | changes).items() if name not in missing}
    try:
        identity = read_identity(said, EXPECTED)
    except Flawed:
        return
    assert (said["iss"], said["nonce"], said["sub"]) == (ISSUER.url, "n", identity.subject)
    assert CLIENT in said["aud"]
    assert said["exp"] > NOW - 60
    assert said["acr"] == "aal2"
    assert said["auth_time"] >= NOW - 120


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "x5t", "crit", "jwk", "b64", ""]), ANYTHING, max_size=4))
def test_headers_of_every_kind_are_refused_or_are_those_of_an_ordinary_token(header: dict[str, Any]) -> None:
    try:
        written = token(header, GOOD, KEY.signs)
    except (ValueError, UnicodeError):  # what JSON itself cannot hold, such as a lone half of a letter
        return
    try:
        envelope = read_envelope(written)
        assert believed(envelope, PUBLIC, [Signing.RS256]) == GOOD
    except Flawed:
        return
    assert header["alg"] == "RS256"
    assert header.keys() <= {"alg", "kid", "typ", "x5t"}


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_no_bytes_pass_for_a_signature(header: bytes, signature: bytes) -> None:
    for head in (header, b'{"alg": "RS256"}', b'{"alg": "none"}', b'{"alg": "HS256"}', b'{"alg": "ES256"}'):
        written = f"{encoded(head)}.{encoded(GOOD)}.{encoded(signature)}"
        with pytest.raises(Flawed):
            believed(read_envelope(written), PUBLIC, [*Signing])


@given(st.text(alphabet="ab._-=\n é", max_size=40))
def test_no_text_passes_for_a_token(text: str) -> None:
    with pytest.raises(Flawed):
        believed(read_envelope(text), PUBLIC, [*Signing])


@given(ANYTHING, st.text(), st.text())
def test_key_sets_of_every_kind_give_keys_or_are_refused(document: Any, kid: str, algorithm: str) -> None:
    for published in ({"keys": document}, {"keys": [document, KEY.jwk()]}, {"keys": [KEY.jwk(alg=document)]}):
        try:
            keys = read_keys(published)
        except Flawed:
            continue
        assert pick(keys, kid, algorithm) is None or (kid, algorithm[:2]) == (KID, "RS")


@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), ANYTHING))
def test_bytes_of_every_kind_are_one_object_or_are_refused(written: bytes) -> None:
    try:
        assert isinstance(read_object(written), dict)
    except Flawed:
        return
