"""How long a song was on, and what that is known from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SegmentSource(StrEnum):
    """What the end of a song's segment rests on."""

    CLICK = "click"  # the next song's, or Stop
    DURATION = "duration"  # the song's own length had passed before any click
    PLAYER = "player"  # the player followed the song
    SPOTIFY = "spotify"  # looks at the listener's own device, every few seconds


@dataclass(frozen=True, slots=True)
class SongSegment:
    """The time that a song was on, in seconds of the visit: from the click that opened it to the next click, Stop, its
    end or the end of the visit.

    ``heard_s`` is the farthest place in the song, None where the player said nothing; only with it can a song have been
    ``skipped`` (another one chosen within ``listening.SKIP_S``; Stop may mean anything) or ``played_through`` (the
    song, not a sample of it).
    """

    track_id: str
    began_s: float
    ended_s: float
    source: SegmentSource
    heard_s: float | None = None
    skipped: bool = False
    played_through: bool = False
