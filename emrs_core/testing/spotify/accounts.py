"""The accounts service: a consent page that a person can click, and the token endpoint."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from emrs_core.testing.loopback.wire import Answer, MistakeError, Request
from emrs_core.testing.spotify import consent_page
from emrs_core.testing.spotify.grants import TokenRefusalError
from emrs_core.testing.spotify.world import World

CLIENT_ID = "e0000000000000000000000000000000"
"""The one app that the stand-in knows."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256 digest
LEAST_STATE = 16  # characters; less can be guessed
SCOPES = {
    "user-top-read": "See which songs and artists you listen to most",
    "user-library-read": "See the songs you saved",
    "user-library-modify": "Save songs for you",
    "user-read-recently-played": "See what you played lately",
    "user-read-playback-state": "See your devices and what they play",
    "user-read-currently-playing": "See what plays now",
    "user-modify-playback-state": "Play, pause and skip on your devices",
    "playlist-read-private": "See your private playlists",
    "playlist-modify-private": "Make and change private playlists",
    "playlist-modify-public": "Make and change public playlists",
}
"""Those that the stand-in grants. Asking for another, such as the address of mail, is a mistake of the app."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorisation that a person has not decided yet."""

    redirect_uri: str
    challenge: str
    scopes: frozenset[str]
    state: str


class Accounts:
    """``/authorize`` and ``/api/token``. The stub calls it under the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[str, Asked] = {}

    def authorize(self, request: Request) -> Answer:
        """The consent page. Raises MistakeError when the app asks in a way that Spotify refuses."""
        asked = read_question(request.query)
        ticket = secrets.token_urlsafe(16)
        self._world.secrets.add(asked.state)
        self._asked[ticket] = asked
        reasons = [SCOPES[scope] for scope in sorted(asked.scopes)]
        return Answer.page(consent_page.render(ticket, reasons, list(self._world.people.values())))

    def decide(self, request: Request) -> Answer:
        """Back to the app, with a code or ``access_denied``; ``state`` goes back untouched."""
        form = request.form()
        asked = self._asked.pop(form.get("ticket", ""), None)
        if asked is None:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "This consent page was already answered; go back to the app.")
        person = self._world.people.get(form.get("person", ""))
        if person is None:
            answer = {"error": "access_denied", "state": asked.state}
        else:
            code = self._world.grants.code_for(person.id, asked.redirect_uri, asked.challenge, asked.scopes)
            self._world.secrets.add(code)
            answer = {"code": code, "state": asked.state}
        return Answer.redirect(f"{asked.redirect_uri}?{urlencode(answer)}")

    def token(self, request: Request) -> Answer:
        """Tokens for a code or for a refresh token. Raises TokenRefusalError or MistakeError."""
        form = request.form()
        if "authorization" in request.headers or "client_secret" in form:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "A PKCE client has no secret to send.")
        if form.get("client_id") != CLIENT_ID:
            raise TokenRefusalError("invalid_client", "Invalid client")
        grants = self._world.grants
        match form.get("grant_type"):
            case "authorization_code":
                given = (form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", ""))
                self._world.secrets.add(given[-1])
                grant = grants.exchange(*given)
            case "refresh_token":
                grant = grants.refresh(form.get("refresh_token", ""))
            case _:
                raise TokenRefusalError(
                    "unsupported_grant_type", "grant_type must be authorization_code or refresh_token"
                )
        self._world.secrets.update((grant.access, grant.refresh))
        document = {
            "access_token": grant.access,
            "token_type": "Bearer",
            "scope": " ".join(sorted(grant.scopes)),
            "expires_in": int(grants.access_life_s()),
            "refresh_token": grant.refresh,
        }
        return Answer.of(document, Cache_Control="no-store")


def read_question(query: object) -> Asked:
    """The app's question, checked as strictly as PKCE and Spotify's rules for addresses allow. Raises MistakeError."""
    assert isinstance(query, dict)
    redirect_uri, scopes = query.get("redirect_uri", ""), frozenset(query.get("scope", "").split())
    problems = {
        "INVALID_CLIENT: Invalid client": query.get("client_id") != CLIENT_ID,
        "response_type must be code": query.get("response_type") != "code",
        "INVALID_CLIENT: Insecure redirect URI": not may_return_to(redirect_uri),
        "code_challenge_method must be S256": query.get("code_challenge_method") != "S256",
        "code_challenge must be 43 base64url characters": not CHALLENGE.fullmatch(query.get("code_challenge", "")),
        f"state must have {LEAST_STATE} characters or more": len(query.get("state", "")) < LEAST_STATE,
        f"Illegal scope: {' '.join(sorted(scopes - SCOPES.keys()))}": bool(scopes - SCOPES.keys()),
    }
    for problem, there in problems.items():
        if there:
            raise MistakeError(HTTPStatus.BAD_REQUEST, problem)
    return Asked(redirect_uri, query["code_challenge"], scopes, query["state"])


def may_return_to(uri: str) -> bool:
    """https anywhere, http on a loopback address written as numbers; ``localhost`` is refused since 2025."""
    parts = urlsplit(uri)
    loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1")
    return (parts.scheme == "https" or loopback) and bool(parts.hostname) and not parts.fragment and not parts.query
