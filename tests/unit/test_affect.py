from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS, nearest_emotion, point_of, spread_of
from emrs_core.errors import UsageError
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, EmotionEstimate, FaceBox, MoodKind, MoodState

vectors = st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7).filter(lambda xs: sum(xs) > 0.01)


@pytest.mark.parametrize("emotion", list(Emotion))
def test_a_certain_reading_lies_on_its_emotion(emotion: Emotion) -> None:
    certain = tuple(1.0 if e is emotion else 0.0 for e in EMOTIONS)
    assert point_of(certain).distance_to(EMOTION_POINTS[emotion]) < 1e-9
    assert spread_of(certain) == pytest.approx(0.0, abs=1e-9)
    assert nearest_emotion(point_of(certain)) is emotion


@given(vectors, st.floats(0.1, 10.0))
def test_the_point_is_on_the_plane_and_scale_free(weights: list[float], scale: float) -> None:
    point = point_of(weights)
    assert -1 <= point.valence <= 1
    assert -1 <= point.arousal <= 1
    assert point.distance_to(point_of([w * scale for w in weights])) < 1e-6
    assert 0 <= spread_of(weights) <= math.sqrt(8)


def test_opposite_emotions_spread_wide() -> None:
    torn = tuple(0.5 if e in (Emotion.HAPPY, Emotion.SAD) else 0.0 for e in EMOTIONS)
    assert spread_of(torn) == pytest.approx(EMOTION_POINTS[Emotion.HAPPY].distance_to(EMOTION_POINTS[Emotion.SAD]) / 2)


@pytest.mark.parametrize(("valence", "arousal"), [(1.01, 0.0), (0.0, -2.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_a_point_off_the_plane_is_refused(valence: float, arousal: float) -> None:
    with pytest.raises(UsageError, match="between -1 and 1"):
        AffectPoint(valence, arousal)


def test_an_unknown_emotion_names_the_seven() -> None:
    assert Emotion.parse(" Sad ") is Emotion.SAD
    with pytest.raises(UsageError, match="angry, disgust, fear, happy, sad, surprise, neutral"):
        Emotion.parse("jolly")


@pytest.mark.parametrize("bad", [(1.0,), (0.5,) * 7, (-0.1, 1.1, 0, 0, 0, 0, 0), (float("nan"),) * 7])
def test_probabilities_that_are_none_are_refused(bad: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="seven probabilities"):
        EmotionEstimate(0.0, bad)


def test_a_mood_without_emotion_cannot_carry_a_label() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        MoodState(0.0, MoodKind.NO_FACE, label=Emotion.NEUTRAL)
    with pytest.raises(ValueError, match="cannot carry"):
        MoodState(0.0, MoodKind.EMOTION)


def test_overlap_of_boxes() -> None:
    a = FaceBox(0, 0, 10, 10)
    assert a.iou(a) == 1.0
    assert a.iou(FaceBox(20, 0, 10, 10)) == 0.0
    assert a.iou(FaceBox(5, 0, 10, 10)) == pytest.approx(1 / 3)
