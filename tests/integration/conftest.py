"""A listener connected to the stand-in for Spotify; each file's own ``stub`` says which songs and patience that has."""

from __future__ import annotations

import pytest

from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.testing.spotify.connect import connect, connections_to
from emrs_core.testing.spotify.server import StubServer


@pytest.fixture
def connections(stub: StubServer) -> SpotifyConnections:
    return connections_to(stub)


@pytest.fixture
def connection(stub: StubServer, connections: SpotifyConnections) -> SpotifyConnection:
    found = connections.of(connect(connections, stub))
    assert found is not None
    return found
