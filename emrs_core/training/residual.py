"""ResNet-50 and SENet-50 for 48x48 grey faces, in Keras 3, whatever its backend.

Sources: K. He et al., "Deep Residual Learning for Image Recognition", https://arxiv.org/abs/1512.03385 (ResNet-50);
J. Hu et al., "Squeeze-and-Excitation Networks", https://arxiv.org/abs/1709.01507 (SE-ResNet-50, reduction 16). The
first layer is one 3x3 convolution of stride 2 in place of 7x7 and a pool: a face of 48 pixels then enters the four
stages at 24, as one of 96 would in the original.
"""

from __future__ import annotations

from typing import Any

from emrs_core.training.model import BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, DROPOUT, scaled_channels, two_heads
from emrs_core.vision.preprocess import FACE_SIZE_PX

STAGES: tuple[tuple[int, int], ...] = ((64, 3), (128, 4), (256, 6), (512, 3))
"""Inner channels and number of bottleneck blocks of each stage."""

STEM_CHANNELS = 64
EXPANSION = 4
"""Outer over inner channels of a bottleneck."""

REDUCTION = 16
"""Channels over the hidden units of squeeze-and-excitation."""


def build_resnet50(
    *,
    squeeze: bool = False,
    width: float = 1.0,
    size_px: int | None = FACE_SIZE_PX,
    kernel_dtype: str = "float32",
    norm_dtype: str = "float32",
    dropout: float = DROPOUT,
) -> Any:
    """An untrained ``keras.Model`` like ``build_vgg16``'s; with ``squeeze`` it is SENet-50."""
    import keras

    make = _Maker(kernel_dtype, norm_dtype, squeeze)
    face = keras.Input((size_px, size_px, 1), name="face")
    x = make.convolution(face, scaled_channels(STEM_CHANNELS, width), 3, "stem", stride=2)
    x = make.activation(x, "stem_relu")
    for stage, (channels, count) in enumerate(STAGES, start=1):
        for block in range(1, count + 1):
            stride = 2 if block == 1 and stage > 1 else 1
            x = make.bottleneck(x, scaled_channels(channels, width), stride, f"stage{stage}_{block}")
    name = "senet50_fer" if squeeze else "resnet50_fer"
    return two_heads(face, x, name=name, dropout=dropout)


class _Maker:
    """Layers with the types and names of one network."""

    def __init__(self, kernel_dtype: str, norm_dtype: str, squeeze: bool) -> None:
        self._kernel, self._norm, self._squeeze = kernel_dtype, norm_dtype, squeeze

    def bottleneck(self, x: Any, channels: int, stride: int, name: str) -> Any:
        """1x1 down, 3x3, 1x1 up, and the input added; the stride is the 3x3 layer's."""
        import keras

        outer = channels * EXPANSION
        past = x
        if stride != 1 or x.shape[-1] != outer:
            past = self.convolution(x, outer, 1, f"{name}_past", stride=stride)
        x = self.activation(self.convolution(x, channels, 1, f"{name}_a"), f"{name}_a_relu")
        x = self.activation(self.convolution(x, channels, 3, f"{name}_b", stride=stride), f"{name}_b_relu")
        # A last norm that starts at nought makes each block begin as the identity: deep nets then start stably
        # (P. Goyal et al. 2017, https://arxiv.org/abs/1706.02677, section 5.1).
        x = self.convolution(x, outer, 1, f"{name}_c", gamma="zeros")
        if self._squeeze:
            x = self._excited(x, name)
        x = keras.layers.Add(name=f"{name}_add", dtype=self._norm)([past, x])
        return self.activation(x, f"{name}_relu")

    def convolution(self, x: Any, channels: int, side: int, name: str, *, stride: int = 1, gamma: str = "ones") -> Any:
        """Convolution without bias, then batch normalisation."""
        import keras

        x = keras.layers.Conv2D(
            channels,
            side,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=name,
            dtype=self._kernel,
        )(x)
        return keras.layers.BatchNormalization(
            momentum=BATCH_NORM_MOMENTUM,
            epsilon=BATCH_NORM_EPSILON,
            gamma_initializer=gamma,
            name=f"{name}_norm",
            dtype=self._norm,
        )(x)

    def activation(self, x: Any, name: str) -> Any:
        import keras

        return keras.layers.Activation("relu", name=name, dtype=self._norm)(x)

    def _excited(self, x: Any, name: str) -> Any:
        """Each channel times a factor from 0 to 1 that all channels' means decide."""
        import keras

        channels = x.shape[-1]
        hidden = max(1, channels // REDUCTION)
        means = keras.layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_squeeze", dtype=self._norm)(x)
        means = keras.layers.Dense(hidden, activation="relu", name=f"{name}_down", dtype=self._norm)(means)
        factors = keras.layers.Dense(channels, activation="sigmoid", name=f"{name}_up", dtype=self._norm)(means)
        return keras.layers.Multiply(name=f"{name}_excite", dtype=self._norm)([x, factors])
