"""A software authenticator and the browser around it, honest or hostile in named ways; speaks WebAuthn, signs ES256."""

import hashlib
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass(kw_only=True)
class Authenticator:
    """Holds one passkey. What it says of itself can be set, so that it lies."""

    origin: str
    rp_id: str = ""  # as it is asked, unless it is set
    flags: int = PRESENT | VERIFIED
    sign_count: int = 0
    steps: int = 1
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes = b""
    client_says: dict[str, object] = field(default_factory=dict)

    def register(self, options: str) -> str:
        """Make a passkey as a page's options ask for it."""
        asked = json.loads(options)
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        attested = os.urandom(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._cose_key()
        authenticator_data = self._authenticator_data(asked["rp"]["id"], self.flags | HAS_CREDENTIAL) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": authenticator_data}
        client_data = self._client_data("webauthn.create", asked["challenge"])
        return self._credential({"clientDataJSON": client_data, "attestationObject": encode_cbor(attestation)})

    def sign_in(self, options: str) -> str:
        """Sign the challenge of a page's options."""
        asked = json.loads(options)
        self.sign_count += self.steps
        authenticator_data = self._authenticator_data(asked["rpId"], self.flags)
        client_data = self._client_data("webauthn.get", asked["challenge"])
        signed = authenticator_data + hashlib.sha256(client_data).digest()
        return self._credential(
            {
                "clientDataJSON": client_data,
                "authenticatorData": authenticator_data,
                "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
                "userHandle": self.user_handle,
            }
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **self.client_says}).encode()

    def _authenticator_data(self, rp_id: str, flags: int) -> bytes:
        rp_hash = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return rp_hash + bytes([flags]) + struct.pack(">I", self.sign_count)

    def _cose_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})

    def _credential(self, response: Mapping[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        spelt = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": spelt})
