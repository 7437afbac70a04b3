"""What every part of ``vision`` asks of a picture before it touches it."""

from __future__ import annotations

import numpy as np

from emrs_core.errors import ImageError
from emrs_core.types import ImageArray


def require_bgr(image: ImageArray) -> ImageArray:
    """The same picture, if it is a non-empty (H, W, 3) uint8 BGR array. Raises ImageError saying what came instead."""
    if not isinstance(image, np.ndarray):
        raise ImageError(f"A picture must be a NumPy array, got {type(image).__name__}. Decode it first.")
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ImageError(
            "A picture must be a non-empty (height, width, 3) array of uint8 in the order blue, green, red; "
            f"got shape {image.shape} of {image.dtype}. Convert it first."
        )
    return image
