"""Keeps a list of songs as a private playlist: exactly these, in order, once, however often the button is pressed."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from emrs_core.errors import UsageError
from emrs_core.music.spotify.failures import BrokenAnswer
from emrs_core.music.spotify.reading import object_of, text_of
from emrs_core.streaming import SavedPlaylist

CHUNK: Final = 100
"""Songs in one request; the Web API takes no more."""
LONGEST_NAME: Final = 100
"""Characters of a playlist's name."""
MOST_SONGS: Final = 2000
"""Twenty requests; a list here is far shorter."""
_PLAYLIST_ID = re.compile(r"[0-9A-Za-z]{1,64}")


@dataclass(slots=True, eq=False)
class _Kept:
    """By key and songs: playlists that are complete, and ids of those that were made but perhaps not yet filled."""

    saved: dict[tuple[str, tuple[str, ...]], SavedPlaylist] = field(default_factory=dict)
    begun: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)


class PlaylistKeeper:
    """What this visitor saved so far, in memory. Safe from any thread; a second press waits for the first."""

    def __init__(self, spotify: Any) -> None:
        self._spotify = spotify  # spotipy's client, which has no types
        self._lock = threading.Lock()  # held while Spotify is asked
        self._kept = _Kept()

    def save(self, name: str, uris: Sequence[str], key: str) -> SavedPlaylist:
        """See ``protocols.PlaylistWriter.save``; ``uris`` are checked already."""
        name = _checked_name(name)
        if len(uris) > MOST_SONGS:
            raise UsageError(f"A playlist saved from here holds {MOST_SONGS} songs at most, not {len(uris)}.")
        mark = (key, tuple(uris))
        with self._lock:
            kept = self._kept
            if mark in kept.saved:
                return replace(kept.saved[mark], again=True)
            if mark not in kept.begun:
                kept.begun[mark] = self._made(name)
            self._fill(kept.begun[mark], uris)
            kept.saved[mark] = SavedPlaylist(kept.begun.pop(mark), name, len(uris))
            return kept.saved[mark]

    def forget(self) -> None:
        """Know nothing of what was saved, at once. The playlists stay in the account: they are the listener's."""
        self._kept = _Kept()

    def _made(self, name: str) -> str:
        answer = self._spotify.current_user_playlist_create(name, public=False, description="Saved from EMRS.")
        playlist_id = text_of(object_of(answer, "id"), "id")
        if not _PLAYLIST_ID.fullmatch(playlist_id):
            raise BrokenAnswer("id")
        return playlist_id

    def _fill(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Replace what it holds, then add the rest: begun again after a failure, it ends up the same."""
        self._spotify.playlist_replace_items(playlist_id, list(uris[:CHUNK]))
        for start in range(CHUNK, len(uris), CHUNK):
            chunk = {"uris": list(uris[start : start + CHUNK])}
            # spotipy's own playlist_add_items sends a bare list, which the Web API's schema does not know
            self._spotify._post(f"playlists/{playlist_id}/items", payload=chunk)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"A playlist's name has 1 to {LONGEST_NAME} characters, not {len(name)}.")
    return name
