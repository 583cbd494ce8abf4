from contextlib import closing

import pytest

from hub.accounts.oidc.issuers import Issuers
from hub.accounts.passwords import Passwords
from hub.accounts.sign_in import SignIn
from hub.errors import SignInRefused
from hub.model.account import Account


class Nobody:
    def find(self, user_name: str) -> Account | None:
        del user_name


async def test_a_refusal_reads_like_that_of_a_password() -> None:
    with closing(Passwords()) as passwords, pytest.raises(SignInRefused) as by_password:
        await SignIn(Nobody(), passwords, lambda: ()).sign_in("nobody", "a password of some length")
    with pytest.raises(SignInRefused) as by_issuer:
        await Issuers([], clock=float, wall=float).finish("no handle", "no state", "no code")
    said = [(each.reason, each.message, each.mend, each.field) for each in (by_password.value, by_issuer.value)]
    assert said[0] == said[1]
