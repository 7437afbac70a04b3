"""How the calm mood moves: which follows which, how often it changes, how long it stays."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from emrs_core.timeline.intervals import Interval, Span, mood_intervals, without
from emrs_core.timeline.review import current, excluded_spans
from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.sessions import Timeline

TOUCH_S = 1e-6  # intervals nearer than this follow each other; farther apart something is missing between them


@dataclass(frozen=True, slots=True)
class Transitions:
    """Counts over the nine names of MOOD_NAMES: ``counts[i][j]`` times name j followed name i without a gap."""

    counts: tuple[tuple[int, ...], ...]
    changes_per_minute: float | None  # None where nothing was recorded
    longest: Interval | None

    @property
    def probabilities(self) -> tuple[tuple[float, ...], ...]:
        """Each row of counts divided by its sum; a row of zeros where a name was never left.

        Source: the maximum-likelihood estimate of a Markov chain, Anderson & Goodman (1957).
        """
        return tuple(tuple(n / sum(row) if sum(row) else 0.0 for n in row) for row in self.counts)


def included_intervals(timeline: Timeline) -> tuple[Interval, ...]:
    """The intervals of the calm mood outside excluded time; one that an exclusion cuts through becomes two."""
    now = current(timeline)
    holes = excluded_spans(now)
    found = mood_intervals(now.samples)
    if not holes:
        return found
    return tuple(Interval(left.start_s, left.end_s, i.label) for i in found for left in without([_span(i)], holes))


def transitions_of(timeline: Timeline) -> Transitions:
    """How the calm mood of this session moved, after review."""
    intervals = included_intervals(timeline)
    moves = [
        (before.label, after.label)
        for before, after in pairwise(intervals)
        if after.start_s - before.end_s <= TOUCH_S and after.label != before.label
    ]
    left, entered = (pd.Categorical([move[k] for move in moves], MOOD_NAMES) for k in (0, 1))
    counts = pd.crosstab(left, entered, dropna=False).to_numpy()
    minutes = sum(i.length_s for i in intervals) / 60
    return Transitions(
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        changes_per_minute=len(moves) / minutes if minutes > 0 else None,
        longest=max(intervals, key=lambda i: i.length_s, default=None),
    )


def _span(interval: Interval) -> Span:
    return Span(interval.start_s, interval.end_s)
