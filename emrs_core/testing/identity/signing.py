"""The key that signs ID tokens, and its public half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import RSAKey

ALGORITHM: Final = "RS256"
KEY_BITS: Final = 2048  # the least that RFC 7518 allows for it


class SigningKey:
    """A fresh key. Making one takes a tenth of a second."""

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(KEY_BITS, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JSON Web Token (RFC 7519) of those claims."""
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, dict(claims), self._key)

    def public(self) -> dict[str, Any]:
        """A JSON Web Key Set (RFC 7517) of the public half."""
        return {"keys": [self._key.as_dict(private=False)]}
