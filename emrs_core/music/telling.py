"""What happens in a visit's music, as its listener is told it."""

from __future__ import annotations

from collections.abc import Mapping

from emrs_core.listening import NowPlaying
from emrs_core.music.queue import SongList
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.protocols import Clock, SessionListener
from emrs_core.segments import SongSegment


class Telling:
    """Passes on lists, songs and opinions; nothing until there is a ``listener``. Not thread-safe; the visit guards it.

    Songs on a device of the person's own are not told: what a music service says of them may not be kept.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.listener: SessionListener | None = None

    def of_list(self, songs: SongList) -> None:
        if self.listener is not None:
            ids = tuple(item.track.id for item in songs.items)
            self.listener.songs_shown(self._clock.now_s(), ids, songs.target, str(songs.source), str(songs.wish.goal))

    def of_begin(self, song: NowPlaying) -> None:
        if self.listener is not None:
            self.listener.song_started(song.began_s, song.track)

    def of_end(self, segment: SongSegment) -> None:
        if self.listener is not None:
            self.listener.song_ended(segment)

    def of_opinions(self, before: Mapping[str, FeedbackKind], now: Mapping[str, FeedbackKind]) -> None:
        """What was said, or taken back: then the verdict is empty."""
        if self.listener is not None:
            for track_id in before.keys() | now.keys():
                if before.get(track_id) is not now.get(track_id):
                    self.listener.song_rated(self._clock.now_s(), track_id, str(now.get(track_id, "")))
