"""What ``protocols.MusicService`` promises; every music service's test class inherits this and gives the fixtures."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence

import pytest

from emrs_core.errors import UsageError
from emrs_core.music.links import is_track_id
from emrs_core.protocols import MusicService
from emrs_core.streaming import NowPlaying

PATIENCE_S = 8.0
"""A real device takes a moment to follow."""
POLL_S = 0.2
LONG_LIST = 103
"""More songs than one request takes."""

ReadPlaylist = Callable[[str], Sequence[str]]


def listed(songs: Sequence[str], count: int) -> list[str]:
    """The songs over and over, ``count`` in all: a playlist may hold a song twice."""
    return list(itertools.islice(itertools.cycle(songs), count))


class MusicServiceContract:
    """Library, search and playlists; ``RemotePlayerContract`` has the player. Whoever inherits this gives the fixtures

    - ``service``: a connected account with at least two saved songs, allowed to do everything;
    - ``songs``: ids of at least three songs that the service has;
    - ``read_playlist``: reads the ids in a playlist of the account without the service under test, in order.
    """

    def test_it_says_whose_account_it_is(self, service: MusicService) -> None:
        account = service.account()
        assert account.id
        assert account.name
        assert service.account() == account

    def test_saved_songs_have_names_and_ids(self, service: MusicService) -> None:
        saved = service.saved(limit=60)
        assert len(saved) >= 2
        assert all(song.title and song.artists for song in saved)
        assert all(song.id is None or is_track_id(song.id) for song in saved)
        assert service.saved(limit=2) == saved[:2]

    def test_top_songs_keep_the_limit(self, service: MusicService) -> None:
        top = service.top(limit=3)
        assert len(top) <= 3
        assert service.top(limit=1) == top[:1]

    def test_a_song_is_found_by_title_and_artist(self, service: MusicService) -> None:
        wanted = next(song for song in service.saved() if song.id)
        found = service.search(wanted.title, wanted.artists[0])
        assert 1 <= len(found) <= 10
        assert wanted.id in {song.id for song in found} or wanted.title in {song.title for song in found}
        assert service.search(wanted.title, wanted.artists[0], limit=1) == found[:1]

    @pytest.mark.parametrize("nothing", ["", "   "])
    def test_a_search_needs_a_word(self, service: MusicService, nothing: str) -> None:
        with pytest.raises(UsageError):
            service.search(nothing, nothing)

    def test_what_nobody_sings_is_not_found(self, service: MusicService) -> None:
        assert service.search("zzqx vvkj wwpf", "qqxz jjvk") == ()

    def test_a_like_is_saved_once(self, service: MusicService, songs: Sequence[str]) -> None:
        service.like(songs[0])
        service.like(songs[0])
        assert [song.id for song in service.saved()].count(songs[0]) == 1

    def test_a_playlist_holds_exactly_these_songs_in_order(
        self, service: MusicService, songs: Sequence[str], read_playlist: ReadPlaylist
    ) -> None:
        wanted = listed(songs[::-1], LONG_LIST)
        saved = service.save("EMRS contract test", wanted, "list-1")
        assert (saved.name, saved.songs, saved.again) == ("EMRS contract test", LONG_LIST, False)
        assert list(read_playlist(saved.id)) == wanted

    def test_saving_twice_makes_one_playlist(
        self, service: MusicService, songs: Sequence[str], read_playlist: ReadPlaylist
    ) -> None:
        first = service.save("EMRS contract test", songs[:2], "list-2")
        again = service.save("EMRS contract test", songs[:2], "list-2")
        assert (again.id, again.again) == (first.id, True)
        assert list(read_playlist(first.id)) == list(songs[:2])
        assert service.save("EMRS contract test", songs[:2], "list-3").id != first.id

    def test_a_playlist_needs_a_name_and_songs(self, service: MusicService, songs: Sequence[str]) -> None:
        with pytest.raises(UsageError):
            service.save("  ", songs, "list-4")
        with pytest.raises(UsageError):
            service.save("EMRS contract test", [], "list-4")

    @pytest.mark.parametrize("bad", ["", "spotify:track:x", "../../me", "z" * 23])
    def test_an_id_that_cannot_exist_is_refused(self, service: MusicService, bad: str) -> None:
        for use in (service.like, service.queue, lambda track_id: service.play([track_id])):
            with pytest.raises(UsageError):
                use(bad)


class RemotePlayerContract:
    """The player's part of ``protocols.MusicService``, on a device that may be heard."""

    @pytest.fixture
    def device_id(self, service: MusicService) -> str:
        """A device that takes commands."""
        return next(device.id for device in service.devices() if not device.restricted)

    def test_devices_have_ids_and_names(self, service: MusicService) -> None:
        devices = service.devices()
        assert devices
        assert all(device.id and device.name and device.kind for device in devices)
        assert sum(device.active for device in devices) <= 1

    def test_play_queue_next_pause(self, service: MusicService, songs: Sequence[str], device_id: str) -> None:
        service.play([songs[0]], device_id)
        now = self.eventually(service, lambda now: now.playing and self.plays(now, songs[0]))
        assert now.device is not None
        assert now.device.id == device_id
        service.queue(songs[1], device_id)
        service.next(device_id)
        self.eventually(service, lambda now: self.plays(now, songs[1]))
        service.pause(device_id)
        self.eventually(service, lambda now: not now.playing)

    def test_nothing_is_played_for_an_empty_list(self, service: MusicService) -> None:
        with pytest.raises(UsageError):
            service.play([])

    @staticmethod
    def plays(now: NowPlaying, track_id: str) -> bool:
        return now.track is not None and track_id in (now.track.id, *now.track.aliases)

    @staticmethod
    def eventually(service: MusicService, true: Callable[[NowPlaying], bool]) -> NowPlaying:
        """Ask until it is so."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            now = service.now_playing()
            if now is not None and true(now):
                return now
            assert time.monotonic() < deadline, now
            time.sleep(POLL_S)
