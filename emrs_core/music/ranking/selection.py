"""Taking songs one by one from the best scored, so that the list is varied and keeps its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.ranking.order import SongOrder, share_of
from emrs_core.music.ranking.pool import WINDOW, Pool
from emrs_core.music.ranking.scoring import Column, HeardRows, Scorer
from emrs_core.music.ranking.terms import Term, Terms
from emrs_core.types import AffectPoint

CANDIDATES = 200
"""How many of the best scored are looked at closely."""
WIDER = 8
"""By how much the pool grows when the rules leave nothing in it."""
MIN_BRIGHT = 0.4
"""Share of a pool that must not be low in valence: every third song has to be such a one at least."""
NOVELTY = 0.1
"""Score of a song whose artist was not heard lately: enough to settle near ties, no more."""
JITTER = 0.05
"""Largest random addition: songs closer than that cannot be told apart, so that visits need not be alike."""
MAX_BY_ARTIST, MAX_OF_GENRE = 2, 5
"""In any ``WINDOW`` in a row."""
LOW_VALENCE, MAX_LOW_IN_A_ROW = -0.3, 2
"""A third sad song in a row is never taken; see ``plane.LOWEST_TARGET_VALENCE``."""


def is_low(point: AffectPoint) -> bool:
    """Whether a song lying there counts as a sad one."""
    return point.valence <= LOW_VALENCE


@dataclass(frozen=True, slots=True)
class Pick:
    """A song taken: its row, its score, and what spoke for it."""

    row: int
    score: float
    terms: Terms


class Picker:
    """Takes songs in the order they will be played. ``aim`` it at a waypoint, then call ``next``. Not thread-safe."""

    def __init__(
        self,
        features: CatalogueFeatures,
        scorer: Scorer,
        heard: HeardRows,
        seed: int,
        played: Sequence[int] = (),
        before: Sequence[int] = (),
    ) -> None:
        """``played`` are the rows of songs of this list that were heard already, ``before`` of those that were on
        before it: the rules count both in, and only the latter may be taken again."""
        self._f = features
        self._scorer = scorer
        self._order = SongOrder(features, seed)
        self._artist_recency = np.zeros(int(np.max(features.artist)) + 1, np.float32)
        np.maximum.at(self._artist_recency, features.artist[heard.rows], heard.recency)
        self._unnamed = features.genre_names.index("") if "" in features.genre_names else -1
        self._taken: list[int] = [*before, *played]
        self._own = len(before)  # from there on it is this list's
        self._waypoint: AffectPoint | None = None
        self._scores: Column = np.empty(0, np.float32)
        self._pool: Pool | None = None
        self._bright: NDArray[np.intp] | None = None

    def aim(self, waypoint: AffectPoint) -> None:
        """Choose for that place from now on. Keeps what was taken."""
        if waypoint != self._waypoint:
            self._waypoint = waypoint
            self._scores = self._scorer.scores(waypoint)
            self._pool = self._opened(waypoint, CANDIDATES)

    def next(self) -> Pick | None:
        """The next song; None when no song is left that keeps the rules. Raises ValueError before the first aim."""
        if self._waypoint is None or self._pool is None:
            raise ValueError("aim at a waypoint before asking for a song")
        place = self._best(self._pool)
        while place is None and len(self._pool) < len(self._scorer.rows):
            self._pool = self._opened(self._waypoint, WIDER * len(self._pool))
            place = self._best(self._pool)
        if place is None:
            return None
        pick = Pick(int(self._pool.rows[place]), self._pool.score(place), self._pool.terms(place))
        self._taken.append(pick.row)
        self._pool.follow(pick.row)
        return pick

    def _opened(self, waypoint: AffectPoint, size: int) -> Pool:
        best = self._order.best(self._scorer.rows, self._scores, size)
        bright = self._f.plane[0, best] > LOW_VALENCE
        if len(best) < len(self._scorer.rows) and bright.mean() < MIN_BRIGHT:
            places = self._brighter()
            best = np.union1d(best, self._order.best(self._scorer.rows[places], self._scores[places], size))
        rows, keys = self._order.sorted(best)
        pool = Pool(self._f, rows, self._parts(waypoint, rows), np.float32(JITTER) * share_of(keys), self._unnamed)
        for row in self._taken[-WINDOW:]:
            pool.follow(row)
        pool.free = ~np.isin(rows, self._taken[self._own :])
        return pool

    def _brighter(self) -> NDArray[np.intp]:
        """Places in the scores of the songs that are not low; found once a list."""
        if self._bright is None:
            self._bright = np.flatnonzero(self._f.plane[0, self._scorer.rows] > LOW_VALENCE)
        return self._bright

    def _parts(self, waypoint: AffectPoint, rows: NDArray[np.intp]) -> dict[Term, Column]:
        """The score of those songs, term by term."""
        parts = self._scorer.parts(waypoint, rows)
        parts[Term.ARTIST] = np.float32(NOVELTY) * (1 - self._artist_recency[self._f.artist[rows]])
        return parts

    def _best(self, pool: Pool) -> int | None:
        """Place in the pool of the best song allowed; the genre's rule gives way where it leaves none."""
        strict = self._keeps_the_rules(pool)
        if not strict.any():
            return None
        varied = strict & ~self._full(self._f.genre, pool.genre, MAX_OF_GENRE)
        allowed = varied if varied.any() else strict
        return int(np.argmax(np.where(allowed, pool.value(), np.float32(-np.inf))))

    def _keeps_the_rules(self, pool: Pool) -> NDArray[np.bool_]:
        allowed = pool.free & ~self._full(self._f.artist, pool.artist, MAX_BY_ARTIST)
        last = self._taken[-MAX_LOW_IN_A_ROW:]
        if len(last) == MAX_LOW_IN_A_ROW and bool(np.all(self._f.plane[0, last] <= LOW_VALENCE)):
            allowed &= pool.valence > LOW_VALENCE
        return allowed

    def _full(self, column: NDArray[np.int32], names: NDArray[np.int32], most: int) -> NDArray[np.bool_]:
        """(P,) which of the names (numbers of artists, or of genres) had their share of the last nine songs."""
        full = np.zeros(len(names), np.bool_)
        for name, count in Counter(column[self._taken[-(WINDOW - 1) :]].tolist()).items():
            if count >= most:
                full |= names == name
        return full
