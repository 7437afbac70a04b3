"""The fake and the real adapter keep the same promises: on the stand-in and, when a person wants it, on Spotify."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import requests

from emrs_core.music.spotify.client import SpotifyService
from emrs_core.protocols import MusicService
from emrs_core.settings import SpotifySettings
from emrs_core.streaming import Device
from emrs_core.testing.catalogues import grid_tracks
from emrs_core.testing.music_contract import MusicServiceContract, ReadPlaylist, RemotePlayerContract
from emrs_core.testing.music_service import FakeMusicService, service_track
from emrs_core.testing.spotify.connect import connect, connections_to
from emrs_core.testing.spotify.schema import Schema
from emrs_core.testing.spotify.server import StubServer, running
from emrs_core.testing.spotify.stub import Description

TOKEN_VARIABLE = "EMRS_TEST_SPOTIFY_TOKEN"
KNOWN_SONGS = ("11dFghVXANMlKmJXsNCbNl", "4iV5W9uYEdYUVa79Axb7Rh", "1301WleyT98MSxVHPZCA6M")
"""The examples of Spotify's own documentation."""
SONGS = grid_tracks()


class TestFake(MusicServiceContract, RemotePlayerContract):
    @pytest.fixture
    def service(self) -> FakeMusicService:
        songs = [service_track(number) for number in range(30)]
        devices = (Device("laptop", "Laptop", "Computer", active=True), Device("kitchen", "Kitchen", "Speaker"))
        return FakeMusicService(songs=songs, saved=songs[:5], top=songs[3:8], devices=devices)

    @pytest.fixture
    def songs(self) -> Sequence[str]:
        return [str(service_track(number).id) for number in (20, 21, 22)]

    @pytest.fixture
    def read_playlist(self, service: FakeMusicService) -> ReadPlaylist:
        return lambda playlist_id: service.playlists[playlist_id][1]


class TestOnTheStandIn(MusicServiceContract, RemotePlayerContract):
    @pytest.fixture
    def schema(self) -> Description | None:
        return None

    @pytest.fixture
    def stub(self, schema: Description | None) -> Iterator[StubServer]:
        with running(SONGS, schema=schema) as server:
            yield server
            state = server.state()
        assert state["refused"] == []  # nothing that a correct client would not send
        assert state["own_errors"] == []

    @pytest.fixture
    def service(self, stub: StubServer) -> MusicService:
        connections = connections_to(stub)
        connection = connections.of(connect(connections, stub))
        assert connection is not None
        return connection.service

    @pytest.fixture
    def songs(self) -> Sequence[str]:
        return [song.id for song in SONGS[40:43]]

    @pytest.fixture
    def read_playlist(self, stub: StubServer) -> ReadPlaylist:
        def read(playlist_id: str) -> list[str]:
            (held,) = [playlist for playlist in stub.state()["playlists"] if playlist["id"] == playlist_id]
            assert held["public"] is False
            assert held["owner"] == "ada"
            return [item["uri"].rpartition(":")[2] for item in held["items"]]

        return read


@pytest.fixture(scope="module")
def description(shared_dir: Path) -> Schema:
    return Schema(shared_dir / "spotify" / "openapi.yml")


@pytest.mark.shared_data
class TestByTheDescription(TestOnTheStandIn):
    """Likewise, with every call and answer held against the published description of the Web API."""

    @pytest.fixture
    def schema(self, description: Schema) -> Description:
        return description


class PersonsToken:
    """A token that a person gave; there is no way to renew it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, rejected: str = "") -> str:
        assert rejected != self._token, f"{TOKEN_VARIABLE} has run out; make another with tools/spotify_token.py"
        return self._token


@pytest.mark.real_spotify
@pytest.mark.skipif(TOKEN_VARIABLE not in os.environ, reason=f"the real Spotify is asked only with {TOKEN_VARIABLE}")
class TestRealSpotify(MusicServiceContract, RemotePlayerContract):
    """Plays aloud, likes one song and leaves private playlists named "EMRS contract test" that it takes away again."""

    @pytest.fixture
    def api(self) -> Iterator[requests.Session]:
        """The Web API without our adapter; afterwards removes the playlists and the like."""
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {os.environ[TOKEN_VARIABLE]}"
            url, song = SpotifySettings().api_url, f"spotify:track:{KNOWN_SONGS[0]}"
            asked = session.get(f"{url}/me/library/contains", params={"uris": song}, timeout=10)
            liked_before = asked.json() == [True]
            yield session
            mine = session.get(f"{url}/me/playlists", params={"limit": 50}, timeout=10).json()["items"]
            made = [playlist["uri"] for playlist in mine if playlist["name"] == "EMRS contract test"]
            unwanted = made if liked_before else [*made, song]
            if unwanted:
                session.delete(f"{url}/me/library", params={"uris": ",".join(unwanted)}, timeout=10)

    @pytest.fixture
    def service(self, api: requests.Session) -> MusicService:
        return SpotifyService(SpotifySettings().api_url, PersonsToken(os.environ[TOKEN_VARIABLE]), time.time)

    @pytest.fixture
    def songs(self) -> Sequence[str]:
        return KNOWN_SONGS

    @pytest.fixture
    def read_playlist(self, api: requests.Session) -> ReadPlaylist:
        def read(playlist_id: str) -> list[str]:
            address: str | None = f"{SpotifySettings().api_url}/playlists/{playlist_id}/items?limit=50"
            ids: list[str] = []
            while address:
                page = api.get(address, timeout=10).json()
                ids += [entry["item"]["id"] for entry in page["items"]]
                address = page["next"]
            return ids

        return read
