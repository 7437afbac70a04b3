"""Authorisation Code with PKCE: who was granted what. Codes count once, refresh tokens rotate, everything expires.

Source: RFC 6749 sections 4.1 and 6, RFC 7636 section 4; a refresh token's six months are Spotify's rule of June 2026.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from emrs_core.protocols import Clock
from emrs_core.testing.loopback.wire import MistakeError, RefusalError

CODE_LIFE_S = 600.0  # RFC 6749, 4.1.2: at most ten minutes
ACCESS_LIFE_S = 3600.0  # Spotify's documentation: one hour
GRANT_LIFE_S = 182 * 24 * 3600.0  # six months from the first authorisation
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1


class TokenRefusalError(RefusalError):
    """An answer of the token endpoint: ``{"error", "error_description"}``."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, description)
        self.error = error


@dataclass(frozen=True, slots=True)
class Code:
    """An authorisation code's terms. ``challenge`` is base64url(SHA-256(verifier)) without padding."""

    person_id: str
    redirect_uri: str
    challenge: str
    scopes: frozenset[str]
    made_at_s: float


@dataclass(slots=True, eq=False)
class Grant:
    """One authorisation and its living tokens."""

    person_id: str
    scopes: frozenset[str]
    granted_at_s: float
    access: str
    access_until_s: float
    refresh: str
    refreshes: int = 0
    revoked: bool = False


class Grants:
    """Every code and grant. Not thread-safe: the stub calls it under its own lock."""

    def __init__(self, clock: Clock, access_life_s: float = ACCESS_LIFE_S) -> None:
        self._clock, self._access_life_s = clock, access_life_s
        self._codes: dict[str, Code] = {}
        self._grants: list[Grant] = []

    def code_for(self, person_id: str, redirect_uri: str, challenge: str, scopes: frozenset[str]) -> str:
        code = secrets.token_urlsafe(48)
        self._codes[code] = Code(person_id, redirect_uri, challenge, scopes, self._clock.now_s())
        return code

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """Tokens for a code, which is used up whether that succeeds or not. Raises TokenRefusalError."""
        terms = self._codes.pop(code, None)
        now = self._clock.now_s()
        if terms is None or now - terms.made_at_s > CODE_LIFE_S:
            raise TokenRefusalError("invalid_grant", "Invalid authorization code")
        if redirect_uri != terms.redirect_uri:
            raise TokenRefusalError("invalid_grant", "Invalid redirect URI")
        if not VERIFIER.fullmatch(verifier) or not hmac.compare_digest(challenge_of(verifier), terms.challenge):
            raise TokenRefusalError("invalid_grant", "code_verifier was incorrect")
        grant = Grant(terms.person_id, terms.scopes, now, "", 0.0, "")
        self._renew(grant)
        self._grants.append(grant)
        return grant

    def refresh(self, token: str) -> Grant:
        """New tokens; the old refresh token is dead from now on. Raises TokenRefusalError."""
        grant = next((g for g in self._grants if token and hmac.compare_digest(g.refresh, token)), None)
        if grant is None:
            raise TokenRefusalError("invalid_grant", "Invalid refresh token")
        if grant.revoked:
            raise TokenRefusalError("invalid_grant", "Refresh token revoked")
        if self._clock.now_s() - grant.granted_at_s > GRANT_LIFE_S:
            raise TokenRefusalError("invalid_grant", "Refresh token expired")
        grant.refreshes += 1
        self._renew(grant)
        return grant

    def bearer(self, header: str) -> Grant:
        """Whose access token that ``Authorization`` header holds. Raises RefusalError (401)."""
        kind, _, token = header.partition(" ")
        if kind != "Bearer" or not token:
            raise MistakeError(HTTPStatus.UNAUTHORIZED, "No token provided")
        grant = next((g for g in self._grants if hmac.compare_digest(g.access.encode(), token.encode())), None)
        if grant is None or grant.revoked:
            raise RefusalError(HTTPStatus.UNAUTHORIZED, "Invalid access token")
        if self._clock.now_s() >= grant.access_until_s:
            raise RefusalError(HTTPStatus.UNAUTHORIZED, "The access token expired")
        return grant

    def expire_access(self, person_id: str | None = None) -> None:
        """Every access token given so far has run out; refreshing helps."""
        for grant in self._of(person_id):
            grant.access_until_s = self._clock.now_s()

    def revoke(self, person_id: str | None = None) -> None:
        """As when the person removes the app in their account."""
        for grant in self._of(person_id):
            grant.revoked = True

    def age(self, person_id: str | None = None) -> None:
        """As if six months had passed since the authorisation."""
        for grant in self._of(person_id):
            grant.granted_at_s -= GRANT_LIFE_S + 1.0
        self.expire_access(person_id)

    def facts(self, person_id: str) -> dict[str, object]:
        """Counts and scopes, never a token."""
        mine = self._of(person_id)
        return {
            "logins": len(mine),
            "refreshes": sum(grant.refreshes for grant in mine),
            "scopes": sorted(frozenset().union(*(grant.scopes for grant in mine[-1:]))),
        }

    def access_life_s(self) -> float:
        return self._access_life_s

    def _of(self, person_id: str | None) -> list[Grant]:
        return [grant for grant in self._grants if person_id in (None, grant.person_id)]

    def _renew(self, grant: Grant) -> None:
        grant.access, grant.refresh = secrets.token_urlsafe(96), secrets.token_urlsafe(64)
        grant.access_until_s = self._clock.now_s() + self._access_life_s


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
