"""Authorization Code with PKCE (S256), without a client secret: Spotify's consent page and its token endpoint.

Source: RFC 7636 (PKCE), RFC 6749 §4.1 and §6; developer.spotify.com, "Authorization Code with PKCE Flow".
No code, verifier or token ever stands in a ``repr``, an error or a log.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

import requests

from emrs_core.music.spotify.failures import (
    BrokenAnswer,
    ConnectionEnded,
    RateLimited,
    Refused,
    ServiceDown,
    TooSlow,
    Unreachable,
    failure_of,
    retry_after_s,
)

VERIFIER_BYTES: Final = 64
"""86 characters of base64url: within the 43 to 128 that RFC 7636 asks for, with 512 bits of chance."""
TIMEOUT_S: Final = (2.0, 4.0)
"""To connect, and between two bytes of the answer: a page waits for it."""
SHORTEST_LIFE_S: Final = 60.0
"""A token that is said to live shorter is taken as living so long: else each call would fetch another."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a consent gave. ``expires_at_s`` and ``consented_at_s`` are of the caller's clock."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at_s: float
    scopes: frozenset[str]
    consented_at_s: float


def new_verifier() -> str:
    """A code verifier that nobody can guess."""
    return secrets.token_urlsafe(VERIFIER_BYTES)


def challenge_of(verifier: str) -> str:
    """BASE64URL(SHA256(verifier)) without padding. Source: RFC 7636 §4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class SpotifyAccounts:
    """Spotify's accounts service for one app. ``now_s`` is the clock that expiry is counted on. Any thread."""

    client_id: str
    url: str  # https://accounts.spotify.com, or a stand-in
    now_s: Callable[[], float]

    def consent_url(self, redirect_uri: str, scopes: Iterable[str], state: str, verifier: str) -> str:
        """Where the browser goes to be asked. Only the verifier's hash stands in it."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": " ".join(sorted(scopes)),
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge_of(verifier),
        }
        return f"{self.url}/authorize?{urlencode(query)}"

    def exchange(self, code: str, verifier: str, redirect_uri: str, scopes: Iterable[str]) -> Grant:
        """The grant for a code, which is good once. ``scopes`` were asked for. Raises StreamingError."""
        return self._grant(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier},
            Grant("", "", 0.0, frozenset(scopes), self.now_s()),
        )

    def refresh(self, grant: Grant) -> Grant:
        """A fresh access token. Spotify may hand out a new refresh token with it: the old one is then spent.

        Raises ConnectionEnded when the grant is no longer honoured, another StreamingError when it may be tried again.
        """
        return self._grant({"grant_type": "refresh_token", "refresh_token": grant.refresh_token}, grant)

    def _grant(self, form: dict[str, str], before: Grant) -> Grant:
        answer = self._post({**form, "client_id": self.client_id})
        access, lives_s = answer.get("access_token"), answer.get("expires_in")
        refresh = answer.get("refresh_token") or before.refresh_token
        for name, value, kind in (("access_token", access, str), ("refresh_token", refresh, str)):
            if not isinstance(value, kind) or not value:
                raise BrokenAnswer(name)
        if isinstance(lives_s, bool) or not isinstance(lives_s, int | float):
            raise BrokenAnswer("expires_in")
        scopes = answer.get("scope")
        return replace(
            before,
            access_token=str(access),
            refresh_token=str(refresh),
            expires_at_s=self.now_s() + max(float(lives_s), SHORTEST_LIFE_S),
            scopes=frozenset(scopes.split()) if isinstance(scopes, str) else before.scopes,  # RFC 6749 §5.1
        )

    def _post(self, form: dict[str, str]) -> dict[str, Any]:
        try:
            response = requests.post(f"{self.url}/api/token", data=form, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.Timeout:
            raise TooSlow from None  # requests' own text may hold the form
        except requests.RequestException:
            raise Unreachable from None
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if response.status_code != 200:
            raise _token_failure(response, answer)
        if not isinstance(answer, dict):
            raise BrokenAnswer
        return answer


def _token_failure(response: requests.Response, answer: object) -> Exception:
    """The token endpoint speaks RFC 6749 (``{"error": "invalid_grant"}``), not the Web API's dialect."""
    status = response.status_code
    error = answer.get("error") if isinstance(answer, dict) else None
    if error == "invalid_grant":
        return ConnectionEnded()
    if status == 429:
        return RateLimited(retry_after_s(response.headers))
    if status >= 500:
        return ServiceDown()
    return failure_of(status, response.headers, response.content) if status == 403 else Refused(status)
