"""The networks to choose from, all with the same input and the same two heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emrs_core.errors import ModelError
from emrs_core.training.ensemble import averaged
from emrs_core.training.model import DROPOUT, build_vgg16
from emrs_core.training.recipe import ARCHITECTURES
from emrs_core.training.residual import build_resnet50
from emrs_core.vision.preprocess import FACE_SIZE_PX

ENSEMBLE = "ensemble"
WIDEST = 4.0


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network up to its weights. ``width`` multiplies the channels of every layer; an ensemble has ``members``."""

    name: str = "vgg16"
    width: float = 1.0
    members: tuple[Architecture, ...] = ()

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
        }
        if self.members:
            return averaged([member.build(**options) for member in self.members], size_px)
        if self.name == "vgg16":
            return build_vgg16(width=self.width, **options)
        return build_resnet50(squeeze=self.name == "senet50", width=self.width, **options)

    def described(self) -> dict[str, Any]:
        """How a model card names it; ``architecture_of`` reads it back."""
        if self.members:
            return {"architecture": ENSEMBLE, "members": [member.described() for member in self.members]}
        return {"architecture": self.name, "width": self.width}


VGG16 = Architecture()


def ensemble_of(members: Sequence[Architecture]) -> Architecture:
    """The network that averages what its members say."""
    return Architecture(ENSEMBLE, 1.0, tuple(members))


def architecture_of(training: Mapping[str, Any]) -> Architecture:
    """What the part ``training`` of a model card says; the full VGG-16 when it says nothing. Raises ModelError."""
    name, width = training.get("architecture", VGG16.name), training.get("width", VGG16.width)
    if name == ENSEMBLE:
        return ensemble_of([_member(member) for member in _members(training)])
    if name not in ARCHITECTURES:
        known = ", ".join((*ARCHITECTURES, ENSEMBLE))
        raise ModelError(f"The card names the architecture {name!r}; this version knows {known}.")
    if isinstance(width, bool) or not isinstance(width, (int, float)) or not 0 < width <= WIDEST:
        raise ModelError(f"The card's network has the width {width!r}; expected a number above 0 and at most 4.")
    return Architecture(name, float(width))


def _members(training: Mapping[str, Any]) -> list[Any]:
    members = training.get("members")
    if not isinstance(members, list) or not members:
        raise ModelError("The card's ensemble names no members; expected a list of architectures with their widths.")
    return members


def _member(member: Any) -> Architecture:
    if not isinstance(member, dict) or member.get("architecture") not in ARCHITECTURES:
        raise ModelError(f"The card's ensemble has the member {member!r}; expected an architecture with its width.")
    return architecture_of(member)
