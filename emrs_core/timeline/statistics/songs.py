"""What the face showed before, during and after each song."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.events import SongEnded, SongRated, SongStarted
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.review import current, length_s
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.bootstrap import RESAMPLES, Estimate, Floats, block_length, percentiles, resample
from emrs_core.timeline.statistics.epochs import Epochs

BEFORE_S = AFTER_S = 30.0
"""The stretch beside a song that it is compared with: long against the calm mood's half second, not against a song."""
LEAST_KNOWN = 5  # epochs of a stretch with a readable face: a mean of fewer says nothing
UNFINISHED = "open"  # the source of a segment that nothing ended before the session did


@dataclass(frozen=True, slots=True)
class SongSegment:
    """A song from when to when, and what that rests on (``SongEnded.source``, or ``open``)."""

    track_id: str
    title: str
    artist: str
    span: Span
    source: str
    skipped: bool = False
    played_through: bool = False
    heard_s: float | None = None
    verdict: str = ""  # the last ``SongRated`` of the track, empty without one


@dataclass(frozen=True, slots=True)
class Change:
    """Means of one dimension of the plane around a song (None: too little seen) and their differences."""

    before: float | None
    during: float | None
    after: float | None
    during_less_before: Estimate | None
    after_less_before: Estimate | None


@dataclass(frozen=True, slots=True)
class SongChange:
    """One song's segment with the change of valence and of arousal."""

    song: SongSegment
    valence: Change
    arousal: Change


def segments_of(timeline: Timeline) -> tuple[SongSegment, ...]:
    """The songs in order of time. A song that nothing ended lasts until the next one begins, or the session ends."""
    now = current(timeline)
    starts = [e for e in now.events if isinstance(e, SongStarted)]
    ends = [e for e in now.events if isinstance(e, SongEnded)]
    verdicts = {e.track_id: e.verdict for e in now.events if isinstance(e, SongRated)}
    session_s, found = length_s(now), []
    for place, start in enumerate(starts):
        following_s = starts[place + 1].t_s if place + 1 < len(starts) else max(session_s, start.t_s)
        end = next((e for e in ends if e.track_id == start.track_id and start.t_s <= e.t_s <= following_s), None)
        span = Span(start.t_s, following_s) if end is None else Span(start.t_s, end.t_s)
        found.append(
            SongSegment(
                start.track_id,
                start.title,
                start.artist,
                span,
                source=end.source if end else UNFINISHED,
                skipped=end is not None and end.skipped,
                played_through=end is not None and end.played_through,
                heard_s=end.heard_s if end else None,
                verdict=verdicts.get(start.track_id, ""),
            )
        )
    return tuple(found)


def song_changes(
    timeline: Timeline, epochs: Epochs, rng: np.random.Generator, resamples: int = RESAMPLES
) -> tuple[SongChange, ...]:
    """Each song with the means before, during and after it; before and after stop at the neighbouring songs."""
    songs = segments_of(timeline)
    changes = []
    for place, song in enumerate(songs):
        earliest_s = songs[place - 1].span.end_s if place else 0.0
        latest_s = songs[place + 1].span.start_s if place + 1 < len(songs) else float("inf")
        around = (
            epochs.between(max(earliest_s, song.span.start_s - BEFORE_S), song.span.start_s),
            epochs.between(song.span.start_s, song.span.end_s),
            epochs.between(song.span.end_s, min(latest_s, song.span.end_s + AFTER_S)),
        )
        valence, arousal = (_change([part.point[:, axis] for part in around], rng, resamples) for axis in (0, 1))
        changes.append(SongChange(song, valence, arousal))
    return tuple(changes)


def _change(parts: list[Floats], rng: np.random.Generator, resamples: int) -> Change:
    known = [part[~np.isnan(part)] for part in parts]
    means = [float(part.mean()) if len(part) >= LEAST_KNOWN else None for part in known]
    drawn = [_drawn_means(part, rng, resamples) if len(part) >= LEAST_KNOWN else None for part in known]
    during, after = (_difference(means[0], means[k], drawn[0], drawn[k]) for k in (1, 2))
    return Change(means[0], means[1], means[2], during, after)


def _difference(before: float | None, later: float | None, a: Floats | None, b: Floats | None) -> Estimate | None:
    """The stretches are drawn apart from each other, each in blocks of its own length."""
    if before is None or later is None:
        return None
    if a is None or b is None:
        return Estimate(later - before)
    low, high = percentiles((b - a)[:, None])[:, 0]
    return Estimate(later - before, float(low), float(high))


def _drawn_means(values: Floats, rng: np.random.Generator, resamples: int) -> Floats | None:
    drawn = resample(np.stack([np.ones_like(values), values], axis=1), block_length(values), rng, resamples)
    return None if drawn is None else drawn[:, 1] / drawn[:, 0]
