"""A client by hand, for the tests of the stand-in for Spotify."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from emrs_core.testing.catalogues import grid_tracks
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.loopback.wire import Answer, Request
from emrs_core.testing.spotify.accounts import CLIENT_ID
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.grants import challenge_of
from emrs_core.testing.spotify.stub import SpotifyStub
from emrs_core.testing.spotify.world import World

REDIRECT = "http://127.0.0.1:8501/spotify/callback"
VERIFIER = "v" * 64
STATE = "s" * 32
EVERYTHING = (
    "user-top-read user-library-read user-library-modify user-read-recently-played user-read-playback-state "
    "user-modify-playback-state playlist-read-private playlist-modify-private"
)
SONGS = grid_tracks()
URIS = [f"spotify:track:{song.id}" for song in SONGS]


@dataclass
class App:
    """A client by hand: it asks, a person decides, it calls."""

    clock: FakeClock = field(default_factory=FakeClock)
    token: str = ""
    refresh_token: str = ""

    def __post_init__(self) -> None:
        self.world = World(SONGS, clock=self.clock)
        self.stub = SpotifyStub(self.world)

    def ask(self, **changes: str) -> Answer:
        question = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "code_challenge_method": "S256",
            "code_challenge": challenge_of(VERIFIER),
            "state": STATE,
            "scope": EVERYTHING,
        } | changes
        return self.stub.handle(Request("GET", "/authorize", question))

    def decide(self, person: str, **changes: str) -> dict[str, list[str]]:
        page = self.ask(**changes).payload.decode()
        ticket = page.split('name="ticket" value="')[1].split('"')[0]
        answer = self.stub.handle(post_form("/authorize/decision", ticket=ticket, person=person))
        assert answer.status == 303
        location = urlsplit(answer.headers["Location"])
        assert location._replace(query="").geturl() == REDIRECT
        return parse_qs(location.query)

    def exchange(self, code: str, **changes: str) -> Answer:
        form = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "code": code}
        form |= {"redirect_uri": REDIRECT, "code_verifier": VERIFIER} | changes
        return self.stub.handle(post_form("/api/token", **form))

    def renew(self) -> Answer:
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": self.refresh_token}
        return self._keep(self.stub.handle(post_form("/api/token", **form)))

    def login(self, person: str = "ada", **changes: str) -> App:
        self._keep(self.exchange(self.decide(person, **changes)["code"][0]))
        return self

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Answer:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        raw = b"" if body is None else json.dumps(body).encode()
        return self.stub.handle(Request(method, f"/v1{path}", query, headers, raw))

    def fail(self, fault: FaultKind, **options: Any) -> None:
        body = json.dumps({"fault": fault, **options}).encode()
        assert self.stub.handle(Request("POST", "/_stub/faults", body=body)).status == 200

    def state(self) -> dict[str, Any]:
        state = self.stub.handle(Request("GET", "/_stub/state")).document()
        assert isinstance(state, dict)
        return state

    def _keep(self, answer: Answer) -> Answer:
        if answer.status == 200:
            self.token, self.refresh_token = answer.document()["access_token"], answer.document()["refresh_token"]
        return answer


def post_form(path: str, **form: str) -> Request:
    return Request("POST", path, body=urlencode(form).encode())


def why(answer: Answer) -> str:
    return str(answer.document()["error"]["message"])
