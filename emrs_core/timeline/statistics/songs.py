"""What the face showed before, during and after each song."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.events import SongEnded, SongRated, SongStarted
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.review import current, length_s
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.bootstrap import (
    RESAMPLES,
    Autoregression,
    Estimate,
    Floats,
    autoregression_of,
)
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
    """Each song with the means before, during and after it; before and after stop at the neighbouring songs.

    The intervals say how far such a difference would go by itself, if the face wandered there as it does in the whole
    session (changes with the songs included: the careful side).
    """
    songs = segments_of(timeline)
    models = [autoregression_of(epochs.point[:, axis]) for axis in (0, 1)]
    changes = []
    for place, song in enumerate(songs):
        stretches = [epochs.rows(*span) for span in _around(songs, place)]
        valence, arousal = (_change(epochs.point[:, axis], stretches, models[axis], rng, resamples) for axis in (0, 1))
        changes.append(SongChange(song, valence, arousal))
    return tuple(changes)


def _around(songs: Sequence[SongSegment], place: int) -> tuple[tuple[float, float], ...]:
    """Begin and end of the stretches before, during and after a song."""
    span = songs[place].span
    earliest_s = songs[place - 1].span.end_s if place else 0.0
    latest_s = songs[place + 1].span.start_s if place + 1 < len(songs) else math.inf
    return (
        (max(earliest_s, span.start_s - BEFORE_S), span.start_s),
        (span.start_s, span.end_s),
        (span.end_s, min(latest_s, span.end_s + AFTER_S)),
    )


def _change(
    series: Floats, stretches: Sequence[slice], model: Autoregression | None, rng: np.random.Generator, resamples: int
) -> Change:
    known = [np.flatnonzero(~np.isnan(series[rows])) + rows.start for rows in stretches]
    means = [float(series[rows].mean()) if len(rows) >= LEAST_KNOWN else None for rows in known]
    before, *later = means
    pairs = [(known[k + 1], mean - before) for k, mean in enumerate(later) if mean is not None and before is not None]
    if model is None or not pairs:
        found = iter([Estimate(value) for _, value in pairs])
    else:
        window = slice(stretches[0].start, max(rows.stop for rows in stretches))
        weights = np.stack([_weights(known[0], rows, window) for rows, _ in pairs])
        found = iter(model.intervals([value for _, value in pairs], weights, rng, resamples))
    during, after = (None if mean is None or before is None else next(found) for mean in later)
    return Change(means[0], means[1], means[2], during, after)


def _weights(before: NDArray[np.intp], later: NDArray[np.intp], window: slice) -> Floats:
    """What each epoch of the window counts in the mean of ``later`` less the mean of ``before``."""
    weights = np.zeros(window.stop - window.start)
    weights[later - window.start] += 1 / len(later)
    weights[before - window.start] -= 1 / len(before)
    return weights
