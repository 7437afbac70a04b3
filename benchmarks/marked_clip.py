"""A clip whose pictures carry their number as black and white cells, so that each is known again after its journey.

Sixteen cells along the upper edge: white, seven bits, the same bits inverted, black. The ends tell a mirrored picture,
the inverted copy a damaged one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Frame

from emrs_core.types import ImageArray
from tests.e2e.clips import HEIGHT, WIDTH, astronaut, swaying

BITS = 7
CELLS = 2 * BITS + 2
CELL_PX = WIDTH // CELLS
STRIP_PX = 32  # high: two blocks of the codec, so that the code survives compression
SECONDS = 4  # until the numbers begin again: far longer than any delay


def marked_frames(fps: int) -> Iterator[ImageArray]:
    """The swaying astronaut, four seconds, each picture with its number. BGR, (480, 640, 3)."""
    for number, image in enumerate(islice(cycle(swaying(astronaut())), fps * SECONDS)):
        marked = image.copy()
        for cell, white in enumerate(cells(number)):
            marked[:STRIP_PX, cell * CELL_PX : (cell + 1) * CELL_PX] = 255 if white else 0
        yield marked


def cells(number: int) -> list[bool]:
    """The code of a number below 128, from left to right."""
    bits = [bool(number >> bit & 1) for bit in range(BITS)]
    return [True, *bits, *(not bit for bit in bits), False]


DELAYS_SCRIPT = Path(__file__).with_name("delays.js")


def delays_ms(frame: Frame, seconds: float) -> list[float]:
    """Camera to screen, for every picture known again in so many seconds. Takes that long.

    ``frame`` is the one with the returned video, in a page that remembers its camera's tracks (``CAMERA_SPY``).
    """
    code = {"seconds": seconds, "bits": BITS, "cells": CELLS, "share": STRIP_PX / HEIGHT, "longest_ms": 750 * SECONDS}
    delays: list[float] = frame.evaluate(DELAYS_SCRIPT.read_text(encoding="utf-8"), code)
    return delays
