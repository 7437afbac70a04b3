"""How much of a session the face could be read, and how much of it showed each emotion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.statistics.bootstrap import LEVEL, Estimate, Floats, autoregression_of
from emrs_core.timeline.statistics.epochs import Epochs
from emrs_core.types import EMOTIONS


@dataclass(frozen=True, slots=True)
class TimeShare:
    """For how long a name held, and which share of the time that was (a share in [0, 1] with its interval)."""

    name: str
    seconds: float
    share: Estimate


def valid_face_share(epochs: Epochs) -> float:
    """Seconds with a readable face over seconds recorded, in [0, 1]; 0 where nothing was recorded."""
    recorded = float(epochs.recorded_s.sum())
    return float(epochs.valid_s.sum()) / recorded if recorded else 0.0


def time_per_mood(epochs: Epochs) -> tuple[TimeShare, ...]:
    """The calm reading: seconds and share of each name of MOOD_NAMES, of all recorded time."""
    return _shares(epochs.mood_s, MOOD_NAMES)


def time_per_raw_emotion(epochs: Epochs) -> tuple[TimeShare, ...]:
    """The single looks: seconds and share of each emotion at the top, of the time with a look."""
    return _shares(epochs.raw_s, tuple(str(e) for e in EMOTIONS))


def wilson(share: float, size: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in ``size`` independent looks (need not be whole, at least above 0).

    Written out, since SciPy's (``binomtest``) takes whole numbers of looks and effective sizes are none.
    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
    """
    from scipy.special import ndtri  # loaded with the first figure, see bootstrap

    z = float(ndtri((1 + LEVEL) / 2))
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def _shares(seconds: Floats, names: tuple[str, ...]) -> tuple[TimeShare, ...]:
    """Wilson's intervals with effective sizes: a name that never held has the smallest size among the others."""
    totals, spent = seconds.sum(axis=0), seconds.sum(axis=1)
    if not spent.any():
        return tuple(TimeShare(name, 0.0, Estimate(0.0)) for name in names)
    series = np.divide(seconds, spent[:, None], out=np.full_like(seconds, np.nan), where=spent[:, None] > 0)
    weights = spent / spent.sum()
    sizes = [_effective_size(series[:, k], weights) for k in range(len(names))]
    smallest = min((size for size in sizes if size is not None), default=None)
    found = []
    for name, total, own in zip(names, totals, sizes, strict=True):
        share, size = min(1.0, float(total / spent.sum())), smallest if own is None else own
        found.append(TimeShare(name, float(total), Estimate(share, *(wilson(share, size) if size else ()))))
    return tuple(found)


def _effective_size(series: Floats, weights: Floats) -> float | None:
    """How many independent looks would tell the share as well as this session does. None where nothing varies.

    The binomial variance over that of the mean of such a series; no library has it for one with holes. Source of the
    use of it in an interval for a share: Korn & Graubard (1998), Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data, Survey Methodology 24, 193-201.
    """
    model = autoregression_of(series)
    if model is None:
        return None
    share, most = float(np.nansum(weights * series)), float(np.count_nonzero(weights))
    variance = float(model.spread(weights[None])[0]) ** 2
    return most if variance * most < share * (1 - share) else share * (1 - share) / variance
