"""The preference model of ``population`` in one pass, for logs too long for a joint solution.

The posterior is kept as a product of independent Gaussians: one for what all share, one for each user, one for each
item. A rating updates its three as if the others were known up to their present uncertainty (assumed-density
filtering); what is lost are the correlations between them. About 0.1 ms a rating.
Sources: Opper (1998), A Bayesian approach to on-line learning; Stern, Herbrich & Graepel (2009), Matchbox: large scale
online Bayesian recommendations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.study.rating_log import RatingLog

Array = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class _Block:
    """A Gaussian for each of G sets of priors: mean (G, p) and covariance (G, p, p)."""

    mean: Array
    cov: Array

    @classmethod
    def prior(cls, variances: Array) -> _Block:
        """Zero mean; ``variances`` (G, p)."""
        return cls(np.zeros_like(variances), variances[:, :, np.newaxis] * np.eye(variances.shape[1]))

    def learn(self, gain: Array, error: Array, spread: Array) -> None:
        """An error (G,) of variance ``spread`` (G,), to which this block added through ``gain`` = cov @ x (G, p)."""
        step = gain / spread[:, np.newaxis]
        self.mean += step * error[:, np.newaxis]
        self.cov -= step[:, :, np.newaxis] * gain[:, np.newaxis, :]


def filtered(log: RatingLog, x: Array, variances: Array, level_var: float) -> tuple[Array, Array]:
    """Forecasts (n, G) and their variances over the noise's, for G rows of prior variances.

    ``variances``: of a user's level, an item's level, a shared weight, a user's own weight; ``x`` (n, p).
    """
    weights = np.ones(x.shape[1])
    shared = _Block.prior(np.column_stack([np.full(len(variances), level_var), np.outer(variances[:, 2], weights)]))
    user_prior = np.column_stack([variances[:, 0], np.outer(variances[:, 3], weights)])
    users: dict[int, _Block] = {}
    items: dict[int, _Block] = {}
    means, spreads = np.empty((2, len(log), len(variances)))
    rows = np.column_stack([np.ones(len(log)), x])
    for t, (user, item) in enumerate(zip(log.user.tolist(), log.item.tolist(), strict=True)):
        if user not in users:
            users[user] = _Block.prior(user_prior)
        if item not in items:
            items[item] = _Block.prior(variances[:, 1:2])
        parts = ((shared, rows[t]), (users[user], rows[t]), (items[item], rows[t, :1]))
        gains = [block.cov @ part for block, part in parts]
        means[t] = sum(block.mean @ part for block, part in parts)
        spreads[t] = 1.0 + sum(gain @ part for gain, (_, part) in zip(gains, parts, strict=True))
        for (block, _), gain in zip(parts, gains, strict=True):
            block.learn(gain, log.rating[t] - means[t], spreads[t])
    return means, spreads
