"""What plays, and for how long each song was on: segments from click to click, made exact where the player speaks.

Without the player's word nothing is known but clicks: whether anything sounded, was paused or ran to its end stays
open, so no skip and no play-through is counted then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from emrs_core.segments import SegmentSource, SongSegment
from emrs_core.types import Track

KEPT_SEGMENTS = 2000
"""A week of music without a pause."""
SKIP_S = 30.0
"""Going on to another song before this much was heard is a skip; streaming services count a play from here on."""
WHOLE_SHARE = 0.5
"""A player that has less than that of a song has a sample of it: half a minute, for those who are not logged in. Other
recordings of a song differ by less."""


class PlayerState(StrEnum):
    """What the player in the page does."""

    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PlayerReport:
    """Everything the player knows at one moment. ``turn`` is the opening that it speaks of (``Listening.turn``)."""

    turn: int
    state: PlayerState
    position_s: float  # in the song
    duration_s: float  # of what it plays: Spotify gives half a minute to those who are not logged in


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """The song that is on."""

    track: Track
    began_s: float
    turn: int
    report: PlayerReport | None = None  # the latest
    left_s: float | None = None  # since when its page is left, until its player speaks again


class Listening:
    """What is on, and what was. Pure: times come in as seconds of the visit. Not thread-safe; the session guards it."""

    def __init__(
        self,
        on_begin: Callable[[NowPlaying], None] = lambda _: None,
        on_end: Callable[[SongSegment], None] = lambda _: None,
    ) -> None:
        """``on_begin`` and ``on_end`` are told of every song that begins and of every segment that ends, at once."""
        self._on_begin = on_begin
        self._on_end = on_end
        self._now: NowPlaying | None = None
        self._turn = 0
        self._segments: deque[SongSegment] = deque(maxlen=KEPT_SEGMENTS)

    @property
    def now(self) -> NowPlaying | None:
        return self._now

    @property
    def turn(self) -> int:
        """Counts the songs opened so far; it tells reports of the song that is on from late ones of another."""
        return self._turn

    def segments(self) -> tuple[SongSegment, ...]:
        """The songs that were on, in order; not the one that is."""
        return tuple(self._segments)

    def until(self, now_s: float) -> tuple[SongSegment, ...]:
        """The same and the song that is on, as if the visit ended now."""
        return self.segments() if self._now is None else (*self._segments, _segment(self._now, now_s, False))

    def leave(self, now_s: float) -> None:
        """The page that plays is left, perhaps for good; the player's next word says that it was not."""
        if self._now is not None:
            self._now = replace(self._now, left_s=now_s)

    def come_back(self, now_s: float) -> None:
        """The page is there again: the song that was on ended when it was left, and is opened anew."""
        if self._now is not None and self._now.left_s is not None:
            track = self._now.track
            self._close(self._now.left_s, False)
            self.open(track, now_s)

    def open(self, track: Track, now_s: float) -> SongSegment | None:
        """Put that song on. Returns the segment of the one before, if one was on."""
        before = self._close(now_s, True)
        self._turn += 1
        self._now = NowPlaying(track, now_s, self._turn)
        self._on_begin(self._now)
        return before

    def stop(self, now_s: float, *, chose_another: bool = False) -> SongSegment | None:
        """Put nothing on: Stop, or the end of the visit; ``chose_another``: to go on to another song. Returns the
        segment that ends."""
        return self._close(now_s, chose_another)

    def hear(self, report: PlayerReport, now_s: float) -> SongSegment | None:
        """Take the player's word. Returns the song's segment when it came to its end; then nothing is on any more."""
        if self._now is None or report.turn != self._turn:
            return None  # late: about a song that is gone
        before = self._now.report
        if before is not None and before.position_s > report.position_s:  # a player at its end goes back to nought
            report = replace(report, position_s=before.position_s)
        self._now = replace(self._now, report=report, left_s=None)
        return self._close(now_s, False) if report.state is PlayerState.ENDED else None

    def _close(self, now_s: float, chose_another: bool) -> SongSegment | None:
        if self._now is None:
            return None
        segment = _segment(self._now, now_s, chose_another)
        self._now = None
        self._segments.append(segment)
        self._on_end(segment)
        return segment


def _segment(playing: NowPlaying, now_s: float, chose_another: bool) -> SongSegment:
    track, began_s, report = playing.track, playing.began_s, playing.report
    if report is None:
        end_s = began_s + track.duration_ms / 1000
        source = SegmentSource.DURATION if now_s > end_s else SegmentSource.CLICK
        return SongSegment(track.id, began_s, min(now_s, end_s), source)
    ended = report.state is PlayerState.ENDED
    return SongSegment(
        track_id=track.id,
        began_s=began_s,
        ended_s=now_s,
        source=SegmentSource.PLAYER,
        heard_s=report.duration_s if ended else report.position_s,
        skipped=chose_another and not ended and report.position_s < SKIP_S,
        played_through=ended and report.duration_s >= WHOLE_SHARE * track.duration_ms / 1000,
    )


def together(here: Sequence[SongSegment], elsewhere: Sequence[SongSegment], since_s: float) -> tuple[SongSegment, ...]:
    """The songs heard at both places, the earliest first; of those elsewhere only what was on after ``since_s``."""
    after = [replace(heard, began_s=max(heard.began_s, since_s)) for heard in elsewhere if heard.ended_s > since_s]
    return tuple(sorted((*here, *after), key=lambda segment: segment.began_s))
