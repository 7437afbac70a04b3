"""What stands behind the single figures: each class by itself, confidence against truth, and the price of abstaining.

Pure NumPy. Results are plain numbers and lists, ready for JSON; a figure that no row counts for is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.mood import MoodParameters
from emrs_core.training.metrics import ECE_BINS, Labels, Probabilities, confusion_matrix, ece

THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(50))
"""Confidences below which the network abstains in turn; steps of two hundredths draw a smooth curve."""

UNSURE_BELOW = MoodParameters().credible
"""The dashboard puts no label forward below this and says "not sure"."""

DIGITS = 4
"""Of curves: a ten-thousandth is far inside every interval, and keeps the card short."""


def per_class(confusion: NDArray[np.int64], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rows labelled so, precision, recall and F1 of each class, by its name."""
    hits, marked, said = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    return {
        name: {
            "n": int(marked[i]),
            "precision": _share(hits[i], said[i]),
            "recall": _share(hits[i], marked[i]),
            "f1": _share(2 * hits[i], marked[i] + said[i]),
        }
        for i, name in enumerate(names)
    }


def reliability(probabilities: Probabilities, labels: Labels) -> list[dict[str, Any]]:
    """The fifteen bins of the calibration error: rows, mean confidence and accuracy of each.

    Source: A. Niculescu-Mizil, R. Caruana, "Predicting Good Probabilities With Supervised Learning", ICML 2005.
    """
    top, right = _top(probabilities, labels)
    bins = np.minimum((top * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    rows = np.bincount(bins, minlength=ECE_BINS)
    confidence = np.bincount(bins, weights=top, minlength=ECE_BINS)
    hits = np.bincount(bins, weights=right, minlength=ECE_BINS)
    return [
        {"n": int(rows[i]), "confidence": _share(confidence[i], rows[i]), "accuracy": _share(hits[i], rows[i])}
        for i in range(ECE_BINS)
    ]


def coverage(probabilities: Probabilities, labels: Labels) -> dict[str, Any]:
    """Accuracy on the rows that are left when every row below a confidence is answered "not sure".

    ``curve`` is columns: threshold, coverage (share of rows answered), accuracy of these. ``unsure`` is the point that
    the dashboard uses. Source: R. El-Yaniv, Y. Wiener, "On the Foundations of Noise-free Selective Classification",
    JMLR 11, 2010.
    """
    top, right = _top(probabilities, labels)
    points = [_answered(top, right, threshold) for threshold in THRESHOLDS]
    return {
        "unsure": _answered(top, right, UNSURE_BELOW),
        "curve": {key: [point[key] for point in points] for key in ("threshold", "coverage", "accuracy")},
    }


def details(calibrated: Probabilities, plain: Probabilities, labels: Labels, names: Sequence[str]) -> dict[str, Any]:
    """All of the above for one head against one set of labels.

    ``calibrated`` and ``plain`` are (N, C) probabilities with and without the temperature; ``names`` are the classes in
    the order of their columns.
    """
    confusion = confusion_matrix(calibrated.argmax(axis=1), labels, len(names))
    before = ece(plain, labels)
    return {
        "classes": list(names),
        "confusion": confusion.tolist(),
        "per_class": per_class(confusion, names),
        "ece_before_temperature": None if before is None else round(before, 6),
        "reliability": {
            "before_temperature": reliability(plain, labels),
            "after_temperature": reliability(calibrated, labels),
        },
        "coverage": coverage(calibrated, labels),
    }


def _top(probabilities: Probabilities, labels: Labels) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return probabilities.max(axis=1, initial=0.0).astype(np.float64), probabilities.argmax(axis=1) == labels


def _answered(top: NDArray[np.float64], right: NDArray[np.bool_], threshold: float) -> dict[str, Any]:
    kept = top >= threshold
    return {
        "threshold": threshold,
        "coverage": _share(int(kept.sum()), len(top)),
        "accuracy": _share(int(right[kept].sum()), int(kept.sum())),
    }


def _share(part: float, whole: float) -> float | None:
    return round(float(part) / float(whole), DIGITS) if whole else None
