"""How good a network is on the validation faces, after each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.batches import resized
from emrs_core.training.data import CONTEMPT_LABEL, LabelledFaces
from emrs_core.training.metrics import accuracy, majority
from emrs_core.training.recipe import LossPart
from emrs_core.training.targets import FERPLUS_CLASSES, label_shares, targets_of
from emrs_core.vision.heads import HeadLogits, softmax
from emrs_core.vision.preprocess import standardise_any_size

BATCH = 128
FLOOR = 1e-12
"""Keeps the logarithm finite where a probability rounds to nought."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Losses are cross-entropies against the plain label and the votes; accuracies are None where no row counts."""

    fer_loss: float
    ferplus_loss: float
    fer_accuracy: float | None
    ferplus_accuracy: float | None

    def score(self, loss: LossPart) -> float:
        """What the best epoch is chosen by: the mean accuracy of the heads that learn."""
        heads = ((self.fer_accuracy, loss.fer), (self.ferplus_accuracy, loss.ferplus))
        shares = [share for share, weight in heads if weight and share is not None]
        return sum(shares) / len(shares) if shares else 0.0


def ferplus_truth(data: LabelledFaces) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The FER+ majority and which rows have one; without votes, the label, which every row has."""
    if data.votes is not None:
        return majority(data.votes)
    shares, counts = label_shares(data.labels)
    return shares.argmax(axis=1), counts


class Judge:
    """Judges networks of one architecture on the same faces, sized and standardised once a size."""

    def __init__(self, data: LabelledFaces) -> None:
        self._data = data
        self._targets = targets_of(data, LossPart(smoothing=0.0))
        self._truth = ferplus_truth(data)
        self._sized: tuple[int, NDArray[np.float32]] | None = None

    def __call__(self, network: Any, size_px: int) -> Judgement:
        """The judgement of ``network`` at that size. Raises nothing of its own."""
        if self._sized is None or self._sized[0] != size_px:
            self._sized = (size_px, standardise_any_size(resized(self._data.faces, size_px)))
        logits = logits_of_network(network, self._sized[1])
        targets, (label, counts) = self._targets, self._truth
        known = self._data.labels != CONTEMPT_LABEL
        return Judgement(
            _cross_entropy(targets.fer, logits.fer, targets.fer_weight),
            _cross_entropy(targets.ferplus, logits.ferplus, targets.ferplus_weight),
            accuracy(logits.fer.argmax(axis=1)[known], self._data.labels[known]),
            accuracy(logits.ferplus.argmax(axis=1)[counts], label[counts]),
        )


def logits_of_network(network: Any, inputs: NDArray[np.float32]) -> HeadLogits:
    """Both heads for standardised (N, S, S, 1) faces; the last batch is filled up, as each new size costs a trace."""
    fer, ferplus = np.empty((len(inputs), 7), np.float32), np.empty((len(inputs), FERPLUS_CLASSES), np.float32)
    batch = min(BATCH, len(inputs))
    for start in range(0, len(inputs), batch):
        part = inputs[start : start + batch]
        filled = np.concatenate([part, np.zeros((batch - len(part), *part.shape[1:]), np.float32)])
        said = network.predict_on_batch(filled)
        fer[start : start + len(part)] = said["fer"][: len(part)]
        ferplus[start : start + len(part)] = said["ferplus"][: len(part)]
    return HeadLogits(fer=fer, ferplus=ferplus)


def _cross_entropy(targets: NDArray[np.float32], logits: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    rows = -(targets * np.log(softmax(logits) + FLOOR)).sum(axis=1)
    return float((weights * rows).sum() / max(float(weights.sum()), FLOOR))
