"""The valence-arousal plane: where each emotion lies on it, and where a reading of seven probabilities does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from emrs_core.types import EMOTIONS, AffectPoint, Emotion

EMOTION_POINTS: Mapping[Emotion, AffectPoint] = MappingProxyType(
    {
        Emotion.ANGRY: AffectPoint(-0.55, 0.60),
        Emotion.DISGUST: AffectPoint(-0.55, 0.25),
        Emotion.FEAR: AffectPoint(-0.45, 0.60),
        Emotion.HAPPY: AffectPoint(0.85, 0.35),
        Emotion.SAD: AffectPoint(-0.75, -0.40),
        Emotion.SURPRISE: AffectPoint(0.10, 0.70),
        Emotion.NEUTRAL: AffectPoint(0.0, 0.0),
    }
)
"""A rounded compromise; about 0.2 of error in each coordinate.

Source: Russell (1980), A circumplex model of affect, figure 4; Warriner, Kuperman & Brysbaert (2013), norms of
valence and arousal for 13,915 English lemmas.
"""


def point_of(probabilities: Sequence[float]) -> AffectPoint:
    """The probability-weighted mean of the emotions' points: seven probabilities in the order of EMOTIONS."""
    points = [EMOTION_POINTS[emotion] for emotion in EMOTIONS]
    total = math.fsum(probabilities)
    valence = math.fsum(p * q.valence for p, q in zip(probabilities, points, strict=True)) / total
    arousal = math.fsum(p * q.arousal for p, q in zip(probabilities, points, strict=True)) / total
    return AffectPoint(_clamp(valence), _clamp(arousal))


def spread_of(probabilities: Sequence[float]) -> float:
    """Root mean square distance of the emotions' points from their mean, weighted by probability; in plane units.

    0 for a certain reading, about 0.8 when two opposite corners are equally likely.
    """
    centre = point_of(probabilities)
    total = math.fsum(probabilities)
    variance = math.fsum(
        p * EMOTION_POINTS[emotion].distance_to(centre) ** 2 for p, emotion in zip(probabilities, EMOTIONS, strict=True)
    )
    return math.sqrt(max(0.0, variance / total))


def nearest_emotion(point: AffectPoint) -> Emotion:
    """The emotion whose point lies nearest; the first in the order of EMOTIONS on a tie."""
    return min(EMOTIONS, key=lambda emotion: EMOTION_POINTS[emotion].distance_to(point))


def _clamp(value: float) -> float:
    return max(-1.0, min(1.0, value))
