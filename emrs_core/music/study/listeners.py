"""Made-up listeners, whose tastes are of other families than the learner's own model.

The learner is linear in a song's traits. None of these tastes is: loyalties to a genre in its decade only, the nearest
of two favourite sounds, favourites that change with the mood, a handful of artists. Some have no taste at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.taste.columns import decades_of
from emrs_core.music.taste.feedback import Feedback, FeedbackKind, new_id
from emrs_core.types import AffectPoint

FIT_WEIGHT, FIT_REACH = 0.3, 0.5
"""What a song that suits the mood exactly is worth to everybody, in thumbs, and how far that reaches on the plane."""
OPINION_SD = 0.4
"""Deviation of what somebody makes of a song today around what they mostly think, in thumbs."""
CLEAR = 0.25
"""Opinions farther than that from indifferent may get a thumb."""
THUMBS, SKIPS = 0.5, 0.6
"""How often a clear opinion is said with a thumb, and how often a displeasing song is skipped instead of endured."""
MOOD_SLOPE = 6.0
"""How sharply a listener of moods changes over between low and high spirits."""
Liking = NDArray[np.float32]


class Family(StrEnum):
    """How a made-up listener's taste is built."""

    LOYAL = "loyal"  # to genres and decades, most where both meet
    IDEAL = "ideal"  # to the nearer of two favourite sounds
    MOODY = "moody"  # other genres and sounds in low than in high spirits
    FAN = "fan"  # of a few artists and whatever sounds just like them
    NONE = "none"  # of nothing in particular


TASTES = tuple(family for family in Family if family is not Family.NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """Somebody who likes each song (N,) by so many thumbs in low spirits, and so many in high spirits."""

    family: Family
    low: Liking
    high: Liking

    def enjoyment(self, features: CatalogueFeatures, rows: NDArray[np.intp], mood: AffectPoint) -> NDArray[np.float64]:
        """What hearing those songs in that mood is really worth, in thumbs: taste, and a little for suiting the mood.

        Shape of ``rows``.
        """
        height = 1.0 / (1.0 + np.exp(-MOOD_SLOPE * mood.valence))
        valence, arousal = features.plane[:, rows]
        away = np.hypot(valence - mood.valence, arousal - mood.arousal) / FIT_REACH
        taste = (1.0 - height) * self.low[rows] + height * self.high[rows]
        return np.asarray(taste + FIT_WEIGHT * np.exp(-0.5 * away**2), dtype=np.float64)

    def answer(
        self, enjoyment: float, track_id: str, at: datetime, mood: AffectPoint, rng: np.random.Generator
    ) -> Feedback:
        """What the listener does after a song that was worth ``enjoyment``: a thumb, a skip, or letting it run."""
        opinion = enjoyment - FIT_WEIGHT / 2 + OPINION_SD * rng.standard_normal()
        if abs(opinion) > CLEAR and rng.random() < THUMBS:
            kind = FeedbackKind.LIKE if opinion > 0 else FeedbackKind.DISLIKE
        elif opinion < 0 and rng.random() < SKIPS:
            kind = FeedbackKind.SKIP
        else:
            kind = FeedbackKind.PLAYED_THROUGH
        return Feedback(new_id(), kind, track_id, at, mood)


def make_listeners(features: CatalogueFeatures, count: int, rng: np.random.Generator) -> list[Listener]:
    """That many with a taste, the families in turn, and then a quarter as many (at least one) with none."""
    listeners = [_listener(TASTES[number % len(TASTES)], features, rng) for number in range(count)]
    indifferent = np.zeros(len(features), dtype=np.float32)
    return listeners + [Listener(Family.NONE, indifferent, indifferent)] * max(1, count // len(TASTES))


def _listener(family: Family, features: CatalogueFeatures, rng: np.random.Generator) -> Listener:
    low: Liking
    high: Liking
    match family:
        case Family.MOODY:
            low, high = ((_loyal(features, rng) + _ideal(features, rng)) / np.float32(2) for _ in range(2))
        case Family.LOYAL:
            low = high = _loyal(features, rng)
        case Family.IDEAL:
            low = high = _ideal(features, rng)
        case _:
            low = high = _fan(features, rng)
    return Listener(family, low - low.mean(), high - high.mean())  # the average song leaves everybody cold


def _loyal(features: CatalogueFeatures, rng: np.random.Generator) -> Liking:
    genres = rng.permutation(len(features.genre_names))
    loved, hated = genres[: rng.integers(1, 4)], genres[-rng.integers(1, 3) :]
    decades = np.unique(decades_of(features.year))
    golden = np.isin(decades_of(features.year), rng.choice(decades, size=min(2, len(decades)), replace=False))
    in_loved = np.isin(features.genre, loved)
    liking = 0.35 * in_loved - 0.4 * np.isin(features.genre, hated) + 0.15 * golden + 0.6 * (in_loved & golden)
    return np.asarray(liking, dtype=np.float32)


def _ideal(features: CatalogueFeatures, rng: np.random.Generator) -> Liking:
    favourites = features.timbre[rng.integers(len(features), size=2)]
    apart = ((features.timbre[:, np.newaxis] - favourites) ** 2).sum(axis=2).min(axis=1)
    return np.asarray(1.4 * np.exp(-0.5 * apart / 1.3**2), dtype=np.float32)


def _fan(features: CatalogueFeatures, rng: np.random.Generator) -> Liking:
    artists = rng.choice(np.unique(features.artist), size=rng.integers(5, 13), replace=False)
    theirs = np.isin(features.artist, artists)
    idol = features.timbre[rng.choice(np.flatnonzero(theirs))]
    apart = ((features.timbre - idol) ** 2).sum(axis=1)
    return np.asarray(0.9 * theirs + 0.6 * np.exp(-0.5 * apart / 1.0**2), dtype=np.float32)
