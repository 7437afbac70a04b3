"""Pictures from bytes: a photo that somebody uploads or names on the command line."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from emrs_core.errors import ImageError
from emrs_core.types import ImageArray

MAX_PIXELS = 64_000_000
"""More than any phone's photo; unpacked, 192 MB. A small file can claim far more, so the header is read first."""
MAX_SIDE_PX = 1920
"""Faces are looked for in pictures up to 1080p; larger ones are reduced to this first."""


def decode(data: bytes, name: str = "the picture") -> ImageArray:
    """(H, W, 3) uint8 BGR from an encoded picture (JPEG, PNG, WebP, BMP, ...), turned upright by its EXIF mark.

    In memory only. Raises ImageError naming ``name`` when the bytes are no picture, damaged, or too large to unpack.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound below is the narrower one
            with Image.open(io.BytesIO(data)) as header:
                width_px, height_px = header.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise ImageError(_unreadable(name)) from exc
    if width_px * height_px > MAX_PIXELS:
        raise ImageError(
            f"{name} is {width_px} x {height_px} pixels; at most {MAX_PIXELS // 1_000_000} million are read. "
            "Save it smaller and try again."
        )
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as exc:
        raise ImageError(_unreadable(name)) from exc
    if image is None:
        raise ImageError(_unreadable(name))
    return image.astype(np.uint8, copy=False)


def fit_within(image: ImageArray, max_side_px: int = MAX_SIDE_PX) -> tuple[ImageArray, float]:
    """The picture reduced so that no side exceeds ``max_side_px``, and the factor from it back to the original."""
    factor = max(image.shape[:2]) / max_side_px
    if factor <= 1.0:
        return image, 1.0
    size = (max(1, round(image.shape[1] / factor)), max(1, round(image.shape[0] / factor)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False), factor


def _unreadable(name: str) -> str:
    return f"{name} should be a picture (JPEG, PNG, WebP or BMP), but it cannot be read as one. Is it complete?"
