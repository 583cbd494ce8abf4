import random
import re
import string
import unicodedata

import pytest

from hub.accounts.blocklist import DIGEST_BYTES, FILE, Blocklist
from hub.accounts.password_rules import LONGEST_PASSWORD, PasswordRules
from hub.accounts.passwords import new_password
from hub.errors import InvalidRequest
from hub.model.account import Account

HOLDER = Account(
    user_name="nneka.okafor",
    display_name="Nneka Okafor",
    access_level="health_visitor",
    agency="health",
    password_hash="",
)


@pytest.fixture(scope="module")
def rules() -> PasswordRules:
    return PasswordRules(Blocklist.shipped())


def broken(rules: PasswordRules, password: str, *, is_alone: bool = True) -> str:
    """Return the reason why a password is refused, "" if it is not; no refusal ever holds the password."""
    try:
        rules.check(password, HOLDER, is_alone=is_alone)
    except InvalidRequest as error:
        refused = error
    else:
        return ""
    assert refused.mend
    assert refused.field == "new_password"
    assert password not in f"{refused.message} {refused.mend}"
    return refused.reason


@pytest.mark.parametrize(
    "password",
    [
        "kestrel harbour thimble",
        "correct horse battery staple",
        "kestrelharbourthimble",
        "KESTREL HARBOUR THIMBLE",
        "a red kite over Rivington",
        "Okafor likes red kites",
        "żółw i łódka na stawie",
        "漢字漢語漢文日本語文字表記法入門",
        "🐢🪁🎲🧶 kite turtle",
        "        kestrel curlew  ",
        "k" + "estrel harbour " * 17,
    ],
)
def test_whatever_is_long_and_not_guessed_first_is_a_password(rules: PasswordRules, password: str) -> None:
    assert broken(rules, password) == ""


def test_no_password_that_we_make_is_refused(rules: PasswordRules) -> None:
    assert not [password for password in (new_password() for _ in range(300)) if broken(rules, password)]


def test_a_password_that_is_all_there_is_has_fifteen_characters_and_eight_beside_a_second_factor(
    rules: PasswordRules,
) -> None:
    letters = "kvxwzjqbmtrdnpl"
    assert broken(rules, letters) == ""
    assert broken(rules, letters[:14]) == "PASSWORD_TOO_SHORT"
    assert broken(rules, letters[:8], is_alone=False) == ""
    assert broken(rules, letters[:7], is_alone=False) == "PASSWORD_TOO_SHORT"


def test_two_hundred_and_fifty_six_characters_are_taken_whole_and_more_are_refused(rules: PasswordRules) -> None:
    longest = "".join(random.Random(1).choices(string.ascii_letters, k=LONGEST_PASSWORD))
    assert rules.check(longest, HOLDER, is_alone=True) == longest
    assert broken(rules, f"{longest}x") == "PASSWORD_TOO_LONG"


def test_accents_count_alike_however_they_were_typed(rules: PasswordRules) -> None:
    typed = "Zażółć gęślą jaźń"
    apart = unicodedata.normalize("NFD", typed)
    assert len(apart) > len(typed)
    assert rules.check(apart, HOLDER, is_alone=True) == rules.check(typed, HOLDER, is_alone=True) == typed
    # Eight signs that are sixteen characters before they are put together.
    assert broken(rules, unicodedata.normalize("NFD", "éàèùâêîôû"[:8])) == "PASSWORD_TOO_SHORT"


@pytest.mark.parametrize("hidden", ["\x00", "\n", "\t", "\u200b", "\ud800", "\x7f"])
def test_characters_that_nobody_can_type_again_are_refused(rules: PasswordRules, hidden: str) -> None:
    assert broken(rules, f"kestrel harbour{hidden} thimble") == "PASSWORD_UNREADABLE"


@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "Password!!!!!!!!!",
        "passwordpassword",
        "PasswordPasswordPass",
        "password-password-password",
        "p@ssw0rd12345678",
        "P455w0rd!P455w0rd!",
        "00000000password99",
        "l1verp00ll1verp00l",
        "$un$h1n3.$un$h1n3",
        "Monkey1Monkey1Monkey1",
        "summer2024summer2024",
        "123456789012345",
        "987654321098765",
        "1234567890123456",
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "abcdefghijklmnop",
        "zyxwvutsrqponmlk",
        "qwertyuiopasdfgh",
        "qwertyuiop123456",
        "!!!!!!!!!!!!!!!!!",
        "dragon..........",
        "i l o v e y o u 2 2 2 2",
    ],
)
def test_the_commonest_passwords_are_refused_in_every_usual_disguise(rules: PasswordRules, password: str) -> None:
    assert broken(rules, password) == "PASSWORD_COMMON"


@pytest.mark.parametrize("password", ["baseball", "Football1", "superman!", "iloveyou"])
def test_beside_a_second_factor_the_commonest_are_refused_too(rules: PasswordRules, password: str) -> None:
    assert broken(rules, password, is_alone=False) == "PASSWORD_COMMON"


@pytest.mark.parametrize(
    "password",
    [
        "nneka.okafor.health",
        "OkaforOkafor2026!!",
        "sharing-hub-2026",
        "Health Visitor Okafor",
        "welcome to the hub",
        "bolton council health",
        "hub dragon sharing",
    ],
)
def test_words_about_the_holder_and_the_service_do_not_count(rules: PasswordRules, password: str) -> None:
    assert broken(rules, password) in {"PASSWORD_ABOUT_YOU", "PASSWORD_COMMON"}


def test_no_mix_of_signs_is_demanded(rules: PasswordRules) -> None:
    for letters in (string.ascii_lowercase, string.ascii_uppercase, string.digits):
        password = "".join(random.Random(3).choices(letters, k=20))
        assert broken(rules, password) == ""


def test_the_shipped_list_has_at_least_five_thousand_passwords_and_no_words() -> None:
    lines = [line for line in FILE.read_text(encoding="ascii").splitlines() if not line.startswith("#")]
    assert len(lines) == len(Blocklist.shipped().digests) >= 5_000
    assert lines == sorted(lines)
    assert all(re.fullmatch(f"[0-9a-f]{{{2 * DIGEST_BYTES}}}", line) for line in lines)


def test_the_repr_of_the_list_is_short() -> None:
    assert len(repr(Blocklist.shipped())) < 100


def test_a_password_that_is_made_to_take_long_to_judge_does_not(rules: PasswordRules) -> None:
    for password in ("a" * 255 + "b", "01345" * 51, "1!" * 128, "ab" * 127 + "c", "i1l!" * 64):
        broken(rules, password)
