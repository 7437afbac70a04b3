"""Changes a face as cameras and heads do: drawn by NumPy from a seed, applied by the backend's own operations.

Because only the numbers are random and not the operations, every backend sees the same pictures and a run can be
taken up again at any epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.recipe import AugmentationPart
from emrs_core.vision.preprocess import STD_OFFSET

BRIGHTEST = 255.0
MIDDLE = BRIGHTEST / 2
Floats = NDArray[np.float32]


def draw(part: AugmentationPart, count: int, size_px: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Random changes of ``count`` faces of that size; a kind that is switched off draws nothing.

    ``transform`` (N, 8): from a place in the new face to one in the old, as ``keras.ops.image.affine_transform`` takes
    it. ``light`` (N, 2): factor of contrast, added brightness. ``keep`` (N, size, size): 0 where the square is cut out
    (T. DeVries, G. Taylor 2017, https://arxiv.org/abs/1708.04552), else 1. ``share`` (N,): how much of a face is left
    when the one in the opposite place of the batch is mixed in, at least half (H. Zhang et al., "mixup", 2018,
    https://arxiv.org/abs/1710.09412); ``targets.mixed`` mixes what is to be learned.
    """
    changes = {}
    if part.rotation_deg or part.scale or part.shift or part.flip:
        changes["transform"] = _transforms(part, count, size_px, rng)
    if part.brightness or part.contrast:
        contrast = 1 + part.contrast * rng.uniform(-1, 1, count)
        brightness = BRIGHTEST * part.brightness * rng.uniform(-1, 1, count)
        changes["light"] = np.stack([contrast, brightness], axis=1)
    if part.cutout:
        changes["keep"] = _squares(part.cutout, count, size_px, rng)
    if part.mixup:
        share = rng.beta(part.mixup, part.mixup, count)
        changes["share"] = np.maximum(share, 1 - share)
    return {name: values.astype(np.float32) for name, values in changes.items()}


def prepare(inputs: Mapping[str, Any]) -> Any:
    """(N, size, size) grey bytes under ``faces``, and the changes of ``draw`` -> the network's input, standardised.

    Without changes this is ``preprocess.standardise``. Runs on the backend's device.
    """
    from keras import ops

    faces = ops.expand_dims(ops.cast(inputs["faces"], "float32"), -1)
    if "transform" in inputs:
        faces = ops.image.affine_transform(
            faces, inputs["transform"], interpolation="bilinear", fill_mode="nearest", data_format="channels_last"
        )
    if "light" in inputs:
        light = ops.expand_dims(ops.expand_dims(inputs["light"], 1), 1)
        faces = ops.clip((faces - MIDDLE) * light[..., :1] + MIDDLE + light[..., 1:], 0.0, BRIGHTEST)
    faces = faces / BRIGHTEST
    mean = ops.mean(faces, axis=(1, 2), keepdims=True)
    faces = (faces - mean) / (ops.std(faces, axis=(1, 2), keepdims=True) + STD_OFFSET)
    if "keep" in inputs:
        faces = faces * ops.expand_dims(inputs["keep"], -1)
    if "share" in inputs:
        share = ops.reshape(inputs["share"], (-1, 1, 1, 1))
        faces = share * faces + (1 - share) * ops.flip(faces, axis=0)
    return faces


def _transforms(part: AugmentationPart, count: int, size_px: int, rng: np.random.Generator) -> NDArray[np.float64]:
    angle = np.radians(part.rotation_deg * rng.uniform(-1, 1, count))
    zoom = 1 + part.scale * rng.uniform(-1, 1, count)
    shift = part.shift * size_px * rng.uniform(-1, 1, (count, 2))
    mirror = np.where(part.flip & (rng.random(count) < 0.5), -1.0, 1.0)
    cosine, sine = np.cos(angle) / zoom, np.sin(angle) / zoom
    centre = (size_px - 1) / 2
    rows = np.zeros((count, 8))
    rows[:, 0], rows[:, 1] = cosine * mirror, -sine
    rows[:, 3], rows[:, 4] = sine * mirror, cosine
    # The centre of the face goes to itself, then the shift is added.
    rows[:, 2] = centre - (rows[:, 0] + rows[:, 1]) * centre + shift[:, 0]
    rows[:, 5] = centre - (rows[:, 3] + rows[:, 4]) * centre + shift[:, 1]
    return rows


def _squares(largest: float, count: int, size_px: int, rng: np.random.Generator) -> NDArray[np.float64]:
    half = largest * size_px * rng.uniform(0, 1, (count, 1)) / 2
    middle_x, middle_y = rng.uniform(0, size_px, (2, count, 1))
    places = np.arange(size_px) + 0.5
    in_x, in_y = np.abs(places - middle_x) < half, np.abs(places - middle_y) < half
    return np.where(in_y[:, :, None] & in_x[:, None, :], 0.0, 1.0)
