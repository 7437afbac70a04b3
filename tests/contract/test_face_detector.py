"""The fake and the Haar detector keep the same promises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emrs_core.errors import ModelError
from emrs_core.protocols import FaceDetector
from emrs_core.testing.faces import FaceDetectorContract, FakeFaceDetector, astronaut_picture
from emrs_core.types import FaceBox, ImageArray
from emrs_core.vision.haar import HAAR_FOLDER, PROFILE_FILE, SUMS_FILE, HaarFaceDetector


class TestFake(FaceDetectorContract):
    @pytest.fixture
    def detector(self) -> FaceDetector:
        near, far = FaceBox(400, 100, 150, 150), FaceBox(40, 40, 80, 80)
        return FakeFaceDetector([far, near, far])

    @pytest.fixture
    def picture_with_faces(self) -> ImageArray:
        return astronaut_picture(640, 480, 150)


class TestHaar(FaceDetectorContract):
    @pytest.fixture
    def detector(self) -> FaceDetector:
        return HaarFaceDetector()

    @pytest.fixture
    def picture_with_faces(self) -> ImageArray:
        picture = astronaut_picture(640, 480, 130, (200, 240))
        picture[:, 400:] = astronaut_picture(240, 480, 80, (120, 240))
        return picture

    def test_both_faces_of_the_picture(self, detector: FaceDetector, picture_with_faces: ImageArray) -> None:
        left, right = detector.detect(picture_with_faces)
        assert left.iou(FaceBox(135, 175, 130, 130)) > 0.6
        assert right.iou(FaceBox(480, 200, 80, 80)) > 0.6


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HAAR_FOLDER, tmp_path / "haar"))


def test_a_missing_cascade_is_a_model_error(copied: Path) -> None:
    (copied / PROFILE_FILE).unlink()
    with pytest.raises(ModelError, match=r"profileface\.xml is missing"):
        HaarFaceDetector(copied)


def test_a_damaged_cascade_is_a_model_error(copied: Path) -> None:
    content = (copied / PROFILE_FILE).read_bytes()
    (copied / PROFILE_FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="damaged"):
        HaarFaceDetector(copied)


def test_a_missing_list_of_sums_is_a_model_error(copied: Path) -> None:
    (copied / SUMS_FILE).unlink()
    with pytest.raises(ModelError, match=SUMS_FILE):
        HaarFaceDetector(copied)


def test_a_cascade_that_is_not_listed_is_a_model_error(copied: Path) -> None:
    (copied / SUMS_FILE).write_text("", encoding="ascii")
    with pytest.raises(ModelError, match="damaged"):
        HaarFaceDetector(copied)
