"""From the network's two heads to the seven calibrated probabilities that the product shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.types import EMOTIONS, Emotion

FER_HEAD = "fer"
FERPLUS_HEAD = "ferplus"

CLASS_EMOTIONS: Mapping[str, Emotion | None] = {
    **{str(emotion): emotion for emotion in EMOTIONS},
    "anger": Emotion.ANGRY,
    "happiness": Emotion.HAPPY,
    "sadness": Emotion.SAD,
    "contempt": None,
}
"""Class names met in cards and data sets. Contempt, which FER+ adds, is known but is none of the seven."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadLogits:
    """What the network says of N faces before softmax; columns in the order of the card's heads."""

    fer: NDArray[np.float32]  # (N, 7)
    ferplus: NDArray[np.float32]  # (N, 8)

    def of(self, head: str) -> NDArray[np.float32]:
        return self.fer if head == FER_HEAD else self.ferplus


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """(N, C) logits -> (N, C) probabilities; above 1 the temperature makes them softer, below 1 sharper.

    Source: C. Guo et al., "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599.
    """
    scaled = logits / np.float32(temperature)
    exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares = exponentials / exponentials.sum(axis=1, keepdims=True)
    return np.asarray(shares, dtype=np.float32)


def seven_probabilities(
    logits: NDArray[np.float32], labels: tuple[str, ...], temperature: float
) -> NDArray[np.float32]:
    """(N, C) logits of one head -> (N, 7) calibrated probabilities in the order of EMOTIONS.

    ``labels`` name the head's columns; contempt is dropped and the rest renormalised.
    """
    column = {CLASS_EMOTIONS[label]: index for index, label in enumerate(labels)}
    wanted = [column[emotion] for emotion in EMOTIONS]
    # A softmax over the seven kept logits is the softmax over all of them, contempt dropped, the rest renormalised.
    return softmax(logits[:, wanted], temperature)
