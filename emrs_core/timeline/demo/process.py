"""The random process behind the demo data: a person's affect that wanders, and a camera that looks at it.

- Affect is a point on the valence-arousal plane that follows an Ornstein-Uhlenbeck process: it is drawn to a set point
  with time constant ``RETURN_S`` and pushed by white noise. Such a process is a usual model of core affect (Oravecz,
  Tuerlinckx & Vandekerckhove 2011, A hierarchical latent stochastic differential equation model for affective
  dynamics).
- The set point is the participant's own place; while a song plays it lies ``SONG_PULL`` of the way to the song's place.
- A look at the face gives a softmax over the emotions of minus the squared distance between affect and each emotion's
  place, plus independent noise: what a network with some confusion would say. ``MoodTracker`` makes the calm reading.
- The face leaves now and then, and is now and then too dark or turned away; stays and absences are exponential.

Nothing here is fitted to people: the figures that come out mean nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from emrs_core.affect import EMOTION_POINTS
from emrs_core.mood import MoodTracker
from emrs_core.timeline.events import Sample
from emrs_core.types import (
    EMOTIONS,
    AffectPoint,
    EmotionEstimate,
    Face,
    FaceBox,
    FaceQuality,
    FrameAnalysis,
    QualityIssue,
)

STEP_S = 0.25  # four looks a second: enough for every chart, and eight sessions in a few seconds
RETURN_S = 20.0
DIFFUSION = 0.28  # spread of affect around its set point in the long run, plane units
SONG_PULL = 0.6
SHARPNESS = 9.0  # how strongly a look favours the nearest emotion, per squared plane unit
LOOK_NOISE = 0.5  # of each look's logits
SEEN_S, AWAY_S, POOR_S = 70.0, 4.0, 3.0  # mean lengths of stays, absences and unreadable stretches
AWAY_SHARE = 0.5  # of the interruptions; the others are unreadable faces
BOX = FaceBox(220, 140, 200, 200)
_PLACES = np.array([[EMOTION_POINTS[e].valence, EMOTION_POINTS[e].arousal] for e in EMOTIONS])


@dataclass(frozen=True, slots=True)
class Moment:
    """The truth that a camera never sees, beside the sample that it gives."""

    affect: AffectPoint
    sample: Sample


def moments(
    length_s: float,
    set_point: Callable[[float], AffectPoint],
    rng: np.random.Generator,
    paused: tuple[float, float] = (0.0, 0.0),
) -> Iterator[Moment]:
    """A session's moments every STEP_S; while ``paused`` the camera is off and there are none."""
    tracker, sight = MoodTracker(), _Sight(rng)
    affect = np.array(_pair(set_point(0.0)))
    keep = math.exp(-STEP_S / RETURN_S)
    push = DIFFUSION * math.sqrt(1 - keep * keep)
    for k in range(round(length_s / STEP_S)):
        t_s = k * STEP_S
        goal = np.array(_pair(set_point(t_s)))
        affect = np.clip(goal + keep * (affect - goal) + push * rng.normal(size=2), -1, 1)
        face, issue = sight.at(t_s)
        if not paused[0] <= t_s < paused[1]:
            look = _look(affect, rng) if face and issue is None else None
            yield Moment(AffectPoint(float(affect[0]), float(affect[1])), _sample(tracker, t_s, look, face, issue))


def _look(affect: np.ndarray, rng: np.random.Generator) -> tuple[float, ...]:
    logits = -SHARPNESS * ((_PLACES - affect) ** 2).sum(axis=1) + rng.normal(0, LOOK_NOISE, len(EMOTIONS))
    weights = np.exp(logits - logits.max())
    return tuple(float(p) for p in weights / weights.sum())


def _sample(
    tracker: MoodTracker, t_s: float, look: tuple[float, ...] | None, face: bool, issue: QualityIssue | None
) -> Sample:
    quality = (issue,) if issue else ()
    faces = (Face(BOX, FaceQuality(quality), is_listener=True),) if face else ()
    estimate = EmotionEstimate(t_s, look) if look else None
    mood = tracker.update(FrameAnalysis(t_s, faces, estimate))
    return Sample(t_s, mood.name, look, mood.probabilities, face, quality, mood.point)


class _Sight:
    """Whether the camera sees the face, and how well; ask with times that only grow."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._face = True
        self._issue: QualityIssue | None = None
        self._until_s = float(rng.exponential(SEEN_S))

    def at(self, t_s: float) -> tuple[bool, QualityIssue | None]:
        while t_s >= self._until_s:
            self._change()
        return self._face, self._issue

    def _change(self) -> None:
        self._face, self._issue, mean_s = self._next() if self._face and self._issue is None else (True, None, SEEN_S)
        self._until_s += float(self._rng.exponential(mean_s))

    def _next(self) -> tuple[bool, QualityIssue | None, float]:
        if self._rng.random() < AWAY_SHARE:
            return False, None, AWAY_S
        issue = QualityIssue.TOO_DARK if self._rng.random() < 0.5 else QualityIssue.TURNED_AWAY
        return True, issue, POOR_S


def _pair(point: AffectPoint) -> tuple[float, float]:
    return point.valence, point.arousal
