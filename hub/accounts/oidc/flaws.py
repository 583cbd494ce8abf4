"""Why a sign-in through an issuer came to nothing: words for the hub's own log, never for the person at the door."""

from enum import StrEnum


class Flaw(StrEnum):
    """One reason of a closed list, so that nothing an issuer or a stranger wrote can reach the log."""

    # The issuer as a server.
    UNREACHABLE = "unreachable"
    LATE = "late"
    REFUSED = "refused"
    TOO_MUCH = "too_much"
    NOT_JSON = "not_json"
    OTHER_ISSUER = "other_issuer"
    ADDRESS = "address"
    NO_PKCE = "no_pkce"
    NO_KEYS = "no_keys"
    # What the browser brought back.
    HANDLE = "handle"
    STATE = "state"
    CODE = "code"
    MIX_UP = "mix_up"
    # The answer of the token endpoint, and the form of the ID token in it.
    TOKEN_ANSWER = "token_answer"  # noqa: S105 - the name of a reason, not a token
    FORM = "form"
    HEADER = "header"
    KEY = "key"
    SIGNATURE = "signature"
    # What the ID token says.
    CLAIM_MISSING = "claim_missing"
    ISS = "iss"
    AUD = "aud"
    AZP = "azp"
    EXP = "exp"
    IAT = "iat"
    NBF = "nbf"
    NONCE = "nonce"
    AT_HASH = "at_hash"
    AUTH_TIME = "auth_time"
    ACR = "acr"
    SUBJECT = "subject"


class Flawed(Exception):
    """Stops a sign-in; it stays within this folder, whose border makes the one refusal of it."""

    def __init__(self, flaw: Flaw) -> None:
        """Take the reason and nothing else: an error that holds no token cannot show one."""
        super().__init__(flaw.value)
        self.flaw = flaw
