"""Taking songs one by one from the best scored, so that the list is varied and keeps its rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures

CANDIDATES = 200
"""How many of the best scored are looked at closely."""
WIDER = 8
"""By how much the pool grows when the rules leave nothing in it."""
MIN_BRIGHT = 0.4
"""Share of a pool that must not be low in valence: every third song has to be such a one at least."""
MMR_LAMBDA = 0.7
"""Share of fitting in the choice; the rest is unlikeness to what was taken. The usual middle course."""
SAME_ARTIST, SAME_GENRE, SAME_SOUND = 0.4, 0.2, 0.4
"""What makes two songs alike; they sum to 1."""
FAR_JUMP, JUMP_COST = 0.35, 4.0
"""Plane units from one song to the next that pass unnoticed, and the cost of the square of what exceeds them."""
NOVELTY = 0.1
"""Score of a song whose artist was not heard lately: enough to settle near ties, no more."""
JITTER = 0.05
"""Largest random addition: songs closer than that cannot be told apart, so that visits need not be alike."""
WINDOW = 10
MAX_BY_ARTIST, MAX_OF_GENRE = 2, 5
"""In any ten in a row."""
LOW_VALENCE, MAX_LOW_IN_A_ROW = -0.3, 2
"""A third sad song in a row is never taken; see ``plane.LOWEST_TARGET_VALENCE``."""
REFUSED = np.float32(-np.inf)


class Picker:
    """Takes songs in the order they will be played. ``aim`` it at a waypoint's scores, then call ``next``."""

    def __init__(
        self,
        features: CatalogueFeatures,
        rng: np.random.Generator,
        heard: NDArray[np.intp],
        recency: NDArray[np.float32],
    ) -> None:
        """``heard`` are rows of songs, ``recency`` how recently each was, from 1 for just now towards 0."""
        self._f = features
        self._rng = rng
        self._artist_recency = np.zeros(int(features.artist.max()) + 1, np.float32)
        np.maximum.at(self._artist_recency, features.artist[heard], recency)
        self._taken: list[int] = []
        self._scores = np.empty(0, np.float32)
        self._pool = np.empty(0, np.intp)
        self._pool_scores = np.empty(0, np.float32)
        self._likeness = np.empty(0, np.float32)

    def aim(self, scores: NDArray[np.float32]) -> None:
        """Choose from now on by these (N,) scores, the higher the better. Keeps what was taken."""
        self._scores = scores
        self._open_pool(CANDIDATES)

    def next(self) -> tuple[int, float] | None:
        """Row and score of the next song; None when no song is left that keeps the rules."""
        place = self._best()
        while place is None and len(self._pool) < len(self._scores):
            self._open_pool(WIDER * len(self._pool))
            place = self._best()
        if place is None:
            return None
        row = int(self._pool[place])
        score = float(self._pool_scores[place] + self._jump_cost()[place])
        self._taken.append(row)
        self._likeness = np.maximum(self._likeness, self._likeness_to(row))
        return row, score

    def _open_pool(self, size: int) -> None:
        size += len(self._taken)
        best = _highest(self._scores, size)
        bright = self._f.plane[0, best] > LOW_VALENCE
        if len(best) < len(self._scores) and bright.mean() < MIN_BRIGHT:
            brighter = np.flatnonzero(self._f.plane[0] > LOW_VALENCE)
            best = np.union1d(best, brighter[_highest(self._scores[brighter], size)])
        self._set_pool(best)

    def _set_pool(self, rows: NDArray[np.intp]) -> None:
        self._pool = np.sort(rows)  # so that the jitter falls on the same songs whatever order they were found in
        novelty = 1.0 - self._artist_recency[self._f.artist[self._pool]]
        extra = NOVELTY * novelty + JITTER * self._rng.random(len(self._pool))
        self._pool_scores = self._scores[self._pool] + extra.astype(np.float32)
        self._likeness = np.zeros(len(self._pool), np.float32)
        for row in self._taken[-WINDOW:]:
            self._likeness = np.maximum(self._likeness, self._likeness_to(row))

    def _best(self) -> int | None:
        """Place in the pool of the best song allowed; the genre's rule gives way where it leaves none."""
        strict = self._keeps_the_rules()
        for allowed in (strict & self._keeps_genre(), strict):
            if allowed.any():
                return int(np.argmax(np.where(allowed, self._value(), REFUSED)))
        return None

    def _value(self) -> NDArray[np.float32]:
        fit = self._pool_scores + self._jump_cost()
        spread = max(float(fit.max() - fit.min()), 1e-6)
        fit = (fit - fit.min()) / np.float32(spread)
        return np.asarray(MMR_LAMBDA * fit - (1.0 - MMR_LAMBDA) * self._likeness, dtype=np.float32)

    def _jump_cost(self) -> NDArray[np.float32]:
        if not self._taken:
            return np.zeros(len(self._pool), np.float32)
        apart = self._f.plane[:, self._pool] - self._f.plane[:, self._taken[-1], np.newaxis]
        excess = np.maximum(0.0, np.hypot(apart[0], apart[1]) - np.float32(FAR_JUMP))
        return np.asarray(np.float32(-JUMP_COST) * excess * excess, dtype=np.float32)

    def _likeness_to(self, row: int) -> NDArray[np.float32]:
        """(P,) in [0, 1]: how alike each song of the pool is to that one."""
        sound = self._f.timbre[self._pool] - self._f.timbre[row]
        alike = np.exp(np.float32(-0.5) * np.mean(sound * sound, axis=1))
        same_artist = self._f.artist[self._pool] == self._f.artist[row]
        same_genre = self._f.genre[self._pool] == self._f.genre[row]
        return np.asarray(SAME_SOUND * alike + SAME_ARTIST * same_artist + SAME_GENRE * same_genre, dtype=np.float32)

    def _keeps_the_rules(self) -> NDArray[np.bool_]:
        allowed = ~np.isin(self._pool, self._taken)
        allowed &= ~np.isin(self._f.artist[self._pool], self._full(self._f.artist, MAX_BY_ARTIST))
        last = self._taken[-MAX_LOW_IN_A_ROW:]
        if len(last) == MAX_LOW_IN_A_ROW and bool(np.all(self._f.plane[0, last] <= LOW_VALENCE)):
            allowed &= self._f.plane[0, self._pool] > LOW_VALENCE
        return np.asarray(allowed)

    def _keeps_genre(self) -> NDArray[np.bool_]:
        return np.asarray(~np.isin(self._f.genre[self._pool], self._full(self._f.genre, MAX_OF_GENRE)))

    def _full(self, numbers: NDArray[np.int32], most: int) -> NDArray[np.int32]:
        """Artists (or genres) that had their share of the last nine."""
        names, counts = np.unique(numbers[self._taken[-(WINDOW - 1) :]], return_counts=True)
        return names[counts >= most]


def _highest(scores: NDArray[np.float32], size: int) -> NDArray[np.intp]:
    """Places of the ``size`` highest scores, in no order; of all where there are no more."""
    others = len(scores) - size
    return np.argpartition(scores, others)[others:] if others > 0 else np.arange(len(scores))
