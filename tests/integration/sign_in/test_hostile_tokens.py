import pytest

from tests.integration.sign_in.door import Door
from tests.lib.forged_tokens import CLAIMS, FORMS, GOOD_HEADER, HEADERS, KEY, Forge, half_hash
from tests.lib.hostile_issuer import ACCESS_TOKEN, CURVE, SUBJECT
from tests.lib.minting import CLIENT, Part, Sign, token

EACH = [pytest.param(flaw, forge, id=what) for what, flaw, forge in (*FORMS, *HEADERS, *CLAIMS)]


@pytest.mark.parametrize(("flaw", "forge"), EACH)
async def test_a_forged_token_lets_nobody_in(door: Door, flaw: str, forge: Forge) -> None:
    begun, state = await door.begin()
    door.hostile.minted = forge(door.hostile)
    assert await door.refused(begun.handle, state) == flaw


async def test_an_honest_token_lets_its_person_in(door: Door) -> None:
    identity = await door.come_back()
    assert (identity.issuer, identity.subject) == (door.hostile.url, SUBJECT)
    assert (identity.is_strong, identity.authenticated_at) == (False, None)


@pytest.mark.parametrize(
    "said",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"at_hash": half_hash(ACCESS_TOKEN, "RS256")},
        {"sub": "x" * 255},
        {"exp": 1_800_000_000 - 59},
        {"iat": 1_800_000_000 + 59},
        {"iat": 1_800_000_000 - 299},
        {"nbf": 1_800_000_000 + 59},
        {"auth_time": 1_800_000_000 - 9},
        {"acr": ["aal2"]},
    ],
    ids=str,
)
async def test_what_the_standard_allows_is_let_in(door: Door, said: dict[str, object]) -> None:
    begun, state = await door.begin()
    door.hostile.minted = door.hostile.honest(**said)
    assert not (await door.issuers.finish(begun.handle, state, "a-code")).is_strong


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ({"alg": "ES256", "kid": CURVE.kid}, CURVE.signs),
        ({"alg": "ES256"}, CURVE.signs),
        ({"alg": "RS256", "typ": "jwt"}, KEY.signs),
        (GOOD_HEADER | {"x5t": "AAAA"}, KEY.signs),
    ],
    ids=["curve by name", "curve alone", "typ", "thumbprint"],
)
async def test_either_kind_of_key_is_taken_by_name_or_as_the_only_one(door: Door, header: Part, sign: Sign) -> None:
    begun, state = await door.begin()
    door.hostile.minted = token(header, door.hostile.claims(), sign)
    assert (await door.issuers.finish(begun.handle, state, "a-code")).subject == SUBJECT


async def test_a_token_is_good_for_one_sign_in_only(door: Door) -> None:
    begun, state = await door.begin()
    door.hostile.minted = door.hostile.honest()
    await door.issuers.finish(begun.handle, state, "a-code")
    assert await door.refused(begun.handle, state) == "handle"
    assert await door.refusal() == "nonce"
