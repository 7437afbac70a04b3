"""The real cascades on a real face: every size of camera, every size of face, moving, in the dark, nobody there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from emrs_core.testing.faces import astronaut_picture
from emrs_core.testing.models import FakeEmotionModel
from emrs_core.types import FaceBox, Frame, ImageArray, QualityIssue
from emrs_core.vision.haar import HaarFaceDetector
from emrs_core.vision.pipeline import FaceAnalyser
from emrs_core.vision.tracking import FaceTracker

SIZES = [(426, 240), (640, 480), (1280, 720), (1920, 1080)]


@pytest.fixture(scope="module")
def detector() -> HaarFaceDetector:
    return HaarFaceDetector()


def box_at(x: int, y: int, face_px: int) -> FaceBox:
    return FaceBox(x - face_px // 2, y - face_px // 2, face_px, face_px)


@pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])
@pytest.mark.parametrize("face_px", [60, 80, 100, 150, 200])
def test_the_face_is_found(detector: HaarFaceDetector, size: tuple[int, int], face_px: int) -> None:
    picture = astronaut_picture(*size, face_px)
    found = detector.detect(picture)
    assert found
    assert found[0].iou(box_at(size[0] // 2, size[1] // 2, face_px)) > 0.6


@pytest.mark.parametrize("face_px", [60, 100, 200])
def test_a_face_that_is_found_can_be_read(detector: HaarFaceDetector, face_px: int) -> None:
    reading = FaceAnalyser(detector, FakeEmotionModel()).analyse_still(astronaut_picture(640, 480, face_px))
    assert reading.listener is not None
    assert reading.listener.quality.ok
    assert reading.estimate is not None


def test_a_real_face_is_kept_at_200_px_a_second(detector: HaarFaceDetector) -> None:
    tracker, overlaps, x, direction = FaceTracker(detector), [], 200.0, 1
    for i in range(75):
        x += direction * 200 / 15
        direction = -direction if not 150 < x < 490 else direction
        faces = tracker.update(Frame(astronaut_picture(640, 480, 150, (round(x), 250)), i / 15))
        listener = next(face for face in faces if face.is_listener)
        overlaps.append(listener.box.iou(box_at(round(x), 250, 150)))
    assert min(overlaps) >= 0.5


def test_a_still_face_keeps_a_still_box(detector: HaarFaceDetector) -> None:
    rng = np.random.default_rng(4)
    clean = astronaut_picture(640, 480, 150).astype(np.float64)
    tracker, boxes = FaceTracker(detector), []
    for i in range(60):
        noisy = np.clip(clean + rng.normal(0, 4, clean.shape), 0, 255).astype(np.uint8)
        boxes += [face.box for face in tracker.update(Frame(noisy, i / 15)) if face.is_listener]
    places = np.array([(box.x, box.y, box.width) for box in boxes[15:]])
    assert np.ptp(places, axis=0).max() <= 6


def test_nobody_in_the_picture(detector: HaarFaceDetector) -> None:
    from skimage.data import coffee

    assert detector.detect(np.ascontiguousarray(coffee()[:, :, ::-1])) == ()
    assert detector.detect(np.full((480, 640, 3), 127, np.uint8)) == ()


def test_in_the_dark_there_is_advice(detector: HaarFaceDetector) -> None:
    dark = (astronaut_picture(640, 480, 150) * 0.12).astype(np.uint8)
    analysis = FaceAnalyser(detector, FakeEmotionModel()).analyse(Frame(dark, 0.0))
    listener = analysis.listener
    reasons = analysis.picture.reasons if listener is None else listener.quality.reasons
    assert QualityIssue.TOO_DARK in reasons
    assert analysis.estimate is None


def turned_head() -> ImageArray:
    """The astronaut squeezed sideways and cut behind the far cheek, as a head that turns away."""
    picture = astronaut_picture(640, 480, 180)
    half = picture[:, 325:].copy()
    wall = np.full((480, 325, 3), 124, np.uint8)
    return np.ascontiguousarray(cv2.hconcat([wall, half]).astype(np.uint8))


def test_half_a_face_is_never_a_good_one(detector: HaarFaceDetector) -> None:
    analysis = FaceAnalyser(detector, FakeEmotionModel()).analyse_still(turned_head())
    assert analysis.estimate is None
    assert all(not face.quality.ok for face in analysis.faces)
