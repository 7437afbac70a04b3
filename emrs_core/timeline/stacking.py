"""Probabilities as areas on top of one another: they need one grid of moments, where lines each have their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.intervals import GAP_S, Span

POINTS: Final = 600
"""About one for two pixels of a wide chart."""
EDGE_S: Final = 1e-3  # between the last value and the zero after it: no two points of an area at one moment


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Values on a common grid, in order of time; all are 0 at the edges of a gap, so that areas end there."""

    t_s: NDArray[np.float64]  # (M,)
    values: NDArray[np.float64]  # (M, K)


def stacked(t_s: NDArray[np.float64], values: NDArray[np.floating], view: Span, points: int = POINTS) -> Stack:
    """The mean of each even part of ``view``; ``t_s`` (N,) is in order of time, ``values`` (N, K) NaN where unknown.

    Means keep their sum, so seven probabilities still fill the whole height. A gap narrower than a part cannot be seen
    and is not drawn.
    """
    first = max(0, int(np.searchsorted(t_s, view.start_s)) - 1)
    last = int(np.searchsorted(t_s, view.end_s, side="right")) + 1
    known = np.flatnonzero(~np.isnan(values[first:last]).any(axis=1)) + first
    if not len(known):
        return Stack(np.zeros(0), np.zeros((0, values.shape[1])))
    times, kept = t_s[known], values[known].astype(np.float64)
    width_s = max(view.length_s / points, 1e-9)
    pause = np.diff(times)
    broken = (pause > width_s) & ((np.diff(known) > 1) | (pause > GAP_S))
    run = np.append(0, np.cumsum(broken))
    part = np.floor((times - view.start_s) / width_s)
    starts = np.flatnonzero(np.append(True, (np.diff(part) != 0) | broken))
    means = np.add.reduceat(kept, starts, axis=0) / np.diff(np.append(starts, len(times)))[:, None]
    return _with_edges(times, means, starts, run)


def _with_edges(
    times: NDArray[np.float64], means: NDArray[np.float64], starts: NDArray[np.intp], run: NDArray[np.intp]
) -> Stack:
    """Each run of parts between two rows of zeros, its last value held until its last moment."""
    own = run[starts]
    first = np.flatnonzero(np.diff(own, prepend=-1))
    last = np.append(first[1:], len(own)) - 1
    end_s = times[np.append(np.flatnonzero(np.diff(run)), len(times) - 1)]
    held = end_s > times[starts[last]]
    nothing = np.zeros((len(first), means.shape[1]))
    moments = np.concatenate([times[starts[first]] - EDGE_S, times[starts], end_s[held], end_s + EDGE_S])
    rows = np.concatenate([nothing, means, means[last][held], nothing])
    order = np.argsort(moments, kind="stable")
    return Stack(moments[order], rows[order])
