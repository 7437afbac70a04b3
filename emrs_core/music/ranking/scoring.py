"""How well every song of a catalogue answers a waypoint, in whole columns at a time.

A song's score is the log density of the waypoint under the song's uncertain place, plus what the person is expected to
think of it, less what it costs to hear it again soon, plus what its being known or new is worth to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters
from emrs_core.music.goals import SONG_MINUTES
from emrs_core.music.ranking.selectable import Selectable, selectable
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
        self._songs = selectable(features, filters)
        self._standing: dict[Term, Column] = {}
        if rewards is not None:
            self._standing[Term.TASTE] = _taste(rewards, features, self._songs)
        if filters.novelty:
            self._standing[Term.KNOWN] = _known(features, self._songs, heard, filters.novelty)
        if len(heard.rows):
            self._standing[Term.FRESHNESS] = _lost(self._songs, heard, filters.novelty)
        self._sum = self._summed()

    @property
    def rows(self) -> NDArray[np.intp]:
        """(M,) the songs that may be taken, in the catalogue's order."""
        return self._songs.rows

    def scores(self, waypoint: AffectPoint) -> Column:
        """(M,) the higher the better, for the songs of ``rows``."""
        scores = self._fit(waypoint, self._songs.plane)
        if self._sum is not None:
            scores += self._sum
        return scores

    def parts(self, waypoint: AffectPoint, rows: NDArray[np.intp]) -> dict[Term, Column]:
        """The scores of those songs, all of them among ``rows``, term by term; terms that play no part are missing."""
        places = self._songs.places(rows)
        fit = self._fit(waypoint, self._songs.plane[:, places])
        return {Term.FIT: fit} | {term: column[places] for term, column in self._standing.items()}

    def mean_minutes(self) -> float:
        """How long a song that may be taken lasts on average; of those whose length is known."""
        lengths = self._f.duration_ms[self.rows]
        known = lengths[lengths > 0]
        return float(known.mean()) / MS_PER_MINUTE if len(known) else SONG_MINUTES

    def _fit(self, waypoint: AffectPoint, plane: Column) -> Column:
        """-1/2 (c - w)' (S + 0.15^2 I)^-1 (c - w) of songs at those places, at most 0; on the catalogue's own scale."""
        aim = self._songs.scale.aim(waypoint)
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
        total: Column = np.zeros(len(self.rows), np.float32)
        for term in self._standing.values():
            total += term
        return total


def _taste(rewards: Column, features: CatalogueFeatures, songs: Selectable) -> Column:
    if rewards.shape != (len(features),):
        raise ValueError(f"expected a reward for each of {len(features)} songs, got an array of shape {rewards.shape}")
    taste = np.float32(TASTE_WEIGHT) * np.asarray(songs.of(rewards), np.float32)
    taste[~np.isfinite(taste)] = 0.0
    return taste


def _known(features: CatalogueFeatures, songs: Selectable, heard: HeardRows, novelty: float) -> Column:
    """0.5 novelty (1 - 2 familiarity): a song is familiar by its popularity (unknown: middling), or when the person
    has heard its artist."""
    popularity = songs.of(features.popularity)
    familiar = np.where(np.isnan(popularity), np.float32(0.5), popularity)
    if len(heard.rows):
        artists = np.zeros(int(np.max(features.artist)) + 1, np.bool_)
        artists[features.artist[heard.rows]] = True
        familiar[artists[features.artist if songs.whole else features.artist[songs.rows]]] = 1.0
    familiar *= np.float32(-2.0 * KNOWN_WEIGHT * novelty)
    familiar += np.float32(KNOWN_WEIGHT * novelty)
    return familiar


def _lost(songs: Selectable, heard: HeardRows, novelty: float) -> Column:
    """-1.5 * 2^(-hours / 12) for each song heard; who likes the known minds a repeat half as much."""
    lost = np.zeros(len(songs.rows), np.float32)
    there = songs.among(heard.rows)
    cost = np.float32(-REPEAT_COST * (1.0 + 0.5 * novelty))
    lost[songs.places(heard.rows[there])] = cost * heard.recency[there]
    return lost
