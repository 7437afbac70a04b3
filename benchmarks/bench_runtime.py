"""CPU of one face's emotion: the served 8/16/32-bit network against Keras, on the same weights."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from benchmarks.context import Context
from benchmarks.keras_baseline import measured
from benchmarks.rows import Row
from emrs_core.bootstrap import DEFAULT_MODEL_DIR, build_model
from emrs_core.protocols import EmotionModel

FACES = 200
KERAS_FACES = 40
MIB = 2**20


def run(context: Context) -> list[dict[str, Any]]:
    model = build_model()
    ours_ms = statistics.median(_median_ms(model) for _ in range(context.repeats))
    keras = measured("face", KERAS_FACES)
    size = (DEFAULT_MODEL_DIR / "model.tflite").stat().st_size / MIB
    note = f"scaling and calibration included; model.tflite has {size:.1f} MiB"
    rows = [
        Row("one face, against model.predict", ours_ms, keras["predict_ms"], "ms CPU", note),
        Row("one face, against model(x)", ours_ms, keras["call_ms"], "ms CPU", note),
    ]
    return [row.as_dict(context.processor) for row in rows]


def _median_ms(model: EmotionModel) -> float:
    face = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    times = []
    for _ in range(FACES):
        start_s = time.process_time()
        model.predict(face)
        times.append(1000 * (time.process_time() - start_s))
    return statistics.median(times)
