"""The stand-in for Spotify on its port, as its command, and against the Web API's published description."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from emrs_core.errors import DataError, UsageError
from emrs_core.testing.catalogues import grid_tracks
from emrs_core.testing.loopback.wire import Request
from emrs_core.testing.spotify.endpoints import ENDPOINTS, is_gone
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.login import agree, log_in
from emrs_core.testing.spotify.schema import Schema
from emrs_core.testing.spotify.server import StubServer, running
from tests.commands import start
from tests.conftest import REPOSITORY

SONGS = grid_tracks()
URIS = [f"spotify:track:{song.id}" for song in SONGS]
EVERYTHING = frozenset(scope for endpoint in ENDPOINTS for scope in endpoint.scopes)
IMPATIENT_S = 0.5
START_TIMEOUT_S = 60.0


@pytest.fixture(scope="module")
def schema(shared_dir: Path) -> Schema:
    return Schema(shared_dir / "spotify" / "openapi.yml")


@pytest.fixture
def server() -> Iterator[StubServer]:
    with running(SONGS) as running_server:
        yield running_server


def call(server: StubServer, method: str, path: str, token: str, body: Any = None, **query: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{server.api_url}{path}"
    return requests.request(method, url, params=query, json=body, headers=headers, timeout=5)


class TestOverTheWire:
    def test_a_whole_visit(self, server: StubServer) -> None:
        token = log_in(server, "ada", EVERYTHING).access_token
        made = call(server, "POST", "/me/playlists", token, {"name": "Ära", "public": False})
        assert made.status_code == 201
        where = f"/playlists/{made.json()['id']}/items"
        assert call(server, "POST", where, token, {"uris": URIS[5:8]}).status_code == 201
        assert call(server, "PUT", "/me/player/play", token, {"uris": URIS[:2]}).status_code == 204
        state = requests.get(f"{server.url}/_stub/state", timeout=5).json()
        promised = json.loads((REPOSITORY / "docs/schemas/spotify-stub.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(promised)
        Draft202012Validator(promised).validate(state)
        assert [item["uri"] for item in state["playlists"][0]["items"]] == URIS[5:8]
        assert state["playlists"][0]["name"] == "Ära"
        assert state["playing"]["ada"]["uri"] == URIS[0]
        assert state["refused"] == []

    def test_two_people_at_once_have_nothing_in_common(self, server: StubServer) -> None:
        ada, ben = (log_in(server, name, EVERYTHING).access_token for name in ("ada", "ben"))
        saved = [call(server, "GET", "/me/tracks", token).json()["items"] for token in (ada, ben)]
        ids = [{item["track"]["id"] for item in items} for items in saved]
        assert ids[0]
        assert ids[1]
        assert ids[0].isdisjoint(ids[1])

    def test_silence(self, server: StubServer) -> None:
        token = log_in(server, "ada", EVERYTHING).access_token
        server.fail(FaultKind.TIMEOUT, path="/v1/me")
        with pytest.raises(requests.Timeout):
            requests.get(f"{server.api_url}/me", headers={"Authorization": f"Bearer {token}"}, timeout=IMPATIENT_S)

    def test_a_cut_line(self, server: StubServer) -> None:
        server.fail(FaultKind.DROPPED)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.api_url}/me", timeout=5)

    def test_half_an_answer(self, server: StubServer) -> None:
        token = log_in(server, "ada", EVERYTHING).access_token
        server.fail(FaultKind.TRUNCATED)
        answer = call(server, "GET", "/me", token)
        assert answer.status_code == 200
        with pytest.raises(requests.JSONDecodeError):
            answer.json()

    def test_closing_lets_a_held_answer_go(self) -> None:
        with running(SONGS) as server:
            server.fail(FaultKind.TIMEOUT, hang_s=3600)
            with pytest.raises(requests.Timeout):
                requests.get(f"{server.api_url}/me", timeout=IMPATIENT_S)
            began = time.monotonic()
        assert time.monotonic() - began < 10
        server.close()  # twice is once

    def test_a_taken_port_is_said(self, server: StubServer) -> None:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(UsageError, match=f"Port {port}"), running(SONGS, port=port):
            pass


@pytest.mark.shared_data
class TestAgainstTheDescription:
    def test_every_address_served_is_described_and_open(self, schema: Schema) -> None:
        described = {(method, path): operation for method, path, operation in schema.operations()}
        for endpoint in ENDPOINTS:
            operation = described[endpoint.method, endpoint.template]
            assert not operation.get("deprecated"), endpoint.template
            assert endpoint.query == schema.parameters(operation), endpoint.template
            scopes = set(operation["security"][0]["oauth_2_0"])
            if endpoint.template != "/me":  # the scopes named there are for fields that new apps do not get
                assert bool(scopes) == bool(endpoint.scopes), endpoint.template

    def test_what_is_marked_as_deprecated_is_closed(self, schema: Schema) -> None:
        for method, path, operation in schema.operations():
            concrete = re.sub(r"\{\w+\}", "abc", path)
            assert is_gone(method, concrete) == bool(operation.get("deprecated")), (method, path)

    def test_every_answer_fits(self, schema: Schema) -> None:
        with running(SONGS, schema=schema) as server:
            token = log_in(server, "ada", EVERYTHING).access_token
            for answer in every_call(server, token):
                assert answer.status_code < 300, answer.text
            state = server.state()
        assert state["own_errors"] == []
        assert state["refused"] == []
        served = {(call["method"], re.sub(r"stub0\d+|0\d{21}", "*", call["path"])) for call in state["calls"]}
        assert len([path for _, path in served if path.startswith("/v1/")]) == len(ENDPOINTS)

    @pytest.mark.parametrize(
        ("request_", "said"),
        [
            (Request("GET", "/v1/nowhere"), "there is no"),
            (Request("GET", "/v1/me", {"size": "1"}), "unknown parameter size"),
            (Request("GET", "/v1/search", {"q": "a", "type": "track", "limit": "11"}), "limit"),
            (Request("GET", "/v1/search", {"q": "a"}), "type"),
            (
                Request(
                    "POST", "/v1/me/playlists", headers={"content-type": "application/json"}, body=b'{"public": false}'
                ),
                "name",
            ),
            (
                Request(
                    "POST", "/v1/playlists/a/items", headers={"content-type": "application/json"}, body=b'["spotify"]'
                ),
                "object",
            ),
            (Request("PUT", "/v1/me/player/pause", body=b"{}"), "a body where none is described"),
        ],
    )
    def test_what_does_not_fit_is_named(self, schema: Schema, request_: Request, said: str) -> None:
        assert said in " ".join(schema.request_problems(request_))

    def test_the_server_refuses_it(self, schema: Schema) -> None:
        with running(SONGS, schema=schema) as server:
            token = log_in(server, "ada", EVERYTHING).access_token
            answer = call(server, "PUT", "/me/player/play", token, {"uris": "spotify:track:x"})
            assert answer.status_code == 400
            assert server.state()["refused"][0]["path"] == "/v1/me/player/play"


def every_call(server: StubServer, token: str) -> Iterator[requests.Response]:
    """One good call of each endpoint."""
    made = call(server, "POST", "/me/playlists", token, {"name": "x", "public": False, "description": "y"})
    yield made
    where = f"/playlists/{made.json()['id']}"
    yield call(server, "POST", f"{where}/items", token, {"uris": URIS[:3]})
    yield call(server, "PUT", f"{where}/items", token, {"uris": URIS[3:5]})
    yield call(server, "GET", f"{where}/items", token, limit=1)
    yield call(server, "DELETE", f"{where}/items", token, {"items": [{"uri": URIS[3]}]})
    yield call(server, "PUT", where, token, {"name": "z"})
    yield call(server, "GET", where, token)
    yield call(server, "GET", "/me/playlists", token)
    yield call(server, "GET", "/me", token)
    yield call(server, "GET", "/search", token, q="song 1", type="track", limit=10)
    yield call(server, "GET", f"/tracks/{SONGS[0].id}", token)
    for path in ("/me/tracks", "/me/top/tracks", "/me/top/artists", "/me/player/recently-played"):
        yield call(server, "GET", path, token, limit=5)
    yield call(server, "PUT", "/me/library", token, uris=URIS[60])
    yield call(server, "GET", "/me/library/contains", token, uris=URIS[60])
    yield call(server, "DELETE", "/me/library", token, uris=URIS[60])
    yield call(server, "GET", "/me/player", token)  # nothing plays yet: 204
    yield call(server, "PUT", "/me/player/play", token, {"uris": URIS[:3]})
    yield call(server, "POST", "/me/player/queue", token, uri=URIS[9])
    for path in ("/me/player", "/me/player/currently-playing", "/me/player/queue", "/me/player/devices"):
        yield call(server, "GET", path, token)
    yield call(server, "POST", "/me/player/next", token)
    yield call(server, "POST", "/me/player/previous", token)
    yield call(server, "PUT", "/me/player", token, {"device_ids": ["device-ada-kitchen"]})
    yield call(server, "PUT", "/me/player/pause", token)


def test_a_file_that_is_no_description(tmp_path: Path) -> None:
    (tmp_path / "openapi.yml").write_text("- a list", encoding="utf-8")
    with pytest.raises(DataError, match=r"openapi\.yml must be Spotify's"):
        Schema(tmp_path / "openapi.yml")


class TestCommand:
    def test_it_says_how_to_start_the_dashboard_and_ends_with_ctrl_c(self, repository: Path) -> None:
        line = [sys.executable, "-u", "-m", "emrs_core", "spotify-stub", "--port", "0"]
        with start(line, repository) as run:
            try:
                assert run.stdout is not None
                told = "".join(next(iter(run.stdout)) for _ in range(3))
                settings = dict(re.findall(r"(EMRS_SPOTIFY_\w+)=(\S+)", told))
                assert settings.keys() == {
                    "EMRS_SPOTIFY_CLIENT_ID",
                    "EMRS_SPOTIFY_ACCOUNTS_URL",
                    "EMRS_SPOTIFY_API_URL",
                }
                state = requests.get(f"{settings['EMRS_SPOTIFY_ACCOUNTS_URL']}/_stub/state", timeout=5).json()
                assert [user["name"] for user in state["users"]] == ["Ada", "Ben", "Cleo"]
            finally:
                run.send_signal(2)
            assert run.wait(START_TIMEOUT_S) == 0

    def test_a_description_that_cannot_be_read(self, repository: Path, tmp_path: Path) -> None:
        (tmp_path / "x.yml").write_text(json.dumps({"info": 1}), encoding="utf-8")
        line = [sys.executable, "-m", "emrs_core", "spotify-stub", "--schema", str(tmp_path / "x.yml")]
        done = subprocess.run(
            line, cwd=repository, capture_output=True, text=True, timeout=START_TIMEOUT_S, check=False
        )
        assert done.returncode == 1
        assert done.stderr.startswith("Error: x.yml must be")


class TestTokenTool:
    def test_it_prints_a_token_that_works(self, server: StubServer, repository: Path) -> None:
        env = {**os.environ, **server.settings()}
        line = [sys.executable, "-u", "tools/spotify_token.py", "--port", "0"]
        with subprocess.Popen(line, cwd=repository, env=env, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            consent = next(text for text in run.stdout if "/authorize?" in text).strip()
            requests.get(agree(server, consent, "ada"), timeout=10)
            printed = run.stdout.read()
            assert run.wait(START_TIMEOUT_S) == 0
        (token,) = re.findall(r"EMRS_TEST_SPOTIFY_TOKEN=(\S+)", printed)
        assert call(server, "GET", "/me/playlists", token).json()["total"] == 0
