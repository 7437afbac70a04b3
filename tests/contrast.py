"""How well writing and drawings stand out. Source: WCAG 2.2, 1.4.3 and 1.4.11, https://www.w3.org/TR/WCAG22/"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

READABLE = 4.5
"""Writing against its background."""
STANDS_OUT = 3.0
"""Parts of graphics against their background."""


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB in [0, 1] of ``#RRGGBB``."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def contrast(one: str, other: str) -> float:
    """From 1 for the same colour to 21 for black on white."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)
