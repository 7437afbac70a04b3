"""How well every song of a catalogue answers a waypoint, in whole columns at a time.

A song's score is the log density of the waypoint under the song's uncertain place, plus what the person is expected to
think of it, less what it costs to hear it again soon, plus what its being known or new is worth to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters, passing
from emrs_core.music.goals import SONG_MINUTES
from emrs_core.music.ranking.scale import fit_scale
from emrs_core.music.ranking.terms import Term
from emrs_core.types import AffectPoint

Column = NDArray[np.float32]

TOLERANCE = 0.15
"""Plane units; how exactly a mood is meant."""
SONG_SD = (0.53, 0.49)
"""What a song's valence and energy leave open about felt valence and arousal, in plane units.

sqrt(1 - r^2) of a scale whose deviation is that of a uniform one, 0.577, with r = .41 and .54 between Spotify's numbers
and people's ratings of 328 songs. Wide on purpose: songs closer together than this cannot honestly be told apart.
"""
TASTE_WEIGHT = 1.0
"""Score of one unit of expected reward: as much as three quarters of a plane unit of fit. In field data taste weighs
more than the match with the mood."""
REPEAT_COST, REPEAT_HALF_LIFE_H = 1.5, 12.0
"""A song heard just now falls behind any that is less than about a plane unit farther; half a day halves that."""
KNOWN_WEIGHT = 0.5
"""Score between a song that everybody knows and one of middling fame, for somebody who wants the known (or, the other
way round, the new) as much as can be: half a plane unit of fit, so that the mood still decides between far places."""
MS_PER_MINUTE = 60_000.0
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, eq=False)
class HeardRows:
    """Songs heard before as rows, each once, and how recently: 2^(-hours / 12), from 1 for just now towards 0."""

    rows: NDArray[np.intp]
    recency: Column


class Scorer:
    """Scores for one list, of the songs that may be taken. What does not depend on the waypoint is added up once.

    Never writes to the catalogue's columns; not thread-safe.
    """

    def __init__(
        self,
        features: CatalogueFeatures,
        heard: HeardRows,
        filters: Filters = NO_FILTERS,
        rewards: Column | None = None,
    ) -> None:
        """``rewards``: (N,) as ``Preference.rewards`` gives them; None: nothing is known of the person's taste.

        Raises NoSongsLeft for filters that no song passes, CatalogueError where no song has a place on the plane.
        """
        self._f = features
        self._scale = fit_scale(features.plane)
        allowed = _allowed(features, filters)
        self.rows: NDArray[np.intp] = np.flatnonzero(allowed)  # (M,) the songs that may be taken
        self._all = len(self.rows) == len(features)
        self._plane = self._scale.plane if self._all else self._scale.plane[:, self.rows]
        self._standing: dict[Term, Column] = {}
        if rewards is not None:
            self._standing[Term.TASTE] = _taste(rewards, len(features))
        if filters.novelty:
            self._standing[Term.KNOWN] = _known(features, heard, filters.novelty)
        if len(heard.rows):
            self._standing[Term.FRESHNESS] = _lost(features, heard, filters.novelty)
        self._sum = self._summed()

    def scores(self, waypoint: AffectPoint) -> Column:
        """(M,) the higher the better, for the songs of ``rows``."""
        scores = self._fit(waypoint, self._plane)
        if self._sum is not None:
            scores += self._sum
        return scores

    def parts(self, waypoint: AffectPoint, rows: NDArray[np.intp]) -> dict[Term, Column]:
        """The scores of those songs, term by term; terms that play no part are missing."""
        fit = self._fit(waypoint, self._scale.plane[:, rows])
        return {Term.FIT: fit} | {term: column[rows] for term, column in self._standing.items()}

    def mean_minutes(self) -> float:
        """How long a song that may be taken lasts on average; of those whose length is known."""
        lengths = self._f.duration_ms[self.rows]
        known = lengths[lengths > 0]
        return float(known.mean()) / MS_PER_MINUTE if len(known) else SONG_MINUTES

    def _fit(self, waypoint: AffectPoint, plane: Column) -> Column:
        """-1/2 (c - w)' (S + 0.15^2 I)^-1 (c - w) of songs at those places, at most 0; on the catalogue's own scale."""
        aim = self._scale.aim(waypoint)
        scale_v, scale_a = (np.float32(-0.5 / (sd**2 + TOLERANCE**2)) for sd in SONG_SD)
        across = plane[0] - np.float32(aim.valence)
        scores: Column = across * across
        scores *= scale_v
        np.subtract(plane[1], np.float32(aim.arousal), out=across)
        across *= across
        across *= scale_a
        scores += across
        return scores

    def _summed(self) -> Column | None:
        """(M,) what each song has at every waypoint; None where that is nothing."""
        if not self._standing:
            return None
        total: Column = np.zeros(len(self._f), np.float32)
        for term in self._standing.values():
            total += term
        return total if self._all else total[self.rows]


def _allowed(features: CatalogueFeatures, filters: Filters) -> NDArray[np.bool_]:
    """(N,) the songs that have a place on the plane and pass the filters; at least one."""
    placed: NDArray[np.bool_] = ~(np.isnan(features.plane[0]) | np.isnan(features.plane[1]))
    if not placed.any():
        raise CatalogueError("No song of the catalogue has both a valence and an energy; import them with the songs.")
    return passing(features, filters, placed) if filters.in_use else placed


def _taste(rewards: Column, count: int) -> Column:
    if rewards.shape != (count,):
        raise ValueError(f"expected a reward for each of {count} songs, got an array of shape {rewards.shape}")
    taste = np.float32(TASTE_WEIGHT) * np.asarray(rewards, np.float32)
    taste[~np.isfinite(taste)] = 0.0
    return taste


def _known(features: CatalogueFeatures, heard: HeardRows, novelty: float) -> Column:
    """0.5 novelty (1 - 2 familiarity): a song is familiar by its popularity (unknown: middling), or when the person
    has heard its artist."""
    familiar = np.where(np.isnan(features.popularity), np.float32(0.5), features.popularity)
    artists = np.zeros(int(np.max(features.artist)) + 1, np.bool_)
    artists[features.artist[heard.rows]] = True
    familiar[artists[features.artist]] = 1.0
    familiar *= np.float32(-2.0 * KNOWN_WEIGHT * novelty)
    familiar += np.float32(KNOWN_WEIGHT * novelty)
    return familiar


def _lost(features: CatalogueFeatures, heard: HeardRows, novelty: float) -> Column:
    """-1.5 * 2^(-hours / 12) for each song heard; who likes the known minds a repeat half as much."""
    lost = np.zeros(len(features), np.float32)
    lost[heard.rows] = np.float32(-REPEAT_COST * (1.0 + 0.5 * novelty)) * heard.recency
    return lost
