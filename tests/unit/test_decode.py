from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from emrs_core.errors import ImageError
from emrs_core.vision.decode import decode, fit_within


def encoded(width_px: int, height_px: int, kind: str, orientation: int | None = None, mode: str = "RGB") -> bytes:
    image = Image.new(mode, (width_px, height_px), (200, 30, 10) if mode == "RGB" else 128)
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"exif": exif} if orientation else {}))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_common_kinds_become_bgr(kind: str) -> None:
    image = decode(encoded(40, 30, kind))
    assert image.shape == (30, 40, 3)
    assert image.dtype == np.uint8
    blue, green, red = image[15, 20]
    assert red > 180
    assert green < 60
    assert blue < 40


def test_grey_and_transparent_pictures_become_three_channels() -> None:
    assert decode(encoded(8, 8, "PNG", mode="L")).shape == (8, 8, 3)
    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 0)).save(buffer, "PNG")
    assert decode(buffer.getvalue()).shape == (8, 8, 3)


def test_a_phone_photo_is_turned_upright() -> None:
    assert decode(encoded(40, 30, "JPEG", orientation=6)).shape == (40, 30, 3)


@pytest.mark.parametrize("data", [b"", b"no picture at all", encoded(40, 30, "PNG")[:40]])
def test_what_is_no_picture_says_so_by_name(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"holiday\.png should be a picture"):
        decode(data, "holiday.png")


def test_a_small_file_that_claims_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    header = struct.pack(">IIBBBBB", 12000, 12000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(ImageError, match="12000 x 12000"):
        decode(b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IDAT", "bomb.png")


def test_only_large_pictures_are_reduced_and_the_factor_leads_back() -> None:
    small = np.zeros((480, 640, 3), np.uint8)
    assert fit_within(small)[0] is small
    reduced, factor = fit_within(np.zeros((3000, 4000, 3), np.uint8))
    assert reduced.shape == (1440, 1920, 3)
    assert factor == pytest.approx(4000 / 1920)
