"""Remembers what each agency's last token brought, for an adapter that did not hear the answer."""

import hashlib
from dataclasses import dataclass

from hub.model.membership import EnrolmentToken


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Redemption:
    token: EnrolmentToken
    request: bytes
    certificate: bytes


class Redeemed:
    """Holds one redemption for each agency, in memory only: after a restart a token that was used is used."""

    def __init__(self) -> None:
        """Start with nothing redeemed."""
        self._of_agency: dict[str, _Redemption] = {}

    def keep(self, token: EnrolmentToken, request: bytes, certificate: bytes) -> None:
        """Remember what came of a request, as its hash."""
        self._of_agency[token.agency] = _Redemption(
            token=token, request=hashlib.sha256(request).digest(), certificate=certificate
        )

    def forget(self, agency: str) -> None:
        """Remember nothing of an agency any more."""
        self._of_agency.pop(agency, None)

    def again(self, digest: bytes, request: bytes, now_ms: int) -> tuple[str, bytes] | None:
        """Return the agency and its certificate, for the very request that the token of this digest was used with.

        Whoever holds the token and another key gets nothing; the certificate is of use to the first key alone.
        """
        for agency, done in self._of_agency.items():
            if done.token.digest == digest and now_ms < done.token.expires_at_ms:
                return (agency, done.certificate) if done.request == hashlib.sha256(request).digest() else None
        return None
