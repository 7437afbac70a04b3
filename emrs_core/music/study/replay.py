"""Replaying a log: each rating is foreseen from those before it, then learned; how good were the forecasts?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DataError
from emrs_core.music.study.baselines import chance, item_features, means
from emrs_core.music.study.population import forecasts
from emrs_core.music.study.rating_log import RatingLog

Array = NDArray[np.float64]
MODELS: Mapping[str, Callable[[RatingLog], Array]] = MappingProxyType(
    {"chance": chance, "item_features": item_features, "means": means, "emrs": forecasts}
)
"""Each takes the log to (n,) forecasts, every one from the ratings before it alone."""


@dataclass(frozen=True, slots=True)
class Score:
    """``auc``: probability that a rating at or over the threshold was foreseen higher than one below it; None where
    all lie on one side. ``within_user_auc``: its mean over users who gave both. ``rmse`` in the ratings' own unit.
    """

    auc: float | None
    within_user_auc: float | None
    rmse: float
    n: int


def replay(
    log: RatingLog,
    threshold: float | None = None,
    score_from_s: float | None = None,
    on_model: Callable[[int], None] = lambda _: None,
) -> dict[str, Score]:
    """How well each of ``MODELS`` foresees the log. ``threshold``: by default the ratings' mean.

    ``on_model`` is told of each model that went through the log. Ratings before ``score_from_s`` are learned, not
    scored. Raises DataError when none is left to score.
    Source: Dawid (1984), Present position and potential developments: the prequential approach.
    """
    scored = np.ones(len(log), dtype=bool) if score_from_s is None else log.t >= score_from_s
    if not scored.any():
        raise DataError(
            f"No rating is as late as {score_from_s:g}, from when on to score; the last is at {log.t[-1]:g}."
        )
    high = log.rating >= (log.rating.mean() if threshold is None else threshold)
    found = {}
    for name, model in MODELS.items():
        forecast = model(log)[scored]
        error = forecast - log.rating[scored]
        found[name] = Score(
            auc=auc(high[scored], forecast),
            within_user_auc=_within(log.user[scored], high[scored], forecast),
            rmse=float(np.sqrt(np.mean(error * error))),
            n=int(scored.sum()),
        )
        on_model(1)
    return found


def auc(high: NDArray[np.bool_], forecast: Array) -> float | None:
    """Area under the ROC curve by ranks, ties counting half; None unless both classes occur.

    Source: Hanley & McNeil (1982), The meaning and use of the area under a receiver operating characteristic curve.
    """
    ones = int(high.sum())
    zeros = len(high) - ones
    if not ones or not zeros:
        return None
    _, place, counts = np.unique(forecast, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    return float((ranks[high].sum() - ones * (ones + 1) / 2.0) / (ones * zeros))


def _within(user: NDArray[np.intp], high: NDArray[np.bool_], forecast: Array) -> float | None:
    order = np.argsort(user, kind="stable")
    starts = np.flatnonzero(np.diff(user[order])) + 1
    of_users = [auc(high[rows], forecast[rows]) for rows in np.split(order, starts)]
    known = [one for one in of_users if one is not None]
    return float(np.mean(known)) if known else None
