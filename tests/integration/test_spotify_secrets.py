"""No token, code, state or verifier stands in a log, an error, a repr or a kept file, whatever happens."""

from __future__ import annotations

import base64
import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.music.spotify.scopes import Step
from emrs_core.music.spotify.tokens import SealedTokenStore
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks
from emrs_core.testing.spotify.connect import come_back, connect, connections_to
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.login import REDIRECT_URI
from emrs_core.testing.spotify.server import StubServer, running

SONGS = grid_tracks()
SHORTEST = 16
"""Every secret is longer: fewer characters could stand in a text by chance."""


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running(SONGS) as server:
        yield server


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger at DEBUG, whatever the libraries think of that."""
    names = ("", "spotipy", "spotipy.client", "urllib3", "requests", "emrs_core")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def assert_no_secret(stub: StubServer, text: str, where: str) -> None:
    secrets = stub.stub.world.secrets
    assert len(secrets) >= 4  # a state, a code, a verifier and tokens came by
    assert all(len(secret) >= SHORTEST for secret in secrets)
    assert not [secret for secret in secrets if secret in text], f"a secret stands in {where}"


def told(exc: BaseException) -> str:
    """All that a log or a page could show of an error, its causes included."""
    return "".join(traceback.format_exception(exc)) + repr(exc) + repr(exc.args)


def test_not_in_the_log_nor_in_an_error(stub: StubServer, everything_logged: pytest.LogCaptureFixture) -> None:
    errors = []
    for kind in FaultKind:
        connections = connections_to(stub)
        connection = connections.of(connect(connections, stub))
        assert connection is not None
        service = connection.service
        if kind in (FaultKind.TIMEOUT, FaultKind.SLOW):
            continue  # takes its time and says nothing; test_spotify_failures has both
        stub.fail(kind)
        for use in (service.account, service.devices, partial(service.play, [SONGS[0].id])):
            try:
                use()
            except StreamingError as exc:
                errors.append(told(exc))
        with suppress(StreamingError):
            connections.finish("nobody", "no state", "no code")
        stub.heal()
    assert len(errors) > len(FaultKind)
    assert_no_secret(stub, "\n".join(errors), "an error")
    assert everything_logged.records
    assert_no_secret(stub, everything_logged.text, "the log")


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.DROPPED, FaultKind.TRUNCATED, FaultKind.RATE_LIMIT])
def test_not_when_the_token_endpoint_fails(
    stub: StubServer, everything_logged: pytest.LogCaptureFixture, kind: FaultKind
) -> None:
    connections = connections_to(stub)
    connect(connections, stub, steps=(Step.LISTEN,))
    begun = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
    back = come_back(stub, begun.consent_url, "ada")
    stub.fail(kind, path="/api/token")
    ended = connections.finish(begun.visitor, **back)
    assert_no_secret(stub, everything_logged.text + repr(ended), "the log")


def test_not_in_what_an_object_says_of_itself(stub: StubServer) -> None:
    connections: SpotifyConnections = connections_to(stub)
    begun = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
    said = [repr(begun)]
    ended = connections.finish(begun.visitor, **come_back(stub, begun.consent_url, "ada"))
    connection = connections.of(ended.visitor)
    assert connection is not None
    said += [
        repr(ended),
        repr(connection),
        repr(connection.access.grant()),
        repr(connection.service),
        repr(connections),
    ]
    assert_no_secret(stub, "\n".join(said), "a repr")
    assert begun.visitor not in "".join(said)


def test_not_in_a_kept_file(stub: StubServer, tmp_path: Path) -> None:
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    connections = connections_to(stub, store=SealedTokenStore(tmp_path, key))
    visitor = connect(connections, stub)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    kept = files[0].read_bytes().decode("latin-1") + files[0].name
    assert_no_secret(stub, kept, "a file")
    assert visitor not in kept
    later = connections_to(stub, store=SealedTokenStore(tmp_path, key)).of(visitor)  # after a restart
    assert later is not None
    assert later.service.account().name == "Ada"
    connections.disconnect(visitor)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_taking_part_leaves_nothing_on_disk(stub: StubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    connections = connections_to(stub)
    connection = connections.of(connect(connections, stub))
    assert connection is not None
    connection.take_part(FakeCatalogue(SONGS))
    assert not list(tmp_path.rglob("*"))  # spotipy would keep a file .cache with the last visitor's login
