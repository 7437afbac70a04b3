"""CPU time of one face for each precision that LiteRT offers, from the shipped weights.

Run ``python -m benchmarks.precisions`` on a quiet machine: it is the timing half of the choice that ``export-model``
makes. Accuracies, which no load disturbs, are in the model's card under ``metrics.accuracy_by_runtime``.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.context import REPEATS, processor_name
from emrs_core.bootstrap import DEFAULT_MODEL_DIR
from emrs_core.training.choice import cpu_ms_per_face
from emrs_core.training.convert import Precision, to_litert
from emrs_core.training.model import build_vgg16
from emrs_core.vision.artefact import KERAS_FILE, load_card, verify
from emrs_core.vision.preprocess import FACE_SIZE_PX, standardise

REPRESENTATIVE_FACES = 100
"""Noise will do: the ranges that it fixes change what an 8-bit network says, not how long it takes to say it."""


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    verify(DEFAULT_MODEL_DIR, load_card(DEFAULT_MODEL_DIR))
    model = build_vgg16()
    model.load_weights(DEFAULT_MODEL_DIR / KERAS_FILE)
    shape = (REPRESENTATIVE_FACES, FACE_SIZE_PX, FACE_SIZE_PX)
    faces = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    print(processor_name())
    with tempfile.TemporaryDirectory() as folder:
        for precision, content in to_litert(model, tuple(Precision), faces).items():
            path = Path(folder) / f"{precision}.tflite"
            path.write_bytes(content)
            times = [cpu_ms_per_face(path, standardise(faces[:1])) for _ in range(REPEATS)]
            print(f"{precision:<14} {statistics.median(times):6.2f} ms CPU a face  {len(content) / 1e6:5.1f} MB")


if __name__ == "__main__":
    main()
