"""The listener's list on its way to Spotify, and the listener's own songs on their way into the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from emrs_core.errors import UsageError
from emrs_core.music.preference import Preference
from emrs_core.music.spotify.resolve import Playable
from emrs_core.segments import SongSegment
from emrs_core.streaming import SavedPlaylist
from emrs_core.types import Track
from emrs_core.ui.spotify.connection import Connection

NONE_THERE = "Spotify has none of these songs under a name that fits, so there is nothing to play or keep there."


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list kept as a playlist, and what of it Spotify does not have."""

    playlist: SavedPlaylist
    found: Playable


def play_list(connection: Connection, tracks: Sequence[Track], device_id: str | None) -> Playable:
    """Play these on that device, as far as Spotify has them. Any thread. Raises StreamingError, UsageError."""
    found = _found(connection, tracks)
    connection.service.play(found.track_ids, device_id)
    return found


def keep_list(connection: Connection, name: str, tracks: Sequence[Track], key: str) -> KeptList:
    """Keep these as a private playlist, as far as Spotify has them. Any thread. Raises StreamingError, UsageError."""
    found = _found(connection, tracks)
    return KeptList(connection.service.save(name, found.track_ids, key), found)


def own_songs_of(connection: Connection | None) -> Callable[[], Preference | None] | None:
    """What the ranking may ask. It looks at the connection each time: what was erased there counts no more at once."""
    if connection is None:
        return None

    return lambda: connection.familiar


def heard_at(connection: Connection | None, music: object) -> Callable[[], tuple[SongSegment, ...]] | None:
    """The songs that were on at the listener's own device in the visit of that music. Likewise."""
    if connection is None:
        return None

    return lambda: connection.segments(music)


def _found(connection: Connection, tracks: Sequence[Track]) -> Playable:
    found = connection.playable(tracks)
    if not found.track_ids:
        raise UsageError(NONE_THERE)
    return found
