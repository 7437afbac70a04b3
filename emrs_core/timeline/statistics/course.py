"""Valence and arousal over a session: level, trend, inertia and instability, on epochs of one second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.statistics.bootstrap import (
    RESAMPLES,
    Estimate,
    Floats,
    autocorrelation,
    block_length,
    estimates,
)
from emrs_core.timeline.statistics.epochs import Epochs


@dataclass(frozen=True, slots=True)
class Course:
    """One dimension of the plane over a session. None where there is too little to say.

    ``mean`` and ``slope_per_min`` (least squares) are in plane units. ``inertia`` is the lag-1 autocorrelation: how
    much of a deviation is still there a second later (Kuppens, Allen & Sheeber 2010, Emotional inertia and
    psychological maladjustment). ``instability`` is the mean squared successive difference, MSSD (von Neumann et al.
    1941; for affect Jahng, Wood & Trull 2008, Analysis of affective instability).
    """

    mean: Estimate | None
    slope_per_min: Estimate | None
    inertia: float | None
    instability: float | None


def course_of(epochs: Epochs, axis: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> Course:
    """``axis`` 0 is valence, 1 arousal. Gaps stay gaps: no pair of epochs reaches across one."""
    series = epochs.point[:, axis]
    known = ~np.isnan(series)
    if not known.any():
        return Course(None, None, None, None)
    length = block_length(series)
    minutes, values = epochs.start_s[known] / 60, series[known]
    (mean,) = estimates(np.stack([np.ones_like(values), values], axis=1), _mean, length, rng, resamples)
    slope = _slope(minutes, values, length, rng, resamples)
    return Course(mean, slope, autocorrelation(series), mssd(series))


def mssd(series: Floats) -> float | None:
    """Mean of the squared differences of neighbours that are both known; None without such a pair."""
    steps = np.diff(series)
    steps = steps[~np.isnan(steps)]
    return float(np.mean(steps**2)) if len(steps) else None


def _slope(minutes: Floats, values: Floats, length: int, rng: np.random.Generator, resamples: int) -> Estimate | None:
    if len(values) < 3:
        return None
    t = minutes - minutes.mean()  # centred, so that the sums below lose no digits
    v = values - values.mean()
    sums = np.stack([np.ones_like(t), t, v, t * t, t * v], axis=1)
    (slope,) = estimates(sums, _least_squares, length, rng, resamples)
    return slope


def _mean(sums: Floats) -> Floats:
    means: Floats = sums[:, 1:] / sums[:, :1]
    return means


def _least_squares(sums: Floats) -> Floats:
    n, t, v, tt, tv = sums.T
    spread = n * tt - t * t
    slope: Floats = np.divide(n * tv - t * v, spread, out=np.full_like(spread, np.nan), where=spread > 1e-12)
    column: Floats = slope[:, None]
    return column
