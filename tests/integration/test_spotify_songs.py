"""A listener's own songs and an imported catalogue's, found at the stand-in by the real adapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.familiar import NOT_IN_CATALOGUE
from emrs_core.testing.catalogues import FakeCatalogue, make_track
from emrs_core.testing.spotify.server import StubServer, running
from emrs_core.testing.spotify.songs import LOOSE_SONGS

AT_SPOTIFY = [
    replace(make_track(number, title=title, artist=artist), isrc=f"GBAYE70{number:05d}")
    for number, (title, artist) in enumerate(
        [
            ("Así Se Goza", "Los Niños"),
            ("Heroes - 2017 Remaster", "David Bowie"),
            ("Heroes - Live", "David Bowie"),
            ("Mr. Blue Sky", "Electric Light Orchestra"),
            ("Song 2", "Blur"),
        ]
    )
]
IMPORTED = [replace(song, id=f"mine:{number}") for number, song in enumerate(AT_SPOTIFY)]


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running(AT_SPOTIFY) as server:
        yield server
        assert server.state()["refused"] == []


def test_an_imported_song_is_found_by_its_recording_code(connection: SpotifyConnection) -> None:
    for song, theirs in zip(IMPORTED, AT_SPOTIFY, strict=True):
        assert connection.playable([song]).track_ids == (theirs.id,)


@pytest.mark.parametrize(
    ("title", "artist", "expected"),
    [
        ("asi se goza", "Los Ninos", 0),
        ("Heroes", "David Bowie", 1),  # the studio recording, not the concert
        ("Mr Blue Sky", "Electric Light Orchestra", 3),
        ("Song 2", "Somebody Else", None),
        ("A Song That Nobody Sang", "Blur", None),
    ],
)
def test_without_a_code_title_and_artist_decide(
    connection: SpotifyConnection, title: str, artist: str, expected: int | None
) -> None:
    song = replace(IMPORTED[0], id="mine:x", isrc="", title=title, artist=artist)
    found = connection.playable([song])
    assert found.track_ids == (() if expected is None else (AT_SPOTIFY[expected].id,))
    assert [missing for missing, _ in found.missing] == ([song] if expected is None else [])
    assert all(reason for _, reason in found.missing)


def test_an_answer_is_asked_for_once(connection: SpotifyConnection, stub: StubServer) -> None:
    connection.playable(IMPORTED)
    before = len(stub.state()["calls"])
    connection.playable(IMPORTED)
    assert len(stub.state()["calls"]) == before


def test_own_songs_match_by_id_or_code_and_the_rest_stand_apart(connection: SpotifyConnection) -> None:
    for catalogue in (FakeCatalogue(AT_SPOTIFY), FakeCatalogue(IMPORTED)):  # by id, by code
        songs = connection.take_part(catalogue)
        assert {song.ours.title for song in songs.matched} == {song.title for song in AT_SPOTIFY}
        assert {song.theirs.title for song in songs.unmatched} == {song.title for song in LOOSE_SONGS}
        assert {song.reason for song in songs.unmatched} == {NOT_IN_CATALOGUE}
        assert connection.familiar is songs
        connection.leave_out()
        assert connection.familiar is None


class Visit:
    """Somebody's; the connection only holds on to it weakly."""


def test_what_a_device_plays_becomes_song_segments(stub: StubServer, connection: SpotifyConnection) -> None:
    service, first, second = connection.service, AT_SPOTIFY[0].id, AT_SPOTIFY[4].id
    here, elsewhere = Visit(), Visit()
    connection.look(here, 0.0)
    service.play([first, second])
    for now_s in (10.0, 30.0):
        connection.look(here, now_s)
    service.next()
    connection.look(here, 50.0)
    service.pause()
    stub.stub.world.people["ada"].player.current = None
    connection.look(here, 60.0)
    heard = [(segment.track_id, segment.source) for segment in connection.segments(here)]
    assert heard == [(first, "spotify"), (second, "spotify")]
    first_s, second_s = connection.segments(here)
    assert 0.0 <= first_s.began_s <= 10.0
    assert first_s.ended_s <= second_s.began_s <= 50.0
    assert connection.segments(elsewhere) == ()  # another tab's visit has a clock of its own
    connection.close()
    assert connection.segments(here) == ()
