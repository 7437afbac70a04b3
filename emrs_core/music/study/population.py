"""The recommender's preference model for many people and songs at once: every rating foreseen from those before it.

rating = level + u[user] + b[item] + x . (w + v[user]) + noise: the terms of a single listener's model
(``taste.posterior``) with what people share; x are the item's facts and the mood before. For a log of some thousand
ratings the forecasts are exact, from one Cholesky factor: the ratings are jointly Gaussian with covariance C = L L',
and of L z = ratings, z[t] L[t, t] is what rating t adds to those before it. Longer logs are filtered in one pass.
Sources: Bishop (2006), Pattern recognition and machine learning, section 6.4; Kailath (1968), An innovations approach
to least-squares estimation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.study.filtering import filtered
from emrs_core.music.study.rating_log import RatingLog

Array = NDArray[np.float64]

NOISE_VAR = 0.8**2
USER_VAR, ITEM_VAR, SHARED_VAR, PERSONAL_VAR = 1 / 5, 1 / 5, 1 / 30, 1 / 100
"""Prior variances of a user's and an item's level, of what all share of a feature, and of what is a user's own."""
LEVEL_VAR = 100.0
"""Of the level of all ratings, over the noise's: whatever the scale is, the first few ratings set it."""
MEMBERS = np.array(  # factors on (USER_VAR, ITEM_VAR, SHARED_VAR, PERSONAL_VAR)
    [(1, 1, 1, 1), (3, 1, 1, 1), (1, 3, 1, 1), (1, 1, 3, 3), (1, 1, 0.1, 0.1), (1, 1, 0.01, 0.01), (3, 3, 1, 3)],
    dtype=np.float64,
)
"""Strengths of the priors that are tried side by side; each speaks by how well it foresaw the ratings so far."""
TRUST = 1.0
"""Ratings that the first guess of the noise is worth."""
EXACT_UP_TO = 3000
"""Ratings: their covariances then fill 72 MB, and a factor takes about a second."""


def forecasts(log: RatingLog, exact_up_to: int = EXACT_UP_TO) -> Array:
    """(n,) each rating as expected from those before it in the log."""
    variances = MEMBERS * np.array([USER_VAR, ITEM_VAR, SHARED_VAR, PERSONAL_VAR]) / NOISE_VAR
    x = np.hstack([log.features[log.item], log.mood])
    if len(log) <= exact_up_to:
        pairs = [_exact(log, x, one) for one in variances]
        means, spreads = (np.stack([pair[part] for pair in pairs], axis=1) for part in (0, 1))
    else:
        means, spreads = filtered(log, x, variances, LEVEL_VAR)
    return _averaged(means, spreads, log.rating)


def _exact(log: RatingLog, x: Array, variances: Array) -> tuple[Array, Array]:
    """Forecasts (n,) and their variances over the noise's, for one set of prior variances."""
    of_user, of_item, shared, personal = variances
    alike = x @ x.T
    covariance = LEVEL_VAR + shared * alike + np.eye(len(log))
    covariance += (log.user[:, np.newaxis] == log.user) * (of_user + personal * alike)
    covariance += (log.item[:, np.newaxis] == log.item) * of_item
    root = np.linalg.cholesky(covariance)
    diagonal = np.diag(root)
    return log.rating - diagonal * np.linalg.solve(root, log.rating), diagonal**2


def _averaged(means: Array, spreads: Array, ratings: Array) -> Array:
    """(n,) mean of the members' forecasts (n, G), each weighed by the densities of its earlier ones.

    The noise's variance is unknown too (inverse gamma), so that a forecast is a Student t and ratings may have any
    scale. Source: Bishop (2006), sections 2.3.6 and 3.4.
    """
    surprise = (ratings[:, np.newaxis] - means) ** 2 / spreads
    squares = TRUST + _before(surprise)
    events = (TRUST + np.arange(len(ratings)))[:, np.newaxis]
    density = -0.5 * (np.log(squares / events * spreads) + (events + 1.0) * np.log1p(surprise / squares))
    share = _before(density)
    share = np.exp(share - share.max(axis=1, keepdims=True))
    return np.asarray((means * share).sum(axis=1) / share.sum(axis=1))


def _before(table: Array) -> Array:
    """Sums over the earlier rows."""
    return np.asarray(np.cumsum(table, axis=0) - table)
