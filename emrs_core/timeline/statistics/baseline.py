"""A neutral face is not the same in everybody: readings less those of the person's own calibrated neutral face.

The raw readings are never changed; what is subtracted is a second set beside them. Source of the practice: individual
calibration by subtraction of a neutral reference, as in Ekman, Friesen & Hager (2002), Facial Action Coding System: an
action is a change from the neutral face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.affect import point_of
from emrs_core.timeline.events import Baseline
from emrs_core.timeline.review import current
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import Timeline
from emrs_core.types import AffectPoint


@dataclass(frozen=True, slots=True, eq=False)
class LessBaseline:
    """Differences from the neutral face: rows as in the samples, NaN where those are NaN, not clipped."""

    raw: NDArray[np.float32]  # (N, 7) in [-1, 1]
    smoothed: NDArray[np.float32]  # (N, 7) in [-1, 1]
    point: NDArray[np.float32]  # (N, 2) in [-2, 2]


def baseline_of(timeline: Timeline) -> Baseline | None:
    """The session's last calibration, None without one."""
    found = [e for e in current(timeline).events if isinstance(e, Baseline)]
    return found[-1] if found else None


def neutral_place(baseline: Baseline) -> AffectPoint:
    """Where the calibrated neutral face lies on the plane."""
    return point_of(baseline.probabilities)


def less_baseline(samples: Samples, baseline: Baseline) -> LessBaseline:
    """The samples' readings less the baseline's probabilities, and less the place on the plane that these have."""
    neutral = np.array(baseline.probabilities, dtype=np.float32)
    place = neutral_place(baseline)
    at = np.array([place.valence, place.arousal], dtype=np.float32)
    return LessBaseline(samples.raw - neutral, samples.smoothed - neutral, samples.point - at)
