"""Logs in at the stand-in as a browser and an app would together, for tests that start with a token."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from emrs_core.testing.loopback.wire import Request
from emrs_core.testing.spotify.accounts import CLIENT_ID
from emrs_core.testing.spotify.grants import challenge_of
from emrs_core.testing.spotify.server import StubServer

REDIRECT_URI = "http://127.0.0.1:8501/spotify/callback"
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint gave."""

    access_token: str
    refresh_token: str
    scopes: frozenset[str]


def agree(server: StubServer, authorize_url: str, person: str) -> str:
    """Open the consent page, agree as that person, and return the address that the browser is sent to.

    Goes past the network: no log of an HTTP library then holds what only a browser would know.
    """
    assert authorize_url.startswith(f"{server.url}/")
    page = server.stub.handle(Request.parse("GET", authorize_url, {}, b"")).payload.decode()
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page
    form = urlencode({"ticket": found[1], "person": person}).encode()
    return server.stub.handle(Request.parse("POST", "/authorize/decision", {}, form)).headers["Location"]


def log_in(server: StubServer, person: str, scopes: Iterable[str]) -> Tokens:
    """Tokens with those scopes, through the consent page and the code's exchange."""
    verifier = secrets.token_urlsafe(64)
    question = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "code_challenge_method": "S256",
        "code_challenge": challenge_of(verifier),
        "state": secrets.token_urlsafe(24),
        "scope": " ".join(sorted(scopes)),
    }
    address = requests.Request("GET", f"{server.url}/authorize", params=question).prepare().url
    assert address is not None
    back = parse_qs(urlsplit(agree(server, address, person)).query)
    assert back["state"] == [question["state"]]
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": back["code"][0],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
    }
    answer = requests.post(f"{server.url}/api/token", data=form, timeout=TIMEOUT_S)
    answer.raise_for_status()
    document = answer.json()
    scopes = frozenset(document["scope"].split())
    return Tokens(document["access_token"], document["refresh_token"], scopes)
