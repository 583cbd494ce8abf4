"""The two ceremonies of WebAuthn, registration and sign-in, in terms of this project; keeps nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from hub.accounts.challenges import LIFETIME_SECONDS
from hub.model.account import Account, Passkey

LONGEST_RESPONSE = 16_384
# WebAuthn's own bound.
LONGEST_CREDENTIAL_ID = 1_023


class NotProved(Exception):
    """Is raised when a response proves nothing, for whatever reason; `account` is whose passkey it is, if anybody's."""

    def __init__(self, account: str = "") -> None:
        """Take the account for the hub's own record."""
        super().__init__()
        self.account = account


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """As whom passkeys know this hub: a domain, and the origin of the pages on which they are used."""

    id: str
    origin: str
    name: str = "Sharing hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A response to a sign-in: which passkey, for whom, and which challenge it has signed; nothing of it is proved."""

    credential: AuthenticationCredential
    challenge: bytes
    user_handle: bytes


def user_handle(user_name: str) -> bytes:
    """Return what authenticators keep of an account: not the user name, which they would show to whoever finds them."""
    return hashlib.sha256(f"passkeys of {user_name}".encode()).digest()


def registration_options(party: RelyingParty, account: Account, challenge: bytes, known: Iterable[Passkey]) -> str:
    """Return what a browser needs to make a passkey, as JSON: one that its authenticator finds and unlocks itself."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=account.user_name,
        user_display_name=account.display_name,
        user_id=user_handle(account.user_name),
        challenge=challenge,
        timeout=LIFETIME_SECONDS * 1_000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return webauthn.options_to_json(options)


def sign_in_options(party: RelyingParty, challenge: bytes, known: Iterable[Passkey] = ()) -> str:
    """Return what a browser needs to use a passkey, as JSON; without known ones it tells nobody anything."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=LIFETIME_SECONDS * 1_000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def read_registration(response: str) -> tuple[RegistrationCredential, bytes]:
    """Return a browser's response to a registration and the challenge in it; raise NotProved."""
    try:
        credential = parse_registration_credential_json(_bounded(response))
        return credential, _challenge(credential.response.client_data_json)
    except Exception:  # noqa: BLE001  (whatever a hostile response makes the library raise, it proves nothing)
        raise NotProved from None


def read_assertion(response: str) -> Assertion:
    """Return a browser's response to a sign-in; raise NotProved."""
    try:
        credential = parse_authentication_credential_json(_bounded(response))
        challenge = _challenge(credential.response.client_data_json)
    except Exception:  # noqa: BLE001  (as in read_registration)
        raise NotProved from None
    return Assertion(credential=credential, challenge=challenge, user_handle=credential.response.user_handle or b"")


def verify_registration(
    party: RelyingParty, credential: RegistrationCredential, challenge: bytes
) -> VerifiedRegistration:
    """Return a new passkey that has been proved; raise NotProved."""
    if len(credential.raw_id) > LONGEST_CREDENTIAL_ID:
        raise NotProved
    try:
        return webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  (as in read_registration)
        raise NotProved from None


def verify_assertion(party: RelyingParty, assertion: Assertion, passkey: Passkey) -> VerifiedAuthentication:
    """Return a sign-in that a passkey has proved; raise NotProved."""
    if assertion.user_handle != user_handle(passkey.user_name):
        raise NotProved(passkey.user_name)
    try:
        return webauthn.verify_authentication_response(
            credential=assertion.credential,
            expected_challenge=assertion.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  (as in read_registration)
        raise NotProved(passkey.user_name) from None


def _challenge(client_data_json: bytes) -> bytes:
    """Return the challenge in what the browser says of itself; raise NotProved for a page inside another's page."""
    client_data = parse_client_data_json(client_data_json)
    if client_data.cross_origin:
        raise NotProved
    return client_data.challenge


def _bounded(response: str) -> str:
    if len(response) > LONGEST_RESPONSE:
        raise NotProved
    return response
