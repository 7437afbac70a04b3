"""The login over HTTP: our three addresses on a real server, the stand-in for Spotify, browsers with cookie jars."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
import uvicorn
from starlette.applications import Starlette

from emrs_core.bootstrap import new_spotify_connections
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.music.spotify.scopes import Step
from emrs_core.settings import Settings
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks
from emrs_core.testing.spotify.login import agree
from emrs_core.testing.spotify.server import StubServer, running
from emrs_core.ui.spotify import shared
from emrs_core.ui.spotify_routes import COOKIE, spotify_routes

SONGS = grid_tracks()
WAIT_S = 10.0
BROWSERS = ("/authorize", "/spotify/")
"""Addresses that the browsers of these tests ask for, whose own library notes them; the server never does."""


class Browser:
    """A person's browser: a cookie jar, and the addresses that it went through."""

    def __init__(self, app: str, stub: StubServer) -> None:
        self.app, self.stub = app, stub
        self.jar = requests.Session()
        self.addresses: list[str] = []

    def open(self, address: str) -> requests.Response:
        self.addresses.append(address)
        return self.jar.get(address, allow_redirects=False, timeout=WAIT_S)

    def leave(self, query: str = "next=/music") -> str:
        """Follow the link to the login; where Spotify's consent page is."""
        return self.open(f"{self.app}/spotify/login?{query}").headers["Location"]

    def log_in(self, person: str = "ada", query: str = "next=/music") -> requests.Response:
        """The whole way; what the callback answered."""
        return self.open(agree(self.stub, self.leave(query), person))

    @property
    def visitor(self) -> str | None:
        return self.jar.cookies.get(COOKIE)


@contextmanager
def serving() -> Iterator[str]:
    """The three addresses on a free port; its address."""
    config = uvicorn.Config(Starlette(routes=[*spotify_routes()]), host="127.0.0.1", port=0, log_level="info")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    started = threading.Event()
    for _ in range(int(WAIT_S / 0.02)):
        if server.started or started.wait(0.02):
            break
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(WAIT_S)


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running(SONGS) as server:
        yield server


@pytest.fixture
def connections(stub: StubServer) -> Iterator[SpotifyConnections]:
    settings = Settings.from_mapping(stub.settings())
    made = new_spotify_connections(settings)
    assert made is not None
    shared.use(made, settings)
    yield made
    shared.forget()


@pytest.fixture
def app(connections: SpotifyConnections) -> Iterator[str]:
    with serving() as address:
        yield address


def test_a_person_comes_back_connected_to_the_page_they_left(
    app: str, stub: StubServer, connections: SpotifyConnections
) -> None:
    browser = Browser(app, stub)
    browser.leave()
    before = browser.visitor
    back = browser.log_in()
    assert (back.status_code, back.headers["Location"]) == (303, "/music?connect=connected")
    assert browser.visitor not in (None, before)
    connection = connections.of(browser.visitor)
    assert connection is not None
    assert connection.account.name
    cookie = back.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_permissions_come_one_after_the_other_and_do_what_they_say(
    app: str, stub: StubServer, connections: SpotifyConnections
) -> None:
    browser = Browser(app, stub)
    browser.log_in()
    for step in (Step.PLAYLIST, Step.PLAYER, Step.LIKE):
        connection = connections.of(browser.visitor)
        assert connection is not None
        assert not connection.allows(step)
        browser.log_in(query=f"step={step}&next=/spotify")
    connection = connections.of(browser.visitor)
    assert connection is not None
    assert all(connection.allows(step) for step in Step)
    ids = [song.id for song in SONGS[:12]]
    connection.service.save("Evening", ids, "1")
    connection.service.save("Evening", ids, "1")
    connection.service.like(ids[0])
    device = connection.service.devices()[0]
    connection.service.play(ids, device.id)
    now = connection.look(connection, 10.0)
    assert now is not None
    assert now.track is not None
    assert now.track.id == ids[0]
    familiar = connection.take_part(FakeCatalogue(SONGS))
    assert ids[0] in {song.ours.id for song in familiar.matched}
    assert len(stub.state()["playlists"]) == 1


def test_each_browser_has_its_own_person(app: str, stub: StubServer, connections: SpotifyConnections) -> None:
    ada, ben = Browser(app, stub), Browser(app, stub)
    ada_leaves, ben_leaves = ada.leave(), ben.leave()
    ben.open(agree(stub, ben_leaves, "ben"))
    ada.open(agree(stub, ada_leaves, "ada"))
    names = [connection.account.id for b in (ada, ben) if (connection := connections.of(b.visitor))]
    assert len(set(names)) == 2
    ada.jar.post(f"{app}/spotify/disconnect", timeout=WAIT_S, allow_redirects=False)
    assert ada.visitor is None
    assert connections.of(ben.visitor) is not None


def test_a_login_finished_in_another_browser_or_twice_connects_nobody(
    app: str, stub: StubServer, connections: SpotifyConnections
) -> None:
    ada, thief = Browser(app, stub), Browser(app, stub)
    back = agree(stub, ada.leave(), "ada")
    assert thief.open(back).headers["Location"] == "/spotify?connect=elsewhere"
    assert thief.visitor is None
    assert ada.open(back).headers["Location"] == "/music?connect=connected"
    visitor = ada.visitor
    assert ada.open(back).headers["Location"] == "/spotify?connect=expired"
    assert ada.visitor == visitor
    assert connections.of(visitor) is not None


def test_disconnecting_leaves_nothing_on_the_server_or_in_the_browser(
    app: str, stub: StubServer, connections: SpotifyConnections
) -> None:
    browser = Browser(app, stub)
    browser.log_in()
    visitor = browser.visitor
    connection = connections.of(visitor)
    assert connection is not None
    answer = browser.jar.post(
        f"{app}/spotify/disconnect", headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}, timeout=WAIT_S
    )
    assert answer.status_code == 204
    assert browser.visitor is None
    assert connections.of(visitor) is None
    assert connections._store.get(str(visitor)) is None
    assert not connection.alive()


def test_no_token_code_or_verifier_is_in_any_log_or_address_of_ours(
    app: str, stub: StubServer, connections: SpotifyConnections, caplog: pytest.LogCaptureFixture
) -> None:
    secrets: set[str] = set()
    logging.getLogger("uvicorn.access").addHandler(caplog.handler)  # it hands nothing on by itself
    with caplog.at_level(logging.DEBUG):
        browser = Browser(app, stub)
        consent = browser.leave()
        (login,) = connections._logins._logins[str(browser.visitor)]
        back = agree(stub, consent, "ada")
        answer = browser.open(back)
        secrets |= {login.verifier, login.state, dict(p.split("=") for p in urlsplit(back).query.split("&"))["code"]}
        connection = connections.of(browser.visitor)
        assert connection is not None
        for happens in (None, "expired", "server_error", "revoked"):
            grant = connection.access.grant()
            assert grant is not None
            secrets |= {grant.access_token, grant.refresh_token}
            if happens:
                stub.fail(happens)
            try:
                connection.service.saved()
            except Exception as exc:
                logging.getLogger("page").error("a part of the page failed", exc_info=exc)
                secrets_in_error = [secret for secret in secrets if secret in f"{exc!r} {exc}"]
                assert secrets_in_error == []
            stub.heal()
    logging.getLogger("uvicorn.access").removeHandler(caplog.handler)
    assert len(secrets) >= 6
    assert '"GET /spotify/callback HTTP/1.1" 303' in caplog.text
    ours = [line for line in caplog.text.splitlines() if not ("urllib3" in line and any(a in line for a in BROWSERS))]
    for secret in secrets:
        assert not [line for line in ours if secret in line]
        assert secret not in answer.headers["Location"]


def test_without_a_client_id_spotipy_is_not_even_loaded() -> None:
    script = "import sys, emrs_core.ui.routes, emrs_core.ui.spotify_page; print('spotipy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "False"
