"""From looks at the listener's device every few seconds to song segments: which song was on, from when to when."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from emrs_core.segments import SegmentSource, SongSegment
from emrs_core.streaming import NowPlaying

LONGEST_GAP_S: Final = 60.0
"""Looks further apart than that tell nothing of the time between: the page was not looked at, or the network gone."""
REWIND_S: Final = 1.0
"""A place further back than that is another hearing of the song; less is the inaccuracy of two answers."""
MOST_SEGMENTS: Final = 500
"""A day of music, in memory."""


@dataclass(frozen=True, slots=True)
class _Song:
    track_id: str
    began_s: float
    seen_s: float
    heard_s: float


class PlayingFollower:
    """One visitor's device, look by look. Safe from any thread.

    Its segments are Spotify's own word about its player: they stay in memory and are never learned from.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._song: _Song | None = None
        self._looked_s = 0.0
        self._silent_until_s = 0.0  # no song can have begun before
        self._segments: deque[SongSegment] = deque(maxlen=MOST_SEGMENTS)

    def see(self, now: NowPlaying | None, now_s: float) -> SongSegment | None:
        """Take a look made at ``now_s``; one from before the last tells nothing. Returns the segment that ended.

        A song that is paused stays on. A song that starts over (its place fell back) is a new one.
        """
        with self._lock:
            track_id = _id_of(now)
            before = self._song
            if now_s < self._looked_s:  # its answer was overtaken by that of a later look
                return None
            self._looked_s = now_s
            if now is None or track_id is None:
                ended = self._end(before.seen_s if before else now_s)
                self._silent_until_s = now_s
                return ended
            place_s = now.position_ms / 1000
            looked_away = before is not None and now_s - before.seen_s > LONGEST_GAP_S
            same = before is not None and before.track_id == track_id and place_s >= before.heard_s - REWIND_S
            if before is not None and same and not looked_away:
                self._song = _Song(track_id, before.began_s, now_s, max(before.heard_s, place_s))
                return None
            earliest_s = before.seen_s if before is not None else self._silent_until_s
            began_s = min(now_s, max(earliest_s, now_s - place_s))
            ended = self._end(before.seen_s if before is not None and looked_away else began_s)
            self._song = _Song(track_id, began_s, now_s, place_s)
            return ended

    def segments(self) -> tuple[SongSegment, ...]:
        """The songs that were on, in order; not the one that is."""
        with self._lock:
            return tuple(self._segments)

    def forget(self) -> None:
        with self._lock:
            self._song = None
            self._segments.clear()

    def _end(self, at_s: float) -> SongSegment | None:
        song, self._song = self._song, None
        if song is None or at_s <= song.began_s:
            return None
        segment = SongSegment(song.track_id, song.began_s, at_s, SegmentSource.SPOTIFY, song.heard_s)
        self._segments.append(segment)
        return segment


def _id_of(now: NowPlaying | None) -> str | None:
    """The id that was asked for, where Spotify plays the same recording under another one; None for no song."""
    if now is None or now.track is None:
        return None
    return (*now.track.aliases, now.track.id)[0]
