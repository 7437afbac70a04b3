"""Each class, reliability and coverage, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from emrs_core.mood import MoodParameters
from emrs_core.training.metrics import ece
from emrs_core.training.per_head import coverage, details, per_class, reliability


def two_classes(*first: float) -> np.ndarray:
    return np.array([[share, 1 - share] for share in first], np.float32)


def test_precision_and_recall_of_each_class_by_hand() -> None:
    confusion = np.array([[3, 1, 0], [2, 2, 0], [0, 0, 0]])
    found = per_class(confusion, ("a", "b", "c"))
    assert found["a"] == {"n": 4, "precision": 0.6, "recall": 0.75, "f1": pytest.approx(6 / 9, abs=1e-4)}
    assert found["b"] == {"n": 4, "precision": pytest.approx(2 / 3, abs=1e-4), "recall": 0.5, "f1": 0.5714}
    assert found["c"] == {"n": 0, "precision": None, "recall": None, "f1": None}


def test_reliability_puts_each_face_into_the_bin_of_its_confidence() -> None:
    bins = reliability(two_classes(0.61, 0.65, 0.95, 1.0), np.array([0, 1, 0, 0]))
    assert len(bins) == 15
    assert bins[9] == {"n": 2, "confidence": pytest.approx(0.63), "accuracy": 0.5}
    assert bins[14] == {"n": 2, "confidence": pytest.approx(0.975), "accuracy": 1.0}
    assert sum(entry["n"] for entry in bins) == 4
    assert bins[0] == {"n": 0, "confidence": None, "accuracy": None}


def test_the_bins_weighted_by_their_rows_give_the_calibration_error() -> None:
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(7), 500).astype(np.float32)
    labels = rng.integers(0, 7, 500)
    used = [entry for entry in reliability(shares, labels) if entry["n"]]
    error = sum(entry["n"] * abs(entry["confidence"] - entry["accuracy"]) for entry in used) / 500
    assert error == pytest.approx(ece(shares, labels), abs=2e-4)


def test_coverage_falls_and_accuracy_is_of_the_answers_alone() -> None:
    found = coverage(two_classes(0.52, 0.6, 0.8, 0.97), np.array([1, 0, 0, 0]))
    curve = found["curve"]
    at = {threshold: place for place, threshold in enumerate(curve["threshold"])}
    assert (curve["coverage"][at[0.0]], curve["accuracy"][at[0.0]]) == (1.0, 0.75)
    assert (curve["coverage"][at[0.54]], curve["accuracy"][at[0.54]]) == (0.75, 1.0)
    assert (curve["coverage"][at[0.98]], curve["accuracy"][at[0.98]]) == (0.0, None)
    assert curve["coverage"] == sorted(curve["coverage"], reverse=True)


def test_unsure_is_the_dashboards_own_threshold() -> None:
    shares = np.array([[0.44, 0.36, 0.2], [0.46, 0.34, 0.2]], np.float32)
    unsure = coverage(shares, np.array([1, 0]))["unsure"]
    assert unsure == {"threshold": MoodParameters().credible, "coverage": 0.5, "accuracy": 1.0}


def test_details_of_no_rows_are_empty_and_not_an_error() -> None:
    nothing = details(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32), np.empty(0, np.int64), ("a", "b"))
    assert nothing["confusion"] == [[0, 0], [0, 0]]
    assert nothing["ece_before_temperature"] is None
    assert nothing["coverage"]["unsure"]["coverage"] is None


def test_before_is_without_the_temperature_and_after_with_it() -> None:
    labels = np.array([0, 0, 1, 0])
    found = details(two_classes(0.9, 0.9, 0.9, 0.9), two_classes(0.6, 0.6, 0.6, 0.6), labels, ("a", "b"))
    before = [entry for entry in found["reliability"]["before_temperature"] if entry["n"]]
    after = [entry for entry in found["reliability"]["after_temperature"] if entry["n"]]
    assert (before[0]["confidence"], after[0]["confidence"]) == (pytest.approx(0.6), pytest.approx(0.9))
    assert found["ece_before_temperature"] == pytest.approx(0.15)
