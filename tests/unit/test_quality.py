"""When a face can be read and when the person gets advice instead."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import ImageError
from emrs_core.testing.faces import astronaut_picture
from emrs_core.types import FaceBox, ImageArray, QualityIssue
from emrs_core.vision.quality import face_quality, light_issue, picture_issue, sharpness

BOX = FaceBox(245, 165, 150, 150)
GOOD = astronaut_picture(640, 480, 150)


def changed(gain: float = 1.0, blur_px: float = 0.0) -> ImageArray:
    picture = np.clip(GOOD.astype(np.float64) * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), blur_px), np.uint8) if blur_px else picture


@pytest.mark.parametrize("size_px", [60, 80, 100, 150, 200, 300])
def test_a_well_lit_face_is_fine_at_every_size(size_px: int) -> None:
    box = FaceBox(320 - size_px // 2, 240 - size_px // 2, size_px, size_px)
    assert face_quality(astronaut_picture(640, 480, size_px), box).ok


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (changed(gain=0.12), QualityIssue.TOO_DARK),
        (changed(gain=2.5), QualityIssue.TOO_BRIGHT),
        (changed(blur_px=9.0), QualityIssue.BLURRED),
    ],
    ids=["dark", "bright", "blurred"],
)
def test_what_spoils_a_face_is_named(picture: ImageArray, reason: QualityIssue) -> None:
    assert face_quality(picture, BOX).reasons == (reason,)


def test_a_far_face_is_too_small() -> None:
    assert face_quality(astronaut_picture(640, 480, 40), FaceBox(300, 220, 40, 40)).reasons == (QualityIssue.TOO_SMALL,)


def test_a_face_seen_from_the_side_is_turned_away() -> None:
    turned = FaceBox(BOX.x, BOX.y, BOX.width, BOX.height, turned=True)
    assert face_quality(GOOD, turned).reasons == (QualityIssue.TURNED_AWAY,)


def test_an_unlit_room_is_too_dark_whatever_is_in_it() -> None:
    noise = np.random.default_rng(3).normal(18, 6, (480, 640, 3))
    room = np.clip(noise, 0, 255).astype(np.uint8)
    assert face_quality(room, BOX).reasons == (QualityIssue.TOO_DARK,)
    assert picture_issue(room) is QualityIssue.TOO_DARK


@pytest.mark.parametrize(("level", "issue"), [(12, QualityIssue.TOO_DARK), (120, None), (250, QualityIssue.TOO_BRIGHT)])
def test_the_whole_picture_is_graded_where_no_face_is(level: int, issue: QualityIssue | None) -> None:
    assert picture_issue(np.full((240, 426, 3), level, np.uint8)) is issue


def test_a_lit_room_without_a_face_needs_no_advice_about_light() -> None:
    from skimage.data import coffee

    assert picture_issue(np.ascontiguousarray(coffee()[:, :, ::-1])) is None


def test_sharpness_does_not_depend_on_light_and_contrast() -> None:
    face = cv2.cvtColor(GOOD, cv2.COLOR_BGR2GRAY)[200:280, 280:360].astype(np.uint8)
    softer = (face.astype(np.float64) * 0.4 + 40).astype(np.uint8)
    assert sharpness(softer) == pytest.approx(sharpness(face), rel=0.15)


def test_sharpness_falls_with_blur() -> None:
    face = cv2.cvtColor(GOOD, cv2.COLOR_BGR2GRAY)[200:280, 280:360].astype(np.uint8)
    values = [sharpness(np.asarray(cv2.GaussianBlur(face, (0, 0), sigma), np.uint8)) for sigma in (0.5, 1, 2, 4)]
    assert values == sorted(values, reverse=True)


def test_a_flat_patch_has_no_detail() -> None:
    assert sharpness(np.full((30, 30), 90, np.uint8)) == 0.0
    assert light_issue(np.full((30, 30), 90, np.uint8)) is None


@pytest.mark.parametrize("bad", [np.zeros((480, 640), np.uint8), np.zeros((0, 5, 3), np.uint8)])
def test_anything_but_a_bgr_picture_is_an_image_error(bad: ImageArray) -> None:
    with pytest.raises(ImageError):
        face_quality(bad, BOX)
    with pytest.raises(ImageError):
        picture_issue(bad)


@settings(max_examples=150, deadline=None)
@given(
    x=st.integers(-500, 900),
    y=st.integers(-500, 900),
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    level=st.integers(0, 255),
)
def test_any_box_gets_reasons_each_once(x: int, y: int, width: int, height: int, level: int) -> None:
    quality = face_quality(np.full((120, 160, 3), level, np.uint8), FaceBox(x, y, width, height))
    assert len(set(quality.reasons)) == len(quality.reasons)
    assert quality.ok == (not quality.reasons)
