"""The live network: LiteRT on one CPU thread. Needs neither Keras nor TensorFlow."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ModelError
from emrs_core.vision.artefact import HEAD_SIZES, LITERT_FILE, REMEDY, ModelCard, load_card, verify
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits, seven_probabilities
from emrs_core.vision.preprocess import FACE_SIZE_PX, require_faces, standardise

BATCH = 16
"""Faces per call of the interpreter: its working memory grows with this, its speed per face hardly."""

NATIVE_CHATTER = b"Created TensorFlow Lite XNNPACK delegate"


class LiteRTEmotionModel:
    """An ``EmotionModel`` over the ``model.tflite`` of a model folder.

    Calls from several threads are safe; they take turns. Raises ModelError when the folder cannot be trusted.
    """

    def __init__(self, folder: Path) -> None:
        self._card = load_card(folder)
        verify(folder, self._card)
        self._run = load_runner(folder / LITERT_FILE)
        self._turn = threading.Lock()

    @property
    def card(self) -> ModelCard:
        return self._card

    def predict(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 48, 48) grey uint8 -> (N, 7) calibrated probabilities of the live head, in the order of EMOTIONS."""
        head = self._card.live_head
        logits = self.head_logits(faces).of(head)
        return seven_probabilities(logits, self._card.heads[head], self._card.temperature[head])

    def head_logits(self, faces: NDArray[np.uint8]) -> HeadLogits:
        """(N, 48, 48) grey uint8 -> both heads before softmax. Raises ImageError for another shape or type."""
        require_faces(faces)
        parts = [self._logits(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
        empty = {head: np.empty((0, size), np.float32) for head, size in HEAD_SIZES.items()}
        joined = {head: np.concatenate([empty[head], *(part[head] for part in parts)]) for head in HEAD_SIZES}
        return HeadLogits(fer=joined[FER_HEAD], ferplus=joined[FERPLUS_HEAD])

    def warm_up(self) -> None:
        """Predict once, so that the first face of a camera does not wait."""
        self.predict(np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX), np.uint8))

    def _logits(self, faces: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        with self._turn:
            return self._run(standardise(faces))


def load_runner(path: Path) -> Callable[[NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
    """A function from (N, 48, 48, 1) standardised faces to logits by head, over one ``.tflite`` file.

    The function is for one thread at a time. Raises ModelError when the file is not this project's network.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_path=str(path), num_threads=1)
        signature = interpreter.get_signature_runner()
        inputs, outputs = signature.get_input_details(), signature.get_output_details()
    except (ValueError, RuntimeError) as exc:
        raise ModelError(f"{path} cannot be loaded as a LiteRT network ({exc}). {REMEDY}") from exc
    sizes = {name: int(detail["shape_signature"][-1]) for name, detail in outputs.items()}
    if len(inputs) != 1 or sizes != HEAD_SIZES:
        raise ModelError(f"{path} is another network: expected outputs {dict(HEAD_SIZES)}, got {sizes}. {REMEDY}")
    (face,) = inputs
    with _without_chatter():  # the delegate announces itself in the first call
        signature(**{face: np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX, 1), np.float32)})

    def run(batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        logits: dict[str, NDArray[np.float32]] = signature(**{face: batch})
        return logits

    return run


@contextlib.contextmanager
def _without_chatter() -> Iterator[None]:
    """Leave out LiteRT's notice about its own delegate, which it writes to standard error past Python.

    Whatever else is written to the file descriptor meanwhile is passed on afterwards.
    """
    try:
        kept = os.dup(2)
    except OSError:  # a process without standard error has nothing to keep quiet
        yield
        return
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            aside.seek(0)
            for line in _worth_keeping(aside):
                os.write(2, line)


def _worth_keeping(lines: Any) -> Iterator[bytes]:
    return (line for line in lines if NATIVE_CHATTER not in line)
