"""From two heads to the seven probabilities shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from emrs_core.training.calibration import fit_temperature
from emrs_core.types import EMOTIONS
from emrs_core.vision.heads import seven_probabilities, softmax

FERPLUS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
finite = st.floats(-8, 8, width=32)


@given(hnp.arrays(np.float32, (3, 8), elements=finite), st.floats(0.3, 4))
def test_contempt_is_dropped_and_the_rest_renormalised(logits: np.ndarray, temperature: float) -> None:
    seven = seven_probabilities(logits, FERPLUS, temperature)
    eight = softmax(logits, temperature).astype(np.float64)
    eight_by_name = dict(zip(FERPLUS, eight.T, strict=True))
    own_names = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    kept = np.stack([eight_by_name[name] for name in own_names], axis=1)
    usable = kept.sum(axis=1) > 1e-6  # where contempt takes all, the quotient below is noise
    expected = kept[usable] / kept[usable].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(seven[usable], expected, atol=1e-4)
    np.testing.assert_allclose(seven.sum(axis=1), 1.0, atol=1e-5)


def test_labels_of_the_card_decide_the_order() -> None:
    names = tuple(reversed([str(emotion) for emotion in EMOTIONS]))
    logits = np.log(np.array([[7, 6, 5, 4, 3, 2, 1]], np.float32) / 28)
    np.testing.assert_allclose(seven_probabilities(logits, names, 1.0)[0] * 28, [1, 2, 3, 4, 5, 6, 7], rtol=1e-5)


def test_temperature_softens_and_sharpens() -> None:
    logits = np.array([[2.0, 0.0]], np.float32)
    soft, plain, sharp = (softmax(logits, t)[0, 0] for t in (2.0, 1.0, 0.5))
    assert soft == pytest.approx(1 / (1 + np.exp(-1)))
    assert soft < plain < sharp


def test_no_faces_give_no_rows() -> None:
    assert seven_probabilities(np.empty((0, 8), np.float32), FERPLUS, 0.5).shape == (0, 7)


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.5])
def test_the_fitted_temperature_undoes_a_known_one(true_temperature: float) -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (4_000, 7)).astype(np.float32)
    labels = np.array([rng.choice(7, p=row / row.sum()) for row in softmax(honest).astype(np.float64)])
    assert fit_temperature(honest * np.float32(true_temperature), labels) == pytest.approx(true_temperature, rel=0.08)
