"""What a trained network, the teacher, says of the faces that another one learns from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.data import VOTE_COLUMNS
from emrs_core.training.evaluate import HeadSource, logits_of
from emrs_core.training.targets import FERPLUS_CLASSES, Targets
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, seven_probabilities, softmax
from emrs_core.vision.litert import LiteRTEmotionModel

Shares = tuple[NDArray[np.float32], NDArray[np.float32]]


def load_teacher(folder: str) -> HeadSource:
    """The network of a model folder, an ensemble's too. Raises ModelError when it is missing or damaged."""
    return LiteRTEmotionModel(Path(folder))


def shares_of(teacher: HeadSource, faces: NDArray[np.uint8], on_done: Callable[[int], None] | None = None) -> Shares:
    """Calibrated probabilities of both heads, (N, 7) in the order of EMOTIONS and (N, 8) in that of FER+."""
    logits, card = logits_of(teacher, faces, on_done), teacher.card
    seven = seven_probabilities(logits.fer, card.heads[FER_HEAD], card.temperature[FER_HEAD])
    names = card.heads[FERPLUS_HEAD]
    in_vote_order = [names.index(name) for name in VOTE_COLUMNS[:FERPLUS_CLASSES]]
    return seven, softmax(logits.ferplus, card.temperature[FERPLUS_HEAD])[:, in_vote_order]


def taught(targets: Targets, shares: Shares, weight: float) -> Targets:
    """Targets of which ``weight`` is the teacher's opinion and the rest people's.

    Source: G. Hinton et al., "Distilling the Knowledge in a Neural Network", 2015, https://arxiv.org/abs/1503.02531.
    """
    seven, eight = shares
    mixed = [
        ((1 - weight) * own + weight * other).astype(np.float32)
        for own, other in ((targets.fer, seven), (targets.ferplus, eight))
    ]
    return replace(targets, fer=mixed[0], ferplus=mixed[1])
