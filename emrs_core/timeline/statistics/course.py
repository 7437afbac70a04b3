"""Valence and arousal over a session: level, trend, inertia and instability, on epochs of one second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emrs_core.timeline.statistics.bootstrap import (
    RESAMPLES,
    Autoregression,
    Estimate,
    Floats,
    autocorrelation,
    autoregression_of,
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
    return Course(
        _mean(series, known, rng, resamples), _slope(epochs.start_s / 60, series, known, rng, resamples),
        autocorrelation(series), mssd(series),
    )  # fmt: skip


def mssd(series: Floats) -> float | None:
    """Mean of the squared differences of neighbours that are both known; None without such a pair."""
    squares = pd.Series(series).diff() ** 2
    return float(squares.mean()) if squares.notna().any() else None


def _mean(series: Floats, known: NDArray[np.bool_], rng: np.random.Generator, resamples: int) -> Estimate:
    value = float(series[known].mean())
    return _estimate(value, known / known.sum(), autoregression_of(series), rng, resamples)


def _slope(
    minutes: Floats, series: Floats, known: NDArray[np.bool_], rng: np.random.Generator, resamples: int
) -> Estimate | None:
    """SciPy's, and for its interval as a weighted sum of the values; what wanders is what is left beside the line.

    The error that SciPy gives beside the slope is none: it takes neighbouring seconds for independent.
    """
    from scipy.stats import linregress  # loaded with the first figure, see bootstrap

    if known.sum() < 3:
        return None
    value = float(linregress(minutes[known], series[known]).slope)
    from_middle = np.where(known, minutes - minutes[known].mean(), 0.0)
    weights = from_middle / (from_middle @ from_middle)
    return _estimate(value, weights, autoregression_of(series, minutes), rng, resamples)


def _estimate(
    value: float, weights: Floats, model: Autoregression | None, rng: np.random.Generator, resamples: int
) -> Estimate:
    return Estimate(value) if model is None else model.intervals([value], weights[None], rng, resamples)[0]
