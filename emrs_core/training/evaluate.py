"""Measures one network, in one runtime, on labelled faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DatasetError
from emrs_core.training.data import CONTEMPT_LABEL, VOTE_COLUMNS, LabelledFaces
from emrs_core.training.metrics import (
    LEFT_OUT_OF_FIVE,
    LEFT_OUT_OF_SIX,
    Bootstrap,
    accuracy,
    ece,
    fer_metrics,
    ferplus_label_metrics,
    ferplus_metrics,
    fewer_class_metrics,
    majority,
)
from emrs_core.training.per_head import details
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import ModelCard
from emrs_core.vision.heads import CLASS_EMOTIONS, FER_HEAD, FERPLUS_HEAD, HeadLogits, seven_probabilities, softmax

SEVEN_NAMES = tuple(str(emotion) for emotion in EMOTIONS)
BATCH = 64
"""Faces between two steps of the progress bar."""


class HeadSource(Protocol):
    """A runtime that gives both heads of a network: ``LiteRTEmotionModel`` or ``KerasHeads``."""

    @property
    def card(self) -> ModelCard: ...

    def head_logits(self, faces: NDArray[np.uint8]) -> HeadLogits:
        """(N, 48, 48) grey uint8 -> logits of both heads."""
        ...


def logits_of(source: HeadSource, faces: NDArray[np.uint8], on_done: Callable[[int], None] | None = None) -> HeadLogits:
    """Both heads for all faces, batch by batch; ``on_done`` is told how many each batch had."""
    parts = []
    for start in range(0, len(faces), BATCH):
        batch = faces[start : start + BATCH]
        parts.append(source.head_logits(batch))
        if on_done is not None:
            on_done(len(batch))
    return HeadLogits(
        fer=np.concatenate([part.fer for part in parts]), ferplus=np.concatenate([part.ferplus for part in parts])
    )


def measure(
    logits: HeadLogits, data: LabelledFaces, card: ModelCard, *, head: str | None = None, bootstrap: Bootstrap
) -> dict[str, Any]:
    """The metrics of docs/interfaces.md. ``head`` keeps one head's; None gives all that the labels allow.

    Without votes the FER+ head is measured only when asked for, and then against the labels themselves.
    Raises DatasetError when no row has a label that the head knows.
    """
    result: dict[str, Any] = {"n": len(data)}
    if head != FERPLUS_HEAD:
        result |= _fer(logits, data, card, bootstrap)
    if head == FERPLUS_HEAD or (head is None and data.votes is not None):
        result[FERPLUS_HEAD] = _ferplus(logits, data, card, bootstrap)
    return result


def live_head_figures(logits: HeadLogits, data: LabelledFaces, card: ModelCard) -> dict[str, Any]:
    """What the listener would be shown by either head: seven calibrated probabilities, contempt dropped.

    Each head against FER2013's label and against the FER+ majority, where that is one of the seven: accuracy,
    calibration error, and all that ``per_head.details`` gives. Needs votes.
    """
    assert data.votes is not None
    label, counts = majority(data.votes)
    in_emotions = np.array([_place_in_emotions(name) for name in VOTE_COLUMNS])
    seven = in_emotions[label]
    counts &= seven != CONTEMPT_LABEL
    figures: dict[str, Any] = {}
    for head, names in card.heads.items():
        shares = seven_probabilities(logits.of(head), names, card.temperature[head])
        plain = seven_probabilities(logits.of(head), names, 1.0)
        figures[head] = {
            "against_fer": _agreement(shares, plain, data.labels),
            "against_ferplus_majority": _agreement(shares[counts], plain[counts], seven[counts]),
        }
    return figures


def _agreement(shares: NDArray[np.float32], plain: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, Any]:
    figures = {"accuracy": accuracy(shares.argmax(axis=1), labels), "ece": ece(shares, labels)}
    rounded = {name: None if f is None else round(f, 6) for name, f in figures.items()}
    return {"n": len(labels), **rounded, **details(shares, plain, labels, SEVEN_NAMES)}


def _place_in_emotions(vote: str) -> int:
    emotion = CLASS_EMOTIONS.get(vote)
    return CONTEMPT_LABEL if emotion is None else EMOTIONS.index(emotion)


def _fer(logits: HeadLogits, data: LabelledFaces, card: ModelCard, bootstrap: Bootstrap) -> dict[str, Any]:
    known = data.labels != CONTEMPT_LABEL
    if not known.any():
        raise DatasetError(
            "All pictures are labelled contempt, which the head 'fer' does not know. Use --head ferplus."
        )
    labels = data.labels[known]
    shares = seven_probabilities(logits.fer[known], card.heads[FER_HEAD], card.temperature[FER_HEAD])
    plain = seven_probabilities(logits.fer[known], card.heads[FER_HEAD], 1.0)
    return {
        FER_HEAD: {**fer_metrics(shares, labels, bootstrap), **details(shares, plain, labels, SEVEN_NAMES)},
        "six_class": fewer_class_metrics(shares, labels, LEFT_OUT_OF_SIX, bootstrap),
        "five_class": fewer_class_metrics(shares, labels, LEFT_OUT_OF_FIVE, bootstrap),
    }


def _ferplus(logits: HeadLogits, data: LabelledFaces, card: ModelCard, bootstrap: Bootstrap) -> dict[str, Any]:
    names = card.heads[FERPLUS_HEAD]
    place = {CLASS_EMOTIONS[name]: index for index, name in enumerate(names)}
    in_card_order = np.array([place[emotion] for emotion in (*EMOTIONS, None)])
    shares, plain = softmax(logits.ferplus, card.temperature[FERPLUS_HEAD]), softmax(logits.ferplus)
    if data.votes is None:
        labels = in_card_order[data.labels]
        return {**ferplus_label_metrics(shares, labels, bootstrap), **details(shares, plain, labels, names)}
    eight = VOTE_COLUMNS[: len(names)]
    in_vote_order = [names.index(name) for name in eight]
    shares, plain = shares[:, in_vote_order], plain[:, in_vote_order]
    label, counts = majority(data.votes)
    behind = details(shares[counts], plain[counts], label[counts], eight)
    return {**ferplus_metrics(shares, data.votes, bootstrap), **behind}
