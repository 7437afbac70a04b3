"""Following a face from one picture to the next by the optical flow of points inside its box.

Source: Kalal, Mikolajczyk & Matas (2010), Forward-backward error: automatic detection of tracking failures (median
flow), on the pyramidal flow of Lucas & Kanade (1981) as in Bouguet (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.types import ImageArray

Points = NDArray[np.float32]

FACE_SIDE_PX = 56
"""A face is followed at about this width whatever its size in the picture, so that the cost stays the same."""

MARGIN = 0.6  # surroundings looked at, as a share of the face's sides: the longest step between two pictures
POINTS_ACROSS = 6  # a 6 x 6 grid: a median that a third of lost points does not move
INNER_SHARE = 0.7  # share of the box's sides that the grid covers: the corners of a box are background
WINDOW_PX = 13  # about a quarter of the face: a window holds an eye or a mouth's corner
PYRAMID_LEVELS = 2  # windows on 2 halved levels reach steps of about half a face
MAX_RETURN_PX = 1.0  # a point followed forward and back must come home this near, or it is lost
MIN_SHARE_KEPT = 0.35  # with fewer points left than this, the median is a guess
MAX_GROWTH = 1.12  # largest change of size between two pictures: walking up to the camera stays far below


@dataclass(frozen=True, slots=True)
class Step:
    """How a face moved between two pictures, in their pixels; ``growth`` is the ratio of its sizes."""

    dx: float
    dy: float
    growth: float


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in real numbers, in pixels of the picture."""

    x: float
    y: float
    width: float
    height: float


def follow(before: ImageArray, after: ImageArray, face: Region) -> Step | None:
    """How what lay in ``face`` of one (H, W, 3) BGR picture has moved in the next one of the same size.

    None when it cannot be told: too few points found again, or the face lies outside. About 0.5 ms of CPU.
    """
    window = _window(before, face)
    if window is None:
        return None
    x, y, right, bottom = window
    scale = FACE_SIDE_PX / max(face.width, face.height)
    old, new = (_small_grey(picture[y:bottom, x:right], scale) for picture in (before, after))
    across, down = old.shape[1] / (right - x), old.shape[0] / (bottom - y)
    start = _grid(Region((face.x - x) * across, (face.y - y) * down, face.width * across, face.height * down))
    there, seen = _flow(old, new, start)
    back, returned = _flow(new, old, there)
    good = seen & returned & (np.linalg.norm(back - start, axis=1) <= MAX_RETURN_PX)
    if good.sum() < MIN_SHARE_KEPT * len(start):
        return None
    moved = np.median(there[good] - start[good], axis=0)
    return Step(float(moved[0]) / across, float(moved[1]) / down, _growth(start[good], there[good]))


def _window(picture: ImageArray, face: Region) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of the face with its margin inside the picture; None where hardly any is left."""
    height, width = picture.shape[:2]
    left, top = max(0, round(face.x - MARGIN * face.width)), max(0, round(face.y - MARGIN * face.height))
    right = min(width, round(face.x + (1 + MARGIN) * face.width))
    bottom = min(height, round(face.y + (1 + MARGIN) * face.height))
    if right - left < face.width / 2 or bottom - top < face.height / 2:
        return None
    return left, top, right, bottom


def _small_grey(picture: ImageArray, scale: float) -> ImageArray:
    size = (max(WINDOW_PX, round(picture.shape[1] * scale)), max(WINDOW_PX, round(picture.shape[0] * scale)))
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)  # before resizing: a third of the pixels to average
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=how), dtype=np.uint8)


def _flow(before: ImageArray, after: ImageArray, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, np.empty_like(points), winSize=(WINDOW_PX, WINDOW_PX), maxLevel=PYRAMID_LEVELS
    )
    return np.asarray(found, dtype=np.float32), np.ravel(status).astype(bool)


def _grid(face: Region) -> Points:
    share = np.linspace(0.5 - INNER_SHARE / 2, 0.5 + INNER_SHARE / 2, POINTS_ACROSS)
    across, down = np.meshgrid(face.x + share * face.width, face.y + share * face.height)
    return np.stack([across.ravel(), down.ravel()], axis=1).astype(np.float32)


def _growth(before: Points, after: Points) -> float:
    """The median ratio of the points' distances from their centre, limited to what a face can do."""
    spread_before = np.linalg.norm(before - np.median(before, axis=0), axis=1)
    spread_after = np.linalg.norm(after - np.median(after, axis=0), axis=1)
    far = spread_before > FACE_SIDE_PX / 8  # near the centre a ratio is mostly rounding
    if not far.any():
        return 1.0
    ratio = float(np.median(spread_after[far] / spread_before[far]))
    return min(MAX_GROWTH, max(1.0 / MAX_GROWTH, ratio))
