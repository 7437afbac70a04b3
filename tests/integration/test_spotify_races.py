"""Several threads, one visitor; several visitors, one server: who renews, who waits, who sees what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.music.spotify.failures import NotConnected
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks
from emrs_core.testing.spotify.connect import connect
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.server import StubServer, running

SONGS = grid_tracks()
IDS = [song.id for song in SONGS]
THREADS = 6
HOLD_S = 0.4
"""How long the token endpoint takes: time for every thread to arrive."""


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running(SONGS) as server:
        yield server


def at_once(what: Callable[[], object], threads: int = THREADS) -> list[object]:
    """Run it in several threads that start together; results, or the StreamingErrors raised."""
    start = threading.Barrier(threads)

    def run() -> object:
        start.wait()
        try:
            return what()
        except StreamingError as exc:
            return exc

    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(threads)]]


def renewals(stub: StubServer) -> int:
    return sum(call["path"] == "/api/token" for call in stub.state()["calls"])


def test_one_thread_renews_and_all_go_on(stub: StubServer, connection: SpotifyConnection) -> None:
    before = renewals(stub)
    stub.fail(FaultKind.EXPIRED)
    stub.fail(FaultKind.SLOW, path="/api/token", hang_s=HOLD_S)
    names = at_once(lambda: connection.service.account().name)
    assert names == ["Ada"] * THREADS
    assert renewals(stub) - before == 1
    assert stub.state()["users"][0]["refreshes"] == 1


def test_one_thread_finds_the_end_and_all_hear_of_it(stub: StubServer, connection: SpotifyConnection) -> None:
    before = renewals(stub)
    stub.fail(FaultKind.REVOKED)
    heard = at_once(connection.service.account)
    assert all(isinstance(answer, NotConnected) for answer in heard), heard
    assert renewals(stub) - before == 1


def test_a_failed_renewal_is_not_repeated_by_everybody_who_waited(
    stub: StubServer, connection: SpotifyConnection
) -> None:
    before = renewals(stub)
    stub.fail(FaultKind.EXPIRED)
    stub.fail(FaultKind.SERVER_ERROR, path="/api/token")
    heard = at_once(connection.service.account)
    assert all(isinstance(answer, StreamingError) for answer in heard), heard
    assert renewals(stub) - before == 1


def test_a_button_pressed_by_many_hands_makes_one_playlist(stub: StubServer, connection: SpotifyConnection) -> None:
    stub.fail(FaultKind.SLOW, path="/v1/me/playlists", hang_s=HOLD_S)
    at_once(lambda: connection.service.save("Evening", IDS[:5], "list-1"))
    (held,) = stub.state()["playlists"]
    assert [item["uri"].rpartition(":")[2] for item in held["items"]] == IDS[:5]


@pytest.mark.parametrize("path", ["/v1/me/playlists", "/v1/playlists/"])
def test_a_playlist_begun_and_broken_off_is_finished_not_doubled(
    stub: StubServer, connection: SpotifyConnection, path: str
) -> None:
    stub.fail(FaultKind.SERVER_ERROR, path=path, times=1)
    with pytest.raises(StreamingError):
        connection.service.save("Evening", IDS[:5], "list-1")
    connection.service.save("Evening", IDS[:5], "list-1")
    (held,) = stub.state()["playlists"]
    assert len(held["items"]) == 5


def test_a_renewal_under_way_does_not_bring_back_what_was_disconnected(
    stub: StubServer, connections: SpotifyConnections
) -> None:
    visitor = connect(connections, stub)
    connection = connections.of(visitor)
    assert connection is not None
    stub.fail(FaultKind.EXPIRED)
    stub.fail(FaultKind.SLOW, path="/api/token", hang_s=HOLD_S)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(at_once, connection.service.account, 1)
        connections.disconnect(visitor)
        under_way.result()
    assert connections.of(visitor) is None
    assert connection.access.grant() is None


def test_two_visitors_see_only_their_own(stub: StubServer, connections: SpotifyConnections) -> None:
    ada, ben = (connections.of(connect(connections, stub, name)) for name in ("ada", "ben"))
    assert ada is not None
    assert ben is not None
    assert (ada.account.name, ben.account.name) == ("Ada", "Ben")
    songs = {song.id for song in ada.service.saved()}
    assert songs
    assert songs.isdisjoint(song.id for song in ben.service.saved())
    ada.take_part(FakeCatalogue(SONGS))
    assert ben.familiar is None
    ada.service.save("Evening", IDS[:2], "list-1")
    ben.service.save("Evening", IDS[:2], "list-1")  # the same key, another person
    assert sorted(playlist["owner"] for playlist in stub.state()["playlists"]) == ["ada", "ben"]
