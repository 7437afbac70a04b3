"""What a person is expected to think of each song: the preference that ranking adds to the fit with the mood."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.taste.feedback import REWARDS, Feedback, FeedbackKind
from emrs_core.music.taste.posterior import Array, Draw, Observations, Posterior, fit
from emrs_core.music.taste.traits import GUESSES, Traits, traits_of
from emrs_core.types import AffectPoint

PATTERN_FROM = 0.9
"""Probability of having preferences from which on they count; until then only songs that were refused move.

From there on they count with a share that grows from 0 to 1 at certainty, so that what looks like a pattern for a while
moves little. Guessing earlier costs listeners without preferences more than it is worth to the others.
"""
EXPLORATION = 0.1
"""Share of the posterior's deviation in a Thompson draw. A whole one would often play what hardly pleases; of 0, .1 and
.3, a tenth gained most on made-up listeners, by little."""
DISLIKED_COST = 0.5
"""A song with a thumb down is held back by that itself, whatever is believed of songs like it."""
WRONG_MOOD_COST, WRONG_MOOD_REACH = 1.0, 0.35
"""A song said not to fit a mood is held back as much as a thumb down, near that mood: plane units of a deviation."""


class TasteModel:
    """``music.preference.Preference``: an online Bayesian linear model, remade from the log whenever that changed.

    A function of the set of opinions alone: their order does not matter and undoing one restores exactly what was
    before. Immutable; safe from any thread.
    """

    def __init__(self, feedback: Sequence[Feedback] = ()) -> None:
        # In an order of their own, so that sums come out the same to the last bit whatever order they came in.
        self._feedback = tuple(sorted(feedback, key=lambda event: (event.at, event.id)))
        self._lock = threading.Lock()
        self._fitted: tuple[CatalogueFeatures, FittedTaste | None] | None = None

    def rewards(
        self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        """(N,) expected reward of each song, about [-1, 1], for a listener at ``start``, after one Thompson draw.

        None while the answers show no pattern and nothing was refused: then ranking is plain. O(N), float32.
        Source: Russo et al. (2018), A tutorial on Thompson sampling.
        """
        fitted = self.fitted(features)
        return None if fitted is None or fitted.silent else fitted.rewards(start, rng)

    def fitted(self, features: CatalogueFeatures) -> FittedTaste | None:
        """The model on that catalogue's columns; None while no opinion is about a song that it has."""
        with self._lock:
            if self._fitted is None or self._fitted[0] is not features:
                known = [event for event in self._feedback if event.track_id in features.row_of]
                self._fitted = (features, FittedTaste(features, known) if known else None)
            return self._fitted[1]


@dataclass(frozen=True)
class Observed:
    """The opinions of songs as numbers, and which songs and artists they are about."""

    seen: Observations
    traits: Traits
    song_rows: NDArray[np.intp]
    artist_numbers: NDArray[np.int32]


class FittedTaste:
    """A taste on one catalogue's columns. Immutable but for what it works out once; any thread."""

    def __init__(self, features: CatalogueFeatures, feedback: Sequence[Feedback]) -> None:
        """``feedback``: at least one, all about songs of that catalogue."""
        self.features = features
        opinions = [event for event in feedback if event.kind in REWARDS]
        self._observed = _observed(features, opinions) if opinions else None
        self._wrong = [event for event in feedback if event.kind is FeedbackKind.WRONG_MOOD]
        disliked = {features.row_of[event.track_id] for event in feedback if event.kind is FeedbackKind.DISLIKE}
        self._disliked = np.array(sorted(disliked), dtype=np.intp)

    @property
    def observed(self) -> Observed | None:
        """What the pattern of the answers rests on; None while there is no pattern (see ``PATTERN_FROM``)."""
        return self._observed if self.conviction >= PATTERN_FROM else None

    @property
    def silent(self) -> bool:
        """Nothing to say yet: no pattern, and no song that was refused."""
        return self.observed is None and not len(self._disliked) and not self._wrong

    @property
    def conviction(self) -> float:
        """Probability, by the answers so far, that the person has preferences at all."""
        shares, _ = self._weighed
        return 1.0 - shares[0] if shares else 0.0

    @property
    def share(self) -> float:
        """How much the pattern counts in ranking: 0 up to ``PATTERN_FROM``, 1 when it is certain."""
        return max(0.0, (self.conviction - PATTERN_FROM) / (1.0 - PATTERN_FROM))

    def weights(self) -> tuple[Array, Array]:
        """Mean and deviation (P,) of the traits' weights, over all guesses."""
        moments = [(s, p.mean, np.diag(p.covariance)) for s, p in self.posteriors]
        return _mixed(moments)

    def artists(self) -> tuple[Array, Array]:
        """Mean and deviation (A,) of the intercepts of the artists heard; the deviation given the weights."""
        still = self._still()
        moments = [(s, p.draw(still, 0.0).artist, p.artist_sd**2) for s, p in self.posteriors]
        return _mixed(moments)

    @cached_property
    def posteriors(self) -> tuple[tuple[float, Posterior], ...]:
        """A posterior for each guess at what matters, with its probability by the evidence."""
        return tuple(zip(*self._weighed, strict=True))

    @cached_property
    def _weighed(self) -> tuple[list[float], list[Posterior]]:
        """A probability and a posterior for each of ``GUESSES``; none where there is no opinion."""
        if self._observed is None:
            return [], []
        traits, seen = self._observed.traits, self._observed.seen
        fits = [fit(seen, traits.variances(guess), guess.names) for guess in GUESSES]
        evidence = np.array(
            [one.log_evidence + math.log(guess.prior) for one, guess in zip(fits, GUESSES, strict=True)]
        )
        shares = np.exp(evidence - evidence.max())
        return (shares / shares.sum()).tolist(), fits

    @cached_property
    def _by_heard_artists(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows of all songs by artists that there are opinions on, and for each the artist's place among them."""
        assert self._observed is not None
        heard = self._observed.artist_numbers
        rows = np.flatnonzero(np.isin(self.features.artist, heard))
        return rows, np.searchsorted(heard, self.features.artist[rows])

    def rewards(self, start: AffectPoint, rng: np.random.Generator | None) -> NDArray[np.float32]:
        """(N,) rewards at a Thompson draw, or their means without ``rng``; a pattern counts by its ``share``."""
        scores = np.zeros(len(self.features), dtype=np.float32)
        if (observed := self.observed) is not None:
            taste = self.draw(rng)
            scores = observed.traits.score(self.features, taste.weights, start)
            rows, artist = self._by_heard_artists
            scores[rows] += taste.artist.astype(np.float32)[artist]
            scores[observed.song_rows] += taste.song.astype(np.float32)
            scores *= np.float32(self.share)
        self._hold_back(scores, start)
        return scores

    def draw(self, rng: np.random.Generator | None) -> Draw:
        """A taste averaged over the guesses, all at the same standard normal numbers.

        Songs and artists never heard stay at what their traits say: a chance of their own for each of 100,000 songs
        would only bring up whichever had the luckiest.
        """
        still = self._still()
        z = still if rng is None else Draw(*(rng.standard_normal(len(part)) for part in still))
        spread = 0.0 if rng is None else EXPLORATION
        draws = [(share, posterior.draw(z, spread)) for share, posterior in self.posteriors]
        return Draw(*(np.asarray(sum(share * draw[part] for share, draw in draws)) for part in range(3)))

    def _still(self) -> Draw:
        assert self._observed is not None
        seen = self._observed.seen
        return Draw(np.zeros(seen.traits.shape[1]), np.zeros(seen.artists), np.zeros(len(seen.artist_of)))

    def _hold_back(self, scores: NDArray[np.float32], start: AffectPoint) -> None:
        """A song that did not fit a mood waits for another one; without a known mood it waits in every one."""
        scores[self._disliked] -= np.float32(DISLIKED_COST)
        for event in self._wrong:
            away = 0.0 if event.mood is None else event.mood.distance_to(start) / WRONG_MOOD_REACH
            row = self.features.row_of[event.track_id]
            scores[row] -= np.float32(WRONG_MOOD_COST * np.exp(-0.5 * away**2))


def _observed(features: CatalogueFeatures, opinions: Sequence[Feedback]) -> Observed:
    rows = np.array([features.row_of[event.track_id] for event in opinions], dtype=np.intp)
    moods = np.array([(e.mood.valence, e.mood.arousal) if e.mood else (0.0, 0.0) for e in opinions])
    traits = traits_of(features, rows)
    song_rows, song = np.unique(rows, return_inverse=True)
    artist_numbers, artist_of = np.unique(features.artist[song_rows], return_inverse=True)
    rewards = np.array([REWARDS[event.kind] for event in opinions])
    return Observed(
        Observations(traits.rows(features, rows, moods), rewards, song, artist_of), traits, song_rows, artist_numbers
    )


def _mixed(moments: Sequence[tuple[float, Array, Array]]) -> tuple[Array, Array]:
    """Mean and deviation of a mixture of (share, mean, variance)."""
    mean = np.asarray(sum(share * mean for share, mean, _ in moments))
    square = np.asarray(sum(share * (variance + m * m) for share, m, variance in moments))
    return mean, np.sqrt(np.maximum(square - mean * mean, 0.0))
