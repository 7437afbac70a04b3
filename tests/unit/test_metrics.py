"""The metrics, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from emrs_core.training.metrics import (
    LEFT_OUT_OF_FIVE,
    LEFT_OUT_OF_SIX,
    Bootstrap,
    accuracy,
    confusion_matrix,
    ece,
    ece_with_interval,
    fer_metrics,
    ferplus_metrics,
    fewer_class_metrics,
    macro_f1,
    majority,
    share_with_interval,
)

QUICK = Bootstrap(seed=1, rounds=200)
ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL = range(7)


def one_hot(classes: list[int], width: int, sure: float = 1.0) -> np.ndarray:
    """Probabilities that say ``classes``, with the rest spread evenly."""
    rows = np.full((len(classes), width), (1.0 - sure) / (width - 1), np.float32)
    rows[np.arange(len(classes)), classes] = sure
    return rows


def votes(*rows: str) -> np.ndarray:
    """Ten digits a row: neutral happiness surprise sadness anger disgust fear contempt, unknown, not a face."""
    return np.array([[int(digit) for digit in row] for row in rows])


def test_accuracy_counts_agreement() -> None:
    assert accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])) == 0.75
    assert accuracy(np.array([], int), np.array([], int)) is None


def test_the_confusion_has_a_row_a_label() -> None:
    confusion = confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    assert confusion.tolist() == [[1, 1], [0, 1]]


def test_macro_f1_by_hand() -> None:
    # class 0: precision 1, recall 1/2; class 1: precision 1/2, recall 1; class 2 never occurs and does not count
    assert macro_f1(np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0]])) == pytest.approx(2 / 3)
    assert macro_f1(np.zeros((3, 3), int)) is None


def test_ece_by_hand() -> None:
    # One bin holds two rows of 0.9, one right: gap 0.4. Another two rows of 0.6, both right: gap 0.4.
    rows = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]], np.float32)
    assert ece(rows, np.array([0, 1, 0, 0])) == pytest.approx(0.4)
    # 0.9 twice, 0.9 - 1/2 = 0.4; then 0.6 with one of two right, 0.6 - 1/2 = 0.1: their mean
    assert ece(rows, np.array([0, 1, 0, 1])) == pytest.approx(0.25)


def test_ece_has_fifteen_bins_and_the_last_takes_certainty() -> None:
    # 0.60 and 0.66 share the bin [9/15, 10/15); 0.68 lies in the next, so its gap is not cancelled by theirs
    together = np.array([[0.60, 0.40], [0.66, 0.34]], np.float32)
    assert ece(together, np.array([0, 1])) == pytest.approx(abs(0.60 - 1 + 0.66) / 2)
    apart = np.array([[0.60, 0.40], [0.68, 0.32]], np.float32)
    assert ece(apart, np.array([0, 1])) == pytest.approx((abs(0.60 - 1) + 0.68) / 2)
    assert ece(np.array([[1.0, 0.0]], np.float32), np.array([0])) == 0.0


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ("6011000020", 0),  # single votes go: 6 of 8
        ("0505000000", None),  # 5 of 10 is not more than half
        ("0604000000", 1),
        ("4001320000", None),  # 4 of 9 after the single vote went
        ("4001110000", 0),  # 4 of 4
        ("2000000080", None),  # most say "unknown"
        ("0000000028", None),  # most say "not a face"
        ("1111111111", None),  # only single votes
        ("0000000700", 7),  # contempt is one of the eight
    ],
)
def test_the_majority_rule(row: str, label: int | None) -> None:
    found, counts = majority(votes(row))
    assert counts.tolist() == [label is not None]
    if label is not None:
        assert found.tolist() == [label]


def test_ferplus_counts_majorities_and_every_row_with_a_vote() -> None:
    table = votes("8000000000", "0700000300", "0505000000", "0000000010", "0000000055")
    result = ferplus_metrics(one_hot([0, 2, 1, 3, 4], 8), table, QUICK)
    assert (result["n"], result["accuracy"]) == (2, 0.5)
    assert (result["n_all"], result["accuracy_all"]) == (3, pytest.approx(2 / 3, abs=1e-6))


def test_ferplus_takes_eight_columns_for_accuracy_all_even_when_most_say_unknown() -> None:
    result = ferplus_metrics(one_hot([1], 8), votes("0200000080"), QUICK)
    assert (result["n"], result["accuracy"], result["accuracy_ci"]) == (0, None, None)
    assert (result["n_all"], result["accuracy_all"]) == (1, 1.0)


def test_five_classes_leave_out_rows_and_outputs_of_disgust_and_fear() -> None:
    shares = np.zeros((4, 7), np.float32)
    shares[0, [FEAR, SAD]] = 0.6, 0.4  # a sad row that says fear first: sad among the five
    shares[1, [HAPPY, DISGUST]] = 0.9, 0.1
    shares[2, [FEAR, ANGRY]] = 0.9, 0.1
    shares[3, [SURPRISE, FEAR]] = 0.3, 0.7
    labels = np.array([SAD, HAPPY, FEAR, NEUTRAL])
    five = fewer_class_metrics(shares, labels, LEFT_OUT_OF_FIVE, QUICK)
    assert (five["n"], five["accuracy"]) == (3, pytest.approx(2 / 3, abs=1e-6))
    six = fewer_class_metrics(shares, labels, LEFT_OUT_OF_SIX, QUICK)
    assert (six["n"], six["accuracy"]) == (4, 0.5)


def test_fer_metrics_agree_with_their_parts() -> None:
    labels = np.array([ANGRY, HAPPY, HAPPY, NEUTRAL])
    result = fer_metrics(one_hot([ANGRY, HAPPY, SAD, NEUTRAL], 7, 0.7), labels, QUICK)
    assert result["accuracy"] == 0.75
    assert result["ece"] == pytest.approx(0.05)
    assert result["confusion"][HAPPY] == [0, 0, 0, 1, 1, 0, 0]
    assert result["macro_f1"] == pytest.approx((1 + 2 / 3 + 0 + 1) / 4, abs=1e-6)


def test_an_interval_is_as_wide_as_theory_says_and_the_same_each_time() -> None:
    predicted, labels = np.zeros(400, int), np.repeat([0, 1], [320, 80])
    first, again = (share_with_interval("accuracy", predicted, labels, Bootstrap(seed=5)) for _ in range(2))
    low, high = first["accuracy_ci"]
    half = 1.96 * np.sqrt(0.8 * 0.2 / 400)
    assert low == pytest.approx(0.8 - half, abs=0.006)
    assert high == pytest.approx(0.8 + half, abs=0.006)
    assert first == again
    assert share_with_interval("accuracy", predicted, labels, Bootstrap(seed=6)) != first


def test_a_perfect_share_has_no_spread_and_the_interval_of_a_small_ece_holds_it() -> None:
    right = np.arange(50) % 7
    assert share_with_interval("accuracy", right, right, QUICK)["accuracy_ci"] == [1.0, 1.0]
    rng = np.random.default_rng(0)
    confident = rng.uniform(0.5, 1.0, 2000)
    shares = np.stack([confident, 1 - confident], axis=1).astype(np.float32)
    honest = (rng.uniform(size=2000) > confident).astype(int)
    result = ece_with_interval(shares, honest, QUICK)
    assert result["ece_ci"][0] <= result["ece"] <= result["ece_ci"][1]
