from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from hub.accounts.passwords import Passwords
from hub.accounts.sign_in import LONGEST_PASSWORD, LONGEST_USER_NAME, SignIn
from hub.errors import SignInRefused
from hub.model.account import Account

PASSWORD = "kestrel-harbour"


@dataclass
class Register:
    """Accounts in memory; remembers whom it was asked for."""

    accounts: dict[str, Account] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def find(self, user_name: str) -> Account | None:
        self.asked.append(user_name)
        return self.accounts.get(user_name)


@dataclass
class Door:
    sign_in: SignIn
    register: Register
    levels: set[str]


@pytest.fixture
def door() -> Iterator[Door]:
    passwords, levels, register = Passwords(), {"health_visitor"}, Register()
    register.accounts["n.okafor"] = Account(
        user_name="n.okafor",
        display_name="N Okafor",
        access_level="health_visitor",
        agency="health",
        password_hash=passwords.hash(PASSWORD),
    )
    yield Door(SignIn(register, passwords, lambda: levels, lambda _agency: ("bolton",)), register, levels)
    passwords.close()


async def refusal(door: Door, user_name: str = "n.okafor", password: str = PASSWORD) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        await door.sign_in.sign_in(user_name, password)
    return refused.value


async def test_name_and_password_together_open_the_door(door: Door) -> None:
    requester = await door.sign_in.sign_in("n.okafor", PASSWORD)
    assert (requester.user_name, requester.access_level, requester.agency) == ("n.okafor", "health_visitor", "health")


async def test_every_refusal_reads_the_same(door: Door) -> None:
    refusals = [
        await refusal(door, user_name="nobody"),
        await refusal(door, password="wrong"),
        await refusal(door, user_name=""),
        await refusal(door, password=""),
        await refusal(door, user_name="n" * 10_000),
        await refusal(door, password="p" * 10_000),
        await refusal(door, user_name="N.OKAFOR"),
        await refusal(door, user_name="n.okafor\x00"),
    ]
    kept = door.register.accounts["n.okafor"]
    door.register.accounts["n.okafor"] = replace(kept, disabled=True)
    refusals.append(await refusal(door))
    door.register.accounts["n.okafor"] = replace(kept, access_level="gone")
    refusals.append(await refusal(door))
    assert {(said.reason, said.message, said.mend, said.field) for said in refusals} == {
        (refusals[0].reason, refusals[0].message, refusals[0].mend, "")
    }


async def test_the_hub_s_own_record_learns_which_account_was_tried_but_not_what_was_typed(door: Door) -> None:
    assert (await refusal(door, password="wrong")).account == "n.okafor"
    assert (await refusal(door, user_name="my-secret-password")).account == ""


async def test_a_name_or_password_that_is_too_long_never_reaches_the_store(door: Door) -> None:
    await refusal(door, user_name="n" * (LONGEST_USER_NAME + 1))
    await refusal(door, password="p" * (LONGEST_PASSWORD + 1))
    assert door.register.asked == []


async def test_a_level_that_the_policy_no_longer_knows_lets_nobody_in(door: Door) -> None:
    door.levels.clear()
    await refusal(door)


def test_the_repr_of_an_account_does_not_show_its_hash(door: Door) -> None:
    assert "argon2" not in repr(door.register.accounts["n.okafor"])
