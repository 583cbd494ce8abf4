import pyotp
import pytest

from hub.accounts.one_time_codes import OneTimeCodes
from hub.accounts.sealing import Seal
from hub.model.account import SealedSeed
from tests.unit.hub.accounts.scene import Clock

# RFC 6238, appendix B, SHA-1, the last six of its eight digits.
RFC_SEED = b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1_111_111_109: "081804", 1_234_567_890: "005924", 2_000_000_000: "279037"}


def codes_at(now: float) -> OneTimeCodes:
    return OneTimeCodes(Seal(b"k" * 32), Clock(now=now))


def kept(last_step: int = -1) -> SealedSeed:
    return SealedSeed(sealed=Seal(b"k" * 32).seal(RFC_SEED, "n.okafor"), is_confirmed=True, last_step=last_step)


@pytest.mark.parametrize("now", RFC_CODES)
def test_codes_are_those_of_the_standard(now: int) -> None:
    assert codes_at(now).step_of(RFC_CODES[now], "n.okafor", kept()) == now // 30


def test_a_code_of_a_step_that_was_accepted_is_of_no_step() -> None:
    now = 2_000_000_000
    for last_step, found in ((now // 30 - 1, now // 30), (now // 30, None), (now // 30 + 1, None)):
        assert codes_at(now).step_of(RFC_CODES[now], "n.okafor", kept(last_step)) == found


@pytest.mark.parametrize("code", ["", " ", "27903", "2790377", "२७९०३७", "279037\x00", "\ud800", "2.7e5"])
def test_what_is_no_code_is_of_no_step(code: str) -> None:
    assert codes_at(2_000_000_000).step_of(code, "n.okafor", kept()) is None


def test_nobody_has_no_code() -> None:
    codes = codes_at(2_000_000_000)
    seed = Seal(b"k" * 32).open(codes._nobody.sealed, "")
    assert codes.step_of(pyotp.TOTP(seed.decode()).at(2_000_000_000), "", None) is None
