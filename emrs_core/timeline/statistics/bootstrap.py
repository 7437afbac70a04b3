"""Intervals for a series whose neighbours resemble each other: the circular block bootstrap.

One second of a face is much like the next. Resampling single epochs would take them for independent and give
intervals far too narrow, so whole blocks are drawn. Sources: Künsch (1989), The jackknife and the bootstrap for general
stationary observations; Politis & Romano (1992), A circular block-resampling procedure for stationary data. The
block's length is the plug-in rule for a first-order autoregression with the Bartlett kernel, to whose bandwidth the
block corresponds: Andrews (1991), Heteroskedasticity and autocorrelation consistent covariance matrix estimation,
section 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""(R, K) sums over all epochs -> (R, M) figures."""

LEVEL = 0.95
RESAMPLES = 1000  # the ends of a 95 % interval then vary by a few per cent of its width
LEAST_BLOCKS = 4  # with fewer the drawn series are all alike: no interval is better than a false one
MOST_BLOCKS = 400  # of a long session; longer blocks than the rule's are as valid, more of them cost only time
HIGHEST_AUTOCORRELATION = 0.97  # the rule's block grows without bound towards 1
CHUNK_CELLS = 4_000_000  # drawn numbers held at once: 32 MB


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; ``low`` and ``high`` are None where there is too little to say."""

    value: float
    low: float | None = None
    high: float | None = None


def autocorrelation(series: Floats, lag: int = 1) -> float | None:
    """Pearson's correlation of a series with itself ``lag`` steps later, over the pairs where both are known.

    None with fewer than three pairs or without any variation.
    """
    first, second = series[:-lag], series[lag:]
    both = ~(np.isnan(first) | np.isnan(second))
    if both.sum() < 3:
        return None
    a, b = first[both] - first[both].mean(), second[both] - second[both].mean()
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return None if scale < 1e-12 else max(-1.0, min(1.0, float(a @ b) / scale))


def block_length(series: Floats) -> int:
    """Epochs a block, from the series' own lag-1 autocorrelation r: (sqrt(6) r / (1 - r^2))^(2/3) T^(1/3)."""
    known = int((~np.isnan(series)).sum())
    r = float(min(autocorrelation(series) or 0.0, HIGHEST_AUTOCORRELATION))
    if known == 0 or r <= 0:
        return 1
    return max(1, math.ceil(math.pow(math.sqrt(6) * r / (1 - r * r), 2 / 3) * math.pow(known, 1 / 3)))


def resample(sums: Floats, length: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> Floats | None:
    """(R, K) totals of drawn series as long as this one; ``sums`` is (T, K), a row an epoch. None if too short."""
    epochs = len(sums)
    length = max(length, math.ceil(epochs / MOST_BLOCKS))
    blocks = math.ceil(epochs / length)
    if epochs < LEAST_BLOCKS or blocks < LEAST_BLOCKS:
        return None
    wrapped = np.concatenate([np.zeros((1, sums.shape[1])), sums, sums[: length - 1]]).cumsum(axis=0)
    block_sums = wrapped[length : length + epochs] - wrapped[:epochs]  # (T, K): one at every start
    chunk = max(1, CHUNK_CELLS // (blocks * sums.shape[1]))
    parts = [
        block_sums[rng.integers(0, epochs, (min(chunk, resamples - done), blocks))].sum(axis=1)
        for done in range(0, resamples, chunk)
    ]
    return np.concatenate(parts)


def estimates(
    sums: Floats, statistic: Statistic, length: int, rng: np.random.Generator, resamples: int = RESAMPLES
) -> tuple[Estimate, ...]:
    """The figures of all epochs, each with the percentile interval over drawn series."""
    values = statistic(sums.sum(axis=0, keepdims=True))[0]
    drawn = resample(sums, length, rng, resamples)
    if drawn is None:
        return tuple(Estimate(float(value)) for value in values)
    low, high = percentiles(statistic(drawn))
    return tuple(
        Estimate(float(v), *((None, None) if math.isnan(a) or math.isnan(v) else (float(a), float(b))))
        for v, a, b in zip(values, low, high, strict=True)
    )


def percentiles(drawn: Floats) -> Floats:
    """(2, M) lower and upper end of the interval for each column of (R, M) drawn figures."""
    ends = np.full((2, drawn.shape[1]), np.nan)
    for column in range(drawn.shape[1]):
        known = drawn[~np.isnan(drawn[:, column]), column]
        if len(known) >= len(drawn) / 2:  # a figure that mostly cannot be computed has no interval
            ends[:, column] = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return ends
