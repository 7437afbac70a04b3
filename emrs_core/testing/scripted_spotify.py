"""Spotify without a network, for unit tests: the token endpoint and the Web API answering from a script.

The stand-in in ``emrs_core.testing.spotify`` is a whole server; here one answer at a time is chosen by the test.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.client import SpotifyService
from emrs_core.music.spotify.connections import IDLE_S, SpotifyConnections
from emrs_core.music.spotify.oauth import Grant, SpotifyAccounts
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import SCOPES, Step
from emrs_core.music.spotify.tokens import MemoryTokenStore, TokenStore
from emrs_core.testing.catalogues import numbered_id
from emrs_core.testing.clock import FakeClock

API = "https://api.example/v1"
BACK = "http://127.0.0.1:8501/spotify/callback"
Script = Callable[[requests.PreparedRequest], "tuple[int, Any] | tuple[int, Any, dict[str, str]]"]


def grant(access: str = "access-0", expires_at_s: float = 3600.0, consented_at_s: float = 0.0) -> Grant:
    """One that lives an hour from nought."""
    return Grant(access, "refresh-0", expires_at_s, SCOPES[Step.LISTEN], consented_at_s)


@dataclass(frozen=True, slots=True)
class ScriptedAccounts(SpotifyAccounts):
    """Answers the token endpoint's questions from a list; ``asked`` holds the forms. An exception is raised."""

    answers: list[Any] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def _post(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked.append(form)
        time.sleep(0.01)  # long enough for other threads to come
        answer = (
            self.answers.pop(0) if self.answers else {"access_token": f"access-{len(self.asked)}", "expires_in": 3600}
        )
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


def scripted(clock: FakeClock, *answers: Any) -> ScriptedAccounts:
    """The token endpoint with these answers."""
    return ScriptedAccounts("client", "https://accounts.example", clock.now_s, list(answers))


class Wire(BaseAdapter):
    """Answers by a function from the request to (status, JSON or bytes[, headers]); remembers what was sent."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        self.sent.append(request)
        assert kwargs["timeout"], "a request without a time limit"
        status, body, *headers = self.script(request)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = requests.Response()
        response.status_code = status
        response.url, response.request = str(request.url), request
        response.headers.update(headers[0] if headers else {})
        response.raw = HTTPResponse(io.BytesIO(raw), status=status, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""

    def paths(self) -> list[str]:
        return [f"{request.method} {urlsplit(str(request.url)).path.removeprefix('/v1')}" for request in self.sent]


class Tokens:
    """Hands out ``token-1``, and another for each rejected one."""

    def __init__(self) -> None:
        self.number = 1

    def token(self, rejected: str = "") -> str:
        if rejected == f"token-{self.number}":
            self.number += 1
        return f"token-{self.number}"


def service(script: Script, clock: FakeClock | None = None) -> tuple[SpotifyService, Wire]:
    """The adapter over a wire with that script."""
    wire = Wire(script)
    spotify = SpotifyService(API, Tokens(), (clock or FakeClock()).now_s)
    spotify._session.mount("https://", wire)
    return spotify, wire


def song(number: int = 0, **facts: Any) -> dict[str, Any]:
    """A song as the Web API writes it, with the id of ``make_track(number)``."""
    return {
        "id": numbered_id(number),
        "type": "track",
        "name": f"Song {number}",
        "artists": [{"name": f"Artist {number}"}],
        "album": {"name": "Album", "images": []},
        "duration_ms": 200_000,
        "explicit": False,
        "external_ids": {"isrc": "us-rc1-7607839"},
    } | facts


def page(*items: Any) -> dict[str, Any]:
    """One page of a listing."""
    return {"items": list(items), "next": None}


@dataclass(frozen=True, slots=True)
class CodeIsPerson(SpotifyAccounts):
    """Takes the code for the person's name, which then stands in the tokens; ``broken`` makes exchanges fail."""

    broken: list[StreamingError] = field(default_factory=list)

    def _post(self, form: dict[str, str]) -> dict[str, Any]:
        if self.broken:
            raise self.broken[0]
        person = form.get("code") or form["refresh_token"].removeprefix("refresh-")
        return {"access_token": f"access-{person}", "refresh_token": f"refresh-{person}", "expires_in": 3600}


class Visitors:
    """Connections of visitors whose code at Spotify is their name, and a clock that moves when told to."""

    def __init__(self, store: TokenStore | None = None, idle_s: float | None = IDLE_S) -> None:
        self.clock = FakeClock(1000.0)
        self.store = store or MemoryTokenStore()
        self.accounts = CodeIsPerson("client", "https://accounts.example", self.clock.now_s)
        self.connections = SpotifyConnections(self.accounts, "https://api.example/v1", self.store, idle_s)

    def begin(
        self, visitor: str | None = None, step: Step = Step.LISTEN, ticket: str | None = None
    ) -> tuple[str, str, set[str]]:
        """(visitor id, state, scopes asked for)"""
        begun = self.connections.begin(visitor, step, BACK, "/music", ticket)
        query = parse_qs(urlsplit(begun.consent_url).query)
        return begun.visitor, query["state"][0], set(query["scope"][0].split())

    def log_in(self, person: str, visitor: str | None = None, step: Step = Step.LISTEN) -> str:
        """The visitor's id after that person said yes."""
        visitor, state, _ = self.begin(visitor, step)
        ended = self.connections.finish(visitor, state, person)
        assert ended.outcome is Outcome.CONNECTED
        assert ended.next_path == "/music"
        assert ended.visitor is not None
        return ended.visitor
