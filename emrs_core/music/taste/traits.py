"""A song, and the moment it is heard in, as the numbers that taste is linear in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.taste.columns import SOUNDS, columns_of, decades_of
from emrs_core.types import AffectPoint

GENERAL_VAR, SOUND_VAR, SHAPE_VAR, YEAR_VAR, MOOD_VAR = 0.2, 1 / 30, 1 / 120, 1 / 30, 1 / 60
GENRE_VAR, GENRE_MOOD_VAR, DECADE_VAR = 0.2, 0.05, 1 / 20
"""Prior variances of the weights, in squared units of reward.

1/5 for a person's general level and 1/30 for a song's features are rough values from field data; the others were set on
made-up listeners (``simulate-listeners --seed 1``). ``GUESSES`` scale them.
"""
NOTHING = 1e-4
"""Factor of what does not matter: small enough to move no song, and still a variance."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What may matter to a person, as factors on the prior variances; ``prior`` is the guess's probability."""

    prior: float
    kinds: float = NOTHING  # genre, decade, year
    sound: float = NOTHING
    moods: float = NOTHING  # what the mood changes
    names: float = NOTHING  # artists and single songs


GUESSES = (
    Guess(0.5),
    Guess(0.07, kinds=1.0), Guess(0.07, kinds=4.0), Guess(0.07, sound=1.0), Guess(0.07, sound=4.0),
    Guess(0.07, names=3.0), Guess(0.07, 1.0, 1.0, 1.0, 1.0), Guess(0.08, 0.3, 0.3, 0.3, 0.3),
)  # fmt: skip
"""The first: nothing matters. The evidence of a person's answers weighs them, so that a simple taste is learned from a
few answers, a rich one from many, and none from answers without a pattern.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Where each weight stands; genres and decades are those that the person said something about.

    The others keep their prior mean, 0, and are independent of everything observed: leaving them out changes nothing.
    """

    genres: NDArray[np.int32]
    decades: NDArray[np.int32]

    @property
    def sound(self) -> slice:
        """How a sound pulls; behind it stand the weights of its square and of the year."""
        return slice(1, 1 + SOUNDS)

    @property
    def year(self) -> int:
        return 1 + 2 * SOUNDS

    @property
    def mood(self) -> slice:
        """Weights of the listener's valence x the song's valence, v x energy, arousal x v, arousal x energy."""
        return slice(self.year + 1, self.year + 5)

    @property
    def genre(self) -> slice:
        return slice(self.year + 5, self.year + 5 + len(self.genres))

    def genre_in_mood(self, axis: int) -> slice:
        """Weights of the listener's valence (0) or arousal (1) for each genre."""
        begin = self.genre.stop + axis * len(self.genres)
        return slice(begin, begin + len(self.genres))

    @property
    def decade(self) -> slice:
        begin = self.genre_in_mood(1).stop
        return slice(begin, begin + len(self.decades))

    def variances(self, guess: Guess) -> NDArray[np.float64]:
        """(P,) prior variances of the weights, where that is what matters to the person."""
        genres = len(self.genres)
        of_each = (
            (1, GENERAL_VAR), (SOUNDS, SOUND_VAR * guess.sound), (SOUNDS, SHAPE_VAR * guess.sound),
            (1, YEAR_VAR * guess.kinds), (4, MOOD_VAR * guess.moods), (genres, GENRE_VAR * guess.kinds),
            (2 * genres, GENRE_MOOD_VAR * guess.moods), (len(self.decades), DECADE_VAR * guess.kinds),
        )  # fmt: skip
        counts, variances = zip(*of_each, strict=True)
        return np.repeat(np.array(variances), counts)

    def rows(
        self, features: CatalogueFeatures, rows: NDArray[np.intp], moods: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(M, P) numbers of those songs, each heard in its mood: (M, 2) valence and arousal, 0 where unknown."""
        weighed = columns_of(features).rows(rows)
        in_mood = (moods[:, :, np.newaxis] * weighed[:, np.newaxis, :2]).reshape(len(rows), 4)
        genre = (features.genre[rows][:, np.newaxis] == self.genres).astype(np.float64)
        decade = (decades_of(features.year[rows])[:, np.newaxis] == self.decades).astype(np.float64)
        general = np.ones((len(rows), 1))
        return np.hstack([general, weighed, in_mood, genre, genre * moods[:, :1], genre * moods[:, 1:], decade])

    def score(
        self, features: CatalogueFeatures, weights: NDArray[np.float64], start: AffectPoint
    ) -> NDArray[np.float32]:
        """(N,) ``rows @ weights`` of every song for a listener at ``start``, without ever making the rows."""
        columns = columns_of(features)
        mood = np.array([start.valence, start.arousal])
        pull = weights[self.sound.start : self.year + 1].copy()
        pull[:2] += mood @ weights[self.mood].reshape(2, 2)
        scores: NDArray[np.float32] = pull.astype(np.float32) @ columns.weighed
        by_genre = np.full(len(features.genre_names), weights[0])
        by_genre[self.genres] += weights[self.genre]
        for axis in (0, 1):
            by_genre[self.genres] += mood[axis] * weights[self.genre_in_mood(axis)]
        by_decade = np.zeros(len(columns.decades))
        by_decade[np.searchsorted(columns.decades, self.decades)] = weights[self.decade]
        scores += np.add.outer(by_genre, by_decade).astype(np.float32).ravel()[columns.cell]
        return scores


def traits_of(features: CatalogueFeatures, rows: NDArray[np.intp]) -> Traits:
    """The traits that songs in those rows have."""
    return Traits(np.unique(features.genre[rows]), np.unique(decades_of(features.year[rows])))
