"""The networks to choose from, all with the same input and the same two heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emrs_core.errors import ModelError
from emrs_core.training.model import DROPOUT, build_vgg16
from emrs_core.training.recipe import ARCHITECTURES
from emrs_core.training.residual import build_resnet50
from emrs_core.vision.preprocess import FACE_SIZE_PX


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network up to its weights. ``width`` multiplies the channels of every layer."""

    name: str = "vgg16"
    width: float = 1.0

    def build(
        self,
        *,
        size_px: int | None = FACE_SIZE_PX,
        kernel_dtype: str = "float32",
        norm_dtype: str = "float32",
        dropout: float = DROPOUT,
    ) -> Any:
        """An untrained ``keras.Model``: (N, size, size, 1) -> ``{"fer": (N, 7), "ferplus": (N, 8)}``.

        ``size_px`` None takes faces of any size. The dtypes are Keras dtype policies of convolutions and of all else
        but the heads, which are float32.
        """
        options: dict[str, Any] = {
            "size_px": size_px,
            "kernel_dtype": kernel_dtype,
            "norm_dtype": norm_dtype,
            "dropout": dropout,
            "width": self.width,
        }
        if self.name == "vgg16":
            return build_vgg16(**options)
        return build_resnet50(squeeze=self.name == "senet50", **options)


VGG16 = Architecture()


def architecture_of(training: Mapping[str, Any]) -> Architecture:
    """What the part ``training`` of a model card says; the full VGG-16 when it says nothing. Raises ModelError."""
    name, width = training.get("architecture", VGG16.name), training.get("width", VGG16.width)
    if name not in ARCHITECTURES:
        raise ModelError(f"The card names the architecture {name!r}; this version knows {', '.join(ARCHITECTURES)}.")
    if isinstance(width, bool) or not isinstance(width, (int, float)) or not 0 < width <= 4:
        raise ModelError(f"The card's network has the width {width!r}; expected a number above 0 and at most 4.")
    return Architecture(name, float(width))
