"""What the network is asked to say of each face: distributions over both heads' classes, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.data import CONTEMPT_LABEL, VOTE_COLUMNS, LabelledFaces
from emrs_core.training.recipe import LossPart
from emrs_core.types import EMOTIONS
from emrs_core.vision.heads import CLASS_EMOTIONS

FER_CLASSES, FERPLUS_CLASSES = len(EMOTIONS), 8
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Targets of N faces. Rows of a weight 0 teach that head nothing."""

    fer: Floats  # (N, 7), rows sum to 1
    fer_weight: Floats  # (N,)
    ferplus: Floats  # (N, 8) in FER+'s order, rows sum to 1
    ferplus_weight: Floats  # (N,)
    classes: Floats  # (N, 7) one-hot label without smoothing, zero for contempt: for the centres

    def subset(self, rows: NDArray[np.int64]) -> Targets:
        """Those of the faces at these places."""
        return Targets(*(getattr(self, name)[rows] for name in Targets.__slots__))


def targets_of(data: LabelledFaces, loss: LossPart) -> Targets:
    """Targets of both heads. Without votes the second head learns from the labels themselves.

    Source of the vote distribution: E. Barsoum et al. 2016, https://arxiv.org/abs/1608.01041, "PLD".
    """
    known = data.labels != CONTEMPT_LABEL
    classes = np.where(known[:, None], np.eye(FER_CLASSES + 1)[data.labels][:, :FER_CLASSES], 0.0)
    weights = known.astype(np.float64)
    if loss.class_weights == "balanced":
        weights[known] = balanced_weights(data.labels[known])[data.labels[known]]
    shares, has_votes = label_shares(data.labels) if data.votes is None else vote_shares(data.votes)
    fer = np.where(known[:, None], smoothed(classes, loss.smoothing), 1 / FER_CLASSES)
    return Targets(*(part.astype(np.float32) for part in (fer, weights, shares, has_votes, classes)))


def mixed(targets: Targets, share: Floats) -> Targets:
    """Targets of faces into each of which the one in the opposite place is mixed: ``share`` (N,) says how much is left.

    A head to which only one of the two faces has something to say learns that, by its share. ``classes`` stay those of
    the larger part. Source: H. Zhang et al., "mixup", 2018, https://arxiv.org/abs/1710.09412.
    """
    fer, fer_weight = _mixed_head(targets.fer, targets.fer_weight, share)
    ferplus, ferplus_weight = _mixed_head(targets.ferplus, targets.ferplus_weight, share)
    return Targets(fer, fer_weight, ferplus, ferplus_weight, targets.classes)


def _mixed_head(rows: Floats, weights: Floats, share: Floats) -> tuple[Floats, Floats]:
    own, other = share * weights, (1 - share) * weights[::-1]
    total = own + other
    counts = total[:, None] > 0
    mean = (own[:, None] * rows + other[:, None] * rows[::-1]) / np.where(counts, total[:, None], 1)
    return np.where(counts, mean, rows).astype(np.float32), total.astype(np.float32)


def smoothed(one_hot: NDArray[np.float64], smoothing: float) -> NDArray[np.float64]:
    """Label smoothing: that share is spread evenly over all classes.

    Source: C. Szegedy et al. 2016, https://arxiv.org/abs/1512.00567, section 7.
    """
    spread: NDArray[np.float64] = (1 - smoothing) * one_hot + smoothing / one_hot.shape[1]
    return spread


def balanced_weights(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weight of each of the seven classes: inverse to its count, 1 on average over the rows; 0 for an absent class.

    Source: G. King, L. Zeng, "Logistic Regression in Rare Events Data", 2001.
    """
    counts = np.bincount(labels, minlength=FER_CLASSES)
    present = counts > 0
    weights = np.zeros(FER_CLASSES)
    weights[present] = len(labels) / (present.sum() * counts[present])
    return weights


def vote_shares(votes: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(N, 8) shares of the votes for the eight classes, and which rows have any; the others get even shares."""
    eight = votes[:, :FERPLUS_CLASSES].astype(np.float64)
    sums = eight.sum(axis=1)
    has_votes = sums > 0
    shares = np.full_like(eight, 1 / FERPLUS_CLASSES)
    shares[has_votes] = eight[has_votes] / sums[has_votes, None]
    return shares, has_votes


def label_shares(labels: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The labels as (N, 8) one-hot rows in FER+'s order; every row counts."""
    place = {CLASS_EMOTIONS[name]: index for index, name in enumerate(VOTE_COLUMNS[:FERPLUS_CLASSES])}
    columns = np.array([place[emotion] for emotion in (*EMOTIONS, None)])
    return np.eye(FERPLUS_CLASSES)[columns[labels]], np.ones(len(labels), np.bool_)
