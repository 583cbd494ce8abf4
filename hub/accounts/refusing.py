"""The words with which a sign-in is refused: the same ones, whatever the reason."""

from hub.errors import SignInRefused


def refused(account: str = "") -> SignInRefused:
    """Return the refusal of a sign-in; `account`, if there is one, is for the hub's own record only."""
    refusal = SignInRefused(
        "SIGN_IN_REFUSED",
        "The user name and the password do not match an account that may sign in.",
        mend="Check both; if they are right, ask your administrator about the account.",
    )
    refusal.account = account
    return refusal


def code_refused(account: str) -> SignInRefused:
    """Return the refusal of a one-time code that somebody gave who is signed in."""
    refusal = SignInRefused(
        "CODE_REFUSED",
        "This code is not accepted.",
        mend="Wait until your authenticator shows the next code and give that one; each works once.",
    )
    refusal.account = account
    return refusal


def passkey_refused(account: str) -> SignInRefused:
    """Return the refusal of a passkey that somebody used who is signed in."""
    mend = "Use one of this account's own passkeys, and unlock it when you are asked to."
    refusal = SignInRefused("PASSKEY_REFUSED", "This passkey is not accepted.", mend=mend)
    refusal.account = account
    return refusal
