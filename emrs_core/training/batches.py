"""The batches of an epoch: which faces, how changed, with which targets. A pure function of seed and epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.training.augmentation import draw
from emrs_core.training.recipe import Recipe
from emrs_core.training.targets import Targets, mixed
from emrs_core.vision.preprocess import FACE_SIZE_PX

Batch = tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]


class Batches:
    """Shuffled, augmented batches of equal size; faces beyond the last full batch wait for another epoch."""

    def __init__(self, faces: NDArray[np.uint8], targets: Targets, recipe: Recipe) -> None:
        self._faces, self._targets, self._recipe = faces, targets, recipe
        self._batch = min(recipe.optimiser.batch, len(faces))
        self._sized: tuple[int, NDArray[np.uint8]] = (FACE_SIZE_PX, faces)

    @property
    def steps(self) -> int:
        """Batches of an epoch."""
        return len(self._faces) // self._batch

    def of_epoch(self, epoch: int) -> Iterator[Batch]:
        """Inputs and targets of each step of ``epoch``, counted from 0."""
        size_px = self._recipe.size_px(epoch)
        faces = self._at(size_px)
        rng = np.random.default_rng([self._recipe.seed, epoch])
        order = rng.permutation(len(faces))
        for start in range(0, self.steps * self._batch, self._batch):
            rows = order[start : start + self._batch]
            inputs: dict[str, NDArray[Any]] = {"faces": faces[rows]}
            inputs |= draw(self._recipe.augmentation, len(rows), size_px, rng)
            targets = self._targets.subset(rows)
            if "share" in inputs:
                targets = mixed(targets, inputs["share"])
            yield inputs, {name: getattr(targets, name) for name in Targets.__slots__}

    def _at(self, size_px: int) -> NDArray[np.uint8]:
        """All faces at that size, kept until another is asked for."""
        if self._sized[0] != size_px:
            self._sized = (size_px, resized(self._faces, size_px))
        return self._sized[1]


def resized(faces: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """(N, 48, 48) -> (N, size, size), each pixel the mean of the area that it covers."""
    if size_px == faces.shape[1]:
        return faces
    small = [cv2.resize(face, (size_px, size_px), interpolation=cv2.INTER_AREA) for face in faces]
    return np.stack(small).astype(np.uint8, copy=False)
