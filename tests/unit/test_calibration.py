"""Ten seconds of a neutral face become a baseline, or a sentence that says what was missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import CalibrationError
from emrs_core.testing.models import probabilities_of
from emrs_core.timeline.calibration import CALIBRATION_S, MIN_LOOKS, MIN_SECONDS, calibrate
from emrs_core.types import EMOTIONS, Emotion, EmotionEstimate

NEUTRAL, HAPPY = probabilities_of(Emotion.NEUTRAL), probabilities_of(Emotion.HAPPY)


def looks(
    first_s: float, last_s: float, rate_hz: float = 8.0, reading: tuple[float, ...] = NEUTRAL
) -> list[EmotionEstimate]:
    return [EmotionEstimate(first_s + k / rate_hz, reading) for k in range(round((last_s - first_s) * rate_hz))]


def test_the_mean_of_the_looks_within_the_ten_seconds_alone() -> None:
    around = [*looks(90, 100, reading=HAPPY), *looks(100, 105), *looks(105, 110, reading=HAPPY), *looks(110, 130)]
    baseline = calibrate(around, start_s=100.0, zero_s=60.0)
    assert (baseline.t_s, baseline.until_s, baseline.looks) == (40.0, 40.0 + CALIBRATION_S, 80)
    for k in range(len(EMOTIONS)):
        assert baseline.probabilities[k] == pytest.approx((NEUTRAL[k] + HAPPY[k]) / 2)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ([], "No face could be read"),
        (looks(0, 100), "No face could be read"),
        (looks(100, 104), "only 4 of ten seconds"),
        ([*looks(100, 103), *looks(106, 110)], "only 7 of ten seconds"),
        (looks(100, 110, rate_hz=1.5), "Only 15 looks"),
    ],
)
def test_what_was_missing_is_said(seen: list[EmotionEstimate], words: str) -> None:
    with pytest.raises(CalibrationError, match=words):
        calibrate(seen, start_s=100.0)


def test_a_short_break_and_a_slow_machine_are_forgiven() -> None:
    assert calibrate([*looks(0, 4), *looks(6, 10)], 0.0).looks == 64
    assert calibrate(looks(0, CALIBRATION_S, rate_hz=MIN_LOOKS / CALIBRATION_S), 0.0).looks == MIN_LOOKS
    assert MIN_SECONDS < CALIBRATION_S


@given(st.lists(st.sampled_from(EMOTIONS), min_size=MIN_LOOKS, max_size=90), st.floats(0, 1e5))
def test_a_baseline_is_a_reading_between_the_looks(seen: list[Emotion], start_s: float) -> None:
    step_s = CALIBRATION_S / (len(seen) + 1)
    given_looks = [EmotionEstimate(start_s + k * step_s, probabilities_of(emotion)) for k, emotion in enumerate(seen)]
    baseline = calibrate(given_looks, start_s)
    assert sum(baseline.probabilities) == pytest.approx(1.0)
    for k in range(len(EMOTIONS)):
        column = [look.probabilities[k] for look in given_looks]
        assert min(column) - 1e-9 <= baseline.probabilities[k] <= max(column) + 1e-9
