"""The batches of an epoch: a pure function of seed and epoch, faces and their targets changed alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from emrs_core.training.batches import Batches
from emrs_core.training.data import LabelledFaces
from emrs_core.training.recipe import AugmentationPart, DataPart, LossPart, OptimiserPart, Recipe, Stage
from emrs_core.training.targets import targets_of

COUNT, BATCH = 21, 5


def batches(**augmentation: Any) -> Batches:
    """Each face is of one grey, its number, so that it is known again."""
    faces = np.repeat(np.arange(COUNT, dtype=np.uint8), 48 * 48).reshape(COUNT, 48, 48)
    data = LabelledFaces(faces, np.arange(COUNT) % 7)
    part = OptimiserPart(batch=BATCH)
    recipe = Recipe("x", (Stage(2, 24),), DataPart(), augmentation=AugmentationPart(**augmentation), optimiser=part)
    return Batches(faces, targets_of(data, LossPart(smoothing=0.0)), recipe)


def test_full_batches_only_each_face_once_with_its_own_target() -> None:
    seen = []
    for inputs, targets in batches().of_epoch(0):
        assert inputs["faces"].shape == (BATCH, 24, 24)
        numbers = inputs["faces"][:, 0, 0]
        np.testing.assert_array_equal(targets["fer"].argmax(axis=1), numbers % 7)
        seen += numbers.tolist()
    assert len(seen) == len(set(seen)) == COUNT // BATCH * BATCH


def test_an_epoch_is_the_same_each_time_and_unlike_another() -> None:
    first, again, other = (
        [inputs["faces"][:, 0, 0].tolist() for inputs, _ in batches().of_epoch(epoch)] for epoch in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_targets_are_mixed_as_the_faces_will_be() -> None:
    for inputs, targets in batches(mixup=1.0).of_epoch(0):
        share, classes = inputs["share"], inputs["faces"][:, 0, 0] % 7
        own = targets["fer"][np.arange(BATCH), classes]
        np.testing.assert_allclose(own, np.where(classes == classes[::-1], 1.0, share), rtol=1e-6)
        np.testing.assert_array_equal(targets["classes"].argmax(axis=1), classes)
