"""The fake and the real network keep the same promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emrs_core.testing.models import EmotionModelContract, FakeEmotionModel, probabilities_of
from emrs_core.types import Emotion
from emrs_core.vision.litert import LiteRTEmotionModel


class TestFakeEmotionModel(EmotionModelContract):
    @pytest.fixture
    def model(self) -> FakeEmotionModel:
        return FakeEmotionModel()

    def test_reads_a_script_in_order_and_repeats_its_end(self) -> None:
        script = [probabilities_of(Emotion.SAD), probabilities_of(Emotion.HAPPY)]
        model = FakeEmotionModel(script)
        rows = np.concatenate([model.predict(np.zeros((n, 48, 48), np.uint8)) for n in (1, 2)])
        np.testing.assert_allclose(rows, [script[0], script[1], script[1]], atol=1e-6)
        assert (model.calls, model.seen) == (2, 3)

    def test_reads_brightness_from_angry_to_neutral(self) -> None:
        faces = np.stack([np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8)])
        assert FakeEmotionModel().predict(faces).argmax(axis=1).tolist() == [0, 6]


@pytest.fixture(scope="module", params=["vgg16-fer", "ensemble-fer"])
def shipped(repository: Path, request: pytest.FixtureRequest) -> LiteRTEmotionModel:
    return LiteRTEmotionModel(repository / "models" / request.param)


class TestLiteRTEmotionModel(EmotionModelContract):
    @pytest.fixture
    def model(self, shipped: LiteRTEmotionModel) -> LiteRTEmotionModel:
        return shipped
