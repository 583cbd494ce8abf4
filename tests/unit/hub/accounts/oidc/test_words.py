import pytest

from hub.accounts.oidc.issuers import Issuers
from hub.accounts.refusing import refused
from hub.errors import SignInRefused


async def test_a_refusal_reads_like_that_of_a_password() -> None:
    by_password = refused()
    with pytest.raises(SignInRefused) as by_issuer:
        await Issuers([], clock=float, wall=float).finish("no handle", "no state", "no code")
    said = [(each.reason, each.message, each.mend, each.field) for each in (by_password, by_issuer.value)]
    assert said[0] == said[1]
