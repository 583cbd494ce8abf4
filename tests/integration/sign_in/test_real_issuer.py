"""Sign-in at npm's oidc-provider, which runs in Node and knows nothing of us."""

import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from hub.accounts.oidc.issuer import Issuer, Signing
from hub.accounts.oidc.issuers import Issuers
from hub.errors import SignInRefused
from tests.lib.browser import sign_in
from tests.lib.node import require_node

SECRET = "a secret: 100% of it"
REDIRECT = "http://127.0.0.1:49152/back"


@pytest.fixture(scope="module")
def addresses() -> Iterator[list[str]]:
    command = require_node().command("issuers.js", SECRET)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as node:
        assert node.stdin
        assert node.stdout
        yield json.loads(node.stdout.readline())
        node.stdin.close()
        assert node.wait(10) == 0


@pytest.fixture
async def issuers(addresses: list[str]) -> AsyncIterator[Issuers]:
    strong = frozenset({"aal2"})
    public = Issuer(id="public", title="Without a secret", url=addresses[0], client_id="hub", strong_acr=strong)
    secret = Issuer(
        id="secret",
        title="With a secret",
        url=addresses[1],
        client_id="hub",
        client_secret=SECRET,
        strong_acr=strong,
        algorithms=(Signing.ES256,),
    )
    async with Issuers([public, secret], clock=time.monotonic, wall=time.time) as opened:
        yield opened


@pytest.mark.parametrize("issuer_id", ["public", "secret"])
async def test_a_person_signs_in_at_either_issuer(issuers: Issuers, addresses: list[str], issuer_id: str) -> None:
    begun = await issuers.begin(issuer_id, REDIRECT)
    back = await sign_in(begun.url, "n.okafor", REDIRECT)
    identity = await issuers.finish(begun.handle, back["state"], back["code"], back["iss"])
    assert identity.issuer == addresses[["public", "secret"].index(issuer_id)]
    assert (identity.subject, identity.is_strong) == ("n.okafor", False)


@pytest.mark.parametrize("issuer_id", ["public", "secret"])
async def test_step_up_makes_the_identity_strong_and_says_when(issuers: Issuers, issuer_id: str) -> None:
    begun = await issuers.begin(issuer_id, REDIRECT, acr_values=("aal2",), max_age=60)
    back = await sign_in(begun.url, "careful-person", REDIRECT)
    identity = await issuers.finish(begun.handle, back["state"], back["code"], back["iss"])
    assert identity.is_strong
    assert identity.authenticated_at is not None
    assert abs((datetime.now(UTC) - identity.authenticated_at).total_seconds()) < 60


async def refused(issuers: Issuers, *brought: str) -> str:
    with capture_logs() as logged, pytest.raises(SignInRefused):
        await issuers.finish(*brought)
    return str(logged[0]["reason"])


async def test_step_up_with_less_than_was_asked_for_is_refused(issuers: Issuers) -> None:
    begun = await issuers.begin("public", REDIRECT, acr_values=("aal2",))
    back = await sign_in(begun.url, "n.okafor", REDIRECT)
    assert await refused(issuers, begun.handle, back["state"], back["code"], back["iss"]) == "acr"


async def test_a_code_is_good_once_and_for_the_sign_in_that_it_was_made_for(issuers: Issuers) -> None:
    first, second, third = [await issuers.begin("public", REDIRECT) for _ in range(3)]
    back = await sign_in(first.url, "n.okafor", REDIRECT)
    other = await sign_in(second.url, "n.okafor", REDIRECT)
    # The issuer refuses a code whose verifier is another sign-in's: PKCE, with both sides playing their part.
    assert await refused(issuers, second.handle, other["state"], back["code"], back["iss"]) == "refused"
    third_back = await sign_in(third.url, "n.okafor", REDIRECT)
    assert await issuers.finish(third.handle, third_back["state"], third_back["code"], third_back["iss"])
    assert await refused(issuers, third.handle, third_back["state"], third_back["code"], third_back["iss"]) == "handle"


async def test_what_one_issuer_sent_back_is_of_no_use_at_the_other(issuers: Issuers) -> None:
    begun, waiting = await issuers.begin("public", REDIRECT), await issuers.begin("secret", REDIRECT)
    back = await sign_in(begun.url, "n.okafor", REDIRECT)
    meant = await sign_in(waiting.url, "n.okafor", REDIRECT)
    assert await refused(issuers, waiting.handle, meant["state"], back["code"], back["iss"]) == "mix_up"
    again = await issuers.begin("secret", REDIRECT)
    meant = await sign_in(again.url, "n.okafor", REDIRECT)
    # Both promise to name themselves, so that an answer without a name is refused too.
    with capture_logs() as logged, pytest.raises(SignInRefused):
        await issuers.finish(again.handle, meant["state"], back["code"])
    assert logged[0]["reason"] == "mix_up"
