"""What most projects of this kind run, in a process of its own: `python -m benchmarks.keras_baseline TASK COUNT`.

TASK is ``loop`` or ``face``; the answer is one JSON object. Nothing here is product code: it stands for the usual
tutorial loop, with the same network and weights as ours, so that only the way of running them differs. Threads are
left at the libraries' defaults, as there.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.context import ROOT
from benchmarks.rows import BenchmarkError
from benchmarks.scenes import moving_face
from emrs_core.bootstrap import DEFAULT_MODEL_DIR
from emrs_core.vision.artefact import KERAS_FILE

CASCADE = ROOT / "models" / "haar" / "haarcascade_frontalface_default.xml"
SCALE_FACTOR, MIN_NEIGHBOURS = 1.1, 5  # the numbers of nearly every tutorial
WARM_UP_CALLS = 3
TIMEOUT_S = 400.0


def measured(task: str, count: int) -> dict[str, Any]:
    """Run a task here in a child process, so that TensorFlow never shares one with ours. Raises BenchmarkError."""
    command = [sys.executable, "-m", "benchmarks.keras_baseline", task, str(count)]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"the Keras baseline ({task}) took longer than {TIMEOUT_S:.0f} s") from None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise BenchmarkError(f"the Keras baseline ({task}) failed: {last[0]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def loop(count: int) -> dict[str, float]:
    """Full-size Haar and ``model.predict`` on every one of ``count`` frames; CPU seconds of all threads."""
    cascade, model = cv2.CascadeClassifier(str(CASCADE)), _model(DEFAULT_MODEL_DIR)
    for _ in range(WARM_UP_CALLS):
        _predict(model, np.zeros((48, 48), np.uint8))
    spent_s, detect_s, faces = 0.0, 0.0, 0
    for scene in moving_face(count):
        start_s = time.process_time()
        grey = cv2.cvtColor(scene.image, cv2.COLOR_BGR2GRAY)
        boxes = cascade.detectMultiScale(grey, scaleFactor=SCALE_FACTOR, minNeighbors=MIN_NEIGHBOURS)
        detect_s += time.process_time() - start_s
        for x, y, width, height in boxes:
            _predict(model, cv2.resize(grey[y : y + height, x : x + width], (48, 48)))
            faces += 1
        spent_s += time.process_time() - start_s
    return {"cpu_s": spent_s, "detect_s": detect_s, "frames": count, "faces": faces}


def face(count: int) -> dict[str, float]:
    """Median CPU milliseconds of one face, by ``model.predict`` and by calling the model."""
    model = _model(DEFAULT_MODEL_DIR)
    batch = _standardised(np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8))
    return {
        "predict_ms": _median_ms(lambda: model.predict(batch, verbose=0), count),
        "call_ms": _median_ms(lambda: {head: np.asarray(out) for head, out in model(batch).items()}, count),
    }


def _model(folder: Path) -> Any:
    from emrs_core.training.model import build_vgg16

    model = build_vgg16()
    model.load_weights(folder / KERAS_FILE)
    return model


def _predict(model: Any, grey: np.ndarray[Any, Any]) -> Any:
    return model.predict(_standardised(grey), verbose=0)


def _standardised(grey: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    scaled: np.ndarray[Any, Any] = grey.astype("float32") / 255.0
    standard: np.ndarray[Any, Any] = (scaled - scaled.mean()) / (scaled.std() + 0.05)
    return standard[None, :, :, None]


def _median_ms(call: Callable[[], object], count: int) -> float:
    for _ in range(WARM_UP_CALLS):
        call()
    times = []
    for _ in range(count):
        start_s = time.process_time()
        call()
        times.append(1000 * (time.process_time() - start_s))
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps({"loop": loop, "face": face}[sys.argv[1]](int(sys.argv[2]))))
