"""How well predictions agree with labels. Pure NumPy; every figure has a 95 % bootstrap interval.

A figure that no row counts for is None, and so is its interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.types import EMOTIONS, Emotion

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float32]

ECE_BINS = 15
"""Equal-width bins of the top probability. Source: C. Guo et al. 2017, https://arxiv.org/abs/1706.04599."""

BOOTSTRAP_ROUNDS = 1000
"""Resamplings: the ends of the interval then move by less than a tenth of its width from seed to seed."""

CONFIDENCE = 0.95
DIGITS = 6

FERPLUS_CLASSES = 8
LEFT_OUT_OF_FIVE = (Emotion.DISGUST, Emotion.FEAR)
LEFT_OUT_OF_SIX = (Emotion.DISGUST,)


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Intervals by resampling rows with replacement; the same seed gives the same intervals."""

    seed: int = 0
    rounds: int = BOOTSTRAP_ROUNDS

    def interval(self, figure: float | None, rows: int, statistic: Callable[[Labels], float]) -> list[float] | None:
        """[low, high] around ``figure`` from ``statistic`` of row numbers drawn from ``range(rows)``.

        The percentiles are shifted by the bootstrap's own estimate of bias, which is nil for a share and
        matters for the calibration error: resampled rows always look less calibrated than the rows themselves.
        Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 10 and 13.
        """
        if figure is None:
            return None
        rng = np.random.default_rng(self.seed)
        values = np.array([statistic(rng.integers(0, rows, rows)) for _ in range(self.rounds)])
        tail = 50 * (1 - CONFIDENCE)
        low, high = np.percentile(values, [tail, 100 - tail]) - (values.mean() - figure)
        return [round(float(np.clip(end, 0.0, 1.0)), DIGITS) for end in (low, high)]


def accuracy(predicted: Labels, labels: Labels) -> float | None:
    """Share of rows where both agree."""
    return float((predicted == labels).mean()) if len(labels) else None


def confusion_matrix(predicted: Labels, labels: Labels, classes: int) -> NDArray[np.int64]:
    """Counts: a row for each label, a column for each prediction."""
    return np.bincount(labels * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def macro_f1(confusion: NDArray[np.int64]) -> float | None:
    """Plain mean of the F1 of the classes that occur, as label or as prediction."""
    hits, marked, said = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    occurs = (marked + said) > 0
    return float((2 * hits[occurs] / (marked + said)[occurs]).mean()) if occurs.any() else None


def ece(probabilities: Probabilities, labels: Labels) -> float | None:
    """Expected calibration error: mean gap of confidence and accuracy over 15 bins, weighted by their rows."""
    bins, gaps = _calibration_gaps(probabilities, labels)
    return _ece_of(bins, gaps) if len(labels) else None


def majority(votes: NDArray[np.int64]) -> tuple[Labels, NDArray[np.bool_]]:
    """FER+'s majority label of each row, and which rows have one.

    Single votes count as none; the largest vote must exceed half of what is left and be one of the eight classes,
    not "unknown" or "not a face". Source: https://github.com/microsoft/FERPlus, mode "majority".
    """
    kept = np.where(votes == 1, 0, votes)
    label = kept.argmax(axis=1)
    counts = (2 * kept.max(axis=1) > kept.sum(axis=1)) & (label < FERPLUS_CLASSES)
    return label, counts


def share_with_interval(name: str, predicted: Labels, labels: Labels, bootstrap: Bootstrap) -> dict[str, Any]:
    """``{name: accuracy, name_ci: interval}``."""
    right = predicted == labels
    figure = accuracy(predicted, labels)
    interval = bootstrap.interval(figure, len(right), lambda rows: float(right[rows].mean()))
    return {name: _rounded(figure), f"{name}_ci": interval}


def ece_with_interval(probabilities: Probabilities, labels: Labels, bootstrap: Bootstrap) -> dict[str, Any]:
    """``{"ece": error, "ece_ci": interval}``."""
    figure = ece(probabilities, labels)
    bins, gaps = _calibration_gaps(probabilities, labels)
    interval = bootstrap.interval(figure, len(labels), lambda rows: _ece_of(bins[rows], gaps[rows]))
    return {"ece": _rounded(figure), "ece_ci": interval}


def fer_metrics(probabilities: Probabilities, labels: Labels, bootstrap: Bootstrap) -> dict[str, Any]:
    """``fer``: (N, 7) calibrated probabilities in the order of EMOTIONS against FER2013's labels."""
    classes, predicted = len(EMOTIONS), probabilities.argmax(axis=1)
    confusion = confusion_matrix(predicted, labels, classes)
    figure = macro_f1(confusion)
    interval = bootstrap.interval(
        figure, len(labels), lambda rows: macro_f1(confusion_matrix(predicted[rows], labels[rows], classes)) or 0.0
    )
    return {
        "n": len(labels),
        **share_with_interval("accuracy", predicted, labels, bootstrap),
        "macro_f1": _rounded(figure),
        "macro_f1_ci": interval,
        **ece_with_interval(probabilities, labels, bootstrap),
        "confusion": confusion.tolist(),
    }


def fewer_class_metrics(
    probabilities: Probabilities, labels: Labels, left_out: tuple[Emotion, ...], bootstrap: Bootstrap
) -> dict[str, Any]:
    """``five_class``, ``six_class``: only rows of the labels kept, argmax over only their outputs."""
    kept = np.array([place for place, emotion in enumerate(EMOTIONS) if emotion not in left_out])
    rows = np.isin(labels, kept)
    predicted = kept[probabilities[rows][:, kept].argmax(axis=1)]
    return {"n": int(rows.sum()), **share_with_interval("accuracy", predicted, labels[rows], bootstrap)}


def ferplus_metrics(probabilities: Probabilities, votes: NDArray[np.int64], bootstrap: Bootstrap) -> dict[str, Any]:
    """``ferplus``: (N, 8) calibrated probabilities in FER+'s order against its ten votes."""
    predicted = probabilities.argmax(axis=1)
    label, counts = majority(votes)
    eight = votes[:, :FERPLUS_CLASSES]
    voted = eight.sum(axis=1) > 0
    return {
        "n": int(counts.sum()),
        **share_with_interval("accuracy", predicted[counts], label[counts], bootstrap),
        "n_all": int(voted.sum()),
        **share_with_interval("accuracy_all", predicted[voted], eight.argmax(axis=1)[voted], bootstrap),
        **ece_with_interval(probabilities[counts], label[counts], bootstrap),
    }


def ferplus_label_metrics(probabilities: Probabilities, labels: Labels, bootstrap: Bootstrap) -> dict[str, Any]:
    """``ferplus`` where there is one label a picture instead of votes; ``labels`` are places in FER+'s order."""
    shares = share_with_interval("accuracy", probabilities.argmax(axis=1), labels, bootstrap)
    same = {"accuracy_all": shares["accuracy"], "accuracy_all_ci": shares["accuracy_ci"]}
    calibration = ece_with_interval(probabilities, labels, bootstrap)
    return {"n": len(labels), **shares, "n_all": len(labels), **same, **calibration}


def _calibration_gaps(probabilities: Probabilities, labels: Labels) -> tuple[Labels, NDArray[np.float64]]:
    top = probabilities.max(axis=1, initial=0.0).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    return np.minimum((top * ECE_BINS).astype(np.int64), ECE_BINS - 1), top - right


def _ece_of(bins: Labels, gaps: NDArray[np.float64]) -> float:
    return float(np.abs(np.bincount(bins, weights=gaps, minlength=ECE_BINS)).sum() / len(gaps))


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, DIGITS)
