"""Feature maps and Grad-CAM as pictures. Pure functions of arrays; pictures are RGB uint8."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.types import ImageArray

Maps = NDArray[np.float32]

SHEET_MAPS: Final = 64
"""Maps on a sheet: eight by eight are still told apart on a phone."""
SHEET_COLUMNS: Final = 8
CELL_PX: Final = 96  # twice the largest map, so that every value stays a clean square
GAP_PX: Final = 8
OVERLAY_PX: Final = 480
INPUT_PX: Final = 480

STRONGEST_TINT: Final = 0.72
"""Opacity of the heat where it is greatest: the face must still be seen through it."""


def strongest(maps: Maps, count: int = SHEET_MAPS) -> NDArray[np.int64]:
    """Numbers of the ``count`` maps of (C, H, W) with the most contrast (standard deviation), in their own order."""
    spread = maps.std(axis=(1, 2))
    chosen = np.argsort(-spread, kind="stable")[:count]
    return np.sort(chosen)


def sheet(maps: Maps) -> ImageArray:
    """(C, H, W) maps side by side, each scaled to its own lowest and highest value; a flat map is all dark.

    Between the maps lies a transparent gap: the picture is RGBA.
    """
    rows = -(-len(maps) // SHEET_COLUMNS)
    columns = min(SHEET_COLUMNS, len(maps))
    step = CELL_PX + GAP_PX
    picture = np.zeros((rows * step - GAP_PX, columns * step - GAP_PX, 4), np.uint8)
    for place, values in enumerate(maps):
        top, left = (place // SHEET_COLUMNS) * step, (place % SHEET_COLUMNS) * step
        cell = cv2.resize(coloured(values, cv2.COLORMAP_VIRIDIS), (CELL_PX, CELL_PX), interpolation=cv2.INTER_NEAREST)
        picture[top : top + CELL_PX, left : left + CELL_PX, :3] = cell
        picture[top : top + CELL_PX, left : left + CELL_PX, 3] = 255
    return picture


def coloured(values: Maps, colours: int) -> ImageArray:
    """(H, W) values from their lowest to their highest as colours of an OpenCV map."""
    low, high = float(np.min(values)), float(np.max(values))
    grey = np.zeros(values.shape, np.uint8) if high <= low else np.rint(255 * (values - low) / (high - low))
    painted = cv2.applyColorMap(grey.astype(np.uint8), colours)
    return np.asarray(cv2.cvtColor(painted, cv2.COLOR_BGR2RGB), np.uint8)


def heat_over(picture: ImageArray, cam: Maps) -> ImageArray:
    """The face in grey with Grad-CAM (values in [0, 1]) as heat over it: the stronger, the more opaque."""
    size = (OVERLAY_PX, OVERLAY_PX)
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), cv2.COLOR_RGB2GRAY)
    smooth = np.clip(cv2.resize(cam, size, interpolation=cv2.INTER_CUBIC), 0.0, 1.0).astype(np.float32)
    heat = cv2.applyColorMap(np.rint(255 * (0.25 + 0.75 * smooth)).astype(np.uint8), cv2.COLORMAP_INFERNO)
    tint = (STRONGEST_TINT * smooth)[:, :, np.newaxis]
    mixed = tint * cv2.cvtColor(heat, cv2.COLOR_BGR2RGB) + (1.0 - tint) * grey[:, :, np.newaxis]
    return np.asarray(np.rint(mixed), np.uint8)


def enlarged(crop: NDArray[np.uint8]) -> ImageArray:
    """The network's (48, 48) input so large that its pixels are seen."""
    return np.asarray(cv2.resize(crop, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_NEAREST), np.uint8)
