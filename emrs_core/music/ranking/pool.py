"""The songs that are looked at closely: their columns side by side, and what each part of the score gives them."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.ranking.scoring import Column
from emrs_core.music.ranking.terms import Term, Terms

SAME_ARTIST, SAME_GENRE, SAME_SOUND = (np.float32(share) for share in (0.4, 0.2, 0.4))
"""What makes two songs alike; they sum to 1."""
FAR_JUMP, JUMP_COST = np.float32(0.35), np.float32(4.0)
"""Plane units from one song to the next that pass unnoticed, and the cost of the square of what exceeds them."""
WINDOW = 10
"""Songs in a row over which a list is to be varied."""
MMR_LAMBDA = 0.7
"""Share of fitting in the choice; the rest is unlikeness to what was taken. The usual middle course."""
AT_LEAST = {Term.TASTE: 0.1, Term.KNOWN: 0.1}
"""Score that such a part must give a song to be named as its reason, however much less the others have of it."""
UNLIKE = 0.4
"""Likeness to the last songs up to which a song can be called a change: it shares no artist, and hardly the sound."""


class Pool:
    """P songs in a fixed order. ``follow`` each song taken, then ask for ``value``. Not thread-safe."""

    def __init__(
        self,
        features: CatalogueFeatures,
        rows: NDArray[np.intp],
        parts: dict[Term, Column],
        chance: Column,
        unnamed: int = -1,
    ) -> None:
        """``parts``: (P,) of the score each, ``chance`` (P,) another small one; they sum to the score.

        ``unnamed``: the number that stands for no genre: songs without one are not alike for it.
        """
        self.rows = rows
        self._f = features
        self._parts = parts
        self._means = {term: float(part.sum()) / len(rows) for term, part in parts.items()}
        self.scores: Column = np.sum([*parts.values(), chance], axis=0, dtype=np.float32)
        self.valence, self.arousal = features.plane[:, rows]
        self.artist, genre = features.artist[rows], features.genre[rows]
        self.genre = np.where(genre == unnamed, np.int32(-1), genre)
        self._timbre = _known(features.timbre[rows])
        self._alike: deque[Column] = deque([np.zeros(len(rows), np.float32)], maxlen=WINDOW)
        self._likeness = self._alike[0]
        self._jump = np.zeros(len(rows), np.float32)
        self.free = np.ones(len(rows), np.bool_)

    def __len__(self) -> int:
        return len(self.rows)

    def follow(self, row: int) -> None:
        """That song of the catalogue, in this pool or not, has been taken and comes before the next one."""
        self.free &= self.rows != row
        self._alike.append(self._likeness_to(row))
        self._likeness = np.max(np.stack(tuple(self._alike)), axis=0)
        valence, arousal = self._f.plane[:, row]
        excess = np.hypot(self.valence - valence, self.arousal - arousal) - FAR_JUMP
        np.maximum(excess, 0.0, out=excess)
        self._jump = -JUMP_COST * excess * excess

    def value(self) -> Column:
        """(P,) maximal marginal relevance: 0.7 of the score, from 0 for the worst to 1, less 0.3 of the likeness."""
        score = self.scores + self._jump
        lowest, spread = np.min(score), _spread(score)
        return np.asarray(
            np.float32(MMR_LAMBDA / spread) * (score - lowest) - np.float32(1.0 - MMR_LAMBDA) * self._likeness,
            dtype=np.float32,
        )

    def score(self, place: int) -> float:
        """The score of the song there, with its jump from the song before."""
        return float(self.scores[place] + self._jump[place])

    def terms(self, place: int) -> Terms:
        """What speaks for the song there beside the pool, without parts that would not be true in words."""
        unlike = np.float32(-_spread(self.scores + self._jump) * (1.0 - MMR_LAMBDA) / MMR_LAMBDA) * self._likeness
        advantages = {
            term: float(part[place]) - self._means[term]
            for term, part in self._parts.items()
            if part[place] >= AT_LEAST.get(term, -np.inf)
        }
        if not self._jump[place]:
            advantages[Term.TRANSITION] = -float(self._jump.sum()) / len(self)
        if self._likeness[place] <= UNLIKE:
            advantages[Term.VARIETY] = float(unlike[place] - unlike.sum() / len(self))
        return Terms(advantages)

    def _likeness_to(self, row: int) -> Column:
        """(P,) in [0, 1]: how alike each song is to that one."""
        sound = self._timbre - _known(self._f.timbre[row])
        sound *= sound
        alike = SAME_SOUND * np.exp(np.float32(-0.5 / sound.shape[1]) * sound.sum(axis=1))
        alike += SAME_ARTIST * (self.artist == self._f.artist[row])
        alike += SAME_GENRE * (self.genre == self._f.genre[row])
        return np.asarray(alike, dtype=np.float32)


def _known(timbre: Column) -> Column:
    """Those features, what is missing taken for the catalogue's mean."""
    missing = np.isnan(timbre)
    return np.where(missing, np.float32(0.0), timbre) if missing.any() else timbre


def _spread(scores: Column) -> float:
    """From the lowest to the highest, above 0."""
    return max(float(np.max(scores) - np.min(scores)), 1e-6)
