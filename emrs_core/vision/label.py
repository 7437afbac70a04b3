"""The label beside a face: light words and a coloured dot on a dark pill. Drawn once, kept, and blended in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from emrs_core.types import FaceBox, ImageArray

Colour = tuple[int, int, int]
"""BGR, each 0-255."""

PILL: Colour = (28, 18, 22)
PILL_OPACITY = 0.84  # lets a little of the room through, and keeps 7:1 contrast for the words even on white
WORDS: Colour = (246, 241, 243)
QUIET_WORDS: Colour = (206, 200, 203)
FONT_SHARE = 0.56  # height of the font as a share of the pill's
PADDING_SHARE = 0.46
DOT_SHARE = 0.32
DOT_GAP_SHARE = 0.28
SUPERSAMPLING = 4  # the pill's outline is drawn this much larger and reduced: Pillow's shapes have no soft edges
KEPT_LABELS = 256  # a few hundred kB; confidence in whole per cent gives at most 100 of each emotion


@dataclass(frozen=True, slots=True)
class Label:
    """Words on a pill; without a ``dot`` they are quieter. ``height_px`` of the pill."""

    text: str
    dot: Colour | None
    height_px: int


def paste_label(picture: ImageArray, label: Label, box: FaceBox, gap_px: int) -> None:
    """Blend the label into the picture: above the box, below it where there is no room, always wholly inside."""
    colour, clear = _sprite(label)
    height, width = clear.shape[:2]
    x, y = _place(picture.shape[1], picture.shape[0], width, height, box, gap_px)
    window = picture[y : y + height, x : x + width]
    rows, columns = window.shape[:2]  # smaller than the label in a tiny picture
    blend = colour[:rows, :columns] + ((window.astype(np.uint16) * clear[:rows, :columns] + 127) // 255)
    window[:] = np.minimum(blend, 255).astype(np.uint8)


def _place(across: int, down: int, width: int, height: int, box: FaceBox, gap_px: int) -> tuple[int, int]:
    x = round(box.x + (box.width - width) / 2)
    y = box.y - gap_px - height
    if y < gap_px:
        y = box.y + box.height + gap_px
    if y + height > down - gap_px:  # a face that fills the picture: inside its box, at the foot
        y = min(box.y + box.height, down) - height - gap_px
    edge = max(2, gap_px // 2)  # a pill that touches the picture's edge looks cut off
    return max(0, min(max(edge, x), across - width - edge)), max(0, min(max(edge, y), down - height - edge))


@lru_cache(maxsize=KEPT_LABELS)
def _sprite(label: Label) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """The label's colours, already weighted by its opacity, and how much (0-255) of the picture shines through."""
    height = label.height_px
    font = ImageFont.load_default(max(8, round(FONT_SHARE * height)))
    words = font.getlength(label.text)
    padding = PADDING_SHARE * height
    dot = 0.0 if label.dot is None else (DOT_SHARE + DOT_GAP_SHARE) * height
    width = round(2 * padding + dot + words)
    pill = _coverage(width, height, (0, 0, width - 1, height - 1), height / 2) * PILL_OPACITY
    colour = np.array(PILL, dtype=np.float64) * np.ones((height, width, 1))
    layers = [(WORDS if label.dot is not None else QUIET_WORDS, _words(label.text, font, width, height, padding + dot))]
    if label.dot is not None:
        side = DOT_SHARE * height
        top = (height - side) / 2
        layers.append((label.dot, _coverage(width, height, (padding, top, padding + side, top + side), side / 2)))
    opacity = pill
    for tint, cover in layers:
        colour = colour * (1 - cover) + np.array(tint) * cover
        opacity = np.maximum(opacity, cover)
    weighted = np.rint(colour * opacity).astype(np.uint16)
    return weighted, np.rint(255 * (1 - opacity)).astype(np.uint16)


def _coverage(width: int, height: int, shape: tuple[float, float, float, float], radius: float) -> NDArray[np.float64]:
    """How much of each pixel a rounded rectangle covers, (height, width, 1) in [0, 1]."""
    n = SUPERSAMPLING
    large = Image.new("L", (width * n, height * n), 0)
    corners = [(shape[0] * n, shape[1] * n), ((shape[2] + 1) * n - 1, (shape[3] + 1) * n - 1)]
    ImageDraw.Draw(large).rounded_rectangle([*corners[0], *corners[1]], radius * n, fill=255)
    return np.asarray(large.reduce(n), dtype=np.float64)[:, :, np.newaxis] / 255


def _words(
    text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int, height: int, x: float
) -> NDArray[np.float64]:
    layer = Image.new("L", (width, height), 0)
    # "H" centres by the height of capitals, so that the line does not jump between words with and without descenders.
    top, bottom = font.getbbox("H")[1::2]
    ImageDraw.Draw(layer).text((x, (height - (bottom - top)) / 2 - top), text, fill=255, font=font)
    return np.asarray(layer, dtype=np.float64)[:, :, np.newaxis] / 255
