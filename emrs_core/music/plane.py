"""Songs, named goals and the person on one valence-arousal plane."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import UsageError
from emrs_core.types import AffectPoint, Emotion, Track

LOWEST_TARGET_VALENCE = -0.4
"""No song is ever looked for below this valence: sad music can deepen a low mood in people who ruminate.

Source: Garrido & Schubert (2015), Moody melodies: do they cheer us up? A study of the effect of sad music on mood
(335 listeners).
"""

NAMED_TARGETS: Mapping[str, AffectPoint] = MappingProxyType(
    {
        "calm": AffectPoint(0.40, -0.50),
        "focus": AffectPoint(0.20, -0.15),
        "happy": EMOTION_POINTS[Emotion.HAPPY],
        "energy": AffectPoint(0.55, 0.75),
    }
)
"""Places people ask for by name; our own choice, as rough as the emotions' points (about 0.2 of error).

Calm and focus are pleasant and quiet, focus close enough to the middle not to draw attention; energy is a lively mood
on the pleasant side.
"""

_PAIR = re.compile(r"^\s*([+-]?\d*\.?\d+)\s*,\s*([+-]?\d*\.?\d+)\s*$")


def track_point(track: Track) -> AffectPoint:
    """The song's place: Spotify's valence and energy, each from [0, 1] to [-1, 1] by 2x - 1.

    Linear, so that a song lies at the same place in every catalogue and the middle of the plane means the middle of
    Spotify's scale. Quantiles would only be needed for a narrow catalogue; the built-in one is chosen to fill the
    plane. Both numbers are weak proxies of what people feel, which the ranking's tolerance allows for.
    """
    return AffectPoint(2.0 * track.valence - 1.0, 2.0 * track.energy - 1.0)


def plane_coordinates(valence: NDArray[np.float32], energy: NDArray[np.float32]) -> NDArray[np.float32]:
    """``track_point`` for whole columns: two (N,) arrays in [0, 1] -> (2, N) in [-1, 1]."""
    return np.stack([valence, energy]) * np.float32(2.0) - np.float32(1.0)


def safe_target(point: AffectPoint) -> AffectPoint:
    """The point, its valence raised to ``LOWEST_TARGET_VALENCE`` where it lies below."""
    return AffectPoint(max(point.valence, LOWEST_TARGET_VALENCE), point.arousal)


def parse_target(text: str) -> AffectPoint:
    """A goal by name (``calm``, ``focus``, ``happy``, ``energy`` or an emotion) or as ``V,A``, both in [-1, 1].

    Raises UsageError naming what can be given.
    """
    name = text.strip().lower()
    if name in NAMED_TARGETS:
        return NAMED_TARGETS[name]
    if name in set(Emotion):
        return EMOTION_POINTS[Emotion(name)]
    pair = _PAIR.match(text)
    if pair is None:
        known = ", ".join(dict.fromkeys([*NAMED_TARGETS, *Emotion]))
        raise UsageError(f"There is no target {text!r}. Use one of: {known}; or valence and arousal like 0.4,-0.5.")
    return AffectPoint(float(pair[1]), float(pair[2]))
