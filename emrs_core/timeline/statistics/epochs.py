"""A session in epochs of one second: the grid that every statistic and bootstrap of a timeline works on.

Samples come up to ten a second at uneven steps; averages over equal epochs make "lag one" mean one second in every
session, whatever the camera's rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.intervals import Span, holds
from emrs_core.timeline.review import current, excluded_spans
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.bootstrap import MEMORY_EPOCHS
from emrs_core.types import EMOTIONS

EPOCH_S = 1.0
LONGEST_GAP = MEMORY_EPOCHS
"""Empty epochs in a row: after so many no statistic counts on what lies before."""
MOOD_COUNT, EMOTION_COUNT = len(MOOD_NAMES), len(EMOTIONS)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """T epochs of an even grid, in order of time. Seconds are 0 and means NaN where nothing was seen or is excluded.

    Of a stretch without samples only the first LONGEST_GAP epochs are there: a clock that jumped by years makes no
    years of empty epochs.
    """

    start_s: Floats  # (T,)
    recorded_s: Floats  # (T,) for which there were samples
    valid_s: Floats  # (T,) of them with a face that could be read
    mood_s: Floats  # (T, 9) for which the calm mood had each name of MOOD_NAMES
    raw_s: Floats  # (T, 7) for which each emotion was the top of the single look
    point: Floats  # (T, 2) mean valence and arousal, NaN where none

    def __len__(self) -> int:
        return len(self.start_s)

    def rows(self, start_s: float, end_s: float) -> slice:
        """The rows of the epochs that begin in that stretch."""
        first, last = np.searchsorted(self.start_s, [start_s, max(start_s, end_s)])
        return slice(int(first), int(last))

    def between(self, start_s: float, end_s: float) -> Epochs:
        """The epochs that begin in that stretch."""
        rows = self.rows(start_s, end_s)
        return Epochs(
            self.start_s[rows], self.recorded_s[rows], self.valid_s[rows], self.mood_s[rows], self.raw_s[rows],
            self.point[rows],
        )  # fmt: skip


def epochs_of(timeline: Timeline, step_s: float = EPOCH_S) -> Epochs:
    """The session as it stands after review, in epochs of ``step_s``; excluded time is empty."""
    now = current(timeline)
    held = _held_outside(now.samples, excluded_spans(now))
    rows = held > 0
    samples, held = (now.samples, held) if rows.all() else (now.samples.take(rows), held[rows])
    numbers, cell = _grid(samples.t_s, step_s)
    count = len(numbers)
    looked = ~np.isnan(samples.raw).any(axis=1)
    top = np.where(looked, np.nan_to_num(samples.raw).argmax(axis=1), 0)
    seen = ~np.isnan(samples.point).any(axis=1) & samples.valid & (held > 0)
    weight = np.bincount(cell[seen], held[seen], count)
    sums = np.stack([np.bincount(cell[seen], (held * samples.point[:, axis])[seen], count) for axis in (0, 1)], axis=1)
    return Epochs(
        start_s=numbers * np.float64(step_s),
        recorded_s=np.bincount(cell, held, count).astype(np.float64),
        valid_s=np.bincount(cell, held * samples.valid, count).astype(np.float64),
        mood_s=_table(cell, samples.mood.astype(np.intp), held, count, MOOD_COUNT),
        raw_s=_table(cell[looked], top[looked], held[looked], count, EMOTION_COUNT),
        point=np.divide(sums, weight[:, None], out=np.full((count, 2), np.nan), where=weight[:, None] > 0),
    )


def _held_outside(samples: Samples, excluded: tuple[Span, ...]) -> Floats:
    """(N,) seconds for which each sample speaks, less the excluded ones among them."""
    held = holds(samples)
    if not excluded:
        return held
    edges = np.array([edge for span in excluded for edge in (span.start_s, span.end_s)])
    lengths = np.cumsum([span.length_s for span in excluded])
    gone = np.repeat(lengths, 2) - np.array([e for span in excluded for e in (span.length_s, 0.0)])
    taken = np.interp(samples.t_s + held, edges, gone) - np.interp(samples.t_s, edges, gone)
    left = held - taken
    return np.where(left > 1e-9, left, 0.0)


def _grid(t_s: Floats, step_s: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of the epochs that there are, (T,), and for each sample the place of its own among them, (N,)."""
    # A session's clock begins at 0; what lies before (a clock that was set) counts with the first epoch.
    seen, cell = np.unique(np.maximum(t_s // step_s, 0).astype(np.intp), return_inverse=True)
    count = np.append(1 + np.minimum(np.diff(seen) - 1, LONGEST_GAP), 1)[: len(seen)]  # each with the empty ones after
    first = np.cumsum(count) - count
    numbers = np.repeat(seen - first, count) + np.arange(count.sum())
    return numbers, first[cell]


def _table(cell: NDArray[np.intp], code: NDArray[np.intp], seconds: Floats, rows: int, columns: int) -> Floats:
    """Seconds for each epoch and code."""
    sums = np.bincount(cell * columns + code, seconds, rows * columns).astype(np.float64)
    return sums.reshape(rows, columns)
