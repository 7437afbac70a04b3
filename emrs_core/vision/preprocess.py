"""The one way from a picture to the network's input, shared by training, evaluation and live analysis.

Pictures are uint8: grey (H, W) or BGR (H, W, 3). Pure functions of their arguments; any thread.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ImageError
from emrs_core.types import FaceBox, ImageArray

FACE_SIZE_PX = 48
"""Side of FER2013's pictures, so of the network's input."""

CROP_SCALE = 1.0
"""Side of the crop over the longer side of the face box. FER2013 frames a face about as the frontal cascade does: its
box of a pasted validation face is .93 as wide (median). Of 608 such faces of 150-250 px, framed by the detector, .865
are read right at 0.75, .895 at 0.9, .898 at 1.0, .900 at 1.1, .898 at 1.2, .885 at 1.3 (standard error .012): 1.0 lies
in the middle of what makes no difference. Measured by ``benchmarks/face_reading.py``."""

STD_OFFSET = 0.05
"""Added to a picture's standard deviation (pixels in [0, 1]), so that a flat picture is not blown up into noise."""

SCALING = "x/255, then (x - mean) / (std + 0.05) over the pixels of each picture"
"""How a model card names ``standardise``; a model trained on anything else is refused."""


def face_crop(image: ImageArray, box: FaceBox) -> NDArray[np.uint8]:
    """The (48, 48) grey picture of one face: ``face_square`` in grey and at the network's size. Raises ImageError."""
    return _resized(_grey(face_square(image, box)))


def face_square(image: ImageArray, box: FaceBox) -> ImageArray:
    """The square around the box's centre in the picture's own pixels and colours: what ``face_crop`` makes smaller.

    The square may reach outside the picture; its edge pixels are repeated there.
    Raises ImageError for another kind of picture, or a box without size or without a pixel inside the picture.
    """
    _require_picture(image)
    height, width = image.shape[:2]
    outside = box.x >= width or box.y >= height or box.x + box.width <= 0 or box.y + box.height <= 0
    if box.width <= 0 or box.height <= 0 or outside:
        raise ImageError(
            f"Expected a face box that lies at least partly inside the {width}x{height} picture, got {box}."
        )
    side = max(1, round(max(box.width, box.height) * CROP_SCALE))
    left = round(box.x + (box.width - side) / 2)
    top = round(box.y + (box.height - side) / 2)
    if left >= 0 and top >= 0 and left + side <= width and top + side <= height:
        return image[top : top + side, left : left + side]
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    return image[np.ix_(rows, columns)]


def whole_image(image: ImageArray) -> NDArray[np.uint8]:
    """The (48, 48) grey picture of an image that is nothing but a face; its sides are stretched to a square."""
    _require_picture(image)
    return _resized(_grey(image))


def standardise(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 48, 48) grey uint8 -> (N, 48, 48, 1) float32 with about zero mean and unit spread, picture by picture.

    x/255, then (x - mean) / (std + 0.05): light and contrast of a picture no longer matter.
    Raises ImageError for another shape or type.
    """
    require_faces(faces)
    return standardise_any_size(faces)


def standardise_any_size(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """``standardise`` for (N, S, S) faces of another size, which only training in several sizes has."""
    scaled = faces.astype(np.float32) / np.float32(255.0)
    mean = scaled.mean(axis=(1, 2), keepdims=True)
    std = scaled.std(axis=(1, 2), keepdims=True)
    standard: NDArray[np.float32] = ((scaled - mean) / (std + np.float32(STD_OFFSET)))[..., np.newaxis]
    return standard


def require_faces(faces: NDArray[np.uint8]) -> None:
    """Raise ImageError unless ``faces`` is an (N, 48, 48) uint8 array."""
    side = FACE_SIZE_PX
    is_array = isinstance(faces, np.ndarray)
    if not is_array or faces.dtype != np.uint8 or faces.ndim != 3 or faces.shape[1:] != (side, side):
        raise ImageError(f"Expected faces as an (N, {side}, {side}) array of uint8, got {_described(faces)}.")


def _require_picture(image: ImageArray) -> None:
    is_picture = (
        isinstance(image, np.ndarray)
        and image.dtype == np.uint8
        and image.size > 0
        and (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3))
    )
    if not is_picture:
        raise ImageError(f"Expected a non-empty (H, W) grey or (H, W, 3) BGR array of uint8, got {_described(image)}.")


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"shape {value.shape} of {value.dtype}"
    return type(value).__name__


def _grey(image: ImageArray) -> ImageArray:
    if image.ndim == 2:
        return image
    grey: ImageArray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return grey


def _resized(grey: ImageArray) -> ImageArray:
    side = FACE_SIZE_PX
    if grey.shape == (side, side):
        return np.ascontiguousarray(grey)
    shrinking = min(grey.shape) >= side
    how = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    resized: ImageArray = cv2.resize(grey, (side, side), interpolation=how).astype(np.uint8, copy=False)
    return resized
