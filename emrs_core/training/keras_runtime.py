"""The network in Keras, from the same model folder: for training, inspection and as LiteRT's reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.architectures import architecture_of
from emrs_core.training.keras_file import load_keras_weights
from emrs_core.vision.artefact import HEAD_SIZES, KERAS_FILE, ModelCard, load_card, verify
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits
from emrs_core.vision.preprocess import require_faces, standardise

BATCH = 32
"""Faces per call; every other size costs Keras a new trace of the graph, so the last batch is filled up."""


class KerasHeads:
    """Both heads from ``model.weights.h5``. One thread at a time. Raises ModelError like ``LiteRTEmotionModel``."""

    def __init__(self, folder: Path) -> None:
        self._card = load_card(folder)
        verify(folder, self._card)
        architecture = architecture_of(self._card.training)
        self._model = architecture.build()
        load_keras_weights(self._model, folder / KERAS_FILE, architecture.name)

    @property
    def card(self) -> ModelCard:
        return self._card

    @property
    def model(self) -> Any:
        """The ``keras.Model`` itself, from standardised faces to both heads."""
        return self._model

    def head_logits(self, faces: NDArray[np.uint8]) -> HeadLogits:
        """(N, 48, 48) grey uint8 -> both heads before softmax. Raises ImageError for another shape or type."""
        require_faces(faces)
        heads = {head: np.empty((len(faces), size), np.float32) for head, size in HEAD_SIZES.items()}
        for start in range(0, len(faces), BATCH):
            part = faces[start : start + BATCH]
            filled = np.concatenate([part, np.zeros((BATCH - len(part), *part.shape[1:]), np.uint8)])
            logits = self._model.predict_on_batch(standardise(filled))
            for head, values in heads.items():
                values[start : start + len(part)] = logits[head][: len(part)]
        return HeadLogits(fer=heads[FER_HEAD], ferplus=heads[FERPLUS_HEAD])
