"""Intervals for a series whose neighbours resemble each other: the sieve bootstrap.

One second of a face is much like the next. Taken for independent they would give intervals far too narrow, and half a
minute before a song holds but one or two independent looks: from those seconds alone no interval can be had. So the
whole session says how its values follow each other (an autoregression), and whatever is asked of some stretch is asked
again of many series made up by that model. Any weighted sum of the values will do: a mean, a slope, a difference of
two means, with gaps where they were.

Sources: Bühlmann (1997), Sieve bootstrap for time series, Bernoulli 3(2), 123-148; that it holds for means of far more
than linear processes, Kreiss, Paparoditis & Politis (2011), On the range of validity of the autoregressive sieve
bootstrap, Annals of Statistics 39(4). The order is chosen by Schwarz (1978), Estimating the dimension of a model. Short
series give coefficients that are too small; the correction is that of a first-order autoregression in Marriott & Pope
(1954), Bias in the estimation of autocorrelations, Biometrika 41, laid on the coefficients' sum.

Lines, least squares and the recursion are SciPy's, the correlation is pandas'. What is put together of them here is in
no library: statsmodels' autoregressions want a series without holes, the Yule-Walker equations autocovariances that
fit together, which those over holes need not, and scipy.stats.bootstrap independent values. SciPy is loaded with the
first figure, not with the dashboard: it takes tens of megabytes, and most visits ask for no figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
RESAMPLES = 1000  # the ends of a 95 % interval then vary by a few per cent of its width
LEAST_ROWS = 30  # epochs with all their forerunners known: fewer say nothing of how values follow each other
HIGHEST_ORDER = 8  # seconds looked back; the calm reading averages over fewer
ROWS_PER_ORDER = 10  # of a short series the order stays lower
SLOWEST = 0.99  # largest root: of a deviation half is left after 69 s, longer than any session can tell
MEMORY_EPOCHS = 1_000  # a shock is followed so long at most
FLAT = 1e-9  # plane units or shares: what varies by less is rounding, no movement
FORGOTTEN = 1e-3  # of a shock's largest trace; less is nothing
DRAWN_SHOCKS = 400  # those that weigh most; the many lesser ones add up to a normal distribution


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
    values = pd.Series(series)
    pairs = pd.DataFrame({"now": values, "later": values.shift(-lag)}).dropna()
    if len(pairs) < 3 or pairs.std().min() < FLAT:
        return None
    return float(pairs["now"].corr(pairs["later"]))


@dataclass(frozen=True, slots=True, eq=False)
class Autoregression:
    """A model of a series around its level (p may be 0): ``x[t] = sum(coefficients[k] x[t-1-k]) + one of shocks``."""

    coefficients: Floats  # (p,)
    shocks: Floats  # (n,) with mean 0
    response: Floats  # (m,) what one shock of size 1 leaves in the series, at once and in the epochs after it

    def intervals(
        self, values: Sequence[float], weights: Floats, rng: np.random.Generator, resamples: int = RESAMPLES
    ) -> tuple[Estimate, ...]:
        """Each of ``values``, the sums of ``weights`` (K, T) times the series, with percentiles over drawn series."""
        ends = np.quantile(self.drawn_sums(weights, rng, resamples), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        return tuple(Estimate(v, v + float(a), v + float(b)) for v, a, b in zip(values, *ends, strict=True))

    def drawn_sums(self, weights: Floats, rng: np.random.Generator, resamples: int = RESAMPLES) -> Floats:
        """(R, K) weighted sums of drawn series, around 0."""
        reach = self._reach(weights)
        order = np.argsort(-np.abs(reach).max(axis=1))
        heavy, light = reach[order[:DRAWN_SHOCKS]], reach[order[DRAWN_SHOCKS:]]
        drawn: Floats = rng.choice(self.shocks, (resamples, len(heavy))) @ heavy
        if len(light):
            values, axes = np.linalg.eigh(light.T @ light)
            root = axes * (self.shocks.std() * np.sqrt(np.maximum(values, 0.0)))
            drawn += rng.normal(size=(resamples, len(values))) @ root.T
        return drawn

    def spread(self, weights: Floats) -> Floats:
        """(K,) standard deviation of the weighted sums over series of the model."""
        deviations: Floats = self.shocks.std() * np.sqrt((self._reach(weights) ** 2).sum(axis=0))
        return deviations

    def _reach(self, weights: Floats) -> Floats:
        """(S, K) how much each shock adds to the sums in the end; those before the first epoch come first.

        No series need be made: a sum over the series is a sum over its shocks.
        """
        return np.stack([np.convolve(row[::-1], self.response)[::-1] for row in weights], axis=1)


def autoregression_of(series: Floats, trend_over: Floats | None = None) -> Autoregression | None:
    """The model of ``series`` (T,), NaN where unknown, around its mean. None where too short, or never moving.

    With ``trend_over`` (T,), the times of its values, it is one around the straight line through them.
    """
    level = _levelled(series, trend_over)
    highest = min(HIGHEST_ORDER, int((~np.isnan(series)).sum()) // ROWS_PER_ORDER)
    rows = np.stack([level[highest - k : len(level) - k] for k in range(highest + 1)], axis=1)
    rows = rows[~np.isnan(rows).any(axis=1)]
    if len(rows) < LEAST_ROWS or np.ptp(rows[:, 0]) < FLAT:
        return None
    coefficients = min((_fit(rows, order) for order in range(highest + 1)), key=lambda fit: fit[0])[1]
    coefficients = _steadied(_unbiased(coefficients, len(rows), trend_over is not None))
    shocks = rows[:, 0] - rows[:, 1 : 1 + len(coefficients)] @ coefficients
    shocks = (shocks - shocks.mean()) * math.sqrt(len(rows) / (len(rows) - len(coefficients) - 1))
    return Autoregression(coefficients, shocks, _response(coefficients))


def _levelled(series: Floats, trend_over: Floats | None) -> Floats:
    known = ~np.isnan(series)
    if trend_over is not None and known.sum() > 2:
        from scipy.stats import linregress

        line = linregress(trend_over[known], series[known])
        return np.asarray(series - line.intercept - line.slope * trend_over)
    return np.asarray(series - series[known].mean()) if known.any() else series


def _fit(rows: Floats, order: int) -> tuple[float, Floats]:
    """Schwarz's criterion and the least-squares coefficients; all orders see the same rows."""
    from scipy.linalg import lstsq

    now, before = rows[:, 0], rows[:, 1 : order + 1]
    rounding = len(rows) * float(np.finfo(np.float64).eps)  # columns that say the same differ by no more
    coefficients = np.asarray(lstsq(before, now, cond=rounding)[0] if order else np.zeros(0), np.float64)
    spread = float(np.mean((now - before @ coefficients) ** 2))
    return len(rows) * math.log(max(spread, 1e-300)) + order * math.log(len(rows)), coefficients


def _unbiased(coefficients: Floats, rows: int, trend: bool) -> Floats:
    """Their sum s grows by (1 + 3 s) / n, around a line by (2 + 4 s) / n; an alternating series stays as it is."""
    total = float(coefficients.sum())
    if total <= 0:
        return coefficients
    lost = (2 + 4 * total if trend else 1 + 3 * total) / rows
    return coefficients * (min(total + lost, max(total, SLOWEST)) / total)


def _steadied(coefficients: Floats) -> Floats:
    """The same with every root at most SLOWEST: a series that runs away has no mean to be uncertain of."""
    if not len(coefficients):
        return coefficients
    largest = float(np.abs(np.roots([1.0, *(-coefficients)])).max())
    if largest <= SLOWEST:
        return coefficients
    return coefficients * (SLOWEST / largest) ** np.arange(1, len(coefficients) + 1)


def _response(coefficients: Floats) -> Floats:
    """Cut where as many epochs as the model looks back at are next to nothing: what follows them is so too."""
    from scipy.signal import lfilter, unit_impulse

    if not (order := len(coefficients)):
        return np.ones(1)
    found: Floats = lfilter([1.0], [1.0, *-coefficients], unit_impulse(MEMORY_EPOCHS))
    size = np.abs(found)
    recent = np.lib.stride_tricks.sliding_window_view(size, order).max(axis=1)
    faded = np.flatnonzero(recent < FORGOTTEN * np.maximum.accumulate(size)[order - 1 :])
    return found[: faded[0] + order] if len(faded) else found
