"""The Web API behind ``protocols.MusicService``, by way of spotipy 2.26.0 and round its traps.

Only calls that a Client ID made in 2026 may use: no multi-gets, no recommendations, no audio features, search of ten.
Source: developer.spotify.com, Web API reference; the February 2026 changes for Development Mode.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from spotipy import Spotify

from emrs_core.errors import UsageError
from emrs_core.music.links import is_track_id
from emrs_core.music.spotify import reading
from emrs_core.music.spotify.failures import BrokenAnswer
from emrs_core.music.spotify.playlists import PlaylistKeeper
from emrs_core.music.spotify.transport import ApiSession, TokenSource
from emrs_core.streaming import Device, NowPlaying, SavedPlaylist, ServiceAccount, ServiceTrack

PAGE: Final = 50
"""Songs in one page of a library."""
SEARCH_LIMIT: Final = 10
"""More is a 400 since February 2026."""
LONGEST_QUERY: Final = 100
"""Characters of a title or artist sent to the search."""
MOST_PLAYED: Final = 100
"""Songs in one play command; the rest of a longer list is left out."""
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_DEVICE_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")


class SpotifyService:
    """One visitor's account. Safe from any thread; every call asks the network and takes seconds at most."""

    def __init__(self, api_url: str, tokens: TokenSource, now_s: Callable[[], float]) -> None:
        self._session = ApiSession(tokens, now_s)
        self._spotify: Any = Spotify(requests_session=self._session)
        self._spotify.prefix = api_url.rstrip("/") + "/"
        self._playlists = PlaylistKeeper(self._spotify)

    # -- library -------------------------------------------------------------------------------------------------

    def account(self) -> ServiceAccount:
        return reading.account_of(self._spotify._get("me"))  # spotipy's me() asks for "me/", another path

    def saved(self, limit: int = 200) -> tuple[ServiceTrack, ...]:
        songs: list[ServiceTrack] = []
        for offset in range(0, limit, PAGE):
            asked = min(PAGE, limit - offset)
            items = reading.items_of(self._spotify.current_user_saved_tracks(limit=asked, offset=offset))
            songs.extend(reading.tracks_of(items, "track"))
            if len(items) < asked:
                break
        return tuple(songs)

    def top(self, limit: int = PAGE) -> tuple[ServiceTrack, ...]:
        answer = self._spotify.current_user_top_tracks(limit=min(max(limit, 1), PAGE))
        return tuple(reading.tracks_of(reading.items_of(answer)))

    def search(self, title: str, artist: str = "", limit: int = SEARCH_LIMIT) -> tuple[ServiceTrack, ...]:
        title, artist = _words(title), _words(artist)
        if not title and not artist:
            raise UsageError("Type a title or an artist to search for.")
        fields = [f'{name}:"{words}"' for name, words in (("track", title), ("artist", artist)) if words]
        found = self._found(" ".join(fields), limit)
        return found or self._found(f"{title} {artist}".strip(), limit)  # as loosely as a person types it

    def by_isrc(self, isrc: str) -> tuple[ServiceTrack, ...]:
        """Songs with that recording code; none for a text that is no code."""
        code = isrc.replace("-", "").strip().upper()
        return self._found(f"isrc:{code}", SEARCH_LIMIT) if _ISRC.fullmatch(code) else ()

    def like(self, track_id: str) -> None:
        self._spotify.current_user_saved_tracks_add([_uri(track_id)])

    def _found(self, query: str, limit: int) -> tuple[ServiceTrack, ...]:
        answer = self._spotify.search(query, limit=min(max(limit, 1), SEARCH_LIMIT), type="track")
        page = reading.object_of(answer, "tracks").get("tracks")
        if page is None:
            raise BrokenAnswer("tracks")
        return tuple(reading.tracks_of(reading.items_of(page)))

    # -- playlists -----------------------------------------------------------------------------------------------

    def save(self, name: str, track_ids: Sequence[str], key: str) -> SavedPlaylist:
        return self._playlists.save(name, _uris(track_ids), key)

    # -- player --------------------------------------------------------------------------------------------------

    def devices(self) -> tuple[Device, ...]:
        return reading.devices_of(self._spotify.devices())

    def play(self, track_ids: Sequence[str], device_id: str | None = None) -> None:
        uris = _uris(track_ids)[:MOST_PLAYED]
        self._spotify.start_playback(device_id=_device(device_id), uris=uris)

    def queue(self, track_id: str, device_id: str | None = None) -> None:
        self._spotify.add_to_queue(_uri(track_id), device_id=_device(device_id))

    def pause(self, device_id: str | None = None) -> None:
        self._spotify.pause_playback(device_id=_device(device_id))

    def next(self, device_id: str | None = None) -> None:
        self._spotify.next_track(device_id=_device(device_id))

    def now_playing(self) -> NowPlaying | None:
        return reading.now_playing_of(self._spotify.current_playback())

    def forget(self) -> None:
        """Drop what was kept of Spotify's answers, and the connections to it."""
        self._playlists.forget()
        self._session.close()


def _words(text: str) -> str:
    """A person's words as a part of a query: no quotes or colons, which are the query's own signs."""
    return " ".join(re.sub(r'[":]', " ", text).split())[:LONGEST_QUERY]


def _uris(track_ids: Sequence[str]) -> list[str]:
    if not track_ids:
        raise UsageError("There is no song to play or keep.")
    return [_uri(track_id) for track_id in track_ids]


def _uri(track_id: str) -> str:
    if not is_track_id(track_id):
        raise UsageError(f"A Spotify track id has 22 letters and digits, got {track_id!r}.")
    return f"spotify:track:{track_id}"


def _device(device_id: str | None) -> str | None:
    if device_id is not None and not _DEVICE_ID.fullmatch(device_id):
        raise UsageError(f"That is no id of a device: {device_id[:40]!r}.")
    return device_id
