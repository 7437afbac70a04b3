"""Which LiteRT network serves: the fastest that loses next to nothing on either label set."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ModelError
from emrs_core.training.convert import Precision
from emrs_core.training.data import LabelledFaces
from emrs_core.training.metrics import accuracy, majority
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits
from emrs_core.vision.litert import load_runner
from emrs_core.vision.preprocess import standardise

ALLOWED_LOSS = 0.003
"""0.3 points: a fifth of the 95 % interval's half-width on 3,500 pictures, so nobody could tell."""

BATCH = 16
TIMED_CALLS = 100
WARM_CALLS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One precision, measured."""

    precision: Precision
    logits: HeadLogits  # of the validation faces
    accuracy: Mapping[str, float]  # by head, against its own labels
    cpu_ms: float  # median CPU time of one face, one thread
    size_bytes: int

    def loss_against(self, reference: Candidate) -> float:
        """The larger of both heads' losses, as a share; below 0 when it gains."""
        return max(reference.accuracy[head] - self.accuracy[head] for head in self.accuracy)


def measure_candidate(precision: Precision, path: Path, validation: LabelledFaces) -> Candidate:
    """Accuracy on faces with FER2013 labels and FER+ votes, and the CPU time of one face. Raises ModelError."""
    run = load_runner(path)
    faces = standardise(validation.faces)
    parts = [run(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
    logits = HeadLogits(*(np.concatenate([part[head] for part in parts]) for head in (FER_HEAD, FERPLUS_HEAD)))
    assert validation.votes is not None
    label, counts = majority(validation.votes)
    shares = {
        FER_HEAD: accuracy(logits.fer.argmax(axis=1), validation.labels) or 0.0,
        FERPLUS_HEAD: accuracy(logits.ferplus.argmax(axis=1)[counts], label[counts]) or 0.0,
    }
    return Candidate(precision, logits, shares, cpu_ms_per_face(path, faces[:1]), path.stat().st_size)


def cpu_ms_per_face(path: Path, face: NDArray[np.float32]) -> float:
    """Median CPU time in milliseconds of this process for one face in one call, of a freshly loaded network."""
    run = load_runner(path)
    times = []
    for _ in range(WARM_CALLS + TIMED_CALLS):
        start = time.process_time()
        run(face)
        times.append((time.process_time() - start) * 1000)
    return median(times[WARM_CALLS:])


def choose(candidates: Sequence[Candidate], size_limit_bytes: int) -> Candidate:
    """The fastest candidate that fits the size and loses at most 0.3 points against the 32-bit one.

    Raises ModelError when none does.
    """
    reference = next(candidate for candidate in candidates if candidate.precision is Precision.FLOAT32)
    fit = [c for c in candidates if c.size_bytes <= size_limit_bytes and c.loss_against(reference) <= ALLOWED_LOSS]
    if not fit:
        raise ModelError(
            f"No precision is both within {size_limit_bytes / 1e6:.0f} MB and within {ALLOWED_LOSS:.1%} of 32 bit."
        )
    return min(fit, key=lambda candidate: candidate.cpu_ms)
