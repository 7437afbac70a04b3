"""What several files share: a listener connected to their own stand-in for Spotify, and a network that was trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.testing.spotify.connect import connect, connections_to
from emrs_core.testing.spotify.server import StubServer
from tests.integration.training_run import train, write_tables


@pytest.fixture
def connections(stub: StubServer) -> SpotifyConnections:
    return connections_to(stub)


@pytest.fixture
def connection(stub: StubServer, connections: SpotifyConnections) -> SpotifyConnection:
    found = connections.of(connect(connections, stub))
    assert found is not None
    return found


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of drawn faces and a small recipe."""
    return write_tables(tmp_path_factory.mktemp("faces"))


@pytest.fixture(scope="session")
def whole_run(repository: Path, tables: Path) -> tuple[Path, str]:
    """The folder of a run from beginning to end, and what it printed."""
    return train(repository, tables)
