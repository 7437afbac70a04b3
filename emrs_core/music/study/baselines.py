"""What a recommender must beat: chance, an item's facts alone, and the means of user and item."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.study.rating_log import RatingLog

Array = NDArray[np.float64]
DAMPING = 5.0
"""Ratings that the general mean is worth in a user's or an item's. The usual choice for damped means."""
LEVEL_VAR, FEATURE_VAR = 100.0, 0.05
"""Prior variances over the noise's: of the general level, and of each fact's weight (1/30 over .8^2)."""


def chance(log: RatingLog, seed: int = 0) -> Array:
    """(n,) each forecast a rating drawn from those before it."""
    rng = np.random.default_rng(seed)
    drawn = log.rating[(rng.random(len(log)) * np.arange(len(log))).astype(np.intp)]
    drawn[:1] = 0.0
    return drawn


def means(log: RatingLog) -> Array:
    """(n,) the general mean so far, plus how far the user's and the item's ratings lie from it, damped."""
    total, found = 0.0, np.empty(len(log))
    users, items = np.zeros((int(np.max(log.user)) + 1, 2)), np.zeros((len(log.features), 2))
    for t, (user, item, rating) in enumerate(zip(log.user, log.item, log.rating.tolist(), strict=True)):
        mean = total / max(t, 1)
        found[t] = mean + sum((s - n * mean) / (n + DAMPING) for s, n in (users[user], items[item]))
        total += rating
        users[user] += (rating, 1.0)
        items[item] += (rating, 1.0)
    return found


def item_features(log: RatingLog) -> Array:
    """(n,) ridge regression on the items' facts, alike for everybody, updated exactly with each rating."""
    rows = np.column_stack([np.ones(len(log.features)), log.features])
    mean = np.zeros(rows.shape[1])
    cov = np.diag([LEVEL_VAR] + [FEATURE_VAR] * log.features.shape[1])
    found = np.empty(len(log))
    for t, item in enumerate(log.item.tolist()):
        x = rows[item]
        found[t] = x @ mean
        gain = cov @ x
        step = gain / (1.0 + gain @ x)
        mean += step * (log.rating[t] - found[t])
        cov -= np.outer(step, gain)
    return found
