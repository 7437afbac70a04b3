"""What can be asked of the network about one face, and what comes back. Plain data, without Keras."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emrs_core.types import Emotion

MEMBER_NAME = "member{place}"
"""What an ensemble calls its networks; ``place`` counts from 1."""
MEMBER_MARK = "."
"""Between the name of an ensemble's member and that of its layer: ``member2.stage1_1_relu``."""
OF_MEMBER = re.compile(MEMBER_NAME.format(place=r"(\d+)") + re.escape(MEMBER_MARK))


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer with feature maps: ``channels`` maps of ``height`` x ``width`` values. ``kind`` is what it does."""

    name: str
    kind: str
    height: int
    width: int
    channels: int

    @property
    def member(self) -> int | None:
        """The place of its network in an ensemble, from 1; None in a network by itself."""
        found = OF_MEMBER.match(self.name)
        return int(found[1]) if found else None

    @property
    def own_name(self) -> str:
        """Its name within its network."""
        return OF_MEMBER.sub("", self.name, count=1)


@dataclass(frozen=True, slots=True, eq=False)
class LookRequest:
    """One face as ``face_crop`` makes it, and what to look at; None lets the network's side choose.

    ``layer`` names the layer whose feature maps are wanted, ``emotion`` what Grad-CAM explains (else the most likely),
    ``cam_layer`` the layer at which it does so.
    """

    face: NDArray[np.uint8]  # (48, 48) grey
    layer: str | None = None
    emotion: Emotion | None = None
    cam_layer: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NetworkLook:
    """What the network makes of one face."""

    layers: tuple[LayerInfo, ...]  # all that can be asked for, in order
    cam_layers: tuple[str, ...]  # the last before each halving of the size, finest first
    probabilities: tuple[float, ...]  # seven, calibrated, in the order of EMOTIONS
    layer: str
    maps: NDArray[np.float32]  # (channels, height, width) of ``layer``
    emotion: Emotion
    cam_layer: str
    cam: NDArray[np.float32]  # (height, width) of ``cam_layer`` in [0, 1]; all 0 when nothing speaks for ``emotion``


class NetworkInspector(Protocol):
    """Looks inside the network. MUST be safe to call from several threads; they may wait for each other.

    Raises InspectionError saying what failed and what to do.
    """

    def look(self, request: LookRequest) -> NetworkLook: ...

    @property
    def ready(self) -> bool:
        """Whether the next look will come at once: the network is loaded."""
        ...

    def close(self) -> None:
        """Give back what looking needs; the next look takes it again."""
        ...
