"""What a list says of a session, counted as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from emrs_core.errors import TimelineError
from emrs_core.timeline.events import Event, Sample, SongStarted
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionInfo, SessionSummary
from emrs_core.timeline.sparkline import Sparkline

MOST_S = 1e10
"""Seconds, three hundred years: a clock may jump, but what lies beyond is no time at all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over everything that was added to a session."""

    length_s: float = 0.0
    samples: int = 0
    valid: int = 0
    songs: int = 0
    last_sample_s: float | None = None
    spark: Sparkline = field(default_factory=Sparkline)

    def plus(self, samples: Samples, events: Sequence[Event]) -> Tally:
        """With those samples and events, none of which was counted before."""
        last_s = float(np.max(samples.t_s)) if len(samples) else None
        times = [0.0, self.length_s, *([] if last_s is None else [last_s]), *(event.t_s for event in events)]
        known = [t for t in (self.last_sample_s, last_s) if t is not None]
        return Tally(
            length_s=max(times),
            samples=self.samples + len(samples),
            valid=self.valid + int(np.count_nonzero(samples.valid)),
            songs=self.songs + sum(isinstance(event, SongStarted) for event in events),
            last_sample_s=max(known) if known else None,
            spark=self.spark.plus(samples),
        )

    def summary(self, info: SessionInfo) -> SessionSummary:
        share = self.valid / self.samples if self.samples else 0.0
        return SessionSummary(info, self.length_s, share, self.songs, self.samples, self.spark.points)


def as_columns(samples: Sequence[Sample] | Samples) -> Samples:
    """Columns in order of time, each time once (the first given counts).

    Raises TimelineError for a time beyond MOST_S or none at all, and for an unknown mood.
    """
    try:
        columns = samples if isinstance(samples, Samples) else Samples.of(samples)
    except ValueError as exc:
        raise TimelineError(f"These samples cannot be kept: {exc}.") from exc
    if not (np.abs(columns.t_s) <= MOST_S).all():  # NaN fails too
        raise TimelineError(f"A sample's time must be a number of seconds since the session began, at most {MOST_S:g}.")
    if len(columns) < 2 or (np.diff(columns.t_s) > 0).all():
        return columns
    return columns.take(np.unique(columns.t_s, return_index=True)[1])


def check_events(events: Sequence[Event]) -> tuple[Event, ...]:
    """Those events, each id once. Raises TimelineError for a time beyond MOST_S or none at all."""
    for event in events:
        if not abs(event.t_s) <= MOST_S:  # NaN fails too
            raise TimelineError(f"The event {event.id!r} has the time {event.t_s!r}; at most {MOST_S:g} s can be kept.")
    return tuple({event.id: event for event in reversed(events)}.values())[::-1]
