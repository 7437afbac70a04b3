"""What the network is asked to say, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from emrs_core.training.data import CONTEMPT_LABEL, LabelledFaces
from emrs_core.training.recipe import LossPart
from emrs_core.training.targets import balanced_weights, label_shares, mixed, smoothed, targets_of, vote_shares

HAPPY, DISGUST, NEUTRAL = 3, 1, 6


def labelled(labels: list[int], votes: list[list[int]] | None = None) -> LabelledFaces:
    counts = None if votes is None else np.array(votes)
    return LabelledFaces(np.zeros((len(labels), 48, 48), np.uint8), np.array(labels), counts)


def test_smoothing_spreads_its_share_over_all_classes() -> None:
    rows = smoothed(np.eye(7)[[HAPPY]], 0.14)
    assert rows[0, HAPPY] == pytest.approx(0.88)
    assert rows[0, DISGUST] == pytest.approx(0.02)
    assert rows.sum() == pytest.approx(1.0)


def test_rare_classes_weigh_more_and_the_rows_one_on_average() -> None:
    labels = np.array([HAPPY] * 6 + [DISGUST] * 2)
    weights = balanced_weights(labels)
    assert weights[HAPPY] == pytest.approx(8 / (2 * 6))
    assert weights[DISGUST] == pytest.approx(8 / (2 * 2))
    assert weights[NEUTRAL] == 0.0
    assert weights[labels].mean() == pytest.approx(1.0)


def test_votes_become_shares_of_the_eight_classes() -> None:
    shares, counts = vote_shares(np.array([[1, 3, 0, 0, 0, 0, 0, 0, 5, 1], [0] * 8 + [4, 6]]))
    np.testing.assert_allclose(shares[0], [0.25, 0.75, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(shares[1], [1 / 8] * 8)
    assert counts.tolist() == [True, False]


def test_labels_stand_in_for_votes_in_their_own_order() -> None:
    shares, counts = label_shares(np.array([HAPPY, NEUTRAL, CONTEMPT_LABEL, DISGUST]))
    assert shares.argmax(axis=1).tolist() == [1, 0, 7, 5]
    assert counts.all()


def test_both_heads_get_targets_and_contempt_teaches_the_first_nothing() -> None:
    data = labelled([HAPPY, CONTEMPT_LABEL], [[0, 9, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]])
    targets = targets_of(data, LossPart(smoothing=0.1))
    np.testing.assert_allclose(targets.fer.sum(axis=1), 1.0, rtol=1e-6)
    assert targets.fer_weight.tolist() == [1.0, 0.0]
    assert targets.ferplus_weight.tolist() == [1.0, 0.0]
    assert targets.ferplus[0, 1] == pytest.approx(0.9)
    assert targets.classes.tolist() == [[0, 0, 0, 1, 0, 0, 0], [0] * 7]


def test_class_weights_are_those_of_each_rows_label() -> None:
    targets = targets_of(labelled([HAPPY, HAPPY, HAPPY, DISGUST]), LossPart(class_weights="balanced"))
    np.testing.assert_allclose(targets.fer_weight, [2 / 3, 2 / 3, 2 / 3, 2.0])


def test_a_mixture_learns_from_both_by_their_shares() -> None:
    votes = [[10, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 10, 0, 0, 0, 0, 0, 0, 0, 0]]
    targets = targets_of(labelled([NEUTRAL, HAPPY], votes), LossPart(smoothing=0.0))
    both = mixed(targets, np.array([0.75, 0.5], np.float32))
    assert (both.fer[0, NEUTRAL], both.fer[0, HAPPY]) == (0.75, 0.25)
    assert (both.ferplus[1, 0], both.ferplus[1, 1]) == (0.5, 0.5)
    assert both.fer_weight.tolist() == both.ferplus_weight.tolist() == [1.0, 1.0]
    np.testing.assert_array_equal(both.classes, targets.classes)


def test_a_face_that_says_nothing_to_a_head_leaves_it_the_others_share() -> None:
    targets = targets_of(labelled([CONTEMPT_LABEL, HAPPY]), LossPart(smoothing=0.0))
    both = mixed(targets, np.array([0.75, 0.75], np.float32))
    assert both.fer_weight.tolist() == [0.25, 0.75]
    assert both.fer[:, HAPPY].tolist() == [1.0, 1.0]
    nobody = mixed(targets_of(labelled([CONTEMPT_LABEL] * 2), LossPart()), np.array([0.75, 0.75], np.float32))
    assert nobody.fer_weight.tolist() == [0.0, 0.0]
    np.testing.assert_allclose(nobody.fer.sum(axis=1), 1.0, rtol=1e-6)
