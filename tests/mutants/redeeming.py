"""Mutants of what a token that was used brings again: the same certificate, for the same request, in its time."""

from tests.mutants.mutant import Mutant, mutant

ENROLLING, REDEEMED = "hub/enrolling/enrolling.py", "hub/enrolling/redeemed.py"
ENROLLED = "tests/integration/enrolling/test_enrolling.py"
ENDED = f"{ENROLLED}::test_a_token_that_was_used_gives_nothing_again_once_it_would_not_have_held"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a token that was used gives its certificate again to the same request only",
        REDEEMED,
        "if done.request == hashlib.sha256(request).digest() else None",
        "if request else None",
        f"{ENROLLED}::test_whoever_did_not_hear_the_answer_gets_the_same_certificate_for_the_same_request",
    ),
    mutant(
        "a token that was used gives nothing again past its time",
        REDEEMED,
        " and now_ms < done.token.expires_at_ms:",
        ":",
        f"{ENDED}[expired]",
    ),
    mutant(
        "a token that was used gives nothing again to an agency that is not admitted",
        ENROLLING,
        "found is None or self.membership.of(found[0]).state is not MemberState.ADMITTED",
        "found is None",
        f"{ENDED}[suspended]",
    ),
    mutant(
        "a token that was used gives nothing again once there is another",
        ENROLLING,
        "            self.membership.invited(kept)\n            self._redeemed.forget(agency)\n",
        "            self.membership.invited(kept)\n",
        f"{ENDED}[replaced]",
    ),
)
