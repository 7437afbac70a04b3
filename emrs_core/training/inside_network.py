"""Feature maps of any layer, and Grad-CAM: what speaks for an emotion, and where in the face. Needs TensorFlow.

Source: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
ICCV 2017, https://arxiv.org/abs/1610.02391.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ModelError, UsageError
from emrs_core.training.inside import MEMBER_MARK, LayerInfo, LookRequest, NetworkLook
from emrs_core.training.keras_runtime import KerasHeads
from emrs_core.types import EMOTIONS
from emrs_core.vision.heads import CLASS_EMOTIONS, seven_probabilities
from emrs_core.vision.preprocess import standardise

KINDS = {
    "Conv2D": "convolution",
    "BatchNormalization": "normalised",
    "Activation": "after ReLU",
    "ReLU": "after ReLU",
    "MaxPooling2D": "pooled",
}
ACTIVATION = "after ReLU"

CAM_SIZE = 6
"""Preferred side of the map that Grad-CAM is taken from. The paper takes the last convolution's, but with a picture of
48 pixels that is 3 x 3, coarser than an eye or a mouth; one halving earlier both have a place of their own."""


class InsideNetwork:
    """The Keras network of a model folder, opened up. One thread at a time. Raises ModelError."""

    def __init__(self, folder: Path) -> None:
        heads = KerasHeads(folder)
        self._model, self._card = heads.model, heads.card
        self._members = members_of(self._model)
        members = [
            [_info(f"{member}{layer.name}", layer) for layer in network.layers if _has_maps(layer)]
            for member, network in self._members.items()
        ]
        self._layers = tuple(layer for layers in members for layer in layers)
        if not self._layers:
            raise ModelError(f"The network in {folder} has no layer with feature maps to look at.")
        self._cam_layers = tuple(layer.name for layers in members for layer in last_of_each_size(layers))

    def look(self, request: LookRequest) -> NetworkLook:
        """Feature maps and Grad-CAM for one face. Raises UsageError for an unknown layer, ImageError for no face."""
        face = standardise(request.face[np.newaxis])
        layer = self._known(request.layer) or self._cam_layers[0]
        cam_layer = self._known(request.cam_layer) or self._usual_cam_layer()
        head = self._card.live_head
        names = self._card.heads[head]
        logits = np.asarray(self._model(face, training=False)[head])
        shares = seven_probabilities(logits, names, self._card.temperature[head])[0]
        emotion = request.emotion or EMOTIONS[int(shares.argmax())]
        column = [CLASS_EMOTIONS[name] for name in names].index(emotion)
        return NetworkLook(
            layers=self._layers,
            cam_layers=self._cam_layers,
            probabilities=tuple(float(share) for share in shares),
            layer=layer,
            maps=self._maps(face, layer),
            emotion=emotion,
            cam_layer=cam_layer,
            cam=self._grad_cam(face, cam_layer, head, column),
        )

    def _known(self, name: str | None) -> str | None:
        if name is not None and name not in {layer.name for layer in self._layers}:
            known = ", ".join(layer.name for layer in self._layers)
            raise UsageError(f"The network has no layer {name!r} with feature maps. It has: {known}.")
        return name

    def _usual_cam_layer(self) -> str:
        sides = {layer.name: layer.height for layer in self._layers}
        return min(self._cam_layers, key=lambda name: (abs(sides[name] - CAM_SIZE), -sides[name]))

    def _part(self, name: str) -> tuple[Any, Any]:
        """The network that a layer belongs to, and the layer's output in it."""
        member, _, own = name.rpartition(MEMBER_MARK)
        network = self._members[f"{member}{MEMBER_MARK}" if member else ""]
        return network, network.get_layer(own).output

    def _maps(self, face: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        import keras

        network, output = self._part(name)
        part = keras.Model(network.inputs[0], output)
        maps = np.asarray(part(face, training=False), np.float32)[0]
        return np.ascontiguousarray(maps.transpose(2, 0, 1))

    def _grad_cam(self, face: NDArray[np.float32], name: str, head: str, column: int) -> NDArray[np.float32]:
        """ReLU of the maps' sum, each weighted by the mean gradient of the class's logit (equations 1 and 2).

        In an ensemble the logit is that of the member to which the layer belongs.
        """
        import keras
        import tensorflow as tf

        network, output = self._part(name)
        both = keras.Model(network.inputs[0], [output, network.output])
        with tf.GradientTape() as tape:
            maps, heads = both(tf.constant(face), training=False)
            score = heads[head][:, column]
        gradients = np.asarray(tape.gradient(score, maps))[0]
        return weighted_maps(np.asarray(maps)[0], gradients)


def weighted_maps(maps: NDArray[np.float32], gradients: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, W, C) maps and gradients -> (H, W) Grad-CAM in [0, 1], its largest value 1 unless all are 0."""
    weights = gradients.mean(axis=(0, 1))
    cam = np.maximum((maps * weights).sum(axis=2), 0.0)
    top = float(cam.max())
    scaled: NDArray[np.float32] = (cam / top if top > 0 else cam).astype(np.float32)
    return scaled


def members_of(network: Any) -> dict[str, Any]:
    """The networks of an ensemble by what stands before their layers' names; a network by itself has nothing there."""
    members = {f"{layer.name}{MEMBER_MARK}": layer for layer in network.layers if hasattr(layer, "layers")}
    return members or {"": network}


def last_of_each_size(layers: Sequence[LayerInfo], wanted: str = ACTIVATION) -> list[LayerInfo]:
    """The last activation at each size, finest first: where Grad-CAM may be taken.

    Of a network without such layers, the last layer at each size.
    """
    usual = [layer for layer in layers if layer.kind == wanted] or layers
    last = {layer.height: layer for layer in usual}
    return [last[side] for side in sorted(last, reverse=True)]


def _has_maps(layer: Any) -> bool:
    return type(layer).__name__ != "InputLayer" and len(getattr(layer.output, "shape", ())) == 4


def _info(name: str, layer: Any) -> LayerInfo:
    _, height, width, channels = layer.output.shape
    kind = type(layer).__name__
    return LayerInfo(name, KINDS.get(kind, kind), int(height), int(width), int(channels))
