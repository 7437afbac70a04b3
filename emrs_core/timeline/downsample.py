"""Fewer points for a screen that loses nothing one could see: every extreme, every gap's edge and every event stays.

Time is cut into even buckets; of each bucket a line keeps its lowest and its highest point. A zoomed view asks again
for its own stretch, so that the finest detail is there when it fits. Plain MinMax on purpose: unlike LTTB it never
drops an extreme. Events are few and are not thinned. Source: Jugel, Jerzak, Hackenbroich & Markl (2014), M4: a
visualization-oriented time series data aggregation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.intervals import GAP_S

POINTS = 2_000
"""About two for each pixel of a wide chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series to draw, in order of time. A NaN stands between points that must not be joined."""

    t_s: NDArray[np.float64]  # (M,)
    value: NDArray[np.float64]  # (M,)


def thin(
    t_s: NDArray[np.float64], values: NDArray[np.floating], points: int = POINTS, start_s: float | None = None,
    end_s: float | None = None, hole_s: float = 0.0,
) -> tuple[Line, ...]:  # fmt: skip
    """Each column of ``values`` (N, K) as a line of about ``points`` points; ``t_s`` (N,) is in order of time.

    Only the stretch from ``start_s`` to ``end_s`` (and the sample on either side, so that lines reach the edge); all of
    it when None. NaN values and times without samples for longer than GAP_S break a line; those that last no longer
    than ``hole_s`` do not: where they are narrower than a line is wide, breaks would only make it vanish. Any thread;
    tens of milliseconds for eight hours of nine series.
    """
    first = 0 if start_s is None else max(0, int(np.searchsorted(t_s, start_s)) - 1)
    last = len(t_s) if end_s is None else min(len(t_s), int(np.searchsorted(t_s, end_s, side="right")) + 1)
    t_s, values = t_s[first:last], values[first:last]
    if len(t_s) == 0:
        return tuple(Line(np.zeros(0), np.zeros(0)) for _ in range(values.shape[1]))
    buckets = max(1, points // 2)
    series = _known_enough(t_s, values, hole_s)
    return tuple(_line(times, column, buckets, max(GAP_S, hole_s)) for times, column in series)


def _known_enough(
    t_s: NDArray[np.float64], values: NDArray[np.floating], hole_s: float
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.floating]]]:
    """Each series' rows without those of holes that are no longer than ``hole_s``."""
    rows, known_before = np.ones(len(t_s), np.bool_), np.ones(len(t_s), np.bool_)
    for column in values.T:
        known = ~np.isnan(column)
        if hole_s > 0 and not np.array_equal(known, known_before):  # most series of a session have the same holes
            rows, known_before = _without_holes(t_s, known, hole_s), known
        yield (t_s, np.ascontiguousarray(column)) if rows.all() else (t_s[rows], column[rows])


def _without_holes(t_s: NDArray[np.float64], known: NDArray[np.bool_], hole_s: float) -> NDArray[np.bool_]:
    """(N,) the rows that are not in a small hole; a hole lies between two known rows."""
    rows = np.flatnonzero(known)
    last, following = rows[:-1], rows[1:]
    small = (following - last > 1) & (t_s[following] - t_s[last] <= hole_s)
    edges = np.zeros(len(known), np.int8)
    edges[last[small] + 1] = 1
    edges[following[small]] = -1
    outside: NDArray[np.bool_] = np.cumsum(edges, dtype=np.int8) == 0
    return outside


def _bucket_starts(t_s: NDArray[np.float64], buckets: int) -> NDArray[np.intp]:
    """The first row of each bucket that has rows."""
    if len(t_s) <= 2 * buckets:
        return np.arange(len(t_s))  # nothing to leave out
    edges = np.linspace(t_s[0], t_s[-1], buckets + 1)[:-1]
    return np.unique(np.searchsorted(t_s, edges))


def _line(t_s: NDArray[np.float64], values: NDArray[np.floating], buckets: int, gap_s: float) -> Line:
    starts, gap_after = _bucket_starts(t_s, buckets), np.flatnonzero(np.diff(t_s) > gap_s)
    unknown = np.isnan(values)
    breaks = np.flatnonzero(np.diff(unknown.astype(np.int8)) != 0)
    edges = np.concatenate([breaks, breaks + 1, gap_after, gap_after + 1])
    rows = np.unique(np.concatenate([_extremes(values, unknown, starts), _few(edges, starts), [0, len(values) - 1]]))
    times, kept = t_s[rows], values[rows].astype(np.float64)
    # Where rows between two kept ones are unknown, or time is missing, a NaN keeps them from being joined.
    known_before = np.concatenate([[0], np.cumsum(unknown)])
    hole = (known_before[rows[1:]] > known_before[rows[:-1] + 1]) | (np.diff(np.searchsorted(gap_after, rows)) > 0)
    places = np.flatnonzero(hole) + 1
    between = (times[places - 1] + times[places]) / 2
    return Line(np.insert(times, places, between), np.insert(kept, places, np.nan))


def _extremes(values: NDArray[np.floating], unknown: NDArray[np.bool_], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The row of the lowest and of the highest known value of each bucket, for all buckets at once."""
    found = []
    lengths = np.diff(np.append(starts, len(values)))
    for extreme, reduce in ((np.inf, np.minimum), (-np.inf, np.maximum)):
        filled = np.where(unknown, extreme, values)
        best = np.repeat(reduce.reduceat(filled, starts), lengths)
        hits = np.flatnonzero((filled == best) & ~unknown)
        bucket = np.searchsorted(starts, hits, side="right")
        found.append(hits[np.flatnonzero(np.diff(bucket, prepend=0))])  # the first of equals
    return np.concatenate(found)


def _few(edges: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The edges of gaps, at most two a bucket: a flickering face must not bring all rows back."""
    edges = np.unique(edges)
    bucket = np.searchsorted(starts, edges, side="right")
    first, last = np.diff(bucket, prepend=-1) != 0, np.diff(bucket, append=-1) != 0
    kept: NDArray[np.intp] = edges[first | last]
    return kept
