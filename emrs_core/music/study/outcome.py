"""What the made-up listeners' visits say: gain with an interval, and how widely the songs are spread over artists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its bootstrap interval."""

    mean: float
    low: float
    high: float


def estimate(table: NDArray[np.float64], seed: int = 0) -> Estimate:
    """Mean of (listeners, seeds) with a 95 % percentile interval, listeners and seeds both drawn anew.

    Drawing both at once errs on the wide side. Source: Owen (2007), The pigeonhole bootstrap; Efron & Tibshirani
    (1993), An introduction to the bootstrap, chapter 13.
    """
    rng = np.random.default_rng(seed)
    listeners, seeds = table.shape
    of_listeners = rng.multinomial(listeners, np.full(listeners, 1 / listeners), RESAMPLES) / listeners
    of_seeds = rng.multinomial(seeds, np.full(seeds, 1 / seeds), RESAMPLES) / seeds
    means = ((of_listeners @ table) * of_seeds).sum(axis=1)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(table.mean()), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Spread:
    """How a visit's songs are spread over artists, as means over visits; ``coverage`` over all visits together."""

    artists: float  # different artists in a visit
    top_share: float  # of a visit's songs, by its most heard artist
    gini: float  # of songs over a visit's artists: 0 all alike, towards 1 a few have nearly all
    coverage: float  # share of the catalogue's artists that anybody heard


def spread(rows: NDArray[np.intp], artist: NDArray[np.int32]) -> Spread:
    """Of (visits, songs) rows of the catalogue, -1 for none; ``artist`` is the catalogue's (N,) column."""
    counts = [np.unique(artist[visit[visit >= 0]], return_counts=True)[1] for visit in rows]
    heard = np.unique(artist[rows[rows >= 0]])
    return Spread(
        artists=float(np.mean([len(one) for one in counts])),
        top_share=float(np.mean([float(np.max(one)) / float(np.sum(one)) for one in counts])),
        gini=float(np.mean([gini(one) for one in counts])),
        coverage=len(heard) / len(np.unique(artist)),
    )


def gini(counts: NDArray[np.intp]) -> float:
    """Mean absolute difference of two counts over twice their mean, in [0, 1). Source: Gini (1912)."""
    ordered = np.sort(counts).astype(np.float64)
    ranks = np.arange(1, len(ordered) + 1)
    return float(2.0 * (ranks @ ordered) / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered))
