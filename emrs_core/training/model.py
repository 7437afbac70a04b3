"""VGG-16 for 48x48 grey faces, in Keras 3, whatever its backend.

Source: K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
https://arxiv.org/abs/1409.1556 (configuration D), with batch normalisation (https://arxiv.org/abs/1502.03167) after
each convolution and global average pooling in place of the two wide dense layers, which hold most of the original's
weights and little of its accuracy on pictures this small.
"""

from __future__ import annotations

from typing import Any

from emrs_core.vision.preprocess import FACE_SIZE_PX

BLOCKS: tuple[tuple[int, int], ...] = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Channels and number of convolutions of each of the five blocks."""

BATCH_NORM_EPSILON = 1e-5
BATCH_NORM_MOMENTUM = 0.9
"""Share of the running statistics that a step keeps. The averages of the weights smooth them further, so they may be
quick: with Keras' .99 they lag behind the weights in the first epochs."""

DROPOUT = 0.5
"""Share of pooled features dropped in training, as in the original's dense layers; nothing is dropped in inference."""

HEAD_SPREAD = 0.01
"""Spread of the last layer's first weights, as in the original: sure of nothing, it learns at once."""

FER_CLASSES = 7
FERPLUS_CLASSES = 8


def conv_names() -> tuple[str, ...]:
    """Names of the thirteen convolutions in order: ``conv1_1`` ... ``conv5_3``."""
    return tuple(f"conv{b}_{k}" for b, (_, count) in enumerate(BLOCKS, start=1) for k in range(1, count + 1))


def norm_name(conv: str) -> str:
    """Name of the batch normalisation that follows a convolution: ``bn1_1`` after ``conv1_1``."""
    return "bn" + conv.removeprefix("conv")


def scaled_channels(channels: int, width: float) -> int:
    """Channels of a layer in a network of that width; at least 4."""
    return max(4, round(channels * width))


def build_vgg16(
    *,
    size_px: int | None = FACE_SIZE_PX,
    kernel_dtype: str = "float32",
    norm_dtype: str = "float32",
    dropout: float = DROPOUT,
    width: float = 1.0,
) -> Any:
    """An untrained ``keras.Model`` from standardised faces (N, size, size, 1) to logits of two heads.

    Its output is ``{"fer": (N, 7), "ferplus": (N, 8)}``: thirteen 3x3 convolutions in five blocks, then one linear
    layer of fifteen outputs split in two. ``width`` multiplies the channels; ``size_px`` None takes faces of any size.
    ``kernel_dtype`` is the dtype policy of the convolutions ("float16" to write small files, "mixed_bfloat16" to
    train faster), ``norm_dtype`` that of all else but the heads, which are float32.
    """
    import keras

    face = keras.Input((size_px, size_px, 1), name="face")
    x = face
    for block, (channels, count) in enumerate(BLOCKS, start=1):
        for k in range(1, count + 1):
            name = f"conv{block}_{k}"
            x = keras.layers.Conv2D(
                scaled_channels(channels, width),
                3,
                padding="same",
                use_bias=False,
                kernel_initializer="he_normal",  # K. He et al. 2015, https://arxiv.org/abs/1502.01852: for ReLU
                name=name,
                dtype=kernel_dtype,
            )(x)
            x = keras.layers.BatchNormalization(
                momentum=BATCH_NORM_MOMENTUM, epsilon=BATCH_NORM_EPSILON, name=norm_name(name), dtype=norm_dtype
            )(x)
            x = keras.layers.Activation("relu", name=f"relu{block}_{k}", dtype=norm_dtype)(x)
        x = keras.layers.MaxPooling2D(2, padding="same", name=f"pool{block}", dtype=norm_dtype)(x)
    return two_heads(face, x, name="vgg16_fer", dropout=dropout)


def two_heads(face: Any, x: Any, *, name: str, dropout: float) -> Any:
    """The model from ``face`` to both heads: feature maps averaged (layer "average"), dropout, one linear layer."""
    import keras

    x = keras.layers.GlobalAveragePooling2D(name="average", dtype="float32")(x)
    x = keras.layers.Dropout(dropout, name="dropout", dtype="float32")(x)
    begin = keras.initializers.RandomNormal(stddev=HEAD_SPREAD)
    logits = keras.layers.Dense(FER_CLASSES + FERPLUS_CLASSES, kernel_initializer=begin, name="head", dtype="float32")(
        x
    )
    return keras.Model(face, {"fer": logits[:, :FER_CLASSES], "ferplus": logits[:, FER_CLASSES:]}, name=name)
