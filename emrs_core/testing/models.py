"""A stand-in for the network, and the promises that it and every real one keep."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from emrs_core.errors import ImageError
from emrs_core.protocols import EmotionModel
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.vision.preprocess import FACE_SIZE_PX, require_faces

SURE = 0.88
"""Probability of a face's emotion; the other six share the rest."""

DARKEST, BRIGHTEST = 0, 255
TURNS = 4
FACES_A_TURN = 5


def probabilities_of(emotion: Emotion, sure: float = SURE) -> tuple[float, ...]:
    """Seven probabilities that clearly say ``emotion``."""
    rest = (1.0 - sure) / (len(EMOTIONS) - 1)
    return tuple(sure if other is emotion else rest for other in EMOTIONS)


class FakeEmotionModel:
    """An ``EmotionModel`` without a network: a script of readings, or an emotion by a face's brightness.

    With a ``script`` each face gets the next entry and the last one repeats; else the seven emotions divide the
    range from black (angry) to white (neutral), so the same face always reads the same. ``calls`` counts predictions,
    ``seen`` the faces.
    """

    def __init__(self, script: Sequence[tuple[float, ...]] = ()) -> None:
        self._script = tuple(script)
        self._lock = threading.Lock()
        self.calls = 0
        self.seen = 0
        self.warmed_up = False

    def predict(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        require_faces(faces)
        with self._lock:
            first = self.seen
            self.calls += 1
            self.seen += len(faces)
        rows = [self._reading(face, first + offset) for offset, face in enumerate(faces)]
        return np.array(rows, np.float32).reshape(len(faces), len(EMOTIONS))

    def warm_up(self) -> None:
        self.warmed_up = True

    def _reading(self, face: NDArray[np.uint8], turn: int) -> tuple[float, ...]:
        if self._script:
            return self._script[min(turn, len(self._script) - 1)]
        step = (BRIGHTEST + 1 - DARKEST) / len(EMOTIONS)
        return probabilities_of(EMOTIONS[int(float(face.mean()) // step)])


class EmotionModelContract:
    """What every ``EmotionModel`` does. Subclass it and give the fixture ``model``."""

    @pytest.fixture
    def faces(self) -> NDArray[np.uint8]:
        shape = (FACES_A_TURN, FACE_SIZE_PX, FACE_SIZE_PX)
        return np.random.default_rng(7).integers(DARKEST, BRIGHTEST + 1, shape).astype(np.uint8)

    def test_gives_seven_probabilities_for_each_face(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        probabilities = model.predict(faces)
        assert probabilities.shape == (len(faces), len(EMOTIONS))
        assert probabilities.dtype == np.float32
        assert (probabilities >= 0).all()
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-3)

    def test_gives_the_same_answer_for_the_same_face(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        np.testing.assert_array_equal(model.predict(faces[:1]), model.predict(faces[:1]))

    def test_answers_for_a_face_whatever_stands_beside_it(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        alone = np.concatenate([model.predict(faces[i : i + 1]) for i in range(len(faces))])
        np.testing.assert_allclose(model.predict(faces), alone, atol=1e-3)

    def test_no_faces_give_no_rows(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        assert model.predict(faces[:0]).shape == (0, len(EMOTIONS))

    @pytest.mark.parametrize(
        "wrong",
        [
            np.zeros((FACE_SIZE_PX, FACE_SIZE_PX), np.uint8),
            np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX, 3), np.uint8),
            np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX + 1), np.uint8),
            np.zeros((1, FACE_SIZE_PX, FACE_SIZE_PX), np.float32),
        ],
        ids=["one face without a batch", "colour", "another size", "floats"],
    )
    def test_refuses_what_is_no_batch_of_faces(self, model: EmotionModel, wrong: NDArray[np.uint8]) -> None:
        with pytest.raises(ImageError, match="Expected faces as"):
            model.predict(wrong)

    def test_several_threads_get_the_answers_of_one(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        alone = model.predict(faces)
        with ThreadPoolExecutor(TURNS) as pool:
            for answer in pool.map(model.predict, [faces] * (TURNS * 2)):
                np.testing.assert_array_equal(answer, alone)

    def test_warms_up_without_a_face(self, model: EmotionModel, faces: NDArray[np.uint8]) -> None:
        before = model.predict(faces)
        model.warm_up()
        np.testing.assert_array_equal(model.predict(faces), before)
