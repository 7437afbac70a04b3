"""Fake-camera clips made from public or sample pictures: joined JPEGs, 640x480, which Chromium plays at 30 a second."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

Image = NDArray[np.uint8]

WIDTH, HEIGHT = 640, 480
FPS = 30  # Chromium's own rate for .mjpeg files; it reads none from the file
JPEG_QUALITY = 85
FACE_PX = 230  # a face at arm's length from a laptop
SWAY_PX = 3  # nobody sits perfectly still; small enough to look like one person
TURN_S = 2
DARK_GAIN = 0.06  # a room with the lights off


def astronaut() -> Image:
    """NASA's public-domain portrait of a smiling Eileen Collins, cut to the camera's shape; (480, 640, 3) BGR."""
    picture = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return np.asarray(cv2.resize(picture[0:384, 0:512], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def empty_room() -> Image:
    """Soft light on a wall and the edge of a table; no face anywhere."""
    rows = np.linspace(190, 120, HEIGHT, dtype=np.float32)[:, None]
    columns = np.linspace(-25, 25, WIDTH, dtype=np.float32)[None, :]
    room = np.repeat((rows + columns)[:, :, None], 3, axis=2)
    room[360:] *= 0.55
    return np.asarray(np.clip(room, 0, 255), np.uint8)


def portrait(face: Image, face_px: int = FACE_PX) -> Image:
    """A small grey face, (48, 48) uint8, enlarged on a plain background whose border fades softly."""
    big = cv2.resize(face, (face_px, face_px), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    # Round shoulders of the mask: a hard square edge is what a Haar cascade would answer to.
    ramp = np.clip(np.minimum(np.arange(face_px), np.arange(face_px)[::-1]) / (face_px * 0.08), 0, 1)
    mask = np.outer(ramp, ramp).astype(np.float32)
    canvas = np.full((HEIGHT, WIDTH), float(np.median(face)), np.float32)
    top, left = (HEIGHT - face_px) // 2, (WIDTH - face_px) // 2
    window = canvas[top : top + face_px, left : left + face_px]
    canvas[top : top + face_px, left : left + face_px] = mask * big + (1 - mask) * window
    grey = np.asarray(np.clip(canvas, 0, 255), np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def darkened(image: Image) -> Image:
    return np.asarray(image * DARK_GAIN, np.uint8)


def swaying(image: Image) -> Iterator[Image]:
    """The picture moving a few pixels to and fro: one turn of TURN_S, so that a loop of it has no jump."""
    for index in range(TURN_S * FPS):
        angle = 2 * math.pi * index / (TURN_S * FPS)
        shift = np.array([[1, 0, SWAY_PX * math.sin(angle)], [0, 1, SWAY_PX * math.cos(angle)]], np.float32)
        moved = cv2.warpAffine(image, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        yield np.asarray(moved, np.uint8)


def write_clip(path: Path, *scenes: tuple[Image, int]) -> Path:
    """Write a ``.mjpeg`` file, joined JPEGs: each picture sways for that many turns, one after the other."""
    with path.open("wb") as clip:
        for image, turns in scenes:
            clip.write(b"".join(_jpeg(frame) for frame in swaying(image)) * turns)
    return path


def _jpeg(image: Image) -> bytes:
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert done
    return encoded.tobytes()
