"""Weights to files: 16-bit Keras weights, and LiteRT networks of several precisions. Needs TensorFlow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import UsageError
from emrs_core.training.architectures import VGG16, Architecture
from emrs_core.vision.preprocess import standardise

STORED_KERNELS = "float16"
"""Type of the kernels on disk: half the size, and exact for weights that were trained or rounded to 16 bits."""


class Precision(StrEnum):
    """How a LiteRT network holds its weights and computes."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"  # weights 16 bit, arithmetic 32 bit
    INT8_DYNAMIC = "int8_dynamic"  # weights 8 bit, activations scaled to 8 bit by their own range in each call
    INT8_FULL = "int8_full"  # as above with ranges fixed beforehand from representative faces


def write_keras_weights(model: Any, path: Path, architecture: Architecture = VGG16) -> None:
    """Save a model of ``architecture`` with 16-bit kernels; ``architecture.build().load_weights(path)`` reads it."""
    half = architecture.build(kernel_dtype=STORED_KERNELS)
    half.set_weights(model.get_weights())
    half.save_weights(path)


def to_litert(
    model: Any, precisions: tuple[Precision, ...], representative: NDArray[np.uint8]
) -> dict[Precision, bytes]:
    """The model as LiteRT flat buffers. ``representative`` (N, 48, 48) fixes the ranges of INT8_FULL.

    Raises UsageError when Keras runs on another backend than TensorFlow, whose converter this is.
    """
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise UsageError(f"Export needs KERAS_BACKEND=tensorflow, it is {keras.backend.backend()!r}.")

    def faces() -> Iterator[list[NDArray[np.float32]]]:
        return ([standardise(representative[i : i + 1])] for i in range(len(representative)))

    networks = {}
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        for precision in precisions:
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            if precision is not Precision.FLOAT32:
                converter.optimizations = [tf.lite.Optimize.DEFAULT]
            if precision is Precision.FLOAT16:
                converter.target_spec.supported_types = [tf.float16]
            if precision is Precision.INT8_FULL:
                converter.representative_dataset = faces
            networks[precision] = bytes(converter.convert())
    return networks
