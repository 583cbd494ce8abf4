import asyncio

import pytest

from hub.errors import NotReady
from tests.integration.sign_in.door import Door
from tests.lib.hostile_issuer import KEY, SUBJECT
from tests.lib.minting import SigningKey, token

DISCOVERY = "/.well-known/openid-configuration"
NEXT = SigningKey(kid="signing-2")


def sign_with_next(door: Door) -> None:
    door.hostile.minted = token({"alg": "RS256", "kid": NEXT.kid}, door.hostile.claims(), NEXT.signs)


async def move(door: Door, seconds: float) -> None:
    door.clock.now += seconds
    door.hostile.now = door.clock.now


async def test_what_an_issuer_publishes_is_fetched_once(door: Door) -> None:
    for _ in range(3):
        await door.come_back()
    assert door.hostile.paths() == [DISCOVERY, "/token", "/keys", "/token", "/token"]


async def test_many_who_come_at_once_make_the_hub_ask_once(door: Door) -> None:
    begun = await asyncio.gather(*(door.begin() for _ in range(10)))
    assert len({each.handle for each, _ in begun}) == 10
    assert door.hostile.paths() == [DISCOVERY]


async def test_a_new_key_is_found_and_looked_for_at_most_once_a_minute(door: Door) -> None:
    await door.come_back()
    door.hostile.keys.append(NEXT.jwk())
    for seconds, fetched in ((0, 1), (59, 1), (1, 2)):
        await move(door, seconds)
        begun, state = await door.begin()
        sign_with_next(door)
        if fetched == 1:
            assert await door.refused(begun.handle, state) == "key"
        else:
            assert (await door.issuers.finish(begun.handle, state, "a-code")).subject == SUBJECT
        assert door.hostile.paths().count("/keys") == fetched


async def test_a_key_that_is_withdrawn_counts_for_an_hour_at_most(door: Door) -> None:
    await door.come_back()
    door.hostile.keys[:] = [NEXT.jwk()]
    await move(door, 3599)
    await door.come_back()
    await move(door, 1)
    assert await door.refusal() == "key"


async def test_without_keys_that_are_fresh_nobody_is_let_in(door: Door) -> None:
    await door.come_back()
    await move(door, 3600)
    door.hostile.instead["/keys"] = lambda: {"keys": []}
    assert await door.refusal() == "no_keys"


async def test_an_issuer_that_failed_is_left_alone_for_a_moment(door: Door) -> None:
    door.hostile.instead[DISCOVERY] = lambda: {"issuer": "https://stranger.example"}
    for _ in range(3):
        with pytest.raises(NotReady):
            await door.begin()
    assert door.hostile.paths() == [DISCOVERY]
    door.hostile.instead.clear()
    await move(door, 5)
    assert (await door.come_back()).subject == SUBJECT


async def test_a_proxy_of_the_environment_is_not_used(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    assert (await door.come_back()).subject == SUBJECT


async def test_a_token_that_names_no_key_is_refused_where_there_are_several(door: Door) -> None:
    door.hostile.keys.append(NEXT.jwk())
    begun, state = await door.begin()
    door.hostile.minted = token({"alg": "RS256"}, door.hostile.claims(), KEY.signs)
    assert await door.refused(begun.handle, state) == "key"


async def test_closing_twice_does_no_more_than_closing_once(door: Door) -> None:
    begun, state = await door.begin()
    for _ in range(2):
        await door.issuers.__aexit__(None, None, None)
    assert await door.refused(begun.handle, state) == "unreachable"
