"""A stand-in for the process that looks inside the network."""

from __future__ import annotations

import numpy as np

from emrs_core.errors import InspectionError
from emrs_core.training.inside import LayerInfo, LookRequest, NetworkLook
from emrs_core.types import Emotion

LAYERS = (
    LayerInfo("conv1_1", "convolution", 8, 8, 4),
    LayerInfo("relu1_1", "after ReLU", 8, 8, 4),
    LayerInfo("relu2_1", "after ReLU", 4, 4, 100),
)


class FakeInspector:
    """Answers at once and remembers what was asked; fails as often as it is told to."""

    def __init__(self) -> None:
        self.asked: list[LookRequest] = []
        self.failures = 0
        self.failure = "The helper stopped. Try again."
        self.ready = False

    def close(self) -> None:
        self.ready = False

    def look(self, request: LookRequest) -> NetworkLook:
        self.asked.append(request)
        if self.failures:
            self.failures -= 1
            raise InspectionError(self.failure)
        self.ready = True
        layer = next(entry for entry in LAYERS if entry.name == (request.layer or "relu1_1"))
        maps = np.random.default_rng(0).normal(size=(layer.channels, layer.height, layer.width))
        return NetworkLook(
            layers=LAYERS,
            cam_layers=("relu1_1", "relu2_1"),
            probabilities=(0.0, 0.0, 0.0, 0.996, 0.004, 0.0, 0.0),
            layer=layer.name,
            maps=maps.astype(np.float32),
            emotion=request.emotion or Emotion.HAPPY,
            cam_layer=request.cam_layer or "relu2_1",
            cam=np.eye(4, dtype=np.float32) * (request.emotion is not Emotion.FEAR),
        )
