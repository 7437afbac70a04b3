"""A teacher's opinion beside people's labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emrs_core.training.data import LabelledFaces
from emrs_core.training.recipe import LossPart
from emrs_core.training.targets import targets_of
from emrs_core.training.teacher import load_teacher, shares_of, taught
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import ModelCard
from emrs_core.vision.heads import HeadLogits
from emrs_core.vision.preprocess import SCALING

SEVEN = tuple(str(emotion) for emotion in EMOTIONS)
EIGHT = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
HAPPY, SAD = 3, 4


class Teacher:
    """Says happy of every face; its card names the columns of both heads backwards."""

    card = ModelCard(
        name="teacher",
        labels=SEVEN,
        heads={"fer": SEVEN[::-1], "ferplus": EIGHT[::-1]},
        live_head="fer",
        temperature={"fer": 1.0, "ferplus": 2.0},
        input={"size": 48, "channels": 1, "scaling": SCALING},
        data={},
        metrics={},
        training={},
        files={},
    )

    def head_logits(self, faces: np.ndarray) -> HeadLogits:
        fer = np.zeros((len(faces), 7), np.float32)
        ferplus = np.zeros((len(faces), 8), np.float32)
        fer[:, 6 - HAPPY], ferplus[:, 7 - 1] = np.log(4), 2 * np.log(3)
        return HeadLogits(fer, ferplus)


def test_the_teacher_is_read_in_our_order_and_by_its_temperature() -> None:
    seven, eight = shares_of(Teacher(), np.zeros((2, 48, 48), np.uint8))
    np.testing.assert_allclose(seven, [[0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1]] * 2, rtol=1e-5)
    np.testing.assert_allclose(eight, [[0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]] * 2, rtol=1e-5)


def test_its_opinion_is_a_share_of_what_is_learned() -> None:
    data = LabelledFaces(np.zeros((1, 48, 48), np.uint8), np.array([SAD]))
    own = targets_of(data, LossPart(smoothing=0.0))
    mixed = taught(own, shares_of(Teacher(), data.faces), 0.25)
    assert mixed.fer[0, SAD] == pytest.approx(0.75 * 1 + 0.25 * 0.1)
    assert mixed.fer[0, HAPPY] == pytest.approx(0.25 * 0.4)
    assert mixed.ferplus[0, 1] == pytest.approx(0.25 * 0.3)
    np.testing.assert_allclose([mixed.fer.sum(), mixed.ferplus.sum()], 1.0, rtol=1e-6)
    same = replace(mixed, fer=own.fer, ferplus=own.ferplus)
    assert all(getattr(same, name) is getattr(own, name) for name in type(own).__slots__)


def test_the_shipped_network_can_teach(repository: object) -> None:
    teacher = load_teacher(f"{repository}/models/vgg16-fer")
    seven, eight = shares_of(teacher, np.random.default_rng(0).integers(0, 256, (2, 48, 48)).astype(np.uint8))
    assert (seven.shape, eight.shape) == ((2, 7), (2, 8))
    np.testing.assert_allclose([seven.sum(axis=1), eight.sum(axis=1)], 1.0, atol=1e-4)
