"""How long one face takes in a runtime."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.vision.artefact import LITERT_FILE
from emrs_core.vision.litert import load_runner
from emrs_core.vision.preprocess import FACE_SIZE_PX, standardise

CALLS = 100
WARM_CALLS = 10
"""The first calls allocate and, in Keras, trace the graph; they say nothing of the later ones."""

RUNTIMES = ("litert", "keras")


def latencies(folder: Path, runtimes: tuple[str, ...]) -> dict[str, Any]:
    """``one_face_ms`` of each runtime asked for, over the networks of one model folder. Raises ModelError."""
    return {runtime: one_face_ms(_caller(folder, runtime)) for runtime in runtimes}


def one_face_ms(call: Callable[[NDArray[np.float32]], object], calls: int = CALLS) -> dict[str, Any]:
    """Median and 95th percentile of the time of one call, and median CPU time of the process, in milliseconds.

    CPU time hardly depends on what else the machine does; the other two do.
    """
    face = standardise(np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX), np.uint8))
    times = []
    for _ in range(WARM_CALLS + calls):
        wall, cpu = time.perf_counter(), time.process_time()
        call(face)
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    walls, cpus = 1000 * np.array(times[WARM_CALLS:]).T
    return {
        "calls": calls,
        "median_ms": round(float(np.median(walls)), 3),
        "p95_ms": round(float(np.percentile(walls, 95)), 3),
        "cpu_ms": round(float(np.median(cpus)), 3),
    }


def _caller(folder: Path, runtime: str) -> Callable[[NDArray[np.float32]], object]:
    if runtime == "litert":
        return load_runner(folder / LITERT_FILE)
    from emrs_core.training.keras_runtime import KerasHeads

    predict: Callable[[NDArray[np.float32]], object] = KerasHeads(folder).model.predict_on_batch
    return predict
