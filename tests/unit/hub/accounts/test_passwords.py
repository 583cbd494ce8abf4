import time
import unicodedata
from collections.abc import Iterator

import pytest

from hub.accounts.hashing_cost import HashingCost
from hub.accounts.passwords import Passwords, new_password


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


async def test_the_password_that_was_hashed_matches_and_no_other(passwords: Passwords) -> None:
    kept = passwords.hash("kestrel-harbour")
    assert kept.startswith("$argon2id$")
    assert "kestrel" not in kept
    assert await passwords.matches("kestrel-harbour", kept)
    for wrong in ("", "kestrel-harbour ", "Kestrel-harbour", "kestrel-harbou", "kestrel-harbour\x00"):
        assert not await passwords.matches(wrong, kept)


async def test_nobody_s_password_never_matches(passwords: Passwords) -> None:
    assert not await passwords.matches("", None)
    assert not await passwords.matches("kestrel-harbour", None)


async def test_nobody_s_password_takes_as_long_as_somebody_s(passwords: Passwords) -> None:
    kept = passwords.hash("kestrel-harbour")

    async def seconds(kept_hash: str | None) -> float:
        began = time.perf_counter()
        await passwords.matches("kestrel-harbous", kept_hash)
        return time.perf_counter() - began

    # The quickest of several, since a busy machine can only make them longer.
    somebody, nobody = [min([await seconds(which) for _ in range(5)]) for which in (kept, None)]
    assert somebody / 4 < nobody < somebody * 4


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$", "plain text", "$argon2id$v=19$m=1,t=1,p=1$AA$AA"])
async def test_a_hash_that_is_none_matches_nothing(passwords: Passwords, kept: str) -> None:
    assert not await passwords.matches("kestrel-harbour", kept)


async def test_letters_of_any_script_make_a_password(passwords: Passwords) -> None:
    assert await passwords.matches("Żółw 漢字 🐢", passwords.hash("Żółw 漢字 🐢"))


def test_the_same_password_is_kept_in_different_ways(passwords: Passwords) -> None:
    assert passwords.hash("kestrel-harbour") != passwords.hash("kestrel-harbour")


def test_new_passwords_are_long_and_never_alike() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 23 for password in made)


async def test_a_password_matches_however_its_accents_are_typed(passwords: Passwords) -> None:
    typed = "Zażółć gęślą jaźń"
    kept = passwords.hash(unicodedata.normalize("NFD", typed))
    assert await passwords.matches(typed, kept)
    assert await passwords.matches(unicodedata.normalize("NFD", typed), kept)


async def test_half_a_character_is_a_wrong_password_and_no_failure(passwords: Passwords) -> None:
    assert not await passwords.matches("kestrel\ud800", passwords.hash("kestrel?"))


def test_a_hash_of_another_cost_is_outdated(passwords: Passwords) -> None:
    cheap = Passwords(HashingCost(memory_kib=64, passes=1))
    assert passwords.is_outdated(cheap.hash("kestrel-harbour"))
    assert not passwords.is_outdated(passwords.hash("kestrel-harbour"))
    cheap.close()


async def test_a_hash_made_off_the_loop_is_as_good(passwords: Passwords) -> None:
    assert await passwords.matches("kestrel-harbour", await passwords.hashed("kestrel-harbour"))
