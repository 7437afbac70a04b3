"""Faces for tests: a scripted detector, the contract of every detector, and pictures with a face in a known place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import pytest

from emrs_core.errors import ImageError
from emrs_core.protocols import FaceDetector
from emrs_core.types import FaceBox, ImageArray
from emrs_core.vision.images import require_bgr

SOFT_EDGE = 0.08
"""Width of the blend between a pasted face and its background, as a share of the face's side: no hard edge that a
cascade could take for an outline."""

ASTRONAUT_FACE = FaceBox(173, 64, 105, 105)
"""Where a frontal Haar cascade sees the face in scikit-image's astronaut (NASA, public domain), 512 x 512 px."""


class FakeFaceDetector:
    """Answers with scripted boxes: one tuple a call, the last one for ever, wherever it should look.

    ``calls`` counts them, ``near`` remembers what each was asked for.
    """

    def __init__(self, *script: Iterable[FaceBox]) -> None:
        self._script: list[Sequence[FaceBox]] = [tuple(boxes) for boxes in script] or [()]
        self.calls = 0
        self.near: list[tuple[FaceBox, ...]] = []

    def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]:
        require_bgr(image)
        self.near.append(tuple(near))
        boxes = self._script[min(self.calls, len(self._script) - 1)]
        self.calls += 1
        return tuple(sorted(dict.fromkeys(boxes), key=lambda box: box.area, reverse=True))


def place_face(background: ImageArray, face: ImageArray, box: FaceBox) -> ImageArray:
    """A copy of the BGR background with the face (grey or BGR) resized into the box, with soft edges.

    The box must lie inside the background.
    """
    if face.ndim == 2:
        face = np.asarray(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    shrinking = box.width < face.shape[1]
    how = cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
    resized = cv2.resize(face, (box.width, box.height), interpolation=how)
    alpha = _soft_mask(box.width, box.height)[:, :, np.newaxis]
    picture = background.copy()
    window = picture[box.y : box.y + box.height, box.x : box.x + box.width]
    window[:] = np.rint(resized * alpha + window * (1.0 - alpha)).astype(np.uint8)
    return picture


def _soft_mask(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Blend weights in [0, 1]: 1 inside, falling to 0 along the four edges."""
    across, down = (np.minimum(np.arange(n), np.arange(n)[::-1]) / (SOFT_EDGE * n) for n in (width, height))
    return np.asarray(np.clip(down, 0.0, 1.0)[:, np.newaxis] * np.clip(across, 0.0, 1.0)[np.newaxis, :])


def astronaut_picture(width_px: int, height_px: int, face_px: int, centre: tuple[int, int] | None = None) -> ImageArray:
    """A BGR picture of that size with the astronaut before a plain wall, her face's box ``face_px`` wide.

    ``centre`` is where the middle of the face goes (by default the middle of the picture).
    """
    from skimage.data import astronaut  # here: only tests have scikit-image

    person = np.ascontiguousarray(astronaut()[:, :, ::-1])
    scale = face_px / ASTRONAUT_FACE.width
    x, y = centre or (width_px // 2, height_px // 2)
    middle = (ASTRONAUT_FACE.x + ASTRONAUT_FACE.width / 2, ASTRONAUT_FACE.y + ASTRONAUT_FACE.height / 2)
    move = np.array([[scale, 0.0, x - scale * middle[0]], [0.0, scale, y - scale * middle[1]]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    placed = cv2.warpAffine(person, move, (width_px, height_px), flags=how, borderValue=(122, 124, 128))
    return np.asarray(placed, dtype=np.uint8)


class FaceDetectorContract:
    """What ``protocols.FaceDetector`` promises; every detector's test class inherits this and gives the fixtures
    ``detector`` and ``picture_with_faces``: one in which that detector finds at least one face."""

    def test_boxes_come_largest_first(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        areas = [box.area for box in detector.detect(picture_with_faces)]
        assert areas
        assert areas == sorted(areas, reverse=True)

    def test_no_face_comes_twice(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        boxes = detector.detect(picture_with_faces)
        assert len(set(boxes)) == len(boxes)
        assert all(a.iou(b) < 0.5 for i, a in enumerate(boxes) for b in boxes[:i])

    def test_near_a_face_it_is_found_again(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        boxes = detector.detect(picture_with_faces)
        again = detector.detect(picture_with_faces, near=boxes)
        assert all(max(box.iou(other) for other in again) > 0.8 for box in boxes)

    def test_boxes_are_in_pixels_of_the_picture(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        height, width = picture_with_faces.shape[:2]
        for box in detector.detect(picture_with_faces):
            assert box.width > 0
            assert box.height > 0
            assert 0 <= box.x + box.width / 2 <= width
            assert 0 <= box.y + box.height / 2 <= height

    def test_the_picture_stays_as_it_was(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        before = picture_with_faces.copy()
        detector.detect(picture_with_faces)
        assert np.array_equal(before, picture_with_faces)

    @pytest.mark.parametrize(
        "bad",
        [
            np.zeros((0, 640, 3), np.uint8),
            np.zeros((480, 640), np.uint8),
            np.zeros((480, 640, 4), np.uint8),
            np.zeros((480, 640, 3), np.float32),
            None,
        ],
        ids=["empty", "grey", "four channels", "float", "none"],
    )
    def test_anything_else_is_an_image_error(self, detector: FaceDetector, bad: ImageArray) -> None:
        with pytest.raises(ImageError, match="picture"):
            detector.detect(bad)
