"""From a threshold to episodes: when a value stayed above (or below) it long enough to count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.intervals import GAP_S, Span, holds
from emrs_core.timeline.samples import Samples

LEAST_S = 1.0  # an expression shorter than this is more often noise than a mood
BRIDGE_S = 0.5  # two stretches nearer than this are one: Haar and a blink interrupt


@dataclass(frozen=True, slots=True, order=True)
class Episode(Span):
    """A stretch beyond the threshold; ``peak`` is the value farthest beyond it, ``peak_s`` when that was."""

    peak: float = 0.0
    peak_s: float = 0.0


def episodes(
    samples: Samples, values: NDArray[np.floating], threshold: float, *, above: bool = True,
    least_s: float = LEAST_S, bridge_s: float = BRIDGE_S,
) -> tuple[Episode, ...]:  # fmt: skip
    """Episodes of ``values`` (N,), one for each sample, NaN where unknown. A gap always ends an episode."""
    beyond = values > threshold if above else values < threshold  # NaN compares false
    rows = np.flatnonzero(beyond)
    if not len(rows):
        return ()
    ends_s = samples.t_s + holds(samples)
    pause = samples.t_s[rows[1:]] - ends_s[rows[:-1]]
    gap_between = np.diff(np.cumsum(np.append(0, np.diff(samples.t_s) > GAP_S))[rows]) > 0
    cuts = np.flatnonzero((pause > bridge_s + 1e-9) | gap_between) + 1
    found = []
    for part in np.split(rows, cuts):
        start_s, end_s = float(samples.t_s[part[0]]), float(ends_s[part[-1]])
        if end_s - start_s >= least_s - 1e-9:
            best = part[np.argmax(values[part]) if above else np.argmin(values[part])]
            found.append(Episode(start_s, end_s, float(values[best]), float(samples.t_s[best])))
    return tuple(found)
