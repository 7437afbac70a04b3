"""The mood is calm on a steady face, quick on a real change, and silent when there is nothing to read."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.mood import MoodTracker
from emrs_core.types import (
    EMOTIONS,
    Emotion,
    EmotionEstimate,
    Face,
    FaceBox,
    FaceQuality,
    FrameAnalysis,
    MoodKind,
    QualityIssue,
)

RATE_HZ = 8.0
BOX = FaceBox(100, 100, 120, 120)


def look(t_s: float, probabilities: tuple[float, ...]) -> FrameAnalysis:
    face = Face(BOX, FaceQuality(), is_listener=True)
    return FrameAnalysis(t_s, (face,), EmotionEstimate(t_s, probabilities))


def mostly(emotion: Emotion, p: float = 0.8) -> tuple[float, ...]:
    rest = (1.0 - p) / (len(EMOTIONS) - 1)
    return tuple(p if e is emotion else rest for e in EMOTIONS)


def nobody(t_s: float) -> FrameAnalysis:
    return FrameAnalysis(t_s)


def dark_face(t_s: float) -> FrameAnalysis:
    return FrameAnalysis(t_s, (Face(BOX, FaceQuality((QualityIssue.TOO_DARK,)), is_listener=True),))


def noisy(rng: np.random.Generator, emotion: Emotion, strength: float) -> tuple[float, ...]:
    drawn = rng.dirichlet(strength * np.asarray(mostly(emotion, 0.5)))
    return tuple(float(p) for p in drawn / drawn.sum())


def times(start_s: float, seconds: float) -> list[float]:
    return [start_s + i / RATE_HZ for i in range(int(seconds * RATE_HZ))]


@pytest.mark.parametrize("seed", range(20))
def test_a_steady_face_changes_its_label_less_than_twice_a_minute(seed: int) -> None:
    rng, tracker = np.random.default_rng(seed), MoodTracker()
    labels = [tracker.update(look(t, noisy(rng, Emotion.SAD, 6.0))).name for t in times(0, 300)]
    settled = labels[int(2 * RATE_HZ) :]
    changes = sum(a != b for a, b in itertools.pairwise(settled))
    assert changes < 2 * 5
    raw_rng = np.random.default_rng(seed)
    raw = [max(zip(noisy(raw_rng, Emotion.SAD, 6.0), EMOTIONS, strict=True))[1] for _ in labels]
    raw_changes = sum(a != b for a, b in itertools.pairwise(raw))
    assert raw_changes > 100, "the stream must really be noisy for this test to mean anything"


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(EMOTIONS, 2)))
def test_a_real_change_is_followed_within_two_seconds(before: Emotion, after: Emotion) -> None:
    tracker = MoodTracker()
    for t in times(0, 20):
        tracker.update(look(t, mostly(before, 0.75)))
    assert tracker.state.label is before
    for t in times(20, 2):
        tracker.update(look(t, mostly(after, 0.75)))
    assert tracker.state.label is after


def test_the_first_label_is_there_within_a_second() -> None:
    tracker = MoodTracker()
    for t in times(0, 1):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    assert tracker.state.label is Emotion.HAPPY
    assert tracker.state.confidence == pytest.approx(0.8, abs=1e-6)


def test_between_the_first_look_and_the_first_label_it_is_unsure_not_faceless() -> None:
    tracker = MoodTracker()
    assert tracker.state.name == "no_face"
    assert tracker.update(look(0.0, mostly(Emotion.HAPPY))).name == "unsure"


def test_no_credible_class_is_unsure_and_carries_no_label() -> None:
    tracker = MoodTracker()
    for t in times(0, 5):
        tracker.update(look(t, (1 / 7,) * 7))
    assert tracker.state.kind is MoodKind.UNSURE
    assert tracker.state.label is None
    assert tracker.state.name == "unsure"
    assert tracker.state.slow is None, "weak looks must not move the mood that steers the music"


def test_no_face_is_a_state_of_its_own_and_needs_a_moment() -> None:
    tracker = MoodTracker()
    for t in times(0, 3):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    assert tracker.update(nobody(3.1)).label is Emotion.HAPPY, "one missed frame is no absence"
    for t in times(3.1, 2):
        tracker.update(nobody(t))
    assert tracker.state.kind is MoodKind.NO_FACE
    assert tracker.state.name == "no_face"
    assert tracker.state.probabilities is not None, "the last reading stays for the chart"


def test_a_face_that_cannot_be_read_is_never_an_emotion() -> None:
    tracker = MoodTracker()
    for t in times(0, 3):
        tracker.update(dark_face(t))
    assert tracker.state.kind is MoodKind.POOR_FACE
    assert tracker.state.name == "unsure"


def test_after_a_long_absence_the_old_face_has_no_say() -> None:
    tracker = MoodTracker()
    for t in times(0, 10):
        tracker.update(look(t, mostly(Emotion.HAPPY, 0.95)))
    for t in times(10, 10):
        tracker.update(nobody(t))
    state = tracker.update(look(20.0, mostly(Emotion.SAD, 0.9)))
    assert state.probabilities is not None
    assert state.probabilities[EMOTIONS.index(Emotion.HAPPY)] < 0.1


def test_the_slow_mood_is_ready_after_enough_looks_and_seconds_and_moves_slowly() -> None:
    tracker = MoodTracker()
    for t in times(0, 7):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    assert tracker.state.slow is not None
    assert not tracker.state.slow.ready
    for t in times(7, 23):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    slow = tracker.state.slow
    assert slow is not None
    assert slow.ready
    for t in times(30, 3):
        tracker.update(look(t, mostly(Emotion.SAD)))
    assert tracker.state.label is Emotion.SAD
    assert tracker.state.slow is not None
    assert tracker.state.slow.label is Emotion.HAPPY, "three sad seconds do not turn half a happy minute"


def test_absence_does_not_count_as_time_watched() -> None:
    tracker = MoodTracker()
    for t in times(0, 3):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    for t in times(60, 3):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    assert tracker.state.slow is not None
    assert not tracker.state.slow.ready


def test_reset_is_as_before_the_first_frame() -> None:
    tracker = MoodTracker()
    for t in times(0, 5):
        tracker.update(look(t, mostly(Emotion.HAPPY)))
    tracker.reset()
    assert tracker.state.kind is MoodKind.WAITING
    assert tracker.state.slow is None


probability_vectors = st.lists(st.floats(0.001, 1.0), min_size=7, max_size=7).map(
    lambda xs: tuple(x / math.fsum(xs) for x in xs)
)
frames = st.lists(
    st.tuples(st.floats(-0.2, 4.0), st.one_of(probability_vectors, st.sampled_from(["nobody", "dark"]))), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(frames)
def test_whatever_comes_the_state_is_sound(stream: list[tuple[float, tuple[float, ...] | str]]) -> None:
    tracker, t_s, last_s = MoodTracker(), 0.0, 0.0
    for step, what in stream:
        t_s += step
        frame = nobody(t_s) if what == "nobody" else dark_face(t_s) if what == "dark" else look(t_s, what)  # type: ignore[arg-type]
        state = tracker.update(frame)
        assert state.t_s >= last_s
        last_s = state.t_s
        assert 0.0 <= state.confidence <= 1.0 + 1e-9
        assert (state.label is not None) == (state.kind is MoodKind.EMOTION)
        if state.probabilities is not None:
            assert math.fsum(state.probabilities) == pytest.approx(1.0)
            assert state.point is not None
        if state.label is not None:
            assert state.confidence > 0.2
