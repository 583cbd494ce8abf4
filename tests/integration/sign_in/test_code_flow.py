import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from structlog.testing import capture_logs

from hub.accounts.oidc.issuer import Issuer
from hub.accounts.oidc.issuers import Issuers
from hub.errors import InvalidRequest, SignInRefused
from tests.integration.sign_in.door import NOW, REDIRECT, Clock, Door
from tests.lib.hostile_issuer import HostileIssuer
from tests.lib.minting import CLIENT


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


async def test_the_browser_is_sent_off_with_a_challenge_and_the_code_is_given_back_with_its_answer(door: Door) -> None:
    begun, _ = await door.begin()
    asked = parameters(begun.url)
    assert begun.url.startswith(f"{door.hostile.url}/authorize?")
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (REDIRECT, "S256")
    assert (asked["acr_values"], asked["max_age"]) == ("aal2", "300")
    await door.issuers.finish(begun.handle, asked["state"], "a-code")
    path, form, authorization = door.hostile.asked[1]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form.pop("code_verifier").encode()).digest()).decode()
    assert challenge.rstrip("=") == asked["code_challenge"]
    assert (path, authorization) == ("/token", "")
    assert form == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": REDIRECT,
        "client_id": CLIENT,
    }


async def test_no_two_sign_ins_share_a_secret(door: Door) -> None:
    said = [(begun.handle, *parameters(begun.url).values()) for begun, _ in [await door.begin() for _ in range(3)]]
    secrets = [value for row in said for value in row if len(value) >= 43 and value != REDIRECT]
    assert len(secrets) == len(set(secrets)) == 12


async def test_an_address_that_has_parameters_already_keeps_them(door: Door) -> None:
    door.hostile.changed["authorization_endpoint"] = f"{door.hostile.url}/authorize?tenant=7"
    begun, _ = await door.begin()
    assert parameters(begun.url)["tenant"] == "7"


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (None, "Basic aHViOnMlM0FlJTJCYytyJTJGZXQ="),
        (["client_secret_basic", "client_secret_post"], "Basic aHViOnMlM0FlJTJCYytyJTJGZXQ="),
        (["client_secret_post"], ""),
    ],
)
async def test_the_client_s_secret_is_shown_as_the_issuer_wants_it(ways: object, expected: str) -> None:
    async with HostileIssuer(now=NOW, changed={"token_endpoint_auth_methods_supported": ways}) as hostile:
        known = Issuer(id="it", title="It", url=hostile.url, client_id=CLIENT, client_secret="s:e+c r/et")
        async with Issuers([known], clock=Clock(), wall=Clock()) as issuers:
            begun = await issuers.begin("it", REDIRECT)
            hostile.nonce = parameters(begun.url)["nonce"]
            await issuers.finish(begun.handle, parameters(begun.url)["state"], "a-code")
        _, form, authorization = hostile.asked[1]
    assert authorization == expected
    assert form.get("client_secret") == (None if expected else "s:e+c r/et")
    assert ("client_id" in form) == (not expected)


async def test_another_state_lets_nobody_in_and_uses_the_sign_in_up(door: Door) -> None:
    begun, state = await door.begin()
    assert await door.refused(begun.handle, "another") == "state"
    assert await door.refused(begun.handle, state) == "handle"
    assert "/token" not in door.hostile.paths()


async def test_a_handle_is_secret_and_not_the_state(door: Door) -> None:
    _, state = await door.begin()
    assert await door.refused(state, state) == "handle"
    assert await door.refused("", state) == "handle"
    assert await door.refused("\ud800", state) == "handle"


async def test_a_sign_in_ends_after_ten_minutes(door: Door) -> None:
    begun, state = await door.begin()
    door.clock.now += 600
    assert await door.refused(begun.handle, state) == "handle"
    begun, state = await door.begin()
    door.clock.now += 599
    door.hostile.now = door.clock.now
    assert await door.issuers.finish(begun.handle, state, "a-code")


@pytest.mark.parametrize("code", ["", "a\nb", "x" * 2_049, "é"])
async def test_what_is_no_code_is_not_sent(door: Door, code: str) -> None:
    begun, state = await door.begin()
    assert await door.refused(begun.handle, state, code) == "code"
    assert "/token" not in door.hostile.paths()


async def test_an_answer_that_names_another_issuer_is_not_exchanged(door: Door) -> None:
    begun, state = await door.begin()
    assert await door.refused(begun.handle, state, iss="https://stranger.example") == "mix_up"
    assert "/token" not in door.hostile.paths()
    begun, state = await door.begin()
    assert await door.issuers.finish(begun.handle, state, "a-code", door.hostile.url)


async def test_an_issuer_that_promised_to_name_itself_must(door: Door) -> None:
    door.hostile.changed["authorization_response_iss_parameter_supported"] = True
    assert await door.refusal() == "mix_up"


async def test_a_level_that_counts_makes_the_identity_strong_and_no_other_does(door: Door) -> None:
    for acr, is_strong in (("aal2", True), ("aal1", False), ("", False), ("aal2 aal1", False)):
        begun, state = await door.begin()
        door.hostile.minted = door.hostile.honest(acr=acr, auth_time=int(NOW))
        assert (await door.issuers.finish(begun.handle, state, "a-code")).is_strong is is_strong


async def test_a_level_that_was_proved_hours_ago_or_at_no_known_time_is_not_strong_now(door: Door) -> None:
    for age, is_strong in ((360, True), (361, False), (9_000, False), (None, False)):
        begun, state = await door.begin()
        door.hostile.minted = door.hostile.honest(acr="aal2", auth_time=None if age is None else int(NOW) - age)
        assert (await door.issuers.finish(begun.handle, state, "a-code")).is_strong is is_strong


async def test_where_no_level_counts_as_strong_none_is_wished_for_and_nobody_is_asked_anew() -> None:
    async with HostileIssuer(now=NOW) as hostile:
        known = Issuer(id="it", title="It", url=hostile.url, client_id=CLIENT)
        async with Issuers([known], clock=Clock(), wall=Clock()) as issuers:
            asked = parameters((await issuers.begin("it", REDIRECT)).url)
    assert not {"acr_values", "max_age"} & asked.keys()


async def test_step_up_needs_the_level_that_was_asked_for(door: Door) -> None:
    begun, state = await door.begin(acr_values=("aal2",))
    assert parameters(begun.url)["acr_values"] == "aal2"
    door.hostile.minted = door.hostile.honest(acr="aal2", auth_time=int(NOW))
    assert (await door.issuers.finish(begun.handle, state, "a-code")).is_strong
    for acr in ("aal1", None, ["aal2"]):
        begun, state = await door.begin(acr_values=("aal2",))
        door.hostile.minted = door.hostile.honest(acr=acr)
        assert await door.refused(begun.handle, state) == "acr"


async def test_step_up_needs_a_proof_that_is_fresh_enough(door: Door) -> None:
    begun, state = await door.begin(max_age=300)
    assert parameters(begun.url)["max_age"] == "300"
    door.hostile.minted = door.hostile.honest(auth_time=int(NOW) - 300)
    identity = await door.issuers.finish(begun.handle, state, "a-code")
    assert identity.authenticated_at == datetime.fromtimestamp(NOW - 300, UTC)
    for auth_time in (int(NOW) - 361, None):
        begun, state = await door.begin(max_age=300)
        door.hostile.minted = door.hostile.honest(auth_time=auth_time)
        assert await door.refused(begun.handle, state) == "auth_time"


async def test_the_claim_that_names_the_subject_is_the_deployment_s_choice() -> None:
    async with HostileIssuer(now=NOW) as hostile:
        known = Issuer(id="it", title="It", url=hostile.url, client_id=CLIENT, subject_claim="oid")
        async with Issuers([known], clock=Clock(), wall=Clock()) as issuers:
            door = Door(issuers=issuers, hostile=hostile, clock=Clock())
            for oid, subject in (("o-7", "o-7"), (None, None), ("x" * 256, None)):
                begun = await issuers.begin("it", REDIRECT)
                asked = parse_qs(urlsplit(begun.url).query)
                hostile.nonce = asked["nonce"][0]
                hostile.minted = hostile.honest(oid=oid)
                if subject is None:
                    assert await door.refused(begun.handle, asked["state"][0]) == "subject"
                else:
                    assert (await issuers.finish(begun.handle, asked["state"][0], "a-code")).subject == subject


@pytest.mark.parametrize(
    ("redirect", "reason"),
    [
        ("https://stranger.example/back", "REDIRECT_INVALID"),
        ("http://localhost:49152/back", "REDIRECT_INVALID"),
        ("http://127.0.0.1:49152@stranger.example/", "REDIRECT_INVALID"),
        ("http://127.0.0.1.stranger.example/", "REDIRECT_INVALID"),
        ("http://127.0.0.1:49152/back?to=https://stranger.example", "REDIRECT_INVALID"),
        ("http://127.0.0.1:49152/back#part", "REDIRECT_INVALID"),
        ("http://127.0.0.1:49152/back\n", "REDIRECT_INVALID"),
        ("https://127.0.0.1:49152/back", "REDIRECT_INVALID"),
        ("https://hub.example/back/", "REDIRECT_INVALID"),
        ("javascript:alert(1)", "REDIRECT_INVALID"),
        ("http://127.0.0.1/" + "x" * 512, "REDIRECT_INVALID"),
        ("", "REDIRECT_INVALID"),
    ],
)
async def test_a_browser_is_sent_back_to_its_own_machine_or_to_a_listed_place(redirect: str, reason: str) -> None:
    async with HostileIssuer(now=NOW) as hostile:
        listed = frozenset({"https://hub.example/back"})
        known = Issuer(id="it", title="It", url=hostile.url, client_id=CLIENT, redirects=listed)
        async with Issuers([known], clock=Clock(), wall=Clock()) as issuers:
            for good in ("https://hub.example/back", "http://[::1]:8/", "http://127.0.0.1:49152/back", REDIRECT):
                assert parameters((await issuers.begin("it", good)).url)["redirect_uri"] == good
            with pytest.raises(InvalidRequest) as refused:
                await issuers.begin("it", redirect)
    assert (refused.value.reason, refused.value.field) == (reason, "redirect_uri")


async def test_wishes_that_make_no_sense_are_refused_in_words_that_help(door: Door) -> None:
    for begin, field in (
        (door.issuers.begin("nobody", REDIRECT), "issuer"),
        (door.issuers.begin("hostile", REDIRECT, acr_values=("aal9",)), "acr_values"),
        (door.issuers.begin("hostile", REDIRECT, max_age=-1), "max_age"),
    ):
        with pytest.raises(InvalidRequest) as refused:
            await begin
        assert refused.value.field == field
        assert refused.value.mend
    assert door.hostile.asked == []


async def test_an_issuer_s_answer_is_of_no_use_in_a_sign_in_at_another() -> None:
    async with HostileIssuer(now=NOW) as good, HostileIssuer(now=NOW) as bad:
        known = Issuer(id="good", title="Good", url=good.url, client_id=CLIENT)
        async with Issuers([known, replace(known, id="bad", url=bad.url)], clock=Clock(), wall=Clock()) as issuers:
            assert issuers.offered() == (("good", "Good"), ("bad", "Good"))
            begun = await issuers.begin("bad", REDIRECT)
            asked = parameters(begun.url)
            # The bad issuer hands on what the good one says to the same nonce, signed with the good one's key.
            good.nonce = asked["nonce"]
            bad.minted = good.honest()
            with capture_logs() as logged, pytest.raises(SignInRefused):
                await issuers.finish(begun.handle, asked["state"], "a-code")
            assert logged[0]["reason"] == "iss"
            begun = await issuers.begin("good", REDIRECT)
            with capture_logs() as logged, pytest.raises(SignInRefused):
                await issuers.finish(begun.handle, parameters(begun.url)["state"], "a-code", bad.url)
            assert logged[0]["reason"] == "mix_up"
        assert "/token" not in good.paths()


async def test_no_secret_is_in_the_repr_of_anything(door: Door) -> None:
    begun, state = await door.begin()
    shown = repr((begun, [kept for _, kept in door.issuers._pending._waiting.values()]))
    identity = await door.issuers.finish(begun.handle, state, "a-code")
    shown += repr((identity, Issuer(id="it", title="It", url="u", client_id=CLIENT, client_secret="hidden")))
    for secret in (begun.handle, state, door.hostile.nonce, identity.subject, "hidden"):
        assert secret not in shown
