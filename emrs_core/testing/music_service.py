"""A music service without a network, for one listener: what it holds can be read and its failures scripted."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from emrs_core.errors import StreamingError, UsageError
from emrs_core.music.links import is_track_id
from emrs_core.streaming import Device, NowPlaying, SavedPlaylist, ServiceAccount, ServiceTrack
from emrs_core.testing.catalogues import numbered_id

SEARCH_LIMIT = 10


def service_track(number: int = 0, **facts: object) -> ServiceTrack:
    """A song named like ``make_track(number)``, with the same id."""
    defaults: dict[str, object] = {
        "id": numbered_id(number),
        "title": f"Song {number}",
        "artists": (f"Artist {number}",),
        "album": f"Album {number}",
        "duration_ms": 200_000,
    }
    return ServiceTrack(**{**defaults, **facts})  # type: ignore[arg-type]


class FakeMusicService:
    """``protocols.MusicService`` in memory. ``fail_with`` makes every call raise that error until it is None again.

    ``playlists`` (id -> name and track ids), ``liked``, ``queued``, ``playing`` and ``calls`` say what was done.
    """

    def __init__(
        self,
        songs: Iterable[ServiceTrack] = (),
        saved: Iterable[ServiceTrack] = (),
        top: Iterable[ServiceTrack] = (),
        devices: Iterable[Device] = (),
        account: ServiceAccount | None = None,
    ) -> None:
        self._account = account or ServiceAccount("listener-1", "Ada")
        self._saved, self._top = list(saved), tuple(top)
        self._songs = {song.id: song for song in (*self._saved, *self._top, *songs)}
        self._devices = tuple(devices)
        self._lock = threading.Lock()
        self._keys: dict[tuple[str, tuple[str, ...]], SavedPlaylist] = {}
        self.fail_with: StreamingError | None = None
        self.playlists: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.liked: list[str] = []
        self.queued: list[str] = []
        self.playing: NowPlaying | None = None
        self.calls: list[str] = []

    def account(self) -> ServiceAccount:
        self._called("account")
        return self._account

    def saved(self, limit: int = 200) -> tuple[ServiceTrack, ...]:
        self._called("saved")
        return tuple(self._saved[:limit])

    def top(self, limit: int = 50) -> tuple[ServiceTrack, ...]:
        self._called("top")
        return self._top[: min(limit, 50)]

    def search(self, title: str, artist: str = "", limit: int = SEARCH_LIMIT) -> tuple[ServiceTrack, ...]:
        words = f"{title} {artist}".casefold().split()
        if not words:
            raise UsageError("Type a title or an artist to search for.")
        self._called("search")
        found = [s for s in self._songs.values() if all(w in f"{s.title} {s.artist}".casefold() for w in words)]
        return tuple(found[: min(limit, SEARCH_LIMIT)])

    def like(self, track_id: str) -> None:
        self._require((track_id,))
        self._called("like")
        if track_id not in self.liked:
            self.liked.append(track_id)
            self._saved = [song for song in self._saved if song.id != track_id]
            self._saved.insert(0, self._songs.get(track_id) or ServiceTrack(track_id, track_id, ()))

    def save(self, name: str, track_ids: Sequence[str], key: str) -> SavedPlaylist:
        if not name.strip():
            raise UsageError("A playlist needs a name.")
        self._require(track_ids)
        self._called("save")
        songs = tuple(track_ids)
        with self._lock:
            known = self._keys.get((key, songs))
            if known is not None:
                return SavedPlaylist(known.id, known.name, known.songs, again=True)
            saved = SavedPlaylist(f"playlist{len(self.playlists) + 1}", name.strip(), len(songs))
            self.playlists[saved.id] = (saved.name, songs)
            self._keys[key, songs] = saved
            return saved

    def devices(self) -> tuple[Device, ...]:
        self._called("devices")
        return self._devices

    def play(self, track_ids: Sequence[str], device_id: str | None = None) -> None:
        self._require(track_ids)
        self._called("play")
        first = track_ids[0]
        song = self._songs.get(first) or ServiceTrack(first, first, ())
        self.playing = NowPlaying(song, True, 0, self._device(device_id))
        self.queued = list(track_ids[1:])

    def queue(self, track_id: str, device_id: str | None = None) -> None:
        self._require((track_id,))
        self._called("queue")
        self._device(device_id)
        self.queued.append(track_id)

    def pause(self, device_id: str | None = None) -> None:
        self._called("pause")
        if self.playing is not None:
            now = self.playing
            self.playing = NowPlaying(now.track, False, now.position_ms, self._device(device_id))

    def next(self, device_id: str | None = None) -> None:
        self._called("next")
        device = self._device(device_id)
        if self.queued:
            first = self.queued.pop(0)
            self.playing = NowPlaying(self._songs.get(first) or ServiceTrack(first, first, ()), True, 0, device)

    def now_playing(self) -> NowPlaying | None:
        self._called("now_playing")
        return self.playing

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.fail_with is not None:
            raise self.fail_with

    def _device(self, device_id: str | None) -> Device:
        for device in self._devices:
            if device.id == device_id or (device_id is None and device.active):
                return device
        raise StreamingError("No device of yours is playing. Open Spotify on a phone or computer, then press again.")

    @staticmethod
    def _require(track_ids: Sequence[str]) -> None:
        if not track_ids:
            raise UsageError("There is no song to play or keep.")
        for track_id in track_ids:
            if not is_track_id(track_id):
                raise UsageError(f"A Spotify track id has 22 letters and digits, got {track_id!r}.")
